"""Days that come round every year, by the sun's calendar and by the Chinese farmers' one (农历).

Many people keep their birthday by the lunar calendar, so that it falls on another day of the sun's year each time. A
day that is kept every year is stored as one number, its `yearly_key`: month × 100 + day, and 10,000 more where the
month is a lunar one. What is kept on the next days is then found by comparing numbers, for any number of people.

Lunar dates come from ``borax``, which knows 1900 to 2100; days beyond are no lunar dates here.
"""

from datetime import date, timedelta
from itertools import pairwise
from typing import NamedTuple

from borax.calendars.lunardate import InvalidLunarDateError, LunarDate

__all__ = ["LunarDay", "coming_keys", "lunar_day", "yearly_key"]

LUNAR = 10_000
_DAY = timedelta(days=1)


class LunarDay(NamedTuple):
    """A day of the lunar year; ``leap`` marks the month inserted after the one of its number."""

    month: int
    day: int
    leap: bool


def lunar_day(day: date) -> LunarDay | None:
    """Return the lunar date of ``day``; None beyond the years that are known.

    >>> lunar_day(date(2026, 2, 17))
    LunarDay(month=1, day=1, leap=False)
    """
    try:
        found = LunarDate.from_solar(day)
    except (InvalidLunarDateError, ValueError):
        return None
    return LunarDay(found.month, found.day, bool(found.leap))


def yearly_key(day: date, *, lunar: bool) -> int:
    """Return the number under which a day like ``day`` is kept every year.

    What fell into a leap month is kept in the ordinary month of that number, as is the custom. A day whose lunar date
    is not known is kept by the sun.

    >>> yearly_key(date(1985, 11, 23), lunar=False), yearly_key(date(2026, 2, 17), lunar=True)
    (1123, 10101)
    """
    known = lunar_day(day) if lunar else None
    if known is None:
        return day.month * 100 + day.day
    return LUNAR + known.month * 100 + known.day


def coming_keys(first: date, days: int) -> dict[int, date]:
    """Return, for the ``days`` days from ``first`` on, key → the day on which it is kept then.

    What has no day of its own in a year is kept on the last one before: 29 February on the 28th of a common year, a
    lunar 30th on the 29th of a short month. In a leap month nothing is kept again.
    """
    found: dict[int, date] = {}
    span = [first + ahead * _DAY for ahead in range(days + 1)]
    for (day, known), (_next, after) in pairwise([(day, lunar_day(day)) for day in span]):
        found[day.month * 100 + day.day] = day
        if (day.month, day.day) == (2, 28) and (day + _DAY).month == 3:
            found[229] = day
        for key in _lunar_keys(known, after):
            found.setdefault(key, day)
    return found


def _lunar_keys(known: LunarDay | None, after: LunarDay | None) -> list[int]:
    if known is None or known.leap:
        return []
    key = LUNAR + known.month * 100 + known.day
    short = known.day == 29 and (after is None or after.day == 1)
    return [key, key + 1] if short else [key]
