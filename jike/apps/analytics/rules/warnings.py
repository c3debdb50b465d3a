"""Early warnings: which there are, when they are raised, and the loop in which they are answered and settled.

The kinds are those of published operator practice; the figures at which they are raised have no public source and are
【defaults】, which whoever holds the right changes in one place (`WarningRule`).
"""

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

__all__ = [
    "DEFAULTS",
    "ENDED",
    "FELL",
    "NEXT",
    "OCCASIONS",
    "Kind",
    "Outcome",
    "Severity",
    "State",
    "Thresholds",
    "grade_fell",
    "may_follow",
    "outcomes_of",
]


class Kind(StrEnum):
    """A sign of danger, or of an occasion not to be missed."""

    ARREARS = "arrears"
    REVENUE_FELL = "revenue_fell"
    GRADE_FELL = "grade_fell"
    AGREEMENT_ENDING = "agreement_ending"
    VISITS_BELOW_PLAN = "visits_below_plan"
    COMPLAINT_REPEATED = "complaint_repeated"
    DISSATISFIED = "dissatisfied"
    MEMORIAL_DAY = "memorial_day"


OCCASIONS = frozenset({Kind.MEMORIAL_DAY})
"""What is told so that it is not missed: no customer is at stake, so there is nobody to be kept by an opportunity."""


class State(StrEnum):
    """Where a warning stands: raised, being answered, settled with an outcome, dismissed, or gone by itself."""

    OPEN = "open"
    ANSWERING = "answering"
    SETTLED = "settled"
    DISMISSED = "dismissed"
    LAPSED = "lapsed"


NEXT: Mapping[State, frozenset[State]] = {
    State.OPEN: frozenset({State.ANSWERING, State.DISMISSED, State.LAPSED}),
    State.ANSWERING: frozenset({State.SETTLED, State.DISMISSED}),
    State.SETTLED: frozenset(),
    State.DISMISSED: frozenset(),
    State.LAPSED: frozenset(),
}
"""What nobody answered may lapse when its cause is gone; what somebody answers is settled with an outcome."""
ENDED = frozenset({State.SETTLED, State.DISMISSED, State.LAPSED})


class Outcome(StrEnum):
    """What came of the answer."""

    KEPT = "kept"
    PARTLY = "partly"
    LOST = "lost"
    DONE = "done"


class Severity(StrEnum):
    """How pressing a kind is, the most pressing first."""

    HIGH = "1_high"
    MEDIUM = "2_medium"
    LOW = "3_low"


class Thresholds(NamedTuple):
    """When a kind is raised: from which figure, over which span, within how many days to be answered."""

    threshold: Decimal
    days: int
    answer_days: int
    severity: Severity


DEFAULTS: Mapping[Kind, Thresholds] = {
    Kind.ARREARS: Thresholds(Decimal(1), 30, 3, Severity.HIGH),
    Kind.REVENUE_FELL: Thresholds(Decimal(10), 90, 5, Severity.HIGH),
    Kind.GRADE_FELL: Thresholds(Decimal(1), 35, 5, Severity.MEDIUM),
    Kind.AGREEMENT_ENDING: Thresholds(Decimal(0), 90, 7, Severity.HIGH),
    Kind.VISITS_BELOW_PLAN: Thresholds(Decimal(50), 90, 10, Severity.MEDIUM),
    Kind.COMPLAINT_REPEATED: Thresholds(Decimal(2), 90, 2, Severity.HIGH),
    Kind.DISSATISFIED: Thresholds(Decimal(2), 30, 2, Severity.HIGH),
    Kind.MEMORIAL_DAY: Thresholds(Decimal(0), 7, 5, Severity.LOW),
}
"""【Defaults】 What the threshold means: months of revenue owed; percent by which the last three months lie below the
three before; steps of the grade; for agreements and memorial days nothing; percent of the planned visits done; how many
complaints; by how many points less was perceived than expected. ``days`` is the span looked at."""

_RANK = {"A1": 5, "A2": 4, "B1": 3, "B2": 2, "C": 1, "D": 0}
FELL: Mapping[str, int] = _RANK
"""Grade → its place; a higher one is better."""


def outcomes_of(kind: Kind) -> tuple[Outcome, ...]:
    """Return what may come of answering a sign: of an occasion nothing is kept or lost, it is attended to."""
    return (Outcome.DONE,) if kind in OCCASIONS else tuple(Outcome)


def may_follow(now: State, then: State) -> bool:
    """Whether a warning in state ``now`` may enter ``then``."""
    return then in NEXT[now]


def grade_fell(before: str, now: str) -> int:
    """Return by how many steps the grade fell; 0 when it did not."""
    return max(0, _RANK[before] - _RANK[now])
