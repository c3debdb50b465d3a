"""The life of a hand-over: proposed, then accepted or refused by whoever takes over, or withdrawn before that."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

__all__ = ["ENDED_STATES", "HandOverState", "Kept", "why_kept"]


class HandOverState(StrEnum):
    """How far a hand-over is."""

    WAITING = "waiting"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


ENDED_STATES = frozenset(HandOverState) - {HandOverState.WAITING}


class Kept(StrEnum):
    """Why a customer stays with whom it is although its hand-over was accepted."""

    GONE = "gone"
    ELSEWHERE = "elsewhere"
    REFUSED = "refused"


def why_kept(proposed_of: int | None, row: Mapping[str, Any] | None) -> Kept | None:
    """Return why a customer does not go over, None where it does.

    Parameters
    ----------
    proposed_of
        Id of the account manager when it was proposed.
    row
        The customer's ``owner_id`` now; None when it lies in the recycle bin.

    >>> why_kept(3, {"owner_id": 3}) is None, why_kept(3, {"owner_id": 4}), why_kept(None, None)
    (True, <Kept.ELSEWHERE: 'elsewhere'>, <Kept.GONE: 'gone'>)
    """
    if row is None:
        return Kept.GONE
    return None if row["owner_id"] == proposed_of else Kept.ELSEWHERE
