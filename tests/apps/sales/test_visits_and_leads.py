"""Visits from plan to minutes with what follows from them; leads from the public pool to customers."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Barrier

import pytest
from django.db import connections
from django.utils import timezone

from jike.apps.organisation.models import Person
from jike.apps.sales.actions import (
    Minutes,
    Spot,
    cancel_visit,
    change_lead,
    change_lead_state,
    change_visit,
    check_in,
    claim_lead,
    convert_lead,
    finish_visit,
    release_lead,
)
from jike.apps.sales.models import Lead, Visit
from jike.apps.sales.queries import met_people, unminuted, visits_of_day
from jike.apps.sales.rules import LeadState, VisitState
from jike.apps.tasks.rules import Source
from jike.foundation.errors import Invalid, NotFound, Refused, RuleBroken
from jike.foundation.scope import fetch
from jike.values.identifiers import uid7
from tests.apps.customers.making import a_customer, a_key_person
from tests.apps.sales.making import LEADER, SELLER, a_lead, a_visit, an_opportunity
from tests.making import SYSTEM, a_person, a_post, a_role, a_unit, acting, someone_with

database = pytest.mark.django_db
STEP = {"next_step": "提交双路由方案", "next_step_on": dt.date(2031, 12, 4)}


def minutes(**details: object) -> Minutes:
    return Minutes(**({"minutes": "认可整改方案", **STEP} | details))


@database
def test_a_visit_is_planned_checked_in_to_and_minuted_and_its_next_step_becomes_a_task():
    unit = a_unit()
    owner, actor = someone_with(SELLER, at=unit)
    customer = a_customer(unit=unit, owner=owner)
    person = a_key_person(customer)
    visit = a_visit(customer, opportunity=an_opportunity(customer, owner=owner))
    check_in(visit, actor=actor, spot=Spot(Decimal("23.1291001"), Decimal("113.264385"), 12, "天河路 1 号"))
    assert (visit.state, visit.latitude) == (VisitState.CHECKED_IN, Decimal("23.129100"))
    since = visit.checked_in_at
    check_in(visit, actor=actor, spot=Spot(place="调度楼"))
    assert (visit.checked_in_at, visit.latitude, visit.place) == (since, None, "调度楼")
    finish_visit(
        visit, actor=actor, minutes=minutes(met=[person.uid], found=["circuit"], attitude="supports")
    )
    for row in (visit.task, customer, person, visit.opportunity):
        assert row is not None
        row.refresh_from_db()
    assert visit.state == VisitState.DONE
    assert visit.task is not None
    assert (visit.task.title, visit.task.owner, visit.task.source) == (STEP["next_step"], owner, Source.VISIT)
    assert (customer.next_step, customer.next_step_on) == (STEP["next_step"], STEP["next_step_on"])
    assert visit.opportunity is not None
    assert visit.opportunity.next_step == STEP["next_step"]
    assert person.spoken_on == timezone.localdate()
    assert met_people(visit, actor) == [person]


@database
@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"minutes": "  "}, "minutes"),
        ({"next_step": ""}, "next_step"),
        ({"next_step_on": None}, "next_step_on"),
        ({"next_step_on": dt.date(2020, 1, 1)}, "next_step_on"),
        ({"found": ["submarine"]}, "found"),
        ({"met": [uid7()]}, "met"),
        ({"attitude": "bored"}, "attitude"),
    ],
)
def test_minutes_that_say_too_little_or_nonsense_are_refused_and_nothing_is_stored(wrong, field):
    visit = a_visit(a_customer())
    with pytest.raises(Invalid) as refused:
        finish_visit(visit, actor=SYSTEM, minutes=minutes(**wrong))
    assert field in refused.value.fields
    visit.refresh_from_db()
    assert (visit.state, visit.task) == (VisitState.PLANNED, None)


@database
def test_what_is_over_is_neither_checked_in_to_nor_cancelled_nor_planned_anew():
    visit = a_visit(a_customer())
    with pytest.raises(Invalid):
        cancel_visit(visit, actor=SYSTEM, reason=" ")
    cancel_visit(visit, actor=SYSTEM, reason="改为电话")
    for act in (
        lambda: check_in(visit, actor=SYSTEM, spot=Spot()),
        lambda: finish_visit(visit, actor=SYSTEM, minutes=minutes()),
        lambda: cancel_visit(visit, actor=SYSTEM, reason="再次"),
        lambda: change_visit(visit, actor=SYSTEM, purpose="改期"),
    ):
        with pytest.raises(RuleBroken):
            act()


@database
@pytest.mark.parametrize(
    "spot", [Spot(Decimal(23), None), Spot(Decimal(91), Decimal(0)), Spot(Decimal(0), Decimal("180.5"))]
)
def test_a_place_beyond_the_earth_is_refused(spot):
    visit = a_visit(a_customer())
    with pytest.raises(Invalid):
        check_in(visit, actor=SYSTEM, spot=spot)
    visit.refresh_from_db()
    assert visit.state == VisitState.PLANNED


@database
def test_another_customers_opportunity_does_not_fit_a_visit():
    with pytest.raises(Invalid) as refused:
        a_visit(a_customer(), opportunity=an_opportunity())
    assert "opportunity" in refused.value.fields


@database
def test_the_day_shows_ones_own_visits_and_those_without_minutes():
    unit = a_unit()
    owner, actor = someone_with(SELLER, at=unit)
    customer = a_customer(unit=unit, owner=owner)
    old, now = a_visit(customer, days=-2), a_visit(customer)
    a_visit(a_customer(unit=unit))
    cancel_visit(a_visit(customer), actor=SYSTEM, reason="改期")
    today = timezone.localdate()
    assert list(visits_of_day(actor, today)) == [now]
    assert unminuted(actor, before=today, limit=5) == [old]


@database
def test_the_team_claims_leads_from_its_pool_and_gives_them_back():
    unit = a_unit()
    person, actor = someone_with(SELLER, at=unit)
    _colleague, other = someone_with(SELLER, at=unit)
    lead = a_lead(unit=unit)
    claim_lead(lead, actor=actor)
    assert (lead.owner, lead.claimed_at is not None) == (person, True)
    with pytest.raises(RuleBroken):
        claim_lead(lead, actor=other)
    with pytest.raises(Refused):
        change_lead(lead, actor=other, needs="抢单")
    with pytest.raises(Refused):
        release_lead(lead, actor=other)
    release_lead(lead, actor=actor)
    claim_lead(lead, actor=other)
    with pytest.raises(NotFound):
        fetch(Lead, a_lead(unit=a_unit()).uid, actor)


def test_of_two_who_claim_at_once_one_gets_the_lead(committed_db):
    unit = a_unit()
    people = [a_person(unit), a_person(unit)]
    role = a_role(SELLER)
    for person in people:
        a_post(person, role)
    for _ in range(3):
        lead, start = a_lead(unit=unit), Barrier(2)
        with ThreadPoolExecutor(2) as pool:
            told = list(pool.map(lambda one, lead=lead, start=start: _claim(lead.pk, one.pk, start), people))
        assert sorted(told) == ["claimed", "too late"]
        lead.refresh_from_db()
        assert lead.owner_id == people[told.index("claimed")].pk


def _claim(lead: int, person: int, start: Barrier) -> str:
    try:
        actor = acting(Person.objects.select_related("unit").get(pk=person))
        row = Lead.objects.get(pk=lead)
        start.wait(10)
        claim_lead(row, actor=actor)
    except RuleBroken:
        return "too late"
    else:
        return "claimed"
    finally:
        connections.close_all()


@database
def test_a_qualified_lead_becomes_a_customer_and_an_opportunity():
    unit = a_unit()
    person, actor = someone_with(SELLER, at=unit)
    lead = a_lead(unit=unit, owner=person, needs="云桌面 200 点", family="cloud", phone="020-38000000")
    with pytest.raises(RuleBroken):
        convert_lead(lead, actor=actor)
    change_lead_state(lead, actor=actor, state="qualified")
    convert_lead(lead, actor=actor, opportunity="云桌面一期")
    assert lead.state == LeadState.CONVERTED
    assert lead.customer is not None
    assert lead.opportunity is not None
    assert (lead.customer.name, lead.customer.owner) == (lead.name, person)
    assert (lead.opportunity.customer, lead.opportunity.family) == (lead.customer, "cloud")
    with pytest.raises(RuleBroken):
        convert_lead(lead, actor=actor)


@database
def test_a_lead_converts_into_an_opportunity_of_a_customer_there_is():
    unit = a_unit()
    person, actor = someone_with(SELLER, at=unit)
    customer = a_customer(unit=unit, owner=person)
    lead = a_lead(unit=unit, owner=person, needs="扩容", expected_amount=Decimal(100_000))
    change_lead_state(lead, actor=actor, state="qualified")
    convert_lead(lead, actor=actor, customer=customer, opportunity="专线扩容")
    assert lead.customer == customer
    assert lead.opportunity.monthly_amount == Decimal("8333.33"), "a twelfth of what was expected in a year"


@database
def test_leads_are_qualified_by_needs_and_dropped_with_a_reason():
    lead = a_lead(unit=a_unit())
    with pytest.raises(Invalid) as refused:
        change_lead_state(lead, actor=SYSTEM, state="qualified")
    assert set(refused.value.fields) == {"needs"}
    with pytest.raises(Invalid):
        change_lead_state(lead, actor=SYSTEM, state="dropped")
    with pytest.raises(Invalid):
        change_lead_state(lead, actor=SYSTEM, state="sold")
    change_lead_state(lead, actor=SYSTEM, state="dropped", drop_reason="无预算")
    with pytest.raises(RuleBroken):
        change_lead(lead, actor=SYSTEM, needs="后来")


@database
def test_a_head_sees_the_visits_below_and_none_beside():
    top = a_unit()
    below = a_visit(a_customer(unit=a_unit(under=top)))
    _head, head = someone_with(LEADER, at=top)
    beside = a_visit(a_customer(unit=a_unit()))
    assert fetch(Visit, below.uid, head)
    with pytest.raises(NotFound):
        fetch(Visit, beside.uid, head)
