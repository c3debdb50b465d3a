"""Periods of whole days, half-open: the first day belongs to a period, its end does not.

Agreements, tariffs, posts and deputies all hold for a period. Half-open periods meet without a gap and
without a doubled day, and either end may be left open.
"""

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from jike.values.errors import InvalidValue


def add_months(day: date, months: int) -> date:
    """The corresponding day ``months`` later (or earlier, when negative).

    Where the month has no such day it is the month's last one (Civil Code of the PRC, article 202): 31
    January plus one month is 28 or 29 February. Count from the first day each time, since going on from a
    shortened day loses it.
    """
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    if not date.min.year <= year <= date.max.year:
        raise InvalidValue("date.out_of_range")
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def month_start(day: date) -> date:
    """The first day of the month."""
    return day.replace(day=1)


def month_end(day: date) -> date:
    """The last day of the month."""
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


@dataclass(frozen=True, slots=True)
class MonthPart:
    """What of a period falls into one calendar month: ``days`` out of the month's ``of`` days."""

    period: "Period"
    days: int
    of: int

    @property
    def ratio(self) -> Fraction:
        """The share of the month, exactly, above 0 and up to 1."""
        return Fraction(self.days, self.of)


@dataclass(frozen=True, slots=True)
class Period:
    """The days from ``start`` up to but not including ``end``; None leaves that side open.

    Raises ``InvalidValue`` unless start lies before end: a period has at least one day.

    >>> Period(date(2026, 1, 1), date(2026, 2, 1)).days
    31
    """

    start: date | None = None
    end: date | None = None

    def __post_init__(self) -> None:
        if self.start is not None and self.end is not None and self.start >= self.end:
            raise InvalidValue("period.backwards", start=self.start, end=self.end)

    @classmethod
    def month(cls, year: int, month: int) -> "Period":
        """A calendar month."""
        if not (date.min.year <= year < date.max.year and 1 <= month <= 12):
            raise InvalidValue("date.out_of_range")
        return cls(date(year, month, 1), add_months(date(year, month, 1), 1))

    @classmethod
    def lasting(cls, start: date, months: int) -> "Period":
        """From ``start`` for so many months, as a contract of 12, 24 or 36 months runs."""
        return cls(start, add_months(start, months))

    @classmethod
    def through(cls, first: date, last: date) -> "Period":
        """From the first to the last day, both included, as people state it."""
        if last == date.max:
            raise InvalidValue("date.out_of_range")
        return cls(first, last + timedelta(days=1))

    def __contains__(self, day: date) -> bool:
        return (self.start is None or self.start <= day) and (self.end is None or day < self.end)

    def contains(self, other: "Period") -> bool:
        """Whether every day of the other period is one of this."""
        return self.intersect(other) == other

    def overlaps(self, other: "Period") -> bool:
        """Whether the two have a day in common."""
        return self.intersect(other) is not None

    def intersect(self, other: "Period") -> "Period | None":
        """The days in common, or None."""
        starts = [start for start in (self.start, other.start) if start is not None]
        ends = [end for end in (self.end, other.end) if end is not None]
        start, end = max(starts, default=None), min(ends, default=None)
        return None if start is not None and end is not None and start >= end else Period(start, end)

    @property
    def bounded(self) -> bool:
        """Whether both ends are set."""
        return self.start is not None and self.end is not None

    @property
    def last(self) -> date | None:
        """The last day that belongs to it, as people state it; None when open."""
        return None if self.end is None else self.end - timedelta(days=1)

    @property
    def days(self) -> int:
        """The number of days; ``InvalidValue`` when an end is open."""
        start, end = self._bounds()
        return (end - start).days

    def months(self) -> int:
        """The number of whole months from the first day; days beyond them do not count."""
        start, end = self._bounds()
        months = (end.year - start.year) * 12 + end.month - start.month
        return months if add_months(start, months) <= end else months - 1

    def split_by_month(self) -> Iterator[MonthPart]:
        """The parts in each calendar month, in order: what pro-rata billing multiplies."""
        start, end = self._bounds()
        while start < end:
            last = month_end(start)
            upto = end if (end.year, end.month) == (start.year, start.month) else last + timedelta(days=1)
            yield MonthPart(Period(start, upto), (upto - start).days, last.day)
            start = upto

    def share_of(self, whole: "Period") -> Fraction:
        """The share of the days of ``whole`` that lie in this period, exactly, from 0 to 1."""
        common = self.intersect(whole)
        return Fraction(common.days if common else 0, whole.days)

    def _bounds(self) -> tuple[date, date]:
        if self.start is None or self.end is None:
            raise InvalidValue("period.open")
        return self.start, self.end
