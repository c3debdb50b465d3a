"""What one needs to know of orders, their items and their steps."""

from jike.apps.ordering.queries.checking import objections_to, sentence_of
from jike.apps.ordering.queries.delivery import delivery_managers, least_busy
from jike.apps.ordering.queries.orders import (
    Progress,
    items_of,
    left_to_order,
    next_code,
    orders_of,
    overdue_orders,
    progress_of,
    tasks_of,
)

__all__ = [
    "Progress",
    "delivery_managers",
    "items_of",
    "least_busy",
    "left_to_order",
    "next_code",
    "objections_to",
    "orders_of",
    "overdue_orders",
    "progress_of",
    "sentence_of",
    "tasks_of",
]
