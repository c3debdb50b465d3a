"""The lives of an order, of its items and of their steps, each as a table; and how an order follows from its steps."""

from collections.abc import Iterable, Mapping
from enum import StrEnum

__all__ = [
    "NEXT",
    "TASK_NEXT",
    "ItemAction",
    "ItemState",
    "OrderState",
    "TaskState",
    "may_follow",
    "order_state",
    "product_state_after",
]


class OrderState(StrEnum):
    """Where an order stands, in the order of its life."""

    DRAFT = "draft"
    RUNNING = "running"
    HELD = "held"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


class ItemAction(StrEnum):
    """What an item asks for."""

    ADD = "add"
    MODIFY = "modify"
    SUSPEND = "suspend"
    RESUME = "resume"
    TERMINATE = "terminate"


class ItemState(StrEnum):
    """Where an item stands."""

    DRAFT = "draft"
    RUNNING = "running"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


class TaskState(StrEnum):
    """Where a step stands; it waits for the steps before it."""

    WAITING = "waiting"
    READY = "ready"
    RUNNING = "running"
    FAILED = "failed"
    DONE = "done"
    CANCELLED = "cancelled"


NEXT: Mapping[OrderState, frozenset[OrderState]] = {
    OrderState.DRAFT: frozenset({OrderState.RUNNING, OrderState.CANCELLED}),
    OrderState.RUNNING: frozenset({OrderState.HELD, OrderState.COMPLETED, OrderState.CANCELLED}),
    OrderState.HELD: frozenset({OrderState.RUNNING, OrderState.CANCELLED}),
    OrderState.COMPLETED: frozenset(),
    OrderState.CANCELLED: frozenset(),
}
TASK_NEXT: Mapping[TaskState, frozenset[TaskState]] = {
    TaskState.WAITING: frozenset({TaskState.READY, TaskState.CANCELLED}),
    TaskState.READY: frozenset({TaskState.RUNNING, TaskState.FAILED, TaskState.CANCELLED}),
    TaskState.RUNNING: frozenset({TaskState.DONE, TaskState.FAILED, TaskState.CANCELLED}),
    TaskState.FAILED: frozenset({TaskState.READY, TaskState.CANCELLED}),
    TaskState.DONE: frozenset(),
    TaskState.CANCELLED: frozenset(),
}

_PRODUCT_NEXT: Mapping[tuple[ItemAction, str], str] = {
    (ItemAction.ADD, ""): "active",
    (ItemAction.MODIFY, "active"): "active",
    (ItemAction.SUSPEND, "active"): "suspended",
    (ItemAction.RESUME, "suspended"): "active",
    (ItemAction.TERMINATE, "active"): "terminated",
    (ItemAction.TERMINATE, "suspended"): "terminated",
}


def may_follow(now: OrderState, then: OrderState) -> bool:
    """Whether an order in state ``now`` may enter ``then``."""
    return then in NEXT[now]


def product_state_after(action: ItemAction, product_state: str) -> str | None:
    """Return what becomes of a product in that state ("" where there is none yet); None where it cannot be done."""
    return _PRODUCT_NEXT.get((action, product_state))


def order_state(items: Iterable[ItemState], tasks: Iterable[TaskState]) -> OrderState:
    """Return the state that a submitted order has by its items and steps: held while a step has failed."""
    if all(state in (ItemState.COMPLETED, ItemState.CANCELLED) for state in items):
        return OrderState.COMPLETED
    return OrderState.HELD if TaskState.FAILED in set(tasks) else OrderState.RUNNING
