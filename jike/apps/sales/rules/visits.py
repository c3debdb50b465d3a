"""The life of a visit: planned, checked in on the spot, minuted; or cancelled with a reason."""

from collections.abc import Mapping
from enum import StrEnum

__all__ = ["VISIT_NEXT", "Attitude", "VisitState", "visit_may_follow"]


class VisitState(StrEnum):
    """Where a visit stands."""

    PLANNED = "planned"
    CHECKED_IN = "checked_in"
    DONE = "done"
    CANCELLED = "cancelled"


class Attitude(StrEnum):
    """How the customer stood to us on a visit."""

    SUPPORTS = "supports"
    NEUTRAL = "neutral"
    OPPOSED = "opposed"


VISIT_NEXT: Mapping[VisitState, frozenset[VisitState]] = {
    VisitState.PLANNED: frozenset({VisitState.CHECKED_IN, VisitState.DONE, VisitState.CANCELLED}),
    VisitState.CHECKED_IN: frozenset({VisitState.DONE, VisitState.CANCELLED}),
    VisitState.DONE: frozenset(),
    VisitState.CANCELLED: frozenset(),
}
"""A visit may be minuted afterwards although nobody checked in; the record then shows no check-in."""


def visit_may_follow(now: VisitState, then: VisitState) -> bool:
    """Whether a visit in state ``now`` may enter ``then``."""
    return then in VISIT_NEXT[now]
