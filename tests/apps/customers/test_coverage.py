"""Gaps in coverage: the rule, and that the stored gaps follow the people at once and the time by night."""

import datetime as dt

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from jike.apps.customers.actions import change_key_person, remove_key_person, restore_key_person
from jike.apps.customers.actions.coverage import refresh_coverage
from jike.apps.customers.models import Customer
from jike.apps.customers.queries.coverage import gaps_of
from jike.apps.customers.rules import SILENT_DAYS, Coverage, Gap, State, coverage_gaps
from tests.apps.customers.making import a_customer, a_key_person
from tests.making import SYSTEM

TODAY = dt.date(2027, 3, 1)
COUNTS = st.integers(0, 4)
KNOWN = st.builds(Coverage, COUNTS, COUNTS, COUNTS, COUNTS, st.none() | st.dates(dt.date(2026, 1, 1), TODAY))
WELL = Coverage(3, 1, 0, 2, TODAY)


def test_people_who_are_well_covered_have_no_gap():
    assert coverage_gaps(State.ACTIVE, WELL, today=TODAY) == ()


@pytest.mark.parametrize(
    ("known", "gap"),
    [
        (WELL._replace(people=0), Gap.NOBODY),
        (WELL._replace(deciders=0), Gap.NO_DECIDER),
        (WELL._replace(opposed_deciders=1), Gap.DECIDER_OPPOSED),
        (WELL._replace(spoken_on=None), Gap.NOT_SPOKEN_TO),
        (WELL._replace(spoken_on=TODAY - dt.timedelta(days=SILENT_DAYS)), Gap.NOT_SPOKEN_TO),
        (WELL._replace(people=1), Gap.SOLE_CONTACT),
        (WELL._replace(supporters=0), Gap.NO_SUPPORTER),
    ],
)
def test_each_gap_is_named_by_itself(known, gap):
    assert coverage_gaps(State.ACTIVE, known, today=TODAY) == (gap,)


@given(st.sampled_from(State), KNOWN)
def test_gaps_come_gravest_first_and_only_where_one_still_deals(state, known):
    found = coverage_gaps(state, known, today=TODAY)
    assert list(found) == [gap for gap in Gap if gap in found]
    assert not (found and state in (State.LOST, State.ARCHIVED))
    assert Gap.NOBODY not in found or len(found) == 1


@given(KNOWN.filter(lambda known: known.people), st.integers(0, 300))
def test_time_alone_only_adds_silence(known, days):
    before = coverage_gaps(State.ACTIVE, known, today=TODAY)
    after = coverage_gaps(State.ACTIVE, known, today=TODAY + dt.timedelta(days=days))
    assert set(after) - set(before) <= {Gap.NOT_SPOKEN_TO}
    assert set(before) <= set(after)


def stored(customer: Customer) -> list[str]:
    return Customer.objects.get(pk=customer.pk).coverage_gaps


@pytest.mark.django_db
def test_stored_gaps_follow_the_people_at_once():
    customer, today = a_customer(), timezone.localdate()
    assert gaps_of(customer, today=today) == [Gap.NOBODY]
    handler = a_key_person(customer, attitude="friendly", spoken_on=today)
    assert stored(customer) == ["no_decider", "sole_contact"]
    decider = a_key_person(customer, role="decider", attitude="opposed")
    assert stored(customer) == ["decider_opposed"]
    change_key_person(decider, actor=SYSTEM, attitude="friendly")
    assert stored(customer) == []
    remove_key_person(handler, actor=SYSTEM)
    assert stored(customer) == ["not_spoken_to", "sole_contact"]
    restore_key_person(handler, actor=SYSTEM)
    change_key_person(decider, actor=SYSTEM, left_on=today)
    assert stored(customer) == ["no_decider", "sole_contact"]


@pytest.mark.django_db
def test_the_night_finds_what_time_brought_and_raises_no_version():
    customer = a_customer()
    version = Customer.objects.get(pk=customer.pk).version
    assert refresh_coverage() >= 1
    assert refresh_coverage() == 0
    assert stored(customer) == ["nobody"]
    assert Customer.objects.get(pk=customer.pk).version == version
