"""Working time follows the public calendar, adds and measures consistently, and says what it does not know."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jike.values import InvalidValue, WorkingCalendar

SHANGHAI = ZoneInfo("Asia/Shanghai")
CALENDAR = WorkingCalendar(
    overrides={
        date(2026, 2, 13): ((time(9), time(12)),),
        date(2027, 1, 2): True,
        date(2027, 1, 4): False,
        date(2026, 6, 6): ((time(20), time(0)),),
    }
)
MOMENTS = st.integers(0, 25 * 365 * 86_400_000_000).map(
    lambda passed: datetime(2005, 1, 1, tzinfo=UTC) + timedelta(microseconds=passed)
)
SPANS = st.timedeltas(timedelta(0), timedelta(days=120))


def at(year: int, month: int, day: int, clock: str = "00:00") -> datetime:
    return datetime.combine(date(year, month, day), time.fromisoformat(clock), tzinfo=SHANGHAI)


@given(MOMENTS, SPANS)
def test_time_added_is_the_time_measured(start: datetime, worked: timedelta) -> None:
    end = CALENDAR.add_working_time(start, worked).at
    assert CALENDAR.working_time_between(start, end).time == worked
    assert CALENDAR.working_time_between(end, start).time == -worked
    assert end.utcoffset() == timedelta(0)


@given(MOMENTS, SPANS)
def test_time_taken_back_is_the_time_measured(end: datetime, worked: timedelta) -> None:
    start = CALENDAR.add_working_time(end, -worked).at
    assert start <= end
    assert CALENDAR.working_time_between(start, end).time == worked


@given(MOMENTS, st.timedeltas(timedelta(0), timedelta(days=30)), SPANS, SPANS)
def test_a_later_start_or_more_work_never_ends_earlier(
    start: datetime, later: timedelta, less: timedelta, more: timedelta
) -> None:
    less, more = sorted((less, more))
    assert CALENDAR.add_working_time(start, less).at <= CALENDAR.add_working_time(start, more).at
    if less:
        assert CALENDAR.add_working_time(start, less).at <= CALENDAR.add_working_time(start + later, less).at


@given(MOMENTS, MOMENTS, MOMENTS)
def test_measured_times_add_up(a: datetime, b: datetime, c: datetime) -> None:
    def worked(x: datetime, y: datetime) -> timedelta:
        return CALENDAR.working_time_between(x, y).time

    assert worked(a, b) + worked(b, c) == worked(a, c)


@given(MOMENTS)
def test_a_moment_of_work_is_measured_as_work(moment: datetime) -> None:
    tick = timedelta(microseconds=1)
    passed = CALENDAR.working_time_between(moment, moment + tick).time
    assert passed == (tick if CALENDAR.is_working_time(moment) else timedelta(0))


def test_work_goes_on_after_the_national_holiday() -> None:
    calendar = WorkingCalendar()
    reached = calendar.add_working_time(at(2026, 9, 30, "17:00"), timedelta(hours=2))
    assert reached.at == at(2026, 10, 8, "10:00")
    assert reached.notice is None
    assert reached.at.tzinfo is UTC


def test_a_weekend_worked_instead_of_a_holiday_counts() -> None:
    calendar = WorkingCalendar()
    assert calendar.is_working_day(date(2026, 10, 10))
    assert not calendar.is_working_day(date(2026, 10, 11))
    assert not calendar.is_working_day(date(2026, 10, 1))


def test_a_filled_day_ends_at_its_close_and_lunch_is_free() -> None:
    calendar = WorkingCalendar()
    assert calendar.add_working_time(at(2026, 11, 23, "09:00"), timedelta(hours=3)).at == at(
        2026, 11, 23, "12:00"
    )
    assert calendar.add_working_time(at(2026, 11, 23, "12:10"), timedelta(minutes=1)).at == at(
        2026, 11, 23, "13:31"
    )
    day = calendar.working_day
    assert calendar.add_working_time(at(2026, 11, 23, "07:00"), day).at == at(2026, 11, 23, "18:00")
    assert calendar.add_working_time(at(2026, 11, 23, "09:30"), -timedelta(hours=1)).at == at(
        2026, 11, 20, "17:30"
    )


def test_half_a_working_day_is_half_its_hours() -> None:
    assert WorkingCalendar().half_working_day == timedelta(hours=3, minutes=45)
    assert CALENDAR.is_half_working_day(date(2026, 2, 13))
    assert not CALENDAR.is_half_working_day(date(2026, 2, 12))
    assert not CALENDAR.is_half_working_day(date(2026, 2, 16))


def test_an_override_wins_over_the_public_calendar() -> None:
    assert CALENDAR.is_working_day(date(2027, 1, 2))
    assert not CALENDAR.is_working_day(date(2027, 1, 4))
    late = CALENDAR.add_working_time(at(2026, 6, 6, "20:00"), timedelta(hours=4))
    assert late.at == at(2026, 6, 7, "00:00")


def test_beyond_the_known_years_weekdays_are_taken_and_it_says_so() -> None:
    calendar = WorkingCalendar()
    assert calendar.known(date(2026, 12, 31))
    assert not calendar.known(date(2027, 1, 1))
    assert calendar.is_working_day(date(2027, 10, 1))
    reached = calendar.add_working_time(at(2026, 12, 31, "17:00"), timedelta(hours=2))
    assert reached.at == at(2027, 1, 1, "10:00")
    assert reached.notice is not None
    assert "2027" in reached.notice.message
    elapsed = calendar.working_time_between(at(2026, 12, 31), at(2029, 1, 1))
    assert elapsed.notice is not None
    assert elapsed.notice.params == {"years": "2027, 2028, 2029"}


def test_a_year_entered_completely_is_known() -> None:
    calendar = WorkingCalendar(overrides={date(2027, 1, 1): False}, complete_years=frozenset({2027}))
    reached = calendar.add_working_time(at(2026, 12, 31, "17:00"), timedelta(hours=2))
    assert reached.at == at(2027, 1, 4, "10:00")
    assert reached.notice is None


def test_working_days_are_counted_over_holidays_both_ways() -> None:
    calendar = WorkingCalendar()
    assert calendar.add_working_days(date(2026, 9, 30), 2).day == date(2026, 10, 9)
    assert calendar.add_working_days(date(2026, 10, 9), -2).day == date(2026, 9, 30)
    assert calendar.add_working_days(date(2026, 10, 3), 0).day == date(2026, 10, 3)


def test_a_naive_moment_is_refused() -> None:
    with pytest.raises(InvalidValue, match="time zone"):
        WorkingCalendar().add_working_time(datetime(2026, 1, 1), timedelta(hours=1))  # noqa: DTZ001


def test_a_due_time_beyond_a_century_is_refused() -> None:
    with pytest.raises(InvalidValue, match="outside the years"):
        WorkingCalendar().add_working_time(at(2026, 1, 1), timedelta(days=30_000))
    with pytest.raises(InvalidValue, match="outside the years"):
        WorkingCalendar().add_working_days(date(2026, 1, 1), 10**6)


@pytest.mark.parametrize(
    "hours",
    [(), ((time(12), time(9)),), ((time(9), time(12)), (time(11), time(18))), ((time(9), time(9)),)],
)
def test_impossible_hours_are_refused(hours: tuple[tuple[time, time], ...]) -> None:
    with pytest.raises(InvalidValue, match="Working hours"):
        WorkingCalendar(hours=hours)
