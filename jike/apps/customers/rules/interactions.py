"""Interactions: by which channel one spoke, who began it, what came of it, and when somebody counts as spoken to."""

from enum import StrEnum

__all__ = ["MOST_PEOPLE", "Channel", "Direction", "Outcome", "subject_of", "was_spoken"]

MOST_PEOPLE = 200
"""Key persons and colleagues that one interaction names; a mail to a thousand names those whom we know."""
SUBJECT_LENGTH = 60


class Channel(StrEnum):
    """How one spoke; visits, which are planned and checked in to, are records of their own."""

    CALL = "call"
    MESSAGE = "message"
    MAIL = "mail"
    MEETING = "meeting"


class Direction(StrEnum):
    """Who began it."""

    OUTGOING = "out"
    INCOMING = "in"


class Outcome(StrEnum):
    """What came of it."""

    SPOKEN = "spoken"
    INTERESTED = "interested"
    SETTLED = "settled"
    REFUSED = "refused"
    UNREACHED = "unreached"


def was_spoken(channel: str, outcome: str, *, direction: str) -> bool:
    """Whether the people named were spoken to: not those who were not reached, nor those whom one only wrote a mail."""
    if outcome == Outcome.UNREACHED:
        return False
    return channel != Channel.MAIL or direction == Direction.INCOMING


def subject_of(words: str) -> str:
    """Return the first line of what was noted, shortened where it ends too late, as a subject.

    >>> subject_of("程部长认可方案。\\n年内完成第二路由")
    '程部长认可方案。'
    """
    first = next((one.strip() for one in words.splitlines() if one.strip()), "")
    return first if len(first) <= SUBJECT_LENGTH else f"{first[: SUBJECT_LENGTH - 1].rstrip()}…"
