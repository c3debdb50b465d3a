"""What is done with plans and targets: plans are written, submitted and answered, targets set."""

from jike.apps.workplans.actions.plans import (
    add_item,
    add_plan,
    answer_plan,
    change_plan,
    drop_item,
    submit_plan,
    tick_item,
)
from jike.apps.workplans.actions.targets import add_target, change_target

__all__ = [
    "add_item",
    "add_plan",
    "add_target",
    "answer_plan",
    "change_plan",
    "change_target",
    "drop_item",
    "submit_plan",
    "tick_item",
]
