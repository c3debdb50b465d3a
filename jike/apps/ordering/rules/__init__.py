"""What may be with orders: their states and actions, what stands against one, the steps each splits into, rights."""

from jike.apps.ordering.rules.checking import Objection, Wanted, objections
from jike.apps.ordering.rules.decomposition import (
    FINAL_MONTHS,
    RENT,
    Planned,
    PlannedStep,
    Step,
    latest_final_acceptance,
    plan_of,
    steps_of,
)
from jike.apps.ordering.rules.grants import GRANTS
from jike.apps.ordering.rules.standing import (
    NEXT,
    TASK_NEXT,
    ItemAction,
    ItemState,
    OrderState,
    TaskState,
    may_follow,
    order_state,
    product_state_after,
)

__all__ = [
    "FINAL_MONTHS",
    "GRANTS",
    "NEXT",
    "RENT",
    "TASK_NEXT",
    "ItemAction",
    "ItemState",
    "Objection",
    "OrderState",
    "Planned",
    "PlannedStep",
    "Step",
    "TaskState",
    "Wanted",
    "latest_final_acceptance",
    "may_follow",
    "objections",
    "order_state",
    "plan_of",
    "product_state_after",
    "steps_of",
]
