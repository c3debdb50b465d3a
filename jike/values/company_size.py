"""The size class of an enterprise after the 2017 rules, computed and explained.

《统计上大中小微型企业划分办法（2017）》 (National Bureau of Statistics, 国统字〔2017〕213号) sets floors
for large, medium and small by industry: staff (persons), yearly turnover and total assets (10,000 yuan).
Each measure of the industry must reach a class's floor; where one does not, the enterprise falls a class
lower. Below small it is micro.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from jike.values.errors import InvalidValue
from jike.values.industries import industry
from jike.values.money import Money


class Size(StrEnum):
    """The four size classes."""

    LARGE = "large"
    MEDIUM = "medium"
    SMALL = "small"
    MICRO = "micro"


class Measure(StrEnum):
    """What is measured."""

    STAFF = "staff"
    TURNOVER = "turnover"
    ASSETS = "assets"


class SizeIndustry(StrEnum):
    """The industries that the rules distinguish; they are not the sections of GB/T 4754."""

    AGRICULTURE = "agriculture"
    INDUSTRY = "industry"
    CONSTRUCTION = "construction"
    WHOLESALE = "wholesale"
    RETAIL = "retail"
    TRANSPORT = "transport"
    STORAGE = "storage"
    POST = "post"
    ACCOMMODATION = "accommodation"
    CATERING = "catering"
    INFORMATION_TRANSMISSION = "information_transmission"
    SOFTWARE = "software"
    REAL_ESTATE_DEVELOPMENT = "real_estate_development"
    PROPERTY_MANAGEMENT = "property_management"
    LEASING_AND_BUSINESS = "leasing_and_business"
    OTHER = "other"


Floors = tuple[int, int, int]
_X, _Y, _Z = Measure.STAFF, Measure.TURNOVER, Measure.ASSETS

FLOORS: Mapping[SizeIndustry, Mapping[Measure, Floors]] = {
    SizeIndustry.AGRICULTURE: {_Y: (20000, 500, 50)},
    SizeIndustry.INDUSTRY: {_X: (1000, 300, 20), _Y: (40000, 2000, 300)},
    SizeIndustry.CONSTRUCTION: {_Y: (80000, 6000, 300), _Z: (80000, 5000, 300)},
    SizeIndustry.WHOLESALE: {_X: (200, 20, 5), _Y: (40000, 5000, 1000)},
    SizeIndustry.RETAIL: {_X: (300, 50, 10), _Y: (20000, 500, 100)},
    SizeIndustry.TRANSPORT: {_X: (1000, 300, 20), _Y: (30000, 3000, 200)},
    SizeIndustry.STORAGE: {_X: (200, 100, 20), _Y: (30000, 1000, 100)},
    SizeIndustry.POST: {_X: (1000, 300, 20), _Y: (30000, 2000, 100)},
    SizeIndustry.ACCOMMODATION: {_X: (300, 100, 10), _Y: (10000, 2000, 100)},
    SizeIndustry.CATERING: {_X: (300, 100, 10), _Y: (10000, 2000, 100)},
    SizeIndustry.INFORMATION_TRANSMISSION: {_X: (2000, 100, 10), _Y: (100000, 1000, 100)},
    SizeIndustry.SOFTWARE: {_X: (300, 100, 10), _Y: (10000, 1000, 50)},
    SizeIndustry.REAL_ESTATE_DEVELOPMENT: {_Y: (200000, 1000, 100), _Z: (10000, 5000, 2000)},
    SizeIndustry.PROPERTY_MANAGEMENT: {_X: (1000, 300, 100), _Y: (5000, 1000, 500)},
    SizeIndustry.LEASING_AND_BUSINESS: {_X: (300, 100, 10), _Z: (120000, 8000, 100)},
    SizeIndustry.OTHER: {_X: (300, 100, 10)},
}
"""Floors of large, medium and small: staff in persons, turnover and assets in 10,000 yuan."""

_BY_SECTION = {
    "A": SizeIndustry.AGRICULTURE,
    "B": SizeIndustry.INDUSTRY,
    "C": SizeIndustry.INDUSTRY,
    "D": SizeIndustry.INDUSTRY,
    "E": SizeIndustry.CONSTRUCTION,
    "G": SizeIndustry.TRANSPORT,
    "K": SizeIndustry.REAL_ESTATE_DEVELOPMENT,
    "L": SizeIndustry.LEASING_AND_BUSINESS,
}
_BY_DIVISION = {
    "51": SizeIndustry.WHOLESALE,
    "52": SizeIndustry.RETAIL,
    "53": SizeIndustry.OTHER,
    "59": SizeIndustry.STORAGE,
    "60": SizeIndustry.POST,
    "61": SizeIndustry.ACCOMMODATION,
    "62": SizeIndustry.CATERING,
    "63": SizeIndustry.INFORMATION_TRANSMISSION,
    "64": SizeIndustry.INFORMATION_TRANSMISSION,
    "65": SizeIndustry.SOFTWARE,
}
# Railways, finance, education, health, public administration and international organisations.
_OUTSIDE = frozenset({"53", "66", "67", "68", "69", "83", "84", "91", "92", "93", "94", "95", "96", "97"})
_SIZES = (Size.LARGE, Size.MEDIUM, Size.SMALL)
_ORDER = (Size.MICRO, Size.SMALL, Size.MEDIUM, Size.LARGE)


def size_industry(division: str) -> SizeIndustry:
    """The industry of the size rules for a division of GB/T 4754-2017 (01–97).

    Division 70 holds both development and property management; development is taken, and a caller who knows
    better names ``PROPERTY_MANAGEMENT``.
    """
    found = industry(division)
    return _BY_DIVISION.get(found.code) or _BY_SECTION.get(found.section or found.code, SizeIndustry.OTHER)


def within_scope(division: str) -> bool:
    """Whether the rules apply to the division; elsewhere the class is only a working figure."""
    return industry(division).code not in _OUTSIDE


@dataclass(frozen=True, slots=True)
class Reason:
    """One measure's part in the result.

    ``value`` and the floors are persons, or 10,000 yuan. ``reaches`` is the class that this measure alone
    would give, ``floor`` that class's floor (None for micro), ``next_floor`` what the class above asks
    (None for large). ``decides`` marks the measures that keep the enterprise from a higher class.
    """

    measure: Measure
    value: Decimal
    reaches: Size
    floor: int | None
    next_floor: int | None
    decides: bool


@dataclass(frozen=True, slots=True)
class SizeResult:
    """The class (None while a needed measure is missing), with what led to it."""

    size: Size | None
    industry: SizeIndustry
    reasons: tuple[Reason, ...]
    missing: tuple[Measure, ...]


def classify(
    kind: SizeIndustry,
    *,
    staff: int | None = None,
    turnover: Money | None = None,
    assets: Money | None = None,
) -> SizeResult:
    """The size class of an enterprise from the measures its industry asks for.

    Raises ``InvalidValue`` for negative figures. Measures that the industry does not ask for are left aside.
    """
    given = {_X: _number(staff), _Y: _in_wan(turnover), _Z: _in_wan(assets)}
    floors = FLOORS[kind]
    missing = tuple(measure for measure in floors if given[measure] is None)
    reached = {
        measure: _reached(value, floors[measure])
        for measure in floors
        if (value := given[measure]) is not None
    }
    lowest = min(reached.values(), key=_ORDER.index, default=None)
    reasons = tuple(
        _reason(measure, given[measure] or Decimal(0), decides=size == lowest, floors=floors[measure])
        for measure, size in reached.items()
    )
    # Micro needs only one measure below the small floor, so it stands even while others are missing.
    certain = not missing or lowest is Size.MICRO
    return SizeResult(lowest if certain else None, kind, reasons, missing)


def _reached(value: Decimal, floors: Floors) -> Size:
    return next((size for size, floor in zip(_SIZES, floors, strict=True) if value >= floor), Size.MICRO)


def _reason(measure: Measure, value: Decimal, *, decides: bool, floors: Floors) -> Reason:
    size = _reached(value, floors)
    rank = _ORDER.index(size)
    ascending = floors[::-1]
    return Reason(
        measure=measure,
        value=value,
        reaches=size,
        floor=ascending[rank - 1] if rank else None,
        next_floor=ascending[rank] if rank < len(ascending) else None,
        decides=decides,
    )


def _number(staff: int | None) -> Decimal | None:
    if staff is not None and staff < 0:
        raise InvalidValue("size.negative")
    return None if staff is None else Decimal(staff)


def _in_wan(money: Money | None) -> Decimal | None:
    if money is not None and money < Money(0):
        raise InvalidValue("size.negative")
    return None if money is None else money.in_wan()
