"""What one needs to know of plans and targets."""

from jike.apps.workplans.queries.actuals import Reached, board_of, people_of, reached_by, units_below
from jike.apps.workplans.queries.plans import (
    is_done,
    items_of,
    plan_of_week,
    superiors_of,
    tasks_in,
    unplanned,
    visits_in,
    waiting_plans,
)
from jike.apps.workplans.queries.seen import scored_person, scored_unit

__all__ = [
    "Reached",
    "board_of",
    "is_done",
    "items_of",
    "people_of",
    "plan_of_week",
    "reached_by",
    "scored_person",
    "scored_unit",
    "superiors_of",
    "tasks_in",
    "units_below",
    "unplanned",
    "visits_in",
    "waiting_plans",
]
