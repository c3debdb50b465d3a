"""Lists page by (column, id) in both directions over every declared order, and count without blocking."""

import base64
import datetime as dt
import json
from dataclasses import replace
from decimal import Decimal

import pytest
from django.db import transaction
from django.urls import reverse
from hypothesis import example, given, settings
from hypothesis import strategies as st

from jike.apps.customers.models import Customer
from jike.apps.customers.pages.resources import CUSTOMERS, KEY_PERSONS
from jike.foundation.audit import maintain_columns
from jike.foundation.errors import Invalid
from jike.foundation.resource import listing
from jike.foundation.resource.listing import count_up_to, matching, page_of, totals_of
from jike.foundation.resource.state import ListState, read_state
from tests.foundation.listed import SYSTEM, World, a_contact, a_world, browser, text_of

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 23)
MONEY = st.sampled_from([Decimal("0.00"), Decimal("-1.50"), Decimal("99.90"), Decimal("100000.00")])
DRAWN = {
    "name_key": st.sampled_from(["", "A", "ai", "bai yun", "zhong"]),
    "monthly_revenue": MONEY,
    "arrears": MONEY,
    "health": st.none() | st.sampled_from([0, 60, 61, 100]),
    "completeness": st.sampled_from([0, 40, 100]),
    "grade": st.sampled_from(["A1", "A2", "B", "C", "D"]),
    "next_step_on": st.none() | st.sampled_from([dt.date(2026, 1, 5), dt.date(2026, 12, 31)]),
    "region": st.sampled_from(["", "440100", "440106", "440300"]),
    "industry": st.sampled_from(["", "C36", "I65"]),
}
"""Sort → values, few of them, so that equal ones and absent ones meet at the pages' edges."""


@pytest.fixture
def world() -> World:
    return a_world()


def test_every_declared_order_is_tried():
    assert {sort.lstrip("-") for sort in CUSTOMERS.sorts} == set(DRAWN)


@settings(max_examples=60)
@given(data=st.data())
def test_pages_forwards_and_backwards_hold_every_row_once_in_order(world: World, data: st.DataObject):
    sort = data.draw(st.sampled_from(sorted(DRAWN)))
    downwards, size = data.draw(st.booleans()), data.draw(st.integers(1, 4))
    values = {row.pk: data.draw(DRAWN[sort]) for row in world.customers}
    state = ListState(sort=f"-{sort}" if downwards else sort, size=size)
    with transaction.atomic():
        maintain_columns(
            Customer, ("id", sort), list(values.items()), actor=SYSTEM, permission="customers.customer:change"
        )
        assert walked(state, world) == expected(values, downwards=downwards)
        transaction.set_rollback(True)


def expected(values: dict[int, object], *, downwards: bool) -> list[int]:
    """Sort as people expect: what has no value comes last, equal ones by age."""
    filled = sorted((value, pk) for pk, value in values.items() if value is not None)
    empty = sorted(pk for pk, value in values.items() if value is None)
    if downwards:
        filled, empty = filled[::-1], empty[::-1]
    return [pk for _, pk in filled] + empty


def walked(state: ListState, world: World) -> list[int]:
    """Walk to the end and back; both ways must show the same pages. Cursors pass through the address."""
    page = shown(state, world)
    assert page.before is None
    pages = [page]
    while page.after is not None:
        page = shown(replace(state, cursor=through_address(page.after, state, world)), world)
        pages.append(page)
    for former in reversed(pages[:-1]):
        assert page.before is not None
        page = shown(replace(state, cursor=through_address(page.before, state, world)), world)
        assert [row.id for row in page.rows] == [row.id for row in former.rows]
    assert page.before is None
    return [row.id for page in pages for row in page.rows]


def shown(state: ListState, world: World) -> listing.Page:
    return page_of(CUSTOMERS, state, world.heads, today=TODAY)


def through_address(cursor, state: ListState, world: World):
    return read_state(CUSTOMERS, {"sort": state.sort, "at": cursor.write()}, world.heads).cursor


@settings(max_examples=80)
@given(
    made_up=st.one_of(
        st.text(max_size=40),
        st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(), st.lists).map(
            lambda value: base64.urlsafe_b64encode(json.dumps(value).encode()).decode()
        ),
        st.tuples(st.none() | st.integers() | st.text(), st.integers(), st.booleans()).map(
            lambda value: base64.urlsafe_b64encode(json.dumps(value).encode()).decode()
        ),
    ),
    sort=st.sampled_from(sorted(DRAWN)),
)
@example(made_up=base64.urlsafe_b64encode(b'["1e999999", 5, 0]').decode(), sort="monthly_revenue")
def test_a_made_up_cursor_gives_a_page_or_a_sentence(world: World, made_up: str, sort: str):
    refused: list[str] = []
    state = None
    try:
        state = read_state(CUSTOMERS, {"sort": sort, "at": made_up}, world.heads)
    except Invalid as error:
        refused = list(error.fields)
    assert refused == ["at"] if state is None else len(shown(state, world).rows) <= len(world.customers)


def test_an_orders_turned_head_and_the_next_page_are_links(world: World):
    client = browser(world.head)
    page = client.get(reverse("resource:list", args=["customers"]), {"sort": "-monthly_revenue"})
    assert 'aria-sort="descending"' in page.content.decode()
    assert "sort=monthly_revenue" in page.content.decode()


def test_key_persons_page_by_the_day_last_spoken_to(world: World):
    days = [None, TODAY, TODAY, dt.date(2026, 11, 1)]
    people = [a_contact(world.customers[0], f"陈{n}", spoken_on=day) for n, day in enumerate(days)]
    state = ListState(sort="-spoken_on", size=2)
    first = page_of(KEY_PERSONS, state, world.heads, today=TODAY)
    second = page_of(KEY_PERSONS, replace(state, cursor=first.after), world.heads, today=TODAY)
    order = [people[2], people[1], people[3], people[0]]
    assert [row.uid for page in (first, second) for row in page.rows] == [one.uid for one in order]
    assert second.after is None


def test_a_count_stops_at_its_limit_and_is_exact_when_asked(world: World):
    rows = matching(CUSTOMERS, ListState(), world.heads, today=TODAY)
    assert count_up_to(rows) == (6, True)
    assert count_up_to(rows, 5) == (5, False)
    assert count_up_to(rows, 6) == (6, True)


def test_the_foot_counts_exactly_and_sums_money_over_every_match(world: World):
    sums = [(row.pk, Decimal(12345 * number)) for number, row in enumerate(world.customers)]
    maintain_columns(
        Customer, ("id", "monthly_revenue"), sums, actor=SYSTEM, permission="customers.customer:change"
    )
    foot = text_of(browser(world.head).get(reverse("resource:count", args=["customers"]), {"exact": 1}))
    assert "<b>6</b> records" in foot
    assert "<b>18.52</b>" in foot
    mine = text_of(browser(world.manager).get(reverse("resource:count", args=["customers"])))
    assert "<b>3</b> records" in mine
    assert "<b>7.41</b>" in mine


def test_a_sum_that_takes_too_long_is_given_up(world: World):
    rows = matching(CUSTOMERS, ListState(), world.heads, today=TODAY)
    slow = rows.extra(where=["pg_sleep(0.2) IS NOT NULL"])
    assert listing.within_time(slow.count, ms=20) is None
    assert totals_of(CUSTOMERS, rows, CUSTOMERS.totals) == {
        "monthly_revenue": Decimal(0),
        "arrears": Decimal(0),
    }


@pytest.mark.parametrize(
    ("scope", "names"),
    [
        ("mine", {"白云机场集团", "中山大学附属医院", "长隆旅游"}),
        ("team", {"白云机场集团", "中山大学附属医院", "长隆旅游"}),
        ("all", {"白云机场集团", "中山大学附属医院", "长隆旅游"}),
    ],
)
def test_mine_my_team_and_all_stay_within_what_one_may_see(world: World, scope: str, names: set[str]):
    page = page_of(
        CUSTOMERS, read_state(CUSTOMERS, {"scope": scope}, world.managers), world.managers, today=TODAY
    )
    assert {row.values[0] for row in page.rows} == names


def test_a_heads_own_list_is_empty_while_the_units_is_not(world: World):
    heads = world.heads
    assert matching(CUSTOMERS, ListState(scope="mine"), heads, today=TODAY).count() == 0
    assert matching(CUSTOMERS, ListState(scope="all"), heads, today=TODAY).count() == 6
