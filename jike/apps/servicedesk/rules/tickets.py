"""The life of a ticket: its kinds and causes, which state follows which, and how urgent it is."""

from collections.abc import Mapping
from enum import StrEnum

__all__ = [
    "ENDED",
    "NEXT",
    "RUNNING",
    "Cause",
    "Channel",
    "Kind",
    "Priority",
    "State",
    "may_follow",
    "priority_of",
]


class Kind(StrEnum):
    """Why the customer turned to us; each kind has its own promise."""

    ENQUIRY = "enquiry"
    COMPLAINT = "complaint"
    TROUBLE = "trouble"


class State(StrEnum):
    """Where a ticket stands, in the order of its life."""

    OPEN = "open"
    HANDLING = "handling"
    WAITING = "waiting"
    SETTLED = "settled"
    CONFIRMED = "confirmed"
    CANCELLED = "cancelled"


class Priority(StrEnum):
    """How urgent a ticket is, the most urgent first."""

    URGENT = "1_urgent"
    HIGH = "2_high"
    NORMAL = "3_normal"
    LOW = "4_low"


class Channel(StrEnum):
    """How it reached us."""

    PHONE = "phone"
    WECHAT = "wechat"
    MAIL = "mail"
    VISIT = "visit"
    ONLINE = "online"
    MONITORING = "monitoring"


class Cause(StrEnum):
    """What it is about."""

    BILLING = "billing"
    QUALITY = "quality"
    OUTAGE = "outage"
    DELIVERY = "delivery"
    SERVICE = "service"
    TARIFF = "tariff"
    OTHER = "other"


NEXT: Mapping[State, frozenset[State]] = {
    State.OPEN: frozenset({State.HANDLING, State.WAITING, State.SETTLED, State.CANCELLED}),
    State.HANDLING: frozenset({State.WAITING, State.SETTLED, State.CANCELLED}),
    State.WAITING: frozenset({State.HANDLING, State.SETTLED, State.CANCELLED}),
    State.SETTLED: frozenset({State.CONFIRMED, State.HANDLING}),
    State.CONFIRMED: frozenset({State.HANDLING}),
    State.CANCELLED: frozenset(),
}
"""Settling is ours, confirming the customer's; what they do not confirm, or complain of again, is handled again."""

RUNNING = frozenset({State.OPEN, State.HANDLING})
"""In these states the clock runs; while we wait for the customer it stands still."""
ENDED = frozenset({State.SETTLED, State.CONFIRMED, State.CANCELLED})


def may_follow(now: State, then: State) -> bool:
    """Whether a ticket in state ``now`` may enter ``then``."""
    return then in NEXT[now]


_ORDER = tuple(Priority)
_START = {Kind.ENQUIRY: 3, Kind.COMPLAINT: 2, Kind.TROUBLE: 2}
_RAISED = {"gold": 2, "silver": 1}


def priority_of(kind: Kind, level: str, *, repeated: bool = False) -> Priority:
    """Return how urgent a ticket is: troubles and complaints before enquiries, gold before silver, repeats higher.

    【Default, not a published standard】 ``level`` is the customer's service level.
    """
    place = _START[kind] - _RAISED.get(level, 0) - int(repeated)
    return _ORDER[max(0, place)]
