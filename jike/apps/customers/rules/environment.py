"""What rivals supply a customer with and how sure we are; what a customer needs of information technology, and how far
that is answered.
"""

import datetime as dt
from collections.abc import Mapping
from enum import StrEnum

from jike.values.period import add_months

__all__ = [
    "HORIZONS",
    "NEED_NEXT",
    "NEED_OPEN",
    "Confidence",
    "NeedState",
    "RivalSource",
    "line_share",
    "need_may_follow",
    "until_of",
]

HORIZONS = (3, 6, 12)
"""In how many months a rival's contract ends for the board of those that end."""


class RivalSource(StrEnum):
    """Where it was heard of."""

    CUSTOMER = "customer"
    SITE = "site"
    BIDDING = "bidding"
    COLLEAGUE = "colleague"
    OTHER = "other"


class Confidence(StrEnum):
    """How sure it is, the surest first."""

    CERTAIN = "certain"
    LIKELY = "likely"
    RUMOUR = "rumour"


class NeedState(StrEnum):
    """How far a need is answered."""

    HEARD = "heard"
    CONFIRMED = "confirmed"
    ANSWERED = "answered"
    MET = "met"
    DROPPED = "dropped"


NEED_NEXT: Mapping[NeedState, frozenset[NeedState]] = {
    NeedState.HEARD: frozenset({NeedState.CONFIRMED, NeedState.ANSWERED, NeedState.DROPPED}),
    NeedState.CONFIRMED: frozenset({NeedState.ANSWERED, NeedState.DROPPED}),
    NeedState.ANSWERED: frozenset({NeedState.MET, NeedState.CONFIRMED, NeedState.DROPPED}),
    NeedState.MET: frozenset(),
    NeedState.DROPPED: frozenset({NeedState.HEARD}),
}
NEED_OPEN = frozenset({NeedState.HEARD, NeedState.CONFIRMED})
"""Nobody has offered anything yet."""


def need_may_follow(now: NeedState, then: NeedState) -> bool:
    """Whether a need may go from ``now`` to ``then``."""
    return then in NEED_NEXT[now]


def until_of(months: int, *, today: dt.date) -> dt.date:
    """Return the last day that lies within ``months`` from today.

    >>> until_of(3, today=dt.date(2026, 11, 30))
    datetime.date(2027, 2, 28)
    """
    first = add_months(today.replace(day=1), months)
    last = add_months(first, 1) - dt.timedelta(days=1)
    return min(last, first.replace(day=min(today.day, last.day)))


def line_share(ours: int, rivals: int) -> int | None:
    """Return how many percent of all lines are ours; None where nobody's are known.

    >>> line_share(3, 1), line_share(0, 0)
    (75, None)
    """
    return round(ours * 100 / (ours + rivals)) if ours + rivals else None
