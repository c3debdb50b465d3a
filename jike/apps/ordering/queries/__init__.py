"""What one needs to know of orders, their items and their steps."""

from jike.apps.ordering.queries.checking import objections_to, sentence_of
from jike.apps.ordering.queries.delivery import delivery_managers, least_busy
from jike.apps.ordering.queries.orders import (
    Progress,
    items_about,
    items_of,
    late_orders,
    left_to_order,
    next_code,
    orders_of,
    progress_of,
    tasks_of,
)
from jike.apps.ordering.queries.steps import most_urgent, open_steps, step_counts

__all__ = [
    "Progress",
    "delivery_managers",
    "items_about",
    "items_of",
    "late_orders",
    "least_busy",
    "left_to_order",
    "most_urgent",
    "next_code",
    "objections_to",
    "open_steps",
    "orders_of",
    "progress_of",
    "sentence_of",
    "step_counts",
    "tasks_of",
]
