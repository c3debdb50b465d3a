"""Members of a customer, and the facts of one month that follow from when their service began and ended."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from jike.engines.rating.amounts import BASIS, li_of_share
from jike.engines.rating.tariff import EARLY, Contract, Effect, Fee, Prorate, Scope, Tariff, TierKind


class Month(NamedTuple):
    """A calendar month of the tariff's time zone.

    >>> Month.of("2024-02").days, str(Month(2026, 3))
    (29, '2026-03')
    """

    year: int
    month: int

    @classmethod
    def of(cls, text: str) -> Month:
        """Read "2026-03"."""
        first = date.fromisoformat(f"{text}-01")
        return cls(first.year, first.month)

    @property
    def days(self) -> int:
        """Number of days."""
        return calendar.monthrange(self.year, self.month)[1]

    @property
    def first(self) -> date:
        """First day."""
        return date(self.year, self.month, 1)

    @property
    def last(self) -> date:
        """Last day."""
        return date(self.year, self.month, self.days)

    @property
    def number(self) -> int:
        """Months since year 0, for differences."""
        return self.year * 12 + self.month - 1

    def bounds(self, time_zone: str) -> tuple[int, int]:
        """Return the month as [start, end) in microseconds UTC since 1970."""
        after = add_months(self.first, 1)
        return tuple(_micros(day, ZoneInfo(time_zone)) for day in (self.first, after))  # type: ignore[return-value]

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"


def day_begin(month: Month, days: int, time_zone: str) -> int:
    """Return when the day begins that many days after the first, in microseconds UTC since 1970."""
    return _micros(month.first + timedelta(days=days), ZoneInfo(time_zone))


def _micros(day: date, zone: ZoneInfo) -> int:
    since = datetime(day.year, day.month, day.day, tzinfo=zone) - datetime(1970, 1, 1, tzinfo=UTC)
    return since // timedelta(microseconds=1)


def add_months(day: date, months: int) -> date:
    """Return the same day some months later, or the last of that month where it is shorter.

    >>> add_months(date(2026, 1, 31), 1)
    datetime.date(2026, 2, 28)
    """
    month = Month(*divmod(Month(day.year, day.month).number + months, 12))
    month = Month(month.year, month.month + 1)
    return date(month.year, month.month, min(day.day, month.days))


@dataclass(frozen=True)
class Member:
    """A line, card, seat or circuit that belongs to a customer.

    Parameters
    ----------
    id, customer
        Numbers from 1 to 2^44.
    ordered
        Day of the order; the tariff's `effect` says when service begins.
    until
        Last day of service, or None.
    number
        The member's own number as others dial it, for in-group prices.
    circle
        Numbers of the member's calling circle.
    """

    id: int
    customer: int
    ordered: date
    until: date | None = None
    number: str | None = None
    circle: tuple[str, ...] = ()


def start_of(ordered: date, effect: Effect) -> date:
    """Return the first day of service.

    >>> start_of(date(2026, 1, 31), Effect.NEXT_DAY), start_of(date(2026, 1, 31), Effect.NEXT_MONTH)
    (datetime.date(2026, 2, 1), datetime.date(2026, 2, 1))
    """
    if effect is Effect.AT_ONCE:
        return ordered
    if effect is Effect.NEXT_DAY:
        return ordered + timedelta(days=1)
    return add_months(ordered.replace(day=1), 1)


@dataclass(frozen=True)
class Served:
    """What of a month a member was served: first and last day within it, and the month of service from 1."""

    first: date
    last: date
    months: int
    begins: bool

    @property
    def days(self) -> int:
        """Days of service in the month."""
        return (self.last - self.first).days + 1


def served(tariff: Tariff, member: Member, month: Month) -> Served | None:
    """Return what of the month the member was served, or None."""
    start = start_of(member.ordered, tariff.effect)
    first, last = max(start, month.first), min(member.until or date.max, month.last)
    if first > last:
        return None
    months = month.number - Month(start.year, start.month).number + 1
    return Served(first, last, months, start >= month.first)


def fee_of(fee: Fee, what: Served, month: Month) -> int:
    """Return a member's fee for the month in li.

    >>> from jike.engines.rating.tariff import Fee
    >>> mid = Served(date(2026, 3, 22), date(2026, 3, 31), 1, True)
    >>> fee_of(Fee("rent", 31_000), mid, Month(2026, 3))
    10000
    """
    if fee.once:
        return fee.price if what.begins else 0
    if fee.prorate is Prorate.DAYS:
        return li_of_share(fee.price, what.days, month.days, rounding=fee.rounding)
    if fee.prorate is Prorate.NEXT_MONTH and what.months == 1:
        return 0
    return fee.price


def customer_fee(fee: Fee, members: int, *, begins: bool) -> int:
    """Return a customer's fee in li, by bands of its number of members where so stated.

    >>> from jike.engines.rating.tariff import CountBand
    >>> bands = (CountBand(100, 5_000), CountBand(None, 3_000))
    >>> customer_fee(Fee("seats", bands=bands, band_kind=TierKind.GRADUATED), 120, begins=False)
    560000
    """
    if fee.once and not begins:
        return 0
    if not fee.bands:
        return fee.price
    total = reached = 0
    for band in fee.bands:
        end = members if band.up_to is None else min(members, band.up_to)
        if fee.band_kind is TierKind.VOLUME and (band.up_to is None or members <= band.up_to):
            return members * band.price
        total += max(end - reached, 0) * band.price
        reached = max(end, reached)
    return total


def months_left(start: date, until: date, months: int) -> int:
    """Return how many months of an agreed term remain after `until`, a begun month counting whole.

    >>> months_left(date(2026, 1, 1), date(2026, 6, 30), 12), months_left(date(2026, 1, 1), date(2026, 6, 29), 12)
    (6, 7)
    """
    end, after = add_months(start, months), until + timedelta(days=1)
    between = Month(end.year, end.month).number - Month(after.year, after.month).number
    return max(between + (end.day > after.day), 0)


def early_fee(tariff: Tariff, contract: Contract, rest: int) -> int:
    """Return the early-termination fee in li when `rest` months remain."""
    monthly = sum(fee.price for fee in tariff.fees if fee.name in contract.of)
    if contract.fee_months is not None:
        return monthly * min(contract.fee_months, rest)
    return li_of_share(monthly * rest, contract.ratio, BASIS, rounding=contract.rounding)


def member_fees(tariff: Tariff, member: Member, month: Month) -> dict[str, int]:
    """Return a member's fees and early-termination fee of the month by name."""
    what = served(tariff, member, month)
    if what is None:
        return {}
    found = {f.name: fee_of(f, what, month) for f in tariff.fees if f.scope is Scope.MEMBER}
    if tariff.contract and member.until and month.first <= member.until <= month.last:
        start = start_of(member.ordered, tariff.effect)
        rest = months_left(start, member.until, tariff.contract.months)
        found[EARLY] = early_fee(tariff, tariff.contract, rest)
    return found
