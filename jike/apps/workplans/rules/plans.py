"""The life of a plan of the week: written, submitted to the superior, approved or sent back."""

import datetime as dt
from collections.abc import Mapping
from enum import StrEnum

__all__ = ["NEXT", "ItemKind", "PlanState", "may_follow", "monday_of"]


class PlanState(StrEnum):
    """Where a plan stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    APPROVED = "approved"


class ItemKind(StrEnum):
    """What an item of a plan is."""

    VISIT = "visit"
    TASK = "task"
    WORK = "work"


NEXT: Mapping[PlanState, frozenset[PlanState]] = {
    PlanState.DRAFT: frozenset({PlanState.SUBMITTED}),
    PlanState.SUBMITTED: frozenset({PlanState.RETURNED, PlanState.APPROVED}),
    PlanState.RETURNED: frozenset({PlanState.SUBMITTED}),
    PlanState.APPROVED: frozenset(),
}


def may_follow(now: PlanState, then: PlanState) -> bool:
    """Whether a plan in state ``now`` may enter ``then``."""
    return then in NEXT[now]


def monday_of(day: dt.date) -> dt.date:
    """Return the Monday of the week in which ``day`` lies."""
    return day - dt.timedelta(days=day.weekday())
