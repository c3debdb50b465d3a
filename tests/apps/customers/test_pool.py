"""The public pool: what falls into it, and who takes it out."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from jike.apps.customers.actions import (
    assign_owner,
    claim_customer,
    fall_back,
    grade_customer,
    release_customer,
)
from jike.apps.customers.models import Customer, PoolRule
from jike.apps.customers.queries import falling_of, figures_for, pooled, register_attendance
from jike.apps.customers.queries.pool import _Registered
from jike.apps.customers.rules import GRANTS, Fall, PoolFigures, fall_of, rule_for
from jike.foundation.audit import changing, creating
from jike.foundation.errors import JikeError, Refused, RuleBroken
from jike.foundation.models import Notice
from tests.apps.customers.making import a_customer
from tests.doing import browser_of, together
from tests.making import SYSTEM, a_unit, someone_with

MANAGER, HEAD = GRANTS["account_manager"], GRANTS["county_head"]
TODAY = dt.date(2026, 6, 1)
days = st.dates(dt.date(2025, 1, 1), dt.date(2026, 12, 31))


@given(attended=days, since=st.none() | days, today=days)
def test_a_customer_falls_only_after_its_days_unattended_and_its_protection(attended, since, today):
    figures = PoolFigures()
    fall, on = fall_of(attended, since, figures=figures, today=today)
    latest = max(attended, since or attended)
    assert on is not None
    assert on - latest >= dt.timedelta(days=figures.unattended_days)
    assert since is None or on >= since + dt.timedelta(days=figures.protect_days)
    assert (fall is Fall.FALLS) == (on <= today)
    assert fall is not Fall.WARNED or on - today <= dt.timedelta(days=figures.warn_days)


def test_the_nearest_units_rule_holds():
    own, above = PoolFigures(unattended_days=30), PoolFigures(unattended_days=60)
    assert rule_for([3, 2, 1], {1: above, 3: own}) is own
    assert rule_for([2, 1], {1: above, 3: own}) is above
    assert rule_for([9], {1: above}) is None


@pytest.fixture
def place():
    """A unit with a rule, two managers, a head."""
    unit = a_unit()
    person, actor = someone_with(MANAGER, at=unit)
    other, rival = someone_with(MANAGER, at=unit)
    head, leading = someone_with(HEAD, at=unit)
    rule = creating(PoolRule(unit=unit, most_held=2), actor=SYSTEM)
    return locals()


@pytest.fixture
def attendance():
    """Let a test say when customers were attended to."""
    known: dict[int, dt.date] = {}
    before = _Registered.attendance
    register_attendance(lambda numbers: [(number, known[number]) for number in numbers if number in known])
    yield known
    register_attendance(*before)


def held(place, days_ago, **details):
    customer = a_customer(unit=place["unit"], owner=place["person"], **details)
    began = TODAY - dt.timedelta(days=days_ago)
    Customer.objects.filter(pk=customer.pk).update(owner_since=began, state_since=began)
    return Customer.objects.get(pk=customer.pk)


def owner_of(customer):
    return Customer.objects.get(pk=customer.pk).owner


@pytest.mark.django_db
def test_unattended_customers_fall_back_and_attended_ones_stay(place, attendance):
    old, attended, young = held(place, 91), held(place, 91), held(place, 20)
    attendance[attended.pk] = TODAY - dt.timedelta(days=10)
    assert fall_back(actor=SYSTEM, today=TODAY) == (1, 0)
    assert [owner_of(one) for one in (old, attended, young)] == [None, place["person"], place["person"]]
    assert Notice.objects.filter(person=place["person"].uid, topic="customers.pool_fallen").count() == 1
    assert list(pooled(place["actor"])) == [old]


@pytest.mark.django_db
def test_good_grades_and_customers_who_are_served_never_fall(place, attendance):
    graded, served = held(place, 400), held(place, 400)
    grade_customer(graded, actor=SYSTEM, grade="A1")
    Customer.objects.filter(pk=served.pk).update(state="active")
    assert fall_back(actor=SYSTEM, today=TODAY) == (0, 0)


@pytest.mark.django_db
def test_their_manager_is_warned_once_before(place, attendance):
    near = held(place, 80)
    assert [fall_back(actor=SYSTEM, today=TODAY), fall_back(actor=SYSTEM, today=TODAY)] == [(0, 1), (0, 1)]
    notice = Notice.objects.get(person=place["person"].uid, topic="customers.pool_warned")
    assert near.name in notice.text
    assert falling_of(place["actor"], today=TODAY) == [(near, TODAY + dt.timedelta(days=10))]


@pytest.mark.django_db
def test_without_a_rule_in_force_nothing_falls(place, attendance):
    held(place, 400)
    with changing(place["rule"], actor=SYSTEM):
        place["rule"].active = False
    assert fall_back(actor=SYSTEM, today=TODAY) == (0, 0)
    assert figures_for(place["unit"]) is None


@pytest.mark.django_db
def test_a_manager_claims_from_the_pool_of_their_unit_up_to_the_limit(place):
    pool = [a_customer(unit=place["unit"]) for _ in range(3)]
    away = a_customer()
    assert set(pooled(place["actor"])) == set(pool)
    with pytest.raises(Refused):
        claim_customer(away, actor=place["actor"])
    for one in pool[:2]:
        assert claim_customer(one, actor=place["actor"]).owner == place["person"]
    with pytest.raises(RuleBroken, match="2"):
        claim_customer(pool[2], actor=place["actor"])
    with pytest.raises(RuleBroken, match=place["person"].name):
        claim_customer(pool[0], actor=place["rival"])


@pytest.mark.django_db
def test_a_manager_gives_back_their_own_and_a_head_what_lies_below(place):
    mine, theirs = held(place, 5), held(place, 5)
    with pytest.raises(Refused):
        release_customer(mine, actor=place["rival"])
    assert release_customer(mine, actor=place["actor"]).owner is None
    assert release_customer(theirs, actor=place["leading"]).owner is None
    with pytest.raises(RuleBroken):
        release_customer(mine, actor=place["leading"])


@pytest.mark.django_db
def test_who_was_given_a_customer_keeps_it_protected(place, attendance):
    customer = held(place, 400)
    assign_owner(customer, actor=SYSTEM, owner=place["other"])
    assert fall_back(actor=SYSTEM, today=TODAY) == (0, 0)
    assert owner_of(customer) == place["other"]


def test_of_two_who_claim_in_the_same_moment_one_wins(committed_db):
    unit = a_unit()
    people = [someone_with(MANAGER, at=unit) for _ in range(2)]
    customer = a_customer(unit=unit)
    claims = [
        lambda actor=actor: claim_customer(Customer.objects.get(pk=customer.pk), actor=actor)
        for _person, actor in people
    ]
    answers = together(*claims)
    refusals = [one for one in answers if isinstance(one, JikeError)]
    won = [one for one in answers if not isinstance(one, JikeError)]
    assert (len(won), len(refusals)) == (1, 1)
    assert won[0].owner.name in str(refusals[0])
    assert owner_of(customer) == won[0].owner


@pytest.mark.django_db
def test_who_gave_a_customer_up_or_let_it_fall_claims_it_again_only_after_the_rule_s_days(place, attendance):
    given, fell = held(place, 5), held(place, 91)
    release_customer(given, actor=place["actor"])
    today = timezone.localdate()
    fall_back(actor=SYSTEM, today=today)
    again = today + dt.timedelta(days=30)
    for one in (given, fell):
        with pytest.raises(RuleBroken, match=f"{again:%Y-%m-%d}"):
            claim_customer(Customer.objects.get(pk=one.pk), actor=place["actor"])
    page = browser_of(place["person"]).get(reverse("customers:pool")).content.decode()
    assert page.count(reverse("customers:claim", args=[given.uid])) == 0
    assert claim_customer(given, actor=place["rival"]).given_up_by is None
    Customer.objects.filter(pk=fell.pk).update(owner_since=today - dt.timedelta(days=30))
    assert claim_customer(Customer.objects.get(pk=fell.pk), actor=place["actor"]).owner == place["person"]
