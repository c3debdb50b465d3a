"""The stages of an opportunity as tables: which may follow which, what each needs, and how likely a win then is."""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

__all__ = [
    "CLOSED",
    "KEEPING",
    "NEEDS",
    "NEXT",
    "OPEN",
    "OWN_FIELDS",
    "PROBABILITY",
    "Kind",
    "LostReason",
    "Stage",
    "may_follow",
    "missing_for",
    "total_amount",
    "weighted_amount",
]

FEN = Decimal("0.01")


class Kind(StrEnum):
    """What an opportunity adds to what the customer has."""

    NEW = "new"
    EXPANSION = "expansion"
    RENEWAL = "renewal"
    RETENTION = "retention"


KEEPING = (Kind.RENEWAL, Kind.RETENTION)
"""Kinds that keep what the customer has: nobody finds them, so that they are not registered against colleagues."""


class Stage(StrEnum):
    """Where an opportunity stands, in the order of its life."""

    NEED = "need"
    SOLUTION = "solution"
    NEGOTIATION = "negotiation"
    SIGNING = "signing"
    WON = "won"
    LOST = "lost"


class LostReason(StrEnum):
    """Why an opportunity was lost."""

    PRICE = "price"
    RIVAL = "rival"
    SOLUTION = "solution"
    COVERAGE = "coverage"
    BUDGET = "budget"
    NO_DECISION = "no_decision"
    OTHER = "other"


OPEN = (Stage.NEED, Stage.SOLUTION, Stage.NEGOTIATION, Stage.SIGNING)
CLOSED = (Stage.WON, Stage.LOST)

NEXT: Mapping[Stage, frozenset[Stage]] = {
    Stage.NEED: frozenset({Stage.SOLUTION, Stage.NEGOTIATION, Stage.LOST}),
    Stage.SOLUTION: frozenset({Stage.NEED, Stage.NEGOTIATION, Stage.LOST}),
    Stage.NEGOTIATION: frozenset({Stage.SOLUTION, Stage.SIGNING, Stage.LOST}),
    Stage.SIGNING: frozenset({Stage.NEGOTIATION, Stage.WON, Stage.LOST}),
    Stage.WON: frozenset(),
    Stage.LOST: frozenset({Stage.NEED}),
}
"""Small deals skip the solution; nothing is won unsigned; what was won stays won, what was lost may come back."""

_WORKED = ("needs", "expected_on")
NEEDS: Mapping[Stage, tuple[str, ...]] = {
    Stage.NEED: (),
    Stage.SOLUTION: _WORKED,
    Stage.NEGOTIATION: (*_WORKED, "monthly_amount"),
    Stage.SIGNING: (*_WORKED, "monthly_amount", "next_step", "next_step_on"),
    Stage.WON: ("monthly_amount", "closed_on"),
    Stage.LOST: ("lost_reason", "closed_on"),
}
"""What must be known of an opportunity that enters the stage; an amount is known when one of the two is."""

OWN_FIELDS = ("closed_on", "lost_reason")
"""Needs that belong to the change itself and are asked for anew each time."""

PROBABILITY: Mapping[Stage, int] = {
    Stage.NEED: 20,
    Stage.SOLUTION: 40,
    Stage.NEGOTIATION: 60,
    Stage.SIGNING: 90,
    Stage.WON: 100,
    Stage.LOST: 0,
}
"""Percent, while nobody who knows better says otherwise."""


def may_follow(now: Stage, then: Stage) -> bool:
    """Whether an opportunity in stage ``now`` may enter ``then``."""
    return then in NEXT[now]


def missing_for(stage: Stage, known: Mapping[str, object]) -> tuple[str, ...]:
    """Return the names of what entering ``stage`` needs and ``known`` lacks, in the order in which to ask."""
    return tuple(name for name in NEEDS[stage] if not _is_known(name, known))


def _is_known(name: str, known: Mapping[str, object]) -> bool:
    if name == "monthly_amount":
        return bool(known.get("monthly_amount")) or bool(known.get("one_off_amount"))
    return known.get(name) not in (None, "")


def total_amount(monthly: Decimal, one_off: Decimal, *, months: int) -> Decimal:
    """Return what the deal is worth over its term, in yuan."""
    return (monthly * months + one_off).quantize(FEN, ROUND_HALF_UP)


def weighted_amount(total: Decimal, probability: int) -> Decimal:
    """Return the amount to be expected, in yuan; ``probability`` in percent."""
    return (total * probability / 100).quantize(FEN, ROUND_HALF_UP)
