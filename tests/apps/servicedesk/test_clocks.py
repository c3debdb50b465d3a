"""The clocks of tickets: promises in working time, pauses, holidays, and years whose holidays nobody knows."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jike.apps.servicedesk.rules import (
    Clock,
    Kind,
    Priority,
    due_from,
    escalation_level,
    minutes_taken,
    next_due,
    priority_of,
    promise_for,
    resumed_due,
)
from jike.values.working_calendar import WorkingCalendar
from tests.apps.servicedesk.making import at

CALENDAR = WorkingCalendar()
FIRST = dt.datetime(2024, 1, 1, tzinfo=dt.UTC)
MOMENTS = st.integers(min_value=0, max_value=12 * 366 * 24 * 60).map(
    lambda minutes: FIRST + dt.timedelta(minutes=minutes)
)
SPANS = st.timedeltas(min_value=dt.timedelta(0), max_value=dt.timedelta(days=20))


@pytest.mark.parametrize(
    ("kind", "level", "start", "answer", "settle"),
    [
        ("enquiry", "gold", "2026-11-18 09:30", "2026-11-18 09:40", "2026-11-18 15:00"),
        ("enquiry", "standard", "2026-11-18 22:00", "2026-11-19 09:10", "2026-11-19 14:30"),
        ("complaint", "silver", "2026-11-18 09:00", "2026-11-18 09:30", "2026-11-18 14:15"),
        ("complaint", "silver", "2026-11-20 17:00", "2026-11-20 17:30", "2026-11-23 11:45"),
        ("trouble", "gold", "2026-11-21 23:30", "2026-11-21 23:40", "2026-11-22 01:30"),
        ("trouble", "silver", "2026-10-02 08:00", "2026-10-02 08:15", "2026-10-02 12:00"),
        ("complaint", "bronze", "2026-09-30 17:30", "2026-09-30 18:00", "2026-10-08 13:45"),
    ],
)
def test_what_is_promised_is_due_in_working_time_and_repairs_around_the_clock(
    kind: str, level: str, start: str, answer: str, settle: str
):
    due = due_from(promise_for(Kind(kind), level), at(start), calendar=CALENDAR)
    assert (due.answer, due.settle) == (at(answer), at(settle))


def test_beyond_the_years_whose_holidays_are_known_weekdays_count_and_that_is_said():
    due = due_from(promise_for(Kind.COMPLAINT, "gold"), at("2031-10-01 09:00"), calendar=CALENDAR)
    assert due.settle == at("2031-10-01 14:15")
    assert due.uncertain
    assert not due_from(
        promise_for(Kind.COMPLAINT, "gold"), at("2026-11-18 09:00"), calendar=CALENDAR
    ).uncertain


def test_a_clock_that_stood_still_over_the_national_holiday_goes_on_with_what_remained():
    due = at("2026-09-30 17:00")
    later = resumed_due(
        due, at("2026-09-30 16:00"), resumed=at("2026-10-08 09:00"), clock=Clock.WORKING, calendar=CALENDAR
    )
    assert later == at("2026-10-08 10:00")


@given(MOMENTS, SPANS, SPANS, st.sampled_from(Clock))
def test_a_pause_never_costs_what_remained(start, until_due, waited, clock):
    due, resumed = start + until_due, start + waited
    later = resumed_due(due, start, resumed=resumed, clock=clock, calendar=CALENDAR)
    before = minutes_taken(start, due, clock=clock, calendar=CALENDAR)
    assert later >= due
    if waited and before:
        assert minutes_taken(resumed, later, clock=clock, calendar=CALENDAR) == before


@given(MOMENTS, SPANS, SPANS)
def test_what_was_overdue_when_it_was_paused_stays_due_when_it_was(due, late, waited):
    paused = due + late
    assert resumed_due(due, paused, resumed=paused + waited, clock=Clock.WORKING, calendar=CALENDAR) == due


@given(st.sampled_from(Kind), st.sampled_from(["gold", "silver", "bronze", "standard", "?"]), MOMENTS)
def test_the_answer_is_never_due_after_the_settlement(kind, level, start):
    due = due_from(promise_for(kind, level), start, calendar=CALENDAR)
    assert start <= due.answer <= due.settle


@given(MOMENTS, SPANS, SPANS)
def test_escalation_only_rises_as_time_goes_on(due, one, more):
    assert escalation_level(due, due + one) <= escalation_level(due, due + one + more)
    assert escalation_level(due, due) == 0
    assert escalation_level(None, due) == 0


def test_nothing_is_due_while_the_clock_stands_still():
    answer, settle = at("2026-11-18 09:10"), at("2026-11-18 14:00")
    assert next_due(answer, settle, answered=False, running=True) == answer
    assert next_due(answer, settle, answered=True, running=True) == settle
    assert next_due(answer, settle, answered=True, running=False) is None


def test_gold_customers_come_first_and_a_repeated_complaint_comes_higher():
    assert priority_of(Kind.TROUBLE, "gold") is Priority.URGENT
    assert priority_of(Kind.ENQUIRY, "standard") is Priority.LOW
    assert priority_of(Kind.COMPLAINT, "standard", repeated=True) < priority_of(Kind.COMPLAINT, "standard")
