"""Terms of posts and deputies: from a first moment until before a last one, or without end."""

import datetime as dt
from typing import TypeVar

__all__ = ["DEPUTY_DAYS", "deputy_term_fits", "terms_overlap"]

Moment = TypeVar("Moment", dt.date, dt.datetime)
Term = tuple[Moment, Moment | None]

DEPUTY_DAYS = 366
"""The longest time for which somebody stands in; who is away for longer gives the post up."""


def terms_overlap(one: Term[Moment], other: Term[Moment]) -> bool:
    """Whether two half-open terms (since, until or None) share a moment."""
    return (other[1] is None or one[0] < other[1]) and (one[1] is None or other[0] < one[1])


def deputy_term_fits(since: dt.datetime, until: dt.datetime) -> bool:
    """Whether somebody may stand in for that long."""
    return since < until and until - since <= dt.timedelta(days=DEPUTY_DAYS)
