"""The life of an offering: drafted, sold, retired; and whether it may be sold on a day."""

import datetime as dt
from collections.abc import Mapping
from enum import StrEnum

__all__ = ["NEXT", "OfferingState", "may_be_sold", "may_follow"]


class OfferingState(StrEnum):
    """Where an offering stands."""

    DRAFT = "draft"
    ACTIVE = "active"
    RETIRED = "retired"


NEXT: Mapping[OfferingState, frozenset[OfferingState]] = {
    OfferingState.DRAFT: frozenset({OfferingState.ACTIVE}),
    OfferingState.ACTIVE: frozenset({OfferingState.RETIRED}),
    OfferingState.RETIRED: frozenset({OfferingState.ACTIVE}),
}
"""Nothing that was sold becomes a draft again; what was retired may be sold once more."""


def may_follow(now: OfferingState, then: OfferingState) -> bool:
    """Whether an offering in state ``now`` may enter ``then``."""
    return then in NEXT[now]


def may_be_sold(
    state: OfferingState, *, valid_from: dt.date | None, valid_to: dt.date | None, on: dt.date
) -> bool:
    """Whether a new quote or order of that day may hold the offering; ``valid_to`` is the last day."""
    begun = valid_from is None or valid_from <= on
    return state is OfferingState.ACTIVE and begun and (valid_to is None or on <= valid_to)
