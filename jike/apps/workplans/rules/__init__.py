"""What may be with plans of the week and targets: their states, measures, and rights."""

from jike.apps.workplans.rules.grants import GRANTS
from jike.apps.workplans.rules.measures import Measure, is_share, progress, time_passed
from jike.apps.workplans.rules.plans import NEXT, ItemKind, PlanState, may_follow, monday_of

__all__ = [
    "GRANTS",
    "NEXT",
    "ItemKind",
    "Measure",
    "PlanState",
    "is_share",
    "may_follow",
    "monday_of",
    "progress",
    "time_passed",
]
