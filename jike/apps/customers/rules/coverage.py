"""Gaps in how a customer's people are covered: a plain rule over what is known of them, so that each gap has a reason.

【Default, not a published standard】 Whoever still works there counts; a customer that is lost or archived has no gaps.
"""

import datetime as dt
from enum import StrEnum
from typing import NamedTuple

from jike.apps.customers.rules.standing import State

__all__ = ["SILENT_DAYS", "Coverage", "Gap", "coverage_gaps"]

SILENT_DAYS = 90
COVERED = (State.POTENTIAL, State.ACTIVE, State.SILENT)


class Gap(StrEnum):
    """What is missing, the gravest first."""

    NOBODY = "nobody"
    NO_DECIDER = "no_decider"
    DECIDER_OPPOSED = "decider_opposed"
    NOT_SPOKEN_TO = "not_spoken_to"
    SOLE_CONTACT = "sole_contact"
    NO_SUPPORTER = "no_supporter"


class Coverage(NamedTuple):
    """What is known of the people of one customer who still work there."""

    people: int
    deciders: int
    opposed_deciders: int
    """Deciders who are against us."""
    supporters: int
    """Those who support us or are friendly."""
    spoken_on: dt.date | None
    """When somebody was last spoken to."""


def coverage_gaps(state: State, known: Coverage, *, today: dt.date) -> tuple[Gap, ...]:
    """Return the gaps of a customer in ``state``, the gravest first; where nobody is known that alone is told."""
    if state not in COVERED:
        return ()
    if not known.people:
        return (Gap.NOBODY,)
    silent = known.spoken_on is None or (today - known.spoken_on).days >= SILENT_DAYS
    found = {
        Gap.NO_DECIDER: not known.deciders,
        Gap.DECIDER_OPPOSED: known.opposed_deciders > 0,
        Gap.NOT_SPOKEN_TO: silent,
        Gap.SOLE_CONTACT: known.people == 1,
        Gap.NO_SUPPORTER: not known.supporters,
    }
    return tuple(gap for gap, is_there in found.items() if is_there)
