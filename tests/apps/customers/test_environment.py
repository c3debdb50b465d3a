"""A customer's environment: rivals' lines, our share, what of them ends, needs, and what becomes of both."""

import datetime as dt
import json
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from jike.apps.customers import actions, queries
from jike.apps.customers.models import Need, RivalLine
from jike.apps.customers.rules import HORIZONS, NEED_NEXT, Line, NeedState, line_share, until_of
from jike.apps.sales.actions import answer_need, answer_rival_line
from jike.apps.sales.models import Opportunity
from jike.foundation.errors import Invalid, Refused, RuleBroken
from jike.foundation.scope import fetch
from jike.values.rights import Breadth
from tests.apps.customers.making import HEAD, MANAGER
from tests.foundation.listed import World, a_world, browser, someone, text_of
from tests.making import SYSTEM, acting

KINDS = ("customers.rivalline", "customers.need")
ACTS = ("view", "add", "change", "remove")
MORE = tuple(f"{kind}:{act}" for kind in KINDS for act in ACTS)
SELLING = ("sales.opportunity:view", "sales.opportunity:add", "customers.need:change_state")
TODAY = dt.date(2026, 3, 10)


@pytest.fixture
def world(db: Any) -> World:
    """A head who sees both grids, and a manager with every other customer; both may sell."""
    made = a_world(customers=2)
    head, manager = (
        dict.fromkeys((*MORE, *SELLING), Breadth.BELOW),
        dict.fromkeys((*MORE, *SELLING), Breadth.OWN),
    )
    made.head = someone({**HEAD, **head}, made.city, name="何主任二")
    made.manager = someone({**MANAGER, **manager}, made.grids[0], name="林经理二")
    actions.assign_owner(made.customers[0], actor=SYSTEM, owner=made.manager)
    return made


def a_line(world: World, place: int = 0, **details: Any) -> RivalLine:
    told: dict[str, Any] = {
        "operator": "telecom",
        "family": "circuit",
        "monthly_price": Decimal(8000),
        **details,
    }
    return actions.add_rival_line(actor=SYSTEM, customer=world.customers[place], site="总部大楼", **told)


def a_need(world: World, **details: Any) -> Need:
    told = {"family": "cloud", **details}
    return actions.add_need(actor=SYSTEM, customer=world.customers[0], name="办公上云", **told)


@given(st.sampled_from(HORIZONS), st.dates(dt.date(2020, 1, 1), dt.date(2040, 12, 31)))
def test_a_horizon_ends_on_the_same_day_of_a_later_month_or_on_its_last(months: int, today: dt.date):
    until = until_of(months, today=today)
    assert (until.year * 12 + until.month) - (today.year * 12 + today.month) == months
    assert until.day == today.day or (until + dt.timedelta(days=1)).day == 1


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_our_share_lies_between_nothing_and_all(ours: int, rivals: int):
    share = line_share(ours, rivals)
    assert (share is None) == (ours + rivals == 0)
    assert share is None or 0 <= share <= 100


def test_whoever_may_change_a_customer_notes_its_rivals_lines(world: World):
    line = actions.add_rival_line(
        actor=world.managers, customer=world.customers[0], site=" 总部 大楼 ", operator="unicom", family="idc"
    )
    assert (line.site, line.quantity, line.heard_on) == ("总部 大楼", 1, timezone.localdate())
    with pytest.raises(Refused):
        actions.add_rival_line(
            actor=world.managers, customer=world.customers[1], site="厂区", operator="unicom", family="idc"
        )
    with pytest.raises(Invalid):
        a_line(world, heard_on=timezone.localdate() + dt.timedelta(days=2))
    with pytest.raises(Invalid):
        a_line(world, operator="nobody")


def test_rivals_lines_lie_where_their_customer_lies(world: World):
    theirs = a_line(world, 1)
    assert list(queries.rival_lines_of(world.customers[1], world.heads)) == [theirs]
    assert list(queries.rival_lines_of(world.customers[1], world.managers)) == []


def test_the_share_counts_what_is_known_of_rivals(world: World):
    a_line(world, quantity=30)
    type(world.customers[0]).objects.filter(pk=world.customers[0].pk).update(lines=70)
    world.customers[0].refresh_from_db()
    assert queries.our_share(world.customers[0], world.heads) == (70, 30, 70)


def test_the_board_counts_what_ends_within_the_reader_s_reach(world: World):
    a_line(world, ends_on=TODAY + dt.timedelta(days=20), quantity=3)
    a_line(world, 1, ends_on=TODAY + dt.timedelta(days=60), operator="unicom")
    a_line(world, ends_on=TODAY + dt.timedelta(days=400))
    span = {"since": TODAY, "until": until_of(3, today=TODAY)}
    theirs = queries.ending_lines(world.heads, mine=False, **span)
    found = {one.what: one for one in queries.ending_by(theirs, "operator") or []}
    assert (found["telecom"].lines, found["unicom"].contracts, len(found)) == (3, 1, 2)
    assert [one.contracts for one in queries.ending_by_month(theirs)] == [1, 1]
    own = queries.ending_lines(world.managers, mine=True, **span)
    assert [one.customer_id for one in own] == [world.customers[0].pk]


def test_the_board_leads_to_lists_and_to_an_opportunity(world: World):
    line = a_line(world, ends_on=timezone.localdate() + dt.timedelta(days=20))
    page = browser(world.head).get(reverse("customers:rivals_ending"), {"months": "3"})
    text = page.content.decode()
    assert reverse("sales:answer_rival_line", args=[line.uid]) in text
    listed = browser(world.head).get(page.context["operators"][0]["address"])
    assert "总部大楼" in text_of(listed)
    assert (
        browser(world.manager).get(reverse("customers:rivals_ending"), {"months": "99"}).context["months"]
        == 6
    )


def test_each_month_of_the_board_leads_to_as_many_lines_as_it_counts(world: World):
    today = timezone.localdate()
    until = until_of(3, today=today)
    for ends_on in (today - dt.timedelta(days=1), today, until, until + dt.timedelta(days=1)):
        a_line(world, ends_on=ends_on)
    client = browser(world.head)
    months = client.get(reverse("customers:rivals_ending"), {"months": "3"}).context["by_month"]
    assert sum(one.contracts for one, _, _ in months) == 2
    for one, _, address in months:
        since, last = json.loads(parse_qs(urlsplit(address).query)["where"][0])[0][2]
        assert RivalLine.objects.filter(ends_on__gte=since, ends_on__lte=last).count() == one.contracts


def test_what_a_rival_supplies_becomes_an_opportunity_once(world: World):
    line = a_line(world, ends_on=timezone.localdate() + dt.timedelta(days=90))
    client = browser(world.manager)
    address = reverse("sales:answer_rival_line", args=[line.uid])
    asked = client.get(address)
    assert "总部大楼" in text_of(asked)
    given_ = {
        "name": "争回总部大楼专线",
        "expected_on": "2027-01-31",
        "monthly_amount": "7500",
        "version": "1",
    }
    assert client.post(address, given_).status_code == 302
    deal = Opportunity.objects.get()
    assert (deal.family, deal.monthly_amount, deal.customer_id) == (
        "circuit",
        Decimal(7500),
        line.customer_id,
    )
    line.refresh_from_db()
    assert (line.answer_kind, line.answer_uid) == ("sales.opportunity", deal.uid)
    with pytest.raises(RuleBroken):
        answer_rival_line(line, actor=world.managers, name="再来一次")
    assert Opportunity.objects.count() == 1
    page = client.get(reverse("resource:record", args=["rival-lines", line.uid]))
    assert "争回总部大楼专线" in text_of(page)


def test_a_need_goes_its_way_and_is_dropped_for_a_reason(world: World):
    need = a_need(world, budget=Decimal(200_000))
    actions.change_need_state(need, actor=world.managers, state="confirmed")
    with pytest.raises(RuleBroken):
        actions.change_need_state(need, actor=world.managers, state="met")
    with pytest.raises(Invalid):
        actions.change_need_state(need, actor=world.managers, state="dropped", drop_reason=" ")
    deal = answer_need(need, actor=world.managers, name="办公上云一期")
    need.refresh_from_db()
    assert (need.state, need.answer_uid, deal.needs) == ("answered", deal.uid, "办公上云")


def test_every_state_of_a_need_but_the_last_leads_on():
    assert {state for state, following in NEED_NEXT.items() if not following} == {NeedState.MET}
    assert set(NEED_NEXT) == set(NeedState)


def test_a_customer_s_tab_shows_rivals_and_needs(world: World):
    a_line(world, quantity=2)
    a_need(world)
    customer = world.customers[0]
    tab = browser(world.manager).get(reverse("resource:tab", args=["customers", customer.uid, "environment"]))
    assert "总部大楼" in text_of(tab)
    assert "办公上云" in text_of(tab)
    assert queries.count_environment(customer, world.managers) == 2


def test_rivals_lines_and_needs_go_to_the_bin_and_come_back(world: World):
    line = a_line(world)
    actions.remove_environment(line, actor=world.managers)
    assert not queries.rival_lines_of(world.customers[0], world.managers)
    actions.restore_environment(line, actor=world.managers)
    assert fetch(RivalLine, line.uid, acting(world.manager)) == line


def test_the_home_page_tells_what_ends_within_three_months(world: World):
    today = timezone.localdate()
    card = reverse("foundation:home_card", args=["openings"])
    client = browser(world.manager)
    assert "rival-lines/ending" not in text_of(client.get(card))
    a_line(world, ends_on=today + dt.timedelta(days=20))
    a_line(world, place=1, ends_on=today + dt.timedelta(days=20))
    a_line(world, ends_on=today + dt.timedelta(days=200))
    batch = actions.name_file("join", "成员.csv", actor=SYSTEM, person=world.head.uid, day=today)
    code, ends = world.customers[0].code, today + dt.timedelta(days=80)
    lines = [Line(place, code, f"1380000000{place}", "", "", "畅享", today, ends, "") for place in (1, 2, 3)]
    actions.store_members(batch, lines, actor=SYSTEM)
    mine = client.get(card).context["content"]
    team = browser(world.head).get(card, {"view": "team"}).context["content"]
    assert (mine["rivals"], mine["members"]) == ("1", "3")
    assert (team["rivals"], team["members"]) == ("2", "3")
    bundles = client.get(mine["bundles"]).context["rows"]
    assert len(bundles) == 3
