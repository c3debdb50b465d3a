"""The life of a task: open until it is settled or no longer needed, and opened again when that was a mistake."""

import datetime as dt
from collections.abc import Mapping
from enum import StrEnum

__all__ = ["NEXT", "REMIND_BEFORE", "Source", "State", "is_overdue", "may_follow", "reminder_for"]


class State(StrEnum):
    """Where a task stands."""

    OPEN = "open"
    DONE = "done"
    CANCELLED = "cancelled"


class Source(StrEnum):
    """What a task came from."""

    HAND = "hand"
    VISIT = "visit"
    INTERACTION = "interaction"
    OPPORTUNITY = "opportunity"
    QUOTE = "quote"
    AGREEMENT = "agreement"
    ORDER = "order"
    TICKET = "ticket"
    WARNING = "warning"
    PLAN = "plan"
    CARE = "care"


NEXT: Mapping[State, frozenset[State]] = {
    State.OPEN: frozenset({State.DONE, State.CANCELLED}),
    State.DONE: frozenset({State.OPEN}),
    State.CANCELLED: frozenset({State.OPEN}),
}


def may_follow(now: State, then: State) -> bool:
    """Whether a task in state ``now`` may enter ``then``."""
    return then in NEXT[now]


def is_overdue(state: State, due_at: dt.datetime | None, *, now: dt.datetime) -> bool:
    """Whether the task should have been settled by now."""
    return state is State.OPEN and due_at is not None and due_at < now


REMIND_BEFORE = dt.timedelta(hours=1)


def reminder_for(due_at: dt.datetime | None) -> dt.datetime | None:
    """Return when to remind of a task of which nobody said so: an hour before it is due."""
    return due_at - REMIND_BEFORE if due_at is not None else None
