"""A tariff as data: what is charged, when which price holds, what is free, deducted, shared and taxed.

Every class is a frozen dataclass that only holds values; `checks.py` says whether they fit together, `reading.py`
makes them from a file. Prices are micro-yuan per `per` service units, sums are li, ratios basis points.
Sources: the structures are those of TM Forum TMF620 ProductOfferingPrice (recurring, one time, usage; priceAlteration;
unitOfMeasure; tiers) and of GSM/3GPP charging practice (initial block and step, TS 32.298 durations in seconds).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum, StrEnum
from functools import cached_property

from jike.engines.rating.amounts import BASIS, Rounding


class Service(IntEnum):
    """What a usage record measures; the number is what the usage files hold."""

    VOICE = 1
    MESSAGE = 2
    DATA = 3
    EVENT = 4
    MEMBER_MONTH = 5


UNITS = {
    Service.VOICE: "s",
    Service.MESSAGE: "message",
    Service.DATA: "KB",
    Service.EVENT: "event",
    Service.MEMBER_MONTH: "member-month",
}


class DayKind(StrEnum):
    """Kind of a day in the tariff's calendar."""

    WORKDAY = "workday"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"


class Party(StrEnum):
    """Who the other end is; a number in the circle counts as circle even if it is in the group too."""

    CIRCLE = "circle"
    GROUP = "group"
    OTHER = "other"


class Scope(StrEnum):
    """Whose sums a tier, allowance or adjustment looks at."""

    MEMBER = "member"
    CUSTOMER = "customer"


class TierKind(StrEnum):
    """Graduated prices each part at its own band, volume prices everything at the band reached."""

    GRADUATED = "graduated"
    VOLUME = "volume"


class Spend(StrEnum):
    """In which order an allowance is used up: by the items as listed, or record by record in time."""

    LISTED = "listed"
    TIME = "time"


class Prorate(StrEnum):
    """What a monthly fee costs in a month that is not served whole."""

    DAYS = "days"
    WHOLE = "whole"
    NEXT_MONTH = "next_month"


class Effect(StrEnum):
    """When an order takes effect."""

    AT_ONCE = "at_once"
    NEXT_DAY = "next_day"
    NEXT_MONTH = "next_month"


class Alters(StrEnum):
    """What an adjustment does to the sum it looks at."""

    RATIO = "ratio"
    SUM = "sum"
    FREE_MONTHS = "free_months"
    MINIMUM = "minimum"
    CAP = "cap"
    BUNDLE = "bundle"
    SPEND = "spend"
    COMMITMENT = "commitment"


class Pays(StrEnum):
    """How much of a member's items the customer pays."""

    WHOLE = "whole"
    FIXED = "fixed"
    LIMIT = "limit"
    RATIO = "ratio"


@dataclass(frozen=True)
class Span:
    """Minutes of the day [start, end) on days of the given kinds."""

    days: frozenset[DayKind]
    start: int
    end: int


@dataclass(frozen=True)
class Window:
    """A named set of spans; the start of a record decides in which window it falls."""

    name: str
    spans: tuple[Span, ...]


@dataclass(frozen=True)
class Zone:
    """A named set of number prefixes; the longest matching prefix over all zones decides."""

    name: str
    prefixes: tuple[str, ...]


@dataclass(frozen=True)
class Rule:
    """Which records belong to an item, and at what price; an empty condition admits everything.

    `price` is micro-yuan per `per` units of the item, or None when the item has tiers.
    """

    zones: tuple[str, ...] = ()
    windows: tuple[str, ...] = ()
    parties: tuple[Party, ...] = ()
    price: int | None = None


@dataclass(frozen=True)
class Band:
    """A price up to and including `up_to` units; None stands for no end."""

    up_to: int | None
    price: int


@dataclass(frozen=True)
class Tiers:
    """Bands of quantity per month, of one member or of all members of the customer together."""

    kind: TierKind
    bands: tuple[Band, ...]
    scope: Scope = Scope.MEMBER


@dataclass(frozen=True)
class UsageItem:
    """One line of the bill that is made from usage.

    Parameters
    ----------
    minimum, step
        A record is billed as `minimum` units, and beyond them in whole steps: 60 and 6 for "60 s, then 6 s".
    per
        The number of units for which the prices hold: 60 for a price by the minute.
    whole
        True when the month's sum is rounded once (tiers, allowances, or so stated); each record then costs what
        it adds to the rounded running sum. False when every record is rounded by itself.
    """

    name: str
    service: Service
    rules: tuple[Rule, ...]
    per: int = 1
    minimum: int = 1
    step: int = 1
    tiers: Tiers | None = None
    rounding: Rounding = field(default_factory=Rounding)
    whole: bool = False

    @cached_property
    def bands(self) -> tuple[Band, ...]:
        """The price ladder of the item; a single endless band without tiers."""
        return self.tiers.bands if self.tiers else (Band(None, self.rules[0].price or 0),)

    def billed(self, quantity: int) -> int:
        """Return the units billed for a quantity above zero.

        >>> UsageItem("call", Service.VOICE, (Rule(price=0),), minimum=60, step=6).billed(61)
        66
        """
        beyond = max(quantity - self.minimum, 0)
        return self.minimum + -(-beyond // self.step) * self.step

    @cached_property
    def top_price(self) -> int:
        """The highest price of the item in micro-yuan."""
        return max([b.price for b in self.bands] + [r.price or 0 for r in self.rules])


@dataclass(frozen=True)
class Allowance:
    """Units that are free each month, of one member or pooled over a customer's members.

    `quantity` holds for each member unless `for_customer`. What is left of this month's own quantity is carried into
    the next month, and no further, when `rolls_over`; the carried part is used first.
    """

    name: str
    items: tuple[str, ...]
    quantity: int
    scope: Scope = Scope.MEMBER
    for_customer: bool = False
    spend: Spend = Spend.LISTED
    rolls_over: bool = False
    prorated: bool = False


@dataclass(frozen=True)
class CountBand:
    """A fee per member in li for member counts up to and including `up_to`."""

    up_to: int | None
    price: int


@dataclass(frozen=True)
class Fee:
    """A charge without usage: `once` or monthly; per line, per customer, or by bands of the member count."""

    name: str
    price: int = 0
    once: bool = False
    scope: Scope = Scope.MEMBER
    prorate: Prorate = Prorate.DAYS
    bands: tuple[CountBand, ...] = ()
    band_kind: TierKind = TierKind.VOLUME
    rounding: Rounding = field(default_factory=Rounding)


@dataclass(frozen=True)
class Step:
    """From this sum (li) on, the ratio (basis points) holds."""

    start: int
    ratio: int


@dataclass(frozen=True)
class Adjustment:
    """One step of the stated order of deductions and additions, giving one line.

    `of` names items, fees and earlier adjustments whose sum it looks at; it sees no other line. `free` is the first
    and last free month, counted from 1 for the month in which service began.
    """

    name: str
    kind: Alters
    of: tuple[str, ...]
    scope: Scope = Scope.MEMBER
    ratio: int = BASIS
    sum: int = 0
    free: tuple[int, int] = (1, 1)
    steps: tuple[Step, ...] = ()
    step_kind: TierKind = TierKind.VOLUME
    includes: tuple[str, ...] = ()
    rounding: Rounding = field(default_factory=Rounding)


@dataclass(frozen=True)
class Payment:
    """What the customer takes over of its members' lines; rules apply one after the other to what is left."""

    name: str
    kind: Pays
    of: tuple[str, ...]
    ratio: int = BASIS
    sum: int = 0
    rounding: Rounding = field(default_factory=Rounding)


@dataclass(frozen=True)
class Sharing:
    """Parts of lines that named payers bear (A and Z end, provinces); the last takes what rounding leaves."""

    name: str
    of: tuple[str, ...]
    parts: tuple[tuple[str, int], ...]
    rounding: Rounding = field(default_factory=Rounding)


@dataclass(frozen=True)
class Contract:
    """Agreed months and what leaving earlier costs.

    Either `fee_months` of the monthly fees in `of` (no more than remain), or `ratio` of those for all remaining
    months; a begun month counts whole.
    """

    months: int
    of: tuple[str, ...]
    fee_months: int | None = None
    ratio: int = 0
    rounding: Rounding = field(default_factory=Rounding)


@dataclass(frozen=True)
class Tax:
    """Tax rates in basis points; `included` in the prices, or added as a line. `rates` names exceptions."""

    rate: int = 0
    included: bool = True
    rates: tuple[tuple[str, int], ...] = ()
    rounding: Rounding = field(default_factory=Rounding)


EARLY = "early_termination"
TAX = "tax"


@dataclass(frozen=True)
class Tariff:
    """Everything needed to turn usage and members into charges.

    Raises
    ------
    TariffInvalid
        From `checks.check`, which every execution calls first: gaps, overlaps, unreachable rules, cycles, names
        that do not exist, results below zero.
    """

    name: str
    items: tuple[UsageItem, ...] = ()
    zones: tuple[Zone, ...] = ()
    windows: tuple[Window, ...] = ()
    fees: tuple[Fee, ...] = ()
    allowances: tuple[Allowance, ...] = ()
    adjustments: tuple[Adjustment, ...] = ()
    payments: tuple[Payment, ...] = ()
    sharing: tuple[Sharing, ...] = ()
    contract: Contract | None = None
    tax: Tax = field(default_factory=Tax)
    effect: Effect = Effect.AT_ONCE
    time_zone: str = "Asia/Shanghai"
    holidays: frozenset[date] = frozenset()
    working_weekends: frozenset[date] = frozenset()
    largest: tuple[tuple[Service, int], ...] = ()

    @cached_property
    def item(self) -> dict[str, UsageItem]:
        """Usage items by name."""
        return {item.name: item for item in self.items}

    @cached_property
    def running(self) -> frozenset[str]:
        """Items priced on the month's running sum: so stated, with tiers, or covered by an allowance."""
        covered = {name for allowance in self.allowances for name in allowance.items}
        return frozenset(i.name for i in self.items if i.whole or i.tiers or i.name in covered)

    def seen_by(self, adjustment: Adjustment) -> tuple[str, ...]:
        """Names of the lines whose sum an adjustment looks at, with those of the bundles it includes."""
        found = list(adjustment.of)
        by_name = {a.name: a for a in self.adjustments}
        for name in adjustment.includes:
            found += [*self.seen_by(by_name[name]), name]
        return tuple(dict.fromkeys(found))

    def day_kind(self, day: date) -> DayKind:
        """Return the kind of a local day; holidays and shifted working weekends are the tariff's own lists.

        >>> Tariff("t", working_weekends=frozenset({date(2026, 2, 14)})).day_kind(date(2026, 2, 14)).value
        'workday'
        """
        if day in self.holidays:
            return DayKind.HOLIDAY
        if day.weekday() >= 5 and day not in self.working_weekends:
            return DayKind.WEEKEND
        return DayKind.WORKDAY

    def line_names(self, scope: Scope) -> list[str]:
        """Names of the lines that arise at members or at the customer, in the order of the bill."""
        fees = [f.name for f in self.fees if f.scope is scope]
        changes = [a.name for a in self.adjustments if a.scope is scope]
        if scope is Scope.CUSTOMER:
            return fees + changes
        return [i.name for i in self.items] + fees + ([EARLY] if self.contract else []) + changes
