"""Escalation (督办): how far up the tree of units an overdue ticket is told."""

import datetime as dt

__all__ = ["ESCALATE_AFTER", "escalation_level"]

ESCALATE_AFTER = (dt.timedelta(0), dt.timedelta(hours=2), dt.timedelta(hours=8))
"""【Default, not a published standard】 How late something is before the next superior is told; the first at once."""


def escalation_level(due: dt.datetime | None, now: dt.datetime) -> int:
    """Return how many superiors up the tree should know by ``now``; 0 while nothing is overdue."""
    if due is None or now <= due:
        return 0
    return sum(now - due > after for after in ESCALATE_AFTER)
