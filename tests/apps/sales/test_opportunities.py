"""Opportunities: registration and its collisions, amounts that follow from products, and the pipeline's sums."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Barrier

import pytest
from django.db import connections
from django.utils import timezone

from jike.apps.customers.actions import change_state
from jike.apps.customers.models import Customer
from jike.apps.organisation.models import Person
from jike.apps.sales.actions import (
    LineGiven,
    add_opportunity,
    assign_opportunity,
    change_opportunity,
    change_stage,
    register,
    set_lines,
)
from jike.apps.sales.models import Opportunity
from jike.apps.sales.queries import (
    by_owner,
    by_stage,
    forecast,
    lines_of,
    needing_attention,
    pipeline,
    won_between,
)
from jike.apps.sales.rules import PROTECTION_DAYS, Kind, Stage
from jike.foundation.errors import Invalid, Refused, RuleBroken
from jike.values.period import add_months
from tests.apps.catalogue.making import an_offering
from tests.apps.customers.making import a_customer
from tests.apps.sales.making import SELLER, an_opportunity
from tests.making import SYSTEM, a_person, a_unit, someone_with

database = pytest.mark.django_db
TODAY = dt.date(2031, 5, 12)


@database
def test_an_opportunity_is_registered_by_its_family_and_protected_for_its_time():
    deal = an_opportunity(family="circuit", on=TODAY)
    assert deal.code.startswith("SJ")
    assert (deal.registered_on, deal.protected_until) == (TODAY, TODAY + dt.timedelta(days=PROTECTION_DAYS))
    assert an_opportunity().protected_until is None


@database
def test_a_colleagues_protected_opportunity_refuses_the_same_family_and_says_whose_it_is():
    customer = a_customer(owner=None)
    first, second = a_person(customer.unit, "林知夏"), a_person(customer.unit)
    an_opportunity(customer, family="cloud", owner=first)
    with pytest.raises(Invalid) as refused:
        an_opportunity(customer, family="cloud", owner=second)
    assert "林知夏" in refused.value.fields["family"][0]
    assert an_opportunity(customer, family="voice", owner=second).protected_until
    assert an_opportunity(customer, family="cloud", owner=first).protected_until


@database
def test_ended_protection_closed_deals_and_renewals_collide_with_nobody():
    customer = a_customer()
    first, second = a_person(customer.unit), a_person(customer.unit)
    an_opportunity(customer, family="cloud", owner=first, on=TODAY - dt.timedelta(days=PROTECTION_DAYS + 1))
    assert an_opportunity(customer, family="cloud", owner=second, on=TODAY)
    an_opportunity(customer, family="iot", owner=first, stage=Stage.LOST)
    assert an_opportunity(customer, family="iot", owner=second)
    renewal = an_opportunity(customer, family="iot", owner=first, deal_kind=Kind.RENEWAL.value)
    assert renewal.protected_until is None


@database
def test_another_family_is_registered_anew_or_refused():
    customer = a_customer()
    first, second = a_person(customer.unit), a_person(customer.unit)
    an_opportunity(customer, family="cloud", owner=first)
    deal = an_opportunity(customer, family="voice", owner=second)
    with pytest.raises(Invalid):
        change_opportunity(deal, actor=SYSTEM, family="cloud")
    change_opportunity(deal, actor=SYSTEM, family="iot")
    assert deal.registered_on == timezone.localdate()
    with pytest.raises(Invalid):
        register(an_opportunity(customer), actor=SYSTEM)


def test_of_two_who_register_at_once_one_is_protected(committed_db):
    customer = a_customer()
    people = [a_person(customer.unit), a_person(customer.unit)]
    for family in ("circuit", "broadband", "voice"):
        start = Barrier(len(people))
        with ThreadPoolExecutor(len(people)) as pool:
            told = list(
                pool.map(lambda person, f=family, b=start: _register(customer.pk, person.pk, f, b), people)
            )
        assert sorted(told) == ["protected", "refused"]
        assert Opportunity.objects.filter(customer=customer, family=family).count() == 1


def _register(customer: int, person: int, family: str, start: Barrier) -> str:
    try:
        place, owner = Customer.objects.get(pk=customer), Person.objects.select_related("unit").get(pk=person)
        start.wait(10)
        add_opportunity(actor=SYSTEM, customer=place, name="抢报", owner=owner, family=family)
    except Invalid:
        return "refused"
    else:
        return "protected"
    finally:
        connections.close_all()


@database
def test_amounts_are_the_sums_of_the_products_and_are_then_not_typed_in():
    deal = an_opportunity(term_months=12)
    one, other = an_offering(monthly="1000", one_off="500"), an_offering(monthly="300", floor="100")
    set_lines(deal, actor=SYSTEM, lines=[LineGiven(one, 3), LineGiven(other, 10, Decimal("250.50"))])
    assert (deal.monthly_amount, deal.one_off_amount) == (Decimal("5505.00"), Decimal(1500))
    assert deal.amount == Decimal("5505.00") * 12 + 1500
    assert deal.family == one.family
    with pytest.raises(Invalid):
        change_opportunity(deal, actor=SYSTEM, monthly_amount=Decimal(1))
    set_lines(deal, actor=SYSTEM, lines=[LineGiven(other, 1)])
    assert [line.offering for line in lines_of(deal)] == [other]
    assert deal.monthly_amount == 300


@database
@pytest.mark.parametrize(
    "details",
    [
        {"monthly_amount": Decimal(-1)},
        {"term_months": 0},
        {"probability": 101},
        {"name": ""},
        {"name": "名" * 121},
        {"family": "submarine"},
        {"name": "坏\0名"},
    ],
)
def test_what_cannot_be_meant_is_refused_beside_its_field(details):
    with pytest.raises(Invalid) as refused:
        an_opportunity(**details)
    assert set(refused.value.fields) == set(details)


@database
def test_what_is_closed_is_no_longer_changed_and_archived_customers_begin_nothing():
    deal = an_opportunity(stage=Stage.WON)
    with pytest.raises(RuleBroken):
        change_opportunity(deal, actor=SYSTEM, needs="更多")
    with pytest.raises(RuleBroken):
        set_lines(deal, actor=SYSTEM, lines=[])
    customer = a_customer()
    change_state(customer, actor=SYSTEM, state="archived", reason="注销")
    with pytest.raises(RuleBroken):
        an_opportunity(customer)


@database
def test_an_account_manager_works_on_own_customers_and_only_heads_assign():
    unit = a_unit()
    owner, actor = someone_with(SELLER, at=unit)
    colleague = a_person(unit)
    mine = a_customer(unit=unit, owner=owner)
    deal = add_opportunity(actor=actor, customer=mine, name="自拓")
    assert (deal.owner, deal.unit) == (owner, unit)
    with pytest.raises(Refused):
        add_opportunity(actor=actor, customer=a_customer(), name="他人")
    with pytest.raises(Refused):
        assign_opportunity(deal, actor=actor, owner=colleague)
    with pytest.raises(Invalid):
        change_opportunity(deal, actor=actor, customer=a_customer())


@database
def test_the_pipeline_adds_up_stages_owners_and_months():
    unit = a_unit()
    owner, actor = someone_with(SELLER, at=unit)
    customer = a_customer(unit=unit, owner=owner)
    first = timezone.localdate().replace(day=1)
    for months, amount in ((0, 10_000), (-1, 20_000), (1, 40_000)):
        an_opportunity(
            customer, owner=owner, one_off_amount=Decimal(amount), expected_on=add_months(first, months)
        )
    an_opportunity(customer, owner=owner, one_off_amount=Decimal(5000))
    an_opportunity(one_off_amount=Decimal(999_999))
    rows = pipeline(actor, team=False)
    stages = by_stage(rows)
    assert stages is not None
    assert (stages[0].stage, stages[0].deals, stages[0].amount) == (Stage.NEED, 4, Decimal(75_000))
    found = forecast(rows, today=timezone.localdate())
    assert found is not None
    assert [one.amount for one in found[:2]] == [Decimal(30_000), Decimal(40_000)]
    assert (found[-1].month, found[-1].amount, found[-1].weighted) == (None, Decimal(5000), Decimal(1000))
    owners = by_owner(rows, limit=5)
    assert owners is not None
    assert [(one.name, one.deals) for one in owners] == [(owner.name, 4)]
    late = needing_attention(rows, today=timezone.localdate(), limit=5)
    assert Decimal(20_000) in [one.amount for one in late]


@database
def test_wins_count_in_the_month_in_which_they_came():
    deal = an_opportunity(stage=Stage.SIGNING, one_off_amount=Decimal(7000))
    change_stage(deal, actor=SYSTEM, stage=Stage.WON, on=timezone.localdate())
    today = timezone.localdate()
    count, amount = won_between(pipeline(SYSTEM, team=True), today, today)
    assert (count, amount) == (1, deal.amount)
    assert won_between(
        pipeline(SYSTEM, team=True), today.replace(year=2020, day=1), today.replace(year=2020)
    ) == (0, 0)
