"""Orders and steps as the Kanban and their pages move them: states turned into the actions that lead there."""

from typing import Any

from jike.apps.ordering import actions
from jike.apps.ordering.models import ProductOrder, ServiceTask
from jike.apps.ordering.rules import NEXT, TASK_NEXT, OrderState, TaskState
from jike.foundation.errors import RuleBroken
from jike.foundation.scope import Actor

__all__ = ["change_order_state", "change_step_state", "following_order_states", "following_step_states"]

BY_HAND = (TaskState.READY, TaskState.RUNNING, TaskState.DONE, TaskState.FAILED)


def change_order_state(
    order: ProductOrder, *, actor: Actor, state: str, version: int | None = None, **known: Any
) -> ProductOrder:
    """Submit or cancel the order; its other states follow from its steps."""
    if state == OrderState.CANCELLED:
        return actions.cancel_order(order, actor=actor, version=version, reason=known.get("reason", ""))
    if state == OrderState.RUNNING and order.state == OrderState.DRAFT:
        return actions.submit_order(order, actor=actor, version=version)
    raise RuleBroken(actions.FOLLOWS)


def following_order_states(order: ProductOrder) -> list[str]:
    """Return the states into which one may bring the order by hand."""
    by_hand = {OrderState.CANCELLED, OrderState.RUNNING} if order.state == OrderState.DRAFT else set()
    following = NEXT[OrderState(order.state)] & (by_hand or {OrderState.CANCELLED})
    return [state.value for state in OrderState if state in following]


def change_step_state(
    task: ServiceTask, *, actor: Actor, state: str, version: int | None = None, **known: Any
) -> ServiceTask:
    """Begin, finish or try the step again, or report its failure, for which the reason is asked."""
    match state:
        case TaskState.RUNNING:
            return actions.begin_step(task, actor=actor, version=version)
        case TaskState.DONE:
            return actions.finish_step(task, actor=actor, version=version, result=known.get("result", ""))
        case TaskState.FAILED:
            return actions.fail_step(task, actor=actor, version=version, fallout=known.get("fallout", ""))
        case TaskState.READY:
            return actions.retry_step(task, actor=actor, version=version)
        case _:
            raise RuleBroken(actions.FOLLOWS)


def following_step_states(task: ServiceTask) -> list[str]:
    """Return the states into which one may bring the step by hand."""
    now = TaskState(task.state)
    following = TASK_NEXT[now] if now is not TaskState.WAITING else frozenset()
    return [state.value for state in BY_HAND if state in following]
