"""What speaks against a member being true, and what became of the members of a snapshot."""

from collections.abc import Mapping
from enum import StrEnum

from jike.values.mobile_prefixes import Operator, number_range

__all__ = [
    "PASSED_WITHIN_DAYS",
    "RETURNED_WITHIN_DAYS",
    "Decision",
    "Fate",
    "Suspicion",
    "fate_of",
    "leading_operator",
    "operator_of",
    "percent_of",
]

RETURNED_WITHIN_DAYS = 90
"""Who left a customer and joined it again within so many days may only count as new twice."""
PASSED_WITHIN_DAYS = 30
"""Who left one customer and joined another within so many days may have been passed on."""


class Suspicion(StrEnum):
    """Why a member may be false, the gravest first."""

    PREFIX = "prefix"
    OVERLAP = "overlap"
    SHORT = "short"
    STATE = "state"
    FOREIGN = "foreign"
    PASSED = "passed"
    RETURNED = "returned"


class Decision(StrEnum):
    """What was decided of a suspicion."""

    KEEP = "keep"
    LEAVE = "leave"


class Fate(StrEnum):
    """What became of a member of a snapshot."""

    RETAINED = "retained"
    REJOINED = "rejoined"
    MOVED = "moved"
    GONE = "gone"


def operator_of(number: str) -> Operator | None:
    """Return the operator of a mobile number's range; None where nobody was given it.

    >>> operator_of("13800138000")
    <Operator.MOBILE: 'mobile'>
    """
    found = number_range(number)
    return found.operator if found else None


def leading_operator(counts: Mapping[Operator, int]) -> Operator | None:
    """Return the operator of most members' ranges, which is who we are; None where there are none.

    >>> leading_operator({Operator.MOBILE: 2, Operator.UNICOM: 1})
    <Operator.MOBILE: 'mobile'>
    """
    return max(counts, key=lambda one: (counts[one], one), default=None)


def fate_of(holder: int | None, customer: int, *, later: bool) -> Fate:
    """Return what became of a member of ``customer`` that is now ``holder``'s, by a ``later`` joining or the same."""
    if holder is None:
        return Fate.GONE
    if holder != customer:
        return Fate.MOVED
    return Fate.REJOINED if later else Fate.RETAINED


def percent_of(part: int, whole: int) -> str:
    """Return the share in percent with one decimal; "" of nothing.

    >>> percent_of(1, 3), percent_of(0, 0)
    ('33.3', '')
    """
    return f"{part * 1000 // whole / 10:.1f}" if whole else ""
