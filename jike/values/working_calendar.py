"""Working days and working hours in China: due times, elapsed service times, promised dates.

Public holidays and the weekends worked instead come from ``chinesecalendar``. The State Council announces a
year only in the November before, so beyond the package's years the calendar takes Monday to Friday and says
so in the result; an administrator enters the announced days as ``overrides`` and names the year complete.

All sums are whole microseconds over one table per year (working time before each day), built on first use; a
question then costs a bisection.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import accumulate, pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo

from jike.values.errors import InvalidValue, Notice

Span = tuple[time, time]
DayRule = bool | tuple[Span, ...]
"""What an override says of a day: worked as usual, not at all, or during spans of its own."""

USUAL_HOURS: tuple[Span, ...] = ((time(9), time(12)), (time(13, 30), time(18)))
SHANGHAI = ZoneInfo("Asia/Shanghai")
# A promise further away than this is a mistake in the question, and would build a table for each year.
_YEARS_FORWARD = 100
_MICROSECOND = timedelta(microseconds=1)
_DAY = 24 * 3600 * 1_000_000


class Reached(NamedTuple):
    """A moment (UTC) reached by working time; a notice when holidays on the way are not known."""

    at: datetime
    notice: Notice | None


class Elapsed(NamedTuple):
    """Working time that passed; a notice when holidays on the way are not known."""

    time: timedelta
    notice: Notice | None


class ReachedDay(NamedTuple):
    """A working day reached by counting; a notice when holidays on the way are not known."""

    day: date
    notice: Notice | None


class _Year(NamedTuple):
    """``before[i]``: microseconds worked in the year before its day i; the last entry is the total."""

    before: list[int]
    spans: list[tuple[tuple[int, int], ...]]
    known: bool


@dataclass(frozen=True, eq=False)
class WorkingCalendar:
    """When work is done.

    ``hours`` are the spans of a usual working day in local time of ``zone`` (09:00–12:00 and 13:30–18:00);
    an end at 00:00 means midnight.
    ``overrides`` maps a local day to True (worked), False (free) or its own spans, and wins over public data.
    ``complete_years`` are those for which the overrides state every departure from Monday to Friday.
    Durations are those of the clock on the wall, which Shanghai has not moved since 1991.
    Moments go in with a time zone and come out in UTC; a naive one raises ``InvalidValue``.
    """

    hours: tuple[Span, ...] = USUAL_HOURS
    overrides: Mapping[date, DayRule] | None = None
    complete_years: frozenset[int] = frozenset()
    zone: ZoneInfo = SHANGHAI
    _usual: tuple[tuple[int, int], ...] = field(init=False, repr=False)
    _years: dict[int, _Year] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        _check_spans(self.hours)
        if not self.hours:
            raise InvalidValue("calendar.bad_hours")
        own = dict(self.overrides or {})
        for rule in own.values():
            if not isinstance(rule, bool):
                _check_spans(rule)
        # A copy, so that the tables below stay true to what was given.
        object.__setattr__(self, "overrides", own)
        object.__setattr__(self, "_usual", _microseconds(self.hours))
        object.__setattr__(self, "_years", {})

    @property
    def working_day(self) -> timedelta:
        """The working time of a usual day."""
        return sum((end - start for start, end in self._usual), 0) * _MICROSECOND

    @property
    def half_working_day(self) -> timedelta:
        """Half of it: the time within which a complaint is settled."""
        return self.working_day / 2

    def known(self, day: date) -> bool:
        """Whether the public holidays around this day are known, or the day was entered by hand."""
        return day in self._own() or self._year(day.year).known

    def is_working_day(self, day: date) -> bool:
        """Whether any work is done on this local day."""
        return bool(self._spans_on(day))

    def is_half_working_day(self, day: date) -> bool:
        """Whether work is done on this local day, but for less than the usual time."""
        worked = sum(end - start for start, end in self._spans_on(day)) * _MICROSECOND
        return timedelta(0) < worked < self.working_day

    def is_working_time(self, moment: datetime) -> bool:
        """Whether work is being done at this moment; the end of a span is no longer in it."""
        day, clock = self._local(moment)
        return any(start <= clock < end for start, end in self._spans_on(day))

    def add_working_time(self, start: datetime, worked: timedelta) -> Reached:
        """The first moment at which ``worked`` working time has passed since ``start``.

        Filling a day exactly ends at its close, not at the next opening. A negative time goes back to the
        last moment from which that much remains until ``start``; zero stays. Raises ``InvalidValue`` beyond
        a century.
        """
        day, clock = self._local(start)
        amount = worked // _MICROSECOND
        if not amount:
            return Reached(start.astimezone(UTC), self._notice(day.year, day.year))
        year = self._year(day.year)
        target = self._position(year, day, clock) + amount
        reached = day.year
        while target > year.before[-1] or (amount < 0 and target == year.before[-1]):
            target -= year.before[-1]
            reached = self._step(reached, 1, day.year)
            year = self._year(reached)
        while target < 0 or (amount > 0 and target == 0):
            reached = self._step(reached, -1, day.year)
            year = self._year(reached)
            target += year.before[-1]
        local = _moment_at(reached, year, target, forward=amount > 0)
        at = local.replace(tzinfo=self.zone).astimezone(UTC)
        return Reached(at, self._notice(min(day.year, reached), max(day.year, reached)))

    def working_time_between(self, start: datetime, end: datetime) -> Elapsed:
        """The working time from ``start`` to ``end``; negative when the end comes first."""
        first, first_clock = self._local(start)
        last, last_clock = self._local(end)
        total = self._position(self._year(last.year), last, last_clock)
        total -= self._position(self._year(first.year), first, first_clock)
        low, high = min(first.year, last.year), max(first.year, last.year)
        if low != high:
            between = sum(self._year(number).before[-1] for number in range(low, high))
            total += between if first.year == low else -between
        return Elapsed(timedelta(microseconds=total), self._notice(low, high))

    def add_working_days(self, day: date, days: int) -> ReachedDay:
        """The working day ``days`` after ``day`` (before, when negative); that day itself does not count."""
        step, left, reached = (1 if days > 0 else -1), abs(days), day
        while left:
            if abs(reached.year - day.year) > _YEARS_FORWARD or not 1 < reached.year < 9999:
                raise InvalidValue("calendar.out_of_range")
            reached += timedelta(days=step)
            left -= self.is_working_day(reached)
        return ReachedDay(reached, self._notice(min(day.year, reached.year), max(day.year, reached.year)))

    def _own(self) -> Mapping[date, DayRule]:
        return self.overrides or {}

    def _local(self, moment: datetime) -> tuple[date, int]:
        """The local day and the microseconds since its midnight."""
        if moment.tzinfo is None:
            raise InvalidValue("time.naive")
        try:
            local = moment.astimezone(self.zone)
        except OverflowError:
            raise InvalidValue("calendar.out_of_range") from None
        clock = ((local.hour * 60 + local.minute) * 60 + local.second) * 1_000_000 + local.microsecond
        return local.date(), clock

    def _position(self, year: _Year, day: date, clock: int) -> int:
        """Microseconds worked in the year before this clock time of this day."""
        index = day.toordinal() - date(day.year, 1, 1).toordinal()
        worked = year.before[index]
        for start, end in year.spans[index]:
            if clock <= start:
                break
            worked += min(clock, end) - start
        return worked

    def _spans_on(self, day: date) -> tuple[tuple[int, int], ...]:
        return self._year(day.year).spans[day.toordinal() - date(day.year, 1, 1).toordinal()]

    def _step(self, number: int, step: int, origin: int) -> int:
        if abs(number + step - origin) > _YEARS_FORWARD or not 1 < number + step < 9999:
            raise InvalidValue("calendar.out_of_range")
        return number + step

    def _notice(self, low: int, high: int) -> Notice | None:
        if low == high and self._year(low).known:
            return None
        unknown = [str(number) for number in range(low, high + 1) if not self._year(number).known]
        return Notice("calendar.year_unknown", {"years": ", ".join(unknown)}) if unknown else None

    def _year(self, number: int) -> _Year:
        found = self._years.get(number)
        if found is None:
            # Two threads may build the same table; both are equal and either may stay.
            found = self._years[number] = self._built(number)
        return found

    def _built(self, number: int) -> _Year:
        free, worked, published = _public_days(number)
        if number in self.complete_years:
            # Then the overrides alone depart from the week, whatever a later package may say.
            free, worked, published = frozenset(), frozenset(), True
        usual, own, spans = self._usual, self._own(), []
        first = date(number, 1, 1)
        for offset in range(date(number, 12, 31).toordinal() - first.toordinal() + 1):
            day = date.fromordinal(first.toordinal() + offset)
            rule = own.get(day)
            if rule is None:
                rule = day in worked or (day.weekday() < 5 and day not in free)
            spans.append((usual if rule else ()) if isinstance(rule, bool) else _microseconds(rule))
        lengths = [sum(end - start for start, end in day_spans) for day_spans in spans]
        return _Year(list(accumulate(lengths, initial=0)), spans, published)


@cache
def _public_days(year: int) -> tuple[frozenset[date], frozenset[date], bool]:
    """Free days and worked weekends of a year after chinesecalendar, and whether it knows the year."""
    from chinese_calendar.constants import holidays, workdays

    free = frozenset(day for day in holidays if day.year == year)
    return free, frozenset(day for day in workdays if day.year == year), bool(free)


def _moment_at(number: int, year: _Year, target: int, *, forward: bool) -> datetime:
    """The local clock time at which ``target`` microseconds of the year are worked.

    Over free time the position stands still: ``forward`` takes its earliest moment, otherwise the latest.
    """
    index = (bisect_left if forward else bisect_right)(year.before, target) - 1
    offset = target - year.before[index]
    clock = 0
    for start, end in year.spans[index]:
        clock = start + offset
        if offset < end - start or (forward and offset == end - start):
            break
        offset -= end - start
    midnight = datetime(number, 1, 1)  # noqa: DTZ001  # local wall-clock time; its zone is set by the caller
    return midnight + timedelta(days=index, microseconds=clock)


def _check_spans(spans: Sequence[Span]) -> None:
    edges = [edge for span in spans for edge in span]
    if any(len(span) != 2 for span in spans) or any(edge.tzinfo is not None for edge in edges):
        raise InvalidValue("calendar.bad_hours")
    marks = [mark for span in _microseconds(spans) for mark in span]
    if any(later < earlier for earlier, later in pairwise(marks)) or any(
        a == b for a, b in _microseconds(spans)
    ):
        raise InvalidValue("calendar.bad_hours")


def _microseconds(spans: Sequence[Span]) -> tuple[tuple[int, int], ...]:
    """The spans in microseconds since midnight; one that ends at 00:00 lasts until the end of the day."""
    return tuple((_since_midnight(start), _since_midnight(end) or _DAY) for start, end in spans)


def _since_midnight(clock: time) -> int:
    return ((clock.hour * 60 + clock.minute) * 60 + clock.second) * 1_000_000 + clock.microsecond
