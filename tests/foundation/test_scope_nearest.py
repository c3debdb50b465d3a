"""A head of several units pages through their rows in order, with own and shared rows of other units among them."""

import datetime as dt
from dataclasses import replace

import pytest
from django.db.models import F

from jike.apps.customers.models import Customer
from jike.apps.customers.pages.resources import CUSTOMERS
from jike.foundation.resource.listing import page_of
from jike.foundation.resource.state import ListState
from jike.foundation.scope import nearest, visible
from jike.foundation.sharing import share
from jike.values.rights import Breadth
from tests.foundation.searched import a_customer
from tests.making import SYSTEM, a_person, a_post, a_role, a_unit, acting

pytestmark = pytest.mark.django_db
VIEW = "customers.customer:view"
TODAY = dt.date(2026, 11, 23)


class Head:
    """Somebody who leads two units of four, and has one customer and one shared one in the others."""

    def __init__(self) -> None:
        units = [a_unit(f"网格{n}") for n in range(4)]
        self.person = a_person(units[0])
        for unit in units[:2]:
            a_post(self.person, a_role({VIEW: Breadth.TEAM}), at=unit)
        a_post(self.person, a_role({VIEW: Breadth.OWN}), at=units[0])
        self.customers = [a_customer(f"岚屿{n:02}", units[n % 4]) for n in range(12)]
        self.own = a_customer("岚屿05乙", units[2], owner=self.person)
        self.shared = a_customer("岚屿06乙", units[3])
        share(self.shared, self.person.uid, actor=SYSTEM)
        self.actor = acting(self.person)


def pages(head: Head, sort: str) -> list[str]:
    state, names = ListState(sort=sort, size=2), []
    while True:
        page = page_of(CUSTOMERS, state, head.actor, today=TODAY)
        names += [row.values[0] for row in page.rows]
        if page.after is None:
            return names
        state = replace(state, cursor=page.after)


@pytest.mark.parametrize("sort", ["name_key", "-name_key"])
def test_every_visible_row_comes_once_and_in_order(sort: str) -> None:
    head = Head()
    names = pages(head, sort)
    assert set(names) >= {"岚屿05乙", "岚屿06乙"}
    assert len(names) == 8
    assert names == sorted(names, reverse=sort.startswith("-"))


def test_units_are_read_one_by_one_only_where_an_index_has_their_order() -> None:
    head = Head()
    every = Customer.objects.filter(removed_at=None)
    for field, narrowed in (("name_key", True), ("monthly_revenue", False)):
        order = (field, "pk")
        rows = visible(Customer, head.actor).order_by(*[F(one).asc() for one in order])
        found = nearest(rows, head.actor, among=every.order_by(*rows.query.order_by), limit=3)
        assert (found is not rows) == narrowed
        assert list(found[:3]) == list(rows[:3])
