"""Periods are half-open: they meet without gap or doubled day, and months split them without loss."""

from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from jike.values import InvalidValue, Period, add_months
from jike.values.period import month_end

DAYS = st.dates(date(1990, 1, 1), date(2100, 1, 1))
BOUNDED = st.tuples(DAYS, st.integers(1, 2000)).map(
    lambda pair: Period(pair[0], pair[0] + timedelta(days=pair[1]))
)
PERIODS = st.builds(
    lambda period, open_start, open_end: Period(
        None if open_start else period.start, None if open_end else period.end
    ),
    BOUNDED,
    st.booleans(),
    st.booleans(),
)


@given(PERIODS, PERIODS, DAYS)
def test_a_day_is_in_the_intersection_when_it_is_in_both(a: Period, b: Period, day: date) -> None:
    common = a.intersect(b)
    assert (common is not None and day in common) == (day in a and day in b)


@given(PERIODS, PERIODS)
def test_overlap_is_mutual_and_containing_is_overlap(a: Period, b: Period) -> None:
    assert a.overlaps(b) == b.overlaps(a)
    assert not a.contains(b) or a.overlaps(b)
    assert a.contains(a)
    assert Period().contains(a)


@given(DAYS, DAYS, DAYS)
def test_periods_that_meet_do_not_overlap(a: date, b: date, c: date) -> None:
    first, middle, last = sorted((a, b, c))
    assume(first < middle < last)
    assert not Period(first, middle).overlaps(Period(middle, last))
    assert Period(first, middle).days + Period(middle, last).days == Period(first, last).days


@given(BOUNDED)
def test_the_months_of_a_period_lose_no_day(period: Period) -> None:
    parts = list(period.split_by_month())
    assert sum(part.days for part in parts) == period.days
    assert parts[0].period.start == period.start
    assert parts[-1].period.end == period.end
    assert all(a.period.end == b.period.start for a, b in pairwise(parts))
    assert all(part.ratio == 1 for part in parts[1:-1])
    assert all(0 < part.ratio <= 1 for part in parts)


@given(DAYS, st.integers(1, 60))
def test_a_contract_of_so_many_months_counts_so_many(start: date, months: int) -> None:
    assert Period.lasting(start, months).months() == months


@given(DAYS, st.integers(-600, 600))
def test_the_corresponding_day_is_the_same_or_the_last_of_the_month(day: date, months: int) -> None:
    moved = add_months(day, months)
    assert (moved.year * 12 + moved.month) - (day.year * 12 + day.month) == months
    assert moved.day == min(day.day, month_end(moved).day)


@given(DAYS, st.integers(0, 100), st.integers(0, 100))
def test_more_months_never_lead_to_an_earlier_day(day: date, a: int, b: int) -> None:
    assert (a <= b) <= (add_months(day, a) <= add_months(day, b))


def test_the_last_of_january_leads_to_the_last_of_february() -> None:
    assert add_months(date(2027, 1, 31), 1) == date(2027, 2, 28)
    assert add_months(date(2028, 1, 31), 1) == date(2028, 2, 29)
    assert add_months(date(2028, 2, 29), -12) == date(2027, 2, 28)


def test_a_share_of_a_month_counts_days() -> None:
    assert Period(date(2026, 11, 16), None).share_of(Period.month(2026, 11)) == Fraction(1, 2)
    assert Period(date(2027, 1, 1), None).share_of(Period.month(2026, 11)) == 0


def test_the_last_day_is_stated_as_people_state_it() -> None:
    year = Period.through(date(2026, 1, 1), date(2026, 12, 31))
    assert year.end == date(2027, 1, 1)
    assert year.last == date(2026, 12, 31)
    assert year.months() == 12
    assert date(2027, 1, 1) not in year


@pytest.mark.parametrize(("start", "end"), [(date(2026, 1, 2), date(2026, 1, 1)), (date(2026, 1, 1),) * 2])
def test_a_period_without_a_day_is_refused(start: date, end: date) -> None:
    with pytest.raises(InvalidValue, match="must begin before it ends"):
        Period(start, end)


def test_an_open_period_has_no_length() -> None:
    for question in (lambda p: p.days, lambda p: p.months(), lambda p: list(p.split_by_month())):
        with pytest.raises(InvalidValue, match="first and a last day"):
            question(Period(date(2026, 1, 1)))


def test_months_beyond_the_calendar_are_refused() -> None:
    with pytest.raises(InvalidValue, match="outside the years"):
        add_months(date(9999, 6, 1), 12)
    with pytest.raises(InvalidValue, match="outside the years"):
        Period.through(date(2026, 1, 1), date.max)
