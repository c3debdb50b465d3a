"""What a person may ask of us about their own data, and how far such a request is.

Articles 44 to 50 of the Personal Information Protection Law (个人信息保护法): a copy, correction, deletion.
【Default, not in the law】 It asks for a timely answer; we promise fifteen days.
"""

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from enum import StrEnum

__all__ = [
    "ANSWERED_DAYS",
    "FILES_READ",
    "REQUEST_NEXT",
    "Asked",
    "FileDecision",
    "FileFound",
    "RequestState",
    "answered_by",
    "numbers_known_as",
]

ANSWERED_DAYS = 15
FILES_READ = 200
"""Files around a person that are read while somebody waits; where more lie, a job reads them before the erasure."""


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


class FileFound(StrEnum):
    """Why a person has to look at a file around somebody who was erased."""

    NAMES = "names"
    UNREAD = "unread"


class FileDecision(StrEnum):
    """What became of such a file."""

    KEPT = "kept"
    ERASED = "erased"


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


def numbers_known_as(phones: Iterable[str]) -> frozenset[str]:
    """Return how the lines with these telephone numbers are called among members: without +86, as they are dialled.

    >>> sorted(numbers_known_as(["+8613800138123", "+8659187654321"]))
    ['059187654321', '13800138123', '59187654321']
    """
    digits = {re.sub(r"\D", "", one.removeprefix("+86")) for one in phones}
    mobiles = {one for one in digits if len(one) == 11 and one.startswith("1")}
    fixed = {f"0{one.lstrip('0')}" for one in digits - mobiles if one}
    return frozenset(one for one in digits | fixed if one)
