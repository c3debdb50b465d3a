"""Rows on shelves: first rows and counts of every group in one query each, whatever lies on it."""

import datetime as dt

import pytest
from pytest_django import DjangoAssertNumQueries

from jike.apps.customers.pages.resources import CUSTOMERS
from jike.foundation.pages.home import HomeCard, register_cards
from jike.foundation.pages.resources.calendar import weeks_of
from jike.foundation.resource.listing import matching
from jike.foundation.resource.state import read_state
from jike.foundation.scope import Actor
from jike.foundation.shelving import Shelving, counts, first_rows, sums
from jike.site.wiring import HOME_CARDS
from tests.apps.customers.making import HEAD, a_customer
from tests.doing import browser_of
from tests.making import a_person, a_unit, someone_with

TODAY = dt.date(2026, 11, 23)


def by_state(actor: Actor) -> Shelving:
    rows = matching(CUSTOMERS, read_state(CUSTOMERS, {}, actor), actor, today=TODAY)
    states = CUSTOMERS.attributes["state"]
    return Shelving(CUSTOMERS, rows, states, list(states.choices), "-monthly_revenue")


@pytest.mark.django_db
def test_shelves_cost_two_queries_however_many_there_are(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    unit = a_unit()
    for _number in range(7):
        a_customer(unit=unit)
    _person, actor = someone_with(HEAD, at=unit)
    shelving = by_state(actor)
    with django_assert_num_queries(2):
        rows = first_rows(shelving, [CUSTOMERS.title], actor, limit=5)
        found = counts(shelving, "monthly_revenue")
    assert {state: len(some) for state, some in rows.items() if some} == {"potential": 5}
    assert (found["potential"].count, found["potential"].complete, found["lost"].count) == (7, True, 0)
    beyond = first_rows(shelving, [CUSTOMERS.title], actor, limit=5, beyond=5)
    assert len({row.uid for row in (*rows["potential"], *beyond["potential"])}) == 7


@pytest.mark.django_db
def test_what_people_typed_stands_on_cards_as_they_typed_it() -> None:
    person, _actor = someone_with(HEAD, at=(unit := a_unit()))
    customer = a_customer("甲<b>&乙公司", unit=unit, owner=a_person(unit, name="<i>岳"))
    page = browser_of(person).get("/customers/?layout=board").content.decode()
    assert f'hx-get="/customers/{customer.uid}/drawer/"' in page
    assert "甲&lt;b&gt;&amp;乙公司" in page
    assert "&lt;i&gt;岳" in page
    assert "<i>岳" not in page


@pytest.mark.django_db
def test_who_sees_nothing_finds_empty_shelves() -> None:
    a_customer()
    _person, actor = someone_with({}, at=a_unit())
    shelving = by_state(actor)
    assert not any(first_rows(shelving, [CUSTOMERS.title], actor, limit=5).values())
    assert not any(shelf.count for shelf in counts(shelving, "monthly_revenue").values())
    assert sums(shelving, "monthly_revenue") == {}


def test_a_month_is_shown_in_whole_weeks_from_monday() -> None:
    weeks = weeks_of(dt.date(2026, 11, 1))
    assert weeks[0][0] == dt.date(2026, 10, 26)
    assert all(len(week) == 7 and week[0].weekday() == 0 for week in weeks)


def test_a_home_card_without_a_place_or_with_a_taken_name_stops_the_start() -> None:
    with pytest.raises(LookupError, match="is no place"):
        HomeCard("x", "x", "ceiling", "x.html", lambda view: None)
    twin = HOME_CARDS[0]
    with pytest.raises(LookupError, match="bear one name"):
        register_cards((twin, twin))
