"""The authority table as a setting: from a day on, without gap or overlap, for what is submitted from then on."""

import datetime as dt
from decimal import Decimal
from http import HTTPStatus
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from jike.apps.quoting.actions import (
    add_authority,
    approve_quote,
    change_authority,
    remove_authority,
    submit_quote,
)
from jike.apps.quoting.models import AuthorityTable
from jike.apps.quoting.queries import authority_on, authority_tables, path_of
from jike.apps.quoting.rules import AUTHORITY, Authority, Level, authority_problems
from jike.foundation.errors import Invalid, Refused, RuleBroken
from tests.apps.quoting.making import World, a_quote, a_world, waiting
from tests.making import SYSTEM

LIMITS: dict[str, Any] = {
    "manager_least": Decimal(95),
    "county_least": Decimal(85),
    "city_least": Decimal(70),
    "province_least": Decimal(50),
    "yearly_limit": Decimal(1_000_000),
}
BELOW = [level for level in Level if level is not Level.HEADQUARTERS]
DAY = dt.timedelta(days=1)


def a_table(*, days: int = 1, **limits: Any) -> AuthorityTable:
    """Enter a table that comes into force so many days from today."""
    day = timezone.localdate() + days * DAY
    return add_authority(actor=SYSTEM, name=f"第{days}版", valid_from=day, **{**LIMITS, **limits})


@given(st.lists(st.decimals(-1, 2, places=2), min_size=4, max_size=4))
def test_what_has_no_problem_is_a_table_and_nothing_else_is(ratios: list[Decimal]) -> None:
    least = dict(zip(BELOW, ratios, strict=True))
    if list(authority_problems(least)):
        with pytest.raises(ValueError, match="ratios"):
            Authority(least, Decimal(1))
    else:
        assert Authority(least, Decimal(1)).level_for_discount(Decimal(1)) is Level.MANAGER


@pytest.mark.django_db
def test_each_table_ends_where_the_next_begins_and_goes_on_when_that_is_taken_back() -> None:
    first, third = a_table(days=3), a_table(days=30)
    second = a_table(days=10)
    spans = [(one.valid_from, one.valid_until) for one in reversed(authority_tables())]
    assert spans == [
        (first.valid_from, second.valid_from - DAY),
        (second.valid_from, third.valid_from - DAY),
        (third.valid_from, None),
    ]
    remove_authority(second, actor=SYSTEM)
    first.refresh_from_db()
    assert first.valid_until == third.valid_from - DAY
    change_authority(third, actor=SYSTEM, valid_from=first.valid_from + DAY)
    first.refresh_from_db()
    assert first.valid_until == first.valid_from


@pytest.mark.django_db
def test_the_day_decides_which_table_holds() -> None:
    table = a_table(days=5)
    assert authority_on(table.valid_from - DAY) == AUTHORITY
    assert authority_on(table.valid_from).least[Level.MANAGER] == Decimal("0.95")
    assert authority_on(table.valid_from).yearly_limit == 1_000_000


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"county_least": Decimal(96)}, "county_least"),
        ({"city_least": Decimal(85)}, "city_least"),
        ({"province_least": Decimal(-1)}, "province_least"),
        ({"days": 0}, "valid_from"),
    ],
)
def test_overlaps_gaps_and_days_that_are_over_are_refused(wrong: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as told:
        a_table(**wrong)
    assert set(told.value.fields) == {field}


@pytest.mark.django_db
def test_two_tables_do_not_begin_on_one_day() -> None:
    a_table(days=4)
    with pytest.raises(Invalid):
        a_table(days=4)


@pytest.mark.django_db
def test_a_table_in_force_is_neither_changed_nor_taken_back() -> None:
    table = a_table(days=1)
    later = table.valid_from
    with pytest.raises(RuleBroken):
        change_authority(table, actor=SYSTEM, name="改", on=later)
    with pytest.raises(RuleBroken):
        remove_authority(table, actor=SYSTEM, on=later)


@pytest.mark.django_db
def test_a_new_table_holds_for_new_submissions_only() -> None:
    world = a_world()
    manager, table = world.actors["manager"], a_table(days=1)
    tomorrow = timezone.now() + DAY
    before = submit_quote(a_quote(world, "75"), actor=manager)
    after = submit_quote(a_quote(world, "92"), actor=manager, at=tomorrow)
    assert [one.level for one in path_of(before)] == ["county", "city"]
    assert [one.level for one in path_of(after)] == ["county"], f"above {table.manager_least} % no longer"
    approve_quote(waiting(before), actor=world.actors["county"], at=tomorrow)
    assert waiting(before).level == "city"


@pytest.mark.django_db
def test_headquarters_keeps_the_table_and_heads_only_see_it() -> None:
    world = a_world()
    headquarters, province = browser_of(world, "headquarters"), browser_of(world, "province")
    page = reverse("quoting:authority")
    new = reverse("resource:add", args=["authority-tables"])
    assert new in headquarters.get(page).content.decode()
    assert new not in province.get(page).content.decode()
    assert browser_of(world, "manager").get(page).status_code == HTTPStatus.NOT_FOUND
    day = timezone.localdate() + DAY
    with pytest.raises(Refused):
        add_authority(actor=world.actors["province"], name="越权", valid_from=day, **LIMITS)
    typed = {"name": "新版", "valid_from": day.isoformat(), **LIMITS, "county_hours": "4", "city_hours": "8"}
    hours = {"province_hours": "16", "headquarters_hours": "24"}
    assert headquarters.post(new, {**typed, **hours}).status_code == HTTPStatus.FOUND
    table = AuthorityTable.objects.get()
    shown = province.get(page).content.decode()
    assert reverse("resource:record", args=["authority-tables", table.uid]) in shown


def browser_of(world: World, name: str) -> Client:
    """Return a browser signed in as that part."""
    client = Client()
    client.force_login(world.people[name], backend=settings.AUTHENTICATION_BACKENDS[-1])
    return client
