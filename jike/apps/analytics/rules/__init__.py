"""What may be with early warnings: their kinds, states, thresholds and words; and who may see which board."""

from jike.apps.analytics.rules.grants import GRANTS
from jike.apps.analytics.rules.warnings import (
    DEFAULTS,
    ENDED,
    FELL,
    NEXT,
    OCCASIONS,
    Kind,
    Outcome,
    Severity,
    State,
    Thresholds,
    grade_fell,
    may_follow,
    outcomes_of,
)

__all__ = [
    "DEFAULTS",
    "ENDED",
    "FELL",
    "GRANTS",
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
