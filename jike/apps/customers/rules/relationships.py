"""How customers relate to each other beside the group tree: legally (owns, controls) and at work (supplies, partners).

The tree says who looks after whom with us; these say who stands behind whom in the world, from when until when.
"""

import datetime as dt
from decimal import Decimal
from enum import StrEnum

__all__ = [
    "LEGAL",
    "MUTUAL",
    "RelationshipNature",
    "RelationshipProblem",
    "relationship_problem",
    "stands_on",
]


class RelationshipNature(StrEnum):
    """What the first customer is to the other."""

    OWNS = "owns"
    CONTROLS = "controls"
    SUPPLIES = "supplies"
    PARTNERS = "partners"


LEGAL = (RelationshipNature.OWNS, RelationshipNature.CONTROLS)
MUTUAL = (RelationshipNature.PARTNERS,)
"""Natures without a direction: one entry tells it of both."""
WHOLE = Decimal(100)


class RelationshipProblem(StrEnum):
    """Why a relationship cannot be entered so."""

    ITSELF = "itself"
    SHARE_MISSING = "share_missing"
    SHARE_UNFIT = "share_unfit"
    BACKWARDS = "backwards"


def relationship_problem(
    nature: RelationshipNature,
    *,
    itself: bool,
    share: Decimal | None,
    since: dt.date | None,
    until: dt.date | None,
) -> RelationshipProblem | None:
    """Return what is wrong with a relationship; None when nothing is.

    Parameters
    ----------
    itself
        Whether both ends are one customer.
    share
        Percent of the other that is owned: more than 0, at most 100; asked for with ``owns`` and with nothing else.
    """
    if itself:
        return RelationshipProblem.ITSELF
    if nature is RelationshipNature.OWNS and share is None:
        return RelationshipProblem.SHARE_MISSING
    if share is not None and (nature is not RelationshipNature.OWNS or not 0 < share <= WHOLE):
        return RelationshipProblem.SHARE_UNFIT
    if since is not None and until is not None and until < since:
        return RelationshipProblem.BACKWARDS
    return None


def side_of(nature: RelationshipNature, *, outward: bool) -> str:
    """Return on which side of a customer the other end is drawn.

    Who stands above it legally is drawn above, what it owns below; suppliers at the left, whom it supplies and its
    partners at the right.
    """
    if nature in LEGAL:
        return "below" if outward else "above"
    return "left" if nature is RelationshipNature.SUPPLIES and not outward else "right"


def stands_on(day: dt.date, *, since: dt.date | None, until: dt.date | None) -> bool:
    """Whether the relationship holds on ``day``."""
    return (since is None or since <= day) and (until is None or day <= until)
