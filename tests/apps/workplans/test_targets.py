"""Targets against what was reached: set-wise, rolled up the tree, drilled down to lists."""

import datetime as dt
import re
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from jike.apps.customers.actions import load_months
from jike.apps.customers.actions.figures import Month
from jike.apps.sales.actions import Minutes, change_stage, finish_visit
from jike.apps.sales.rules import Stage
from jike.apps.workplans.actions import add_target, change_target
from jike.apps.workplans.queries import board_of, reached_by
from jike.apps.workplans.rules import Measure, progress, time_passed
from jike.foundation.errors import Invalid, Refused
from jike.values.money import Money
from jike.values.period import add_months
from tests.apps.customers.making import a_customer
from tests.apps.sales.making import SELLER, a_visit, an_opportunity
from tests.apps.workplans.test_plans import HEADS, MEMBER
from tests.doing import browser_of
from tests.making import SYSTEM, a_person, a_post, a_role, a_unit, someone_with

database = pytest.mark.django_db


@given(st.dates(), st.dates())
def test_the_share_of_time_passed_lies_between_nothing_and_all(month, today):
    assert 0 <= time_passed(month, today=today) <= 100


@given(st.decimals(0, 10**9, places=2), st.decimals(1, 10**9, places=2))
def test_progress_reaches_a_hundred_with_the_target_and_is_unknown_without(actual, target):
    reached = progress(actual, target)
    assert reached is not None
    assert (reached >= 100) == (actual >= target)
    assert progress(actual, None) is None
    assert progress(None, target) is None


def a_month() -> dt.date:
    return timezone.localdate().replace(day=1)


@database
def test_a_person_reaches_what_customers_pay_deals_bring_and_visits_make():
    month, before = a_month(), add_months(a_month(), -12).replace(month=12)
    owner = a_person(a_unit())
    a_post(owner, a_role(SELLER))
    kept, gone = (a_customer(unit=owner.unit, owner=owner) for _ in range(2))
    load_months(
        [
            Month(kept.pk, before, Money(100), Money(0), 1),
            Month(gone.pk, before, Money(100), Money(0), 1),
            Month(kept.pk, month, Money("1234.50"), Money(0), 1),
        ],
        actor=SYSTEM,
    )
    deal = an_opportunity(kept, stage=Stage.SIGNING, one_off_amount=Decimal(8000))
    change_stage(deal, actor=SYSTEM, stage=Stage.WON, on=timezone.localdate())
    today = timezone.localdate()
    finish_visit(a_visit(kept), actor=SYSTEM, minutes=Minutes("谈妥", "送审", today + dt.timedelta(days=3)))
    add_target(actor=SYSTEM, measure="visits", month=today, value=Decimal(4), owner=owner)
    found = {one.measure: one for one in reached_by(owner, month)}
    assert found[Measure.REVENUE].actual == Decimal("1234.50")
    assert found[Measure.WON].actual == deal.amount
    assert (found[Measure.VISITS].actual, found[Measure.VISITS].percent) == (1, 25)
    assert found[Measure.RETENTION].actual == Decimal("50.0")


@database
def test_a_unit_adds_up_all_below_it_and_without_a_target_its_peoples():
    month, top = a_month(), a_unit()
    lower = a_unit(under=top)
    people = [a_person(lower), a_person(lower)]
    for number, person in enumerate(people, 1):
        deal = an_opportunity(a_customer(unit=lower, owner=person), stage=Stage.SIGNING, owner=person)
        change_stage(deal, actor=SYSTEM, stage=Stage.WON, on=timezone.localdate())
        add_target(actor=SYSTEM, measure="won", month=month, value=Decimal(number * 1000), owner=person)
    board = board_of(top, month)
    assert board is not None
    whole, parts, own = board
    won = next(one for one in whole if one.measure is Measure.WON)
    assert (won.actual, won.target) == (Decimal(240_000), Decimal(3000))
    assert [unit for unit, _ in parts] == [lower]
    assert own == []
    add_target(actor=SYSTEM, measure="won", month=month, value=Decimal(500_000), unit=top)
    again = board_of(top, month)
    assert again is not None
    assert next(one.target for one in again[0] if one.measure is Measure.WON) == 500_000
    below = board_of(lower, month)
    assert below is not None
    assert {person for person, _ in below[2]} == set(people)


@database
def test_before_the_bills_nobody_knows_revenue_or_retention():
    owner = a_person(a_unit())
    a_customer(unit=owner.unit, owner=owner)
    found = {one.measure: one.actual for one in reached_by(owner, a_month())}
    assert (found[Measure.REVENUE], found[Measure.RETENTION], found[Measure.VISITS]) == (None, None, 0)


@database
@pytest.mark.parametrize(
    ("measure", "value"),
    [("happiness", "1"), ("retention", "101"), ("visits", "-1"), ("won", "1" + "0" * 15)],
)
def test_a_target_that_cannot_be_meant_is_refused(measure, value):
    with pytest.raises(Invalid):
        add_target(actor=SYSTEM, measure=measure, month=a_month(), value=Decimal(value), unit=a_unit())


@database
def test_there_is_one_target_a_month_and_only_heads_set_it():
    unit = a_unit()
    person, actor = someone_with(MEMBER, at=unit)
    _head, heads = someone_with(HEADS, at=unit)
    given = {"measure": "visits", "month": a_month(), "value": Decimal(4), "owner": person}
    with pytest.raises(Refused):
        add_target(actor=actor, **given)
    target = add_target(actor=heads, **given)
    with pytest.raises(Invalid):
        add_target(actor=heads, **given)
    assert change_target(target, actor=heads, value=Decimal(6)).value == 6
    with pytest.raises(Invalid):
        add_target(actor=heads, measure="visits", month=a_month(), value=Decimal(4))


@database
def test_figures_lead_from_the_unit_to_the_person_to_the_list():
    unit = a_unit()
    person, _ = someone_with(MEMBER, at=unit)
    head, _ = someone_with(HEADS, at=unit)
    a_customer(unit=unit, owner=person)
    heads = browser_of(head)
    page = heads.get("/scores/").content.decode()
    assert f"person={person.uid}" in page
    own = heads.get(f"/scores/?person={person.uid}").content.decode()
    links = re.findall(r'href="(/(?:customers|opportunities|visits)/\?where=[^"]+)"', own)
    assert len(links) == len(Measure)
    assert all(heads.get(link.replace("&amp;", "&")).status_code == 200 for link in links)
    mine = browser_of(person)
    assert mine.get("/scores/").status_code == 200
    assert mine.get(f"/scores/?person={head.uid}").status_code == 404
    assert heads.get(f"/scores/?unit={a_unit().uid}").status_code == 404
    for wrong in ("2031-13", "x", "9999-01"):
        assert heads.get(f"/scores/?month={wrong}").status_code in (200, 404)
    card = mine.get(reverse("foundation:home_card", args=["targets"])).content.decode()
    assert card == "" or "card-targets" in card
