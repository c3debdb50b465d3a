"""What a month of a product costs: the agreed price by the days on which it was in service, to the fen.

A product's charge periods tell from which day to which other day (not included) it ran at which monthly amount; days
on which it was suspended lie in none. The discount is already in the agreed price. The bill run computes the same in
SQL for millions of products; a test holds the two together.
"""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

from jike.values.money import Money
from jike.values.period import add_months

__all__ = ["Charged", "LineKind", "charge", "days_within", "due_day", "monthly_amount"]

DUE_DAY = 25
"""【Default】 A month's bill is due on this day of the month after it."""


class LineKind(StrEnum):
    """What a line of a bill charges."""

    MONTHLY = "monthly"
    ONE_OFF = "one_off"


class Charged(NamedTuple):
    """A charge period: in service from ``starts_on`` up to but not including ``ends_on`` (None: still)."""

    starts_on: dt.date
    ends_on: dt.date | None
    monthly_amount: Decimal


def monthly_amount(quantity: int, monthly_price: Decimal) -> Decimal:
    """Return what so many pieces at this price cost in a whole month, in yuan to the fen."""
    return (Money(monthly_price) * quantity).rounded().amount


def days_within(month: dt.date, starts_on: dt.date, ends_on: dt.date | None) -> int:
    """Return on how many days of the month that begins on ``month`` the period ran."""
    after = add_months(month, 1)
    last = after if ends_on is None else min(ends_on, after)
    return max(0, (last - max(starts_on, month)).days)


def charge(month: dt.date, periods: Iterable[Charged]) -> tuple[Decimal, int]:
    """Return the amount (yuan, half up to the fen, rounded once) and the days in service of one product's month."""
    length = (add_months(month, 1) - month).days
    parts = [(one.monthly_amount, days_within(month, one.starts_on, one.ends_on)) for one in periods]
    weighted = sum((Fraction(amount) * days for amount, days in parts), Fraction(0))
    fen = (weighted * 200 / length + 1) // 2
    return Decimal(fen).scaleb(-2), sum(days for _amount, days in parts)


def due_day(month: dt.date) -> dt.date:
    """Return until when the bill of ``month`` is to be paid."""
    return add_months(month, 1).replace(day=DUE_DAY)
