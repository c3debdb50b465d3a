"""What a person may ask of us about their own data, and how far such a request is.

Articles 44 to 50 of the Personal Information Protection Law (个人信息保护法): a copy, correction, deletion.
【Default, not in the law】 It asks for a timely answer; we promise fifteen days.
"""

import datetime as dt
from collections.abc import Mapping
from enum import StrEnum

__all__ = ["ANSWERED_DAYS", "REQUEST_NEXT", "Asked", "RequestState", "answered_by"]

ANSWERED_DAYS = 15


class Asked(StrEnum):
    """What is asked for."""

    COPY = "copy"
    CORRECTION = "correction"
    DELETION = "deletion"


class RequestState(StrEnum):
    """How far a request is."""

    OPEN = "open"
    DONE = "done"
    REFUSED = "refused"


REQUEST_NEXT: Mapping[RequestState, frozenset[RequestState]] = {
    RequestState.OPEN: frozenset({RequestState.DONE, RequestState.REFUSED}),
    RequestState.DONE: frozenset(),
    RequestState.REFUSED: frozenset({RequestState.OPEN}),
}


def answered_by(asked_on: dt.date) -> dt.date:
    """Return the day by which a request must be answered.

    >>> answered_by(dt.date(2026, 3, 1))
    datetime.date(2026, 3, 16)
    """
    return asked_on + dt.timedelta(days=ANSWERED_DAYS)
