"""What is done to orders and to the steps they split into."""

from jike.apps.ordering.actions.items import add_item, change_item, remove_item
from jike.apps.ordering.actions.orders import (
    FOLLOWS,
    add_order,
    cancel_order,
    change_order,
    escalate_order,
    order_change,
    remove_order,
    restore_order,
)
from jike.apps.ordering.actions.placing import OrderAccepted, submit_order
from jike.apps.ordering.actions.working import (
    OrderCompleted,
    add_step,
    begin_step,
    change_step,
    fail_step,
    finish_step,
    hand_over_step,
    retry_step,
)

__all__ = [
    "FOLLOWS",
    "OrderAccepted",
    "OrderCompleted",
    "add_item",
    "add_order",
    "add_step",
    "begin_step",
    "cancel_order",
    "change_item",
    "change_order",
    "change_step",
    "escalate_order",
    "fail_step",
    "finish_step",
    "hand_over_step",
    "order_change",
    "remove_item",
    "remove_order",
    "restore_order",
    "retry_step",
    "submit_order",
]
