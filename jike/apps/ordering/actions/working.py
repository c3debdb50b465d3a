"""Steps are begun, finished, reported as failed, tried again and handed over; the order follows from its steps.

Whoever works on a step may let item, order and product follow, by the right to work on that step. The order is locked
first, so that of two who finish the last two steps at once one sees the other's.
"""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jike.apps.ordering.actions.effects import take_effect
from jike.apps.ordering.models import OrderItem, ProductOrder, ServiceTask
from jike.apps.ordering.models.labels import TASK_STATES
from jike.apps.ordering.rules import (
    RENT,
    TASK_NEXT,
    ItemState,
    OrderState,
    Step,
    TaskState,
    latest_final_acceptance,
    order_state,
)
from jike.apps.organisation.models import Person
from jike.foundation.audit import Under, changing
from jike.foundation.errors import Invalid, RuleBroken
from jike.foundation.events import publish
from jike.foundation.notify import Topic, declare_topics, notify
from jike.foundation.scope import Actor, require

__all__ = [
    "OrderCompleted",
    "add_step",
    "begin_step",
    "change_step",
    "fail_step",
    "finish_step",
    "hand_over_step",
    "retry_step",
]

FALLOUT = Topic("ordering.fallout", gettext_lazy("A step of an order has failed"))
HANDED = Topic("ordering.handed_over", gettext_lazy("A step was handed over to you"))
declare_topics(FALLOUT, HANDED)


@dataclass(frozen=True)
class OrderCompleted:
    """Everything an order asked for is done."""

    uid: UUID


@transaction.atomic
def begin_step(
    task: ServiceTask, *, actor: Actor, at: dt.datetime | None = None, version: int | None = None
) -> ServiceTask:
    """Begin a step that can begin."""
    moment = at or timezone.now()
    _lock_order(task)
    with changing(task, actor=actor, verb="begin", permit="change_state", version=version):
        _enter(task, TaskState.RUNNING)
        _not_before(task, moment)
        task.started_at, task.attempts = moment, task.attempts + 1
    return task


@transaction.atomic
def finish_step(
    task: ServiceTask,
    *,
    actor: Actor,
    at: dt.datetime | None = None,
    result: str = "",
    version: int | None = None,
) -> ServiceTask:
    """Finish a step that is under way: the next ones can begin, and with the step of rent the product changes."""
    moment = at or timezone.now()
    order = _lock_order(task)
    with changing(task, actor=actor, verb="finish", permit="change_state", version=version):
        _enter(task, TaskState.DONE)
        if task.started_at is not None and moment < task.started_at:
            raise Invalid({"finished_at": [_("A step cannot end before it began.")]})
        task.finished_at, task.result, task.fallout = moment, result, ""
    if Step(task.step) in RENT:
        take_effect(task, actor=actor, on=timezone.localdate(moment))
    _release_next(task, moment, actor=actor)
    _follow(order, task, actor=actor, on=timezone.localdate(moment))
    return task


@transaction.atomic
def fail_step(task: ServiceTask, *, actor: Actor, fallout: str, version: int | None = None) -> ServiceTask:
    """Report that a step cannot be done for now, with the reason; the order is held up until it is tried again."""
    if not fallout.strip():
        raise Invalid({"fallout": [_("Say why the step failed.")]})
    order = _lock_order(task)
    with changing(task, actor=actor, verb="fail", permit="change_state", version=version):
        _enter(task, TaskState.FAILED)
        task.fallout = fallout
    _follow(order, task, actor=actor, on=timezone.localdate())
    if order.owner is not None:
        text = f"{order.code} {task.name}: {fallout}"
        notify([order.owner.uid], FALLOUT.name, text, about=order.key)
    return task


@transaction.atomic
def retry_step(task: ServiceTask, *, actor: Actor, version: int | None = None) -> ServiceTask:
    """Let a failed step be tried again."""
    order = _lock_order(task)
    with changing(task, actor=actor, verb="retry", permit="change_state", version=version):
        if task.state != TaskState.FAILED:
            raise _cannot(task, TaskState.READY)
        task.state, task.started_at = TaskState.READY.value, None
    _follow(order, task, actor=actor, on=timezone.localdate())
    return task


@transaction.atomic
def hand_over_step(
    task: ServiceTask, *, actor: Actor, owner: Person, version: int | None = None
) -> ServiceTask:
    """Give a step that is not finished to somebody else, who is told."""
    if not owner.standing:
        raise RuleBroken(_("%(name)s can no longer sign in; choose somebody else.") % {"name": owner.name})
    require(actor, "hand_over", task)
    with changing(task, actor=actor, verb="hand_over", version=version, under=Under(task, "hand_over")):
        if task.state in (TaskState.DONE, TaskState.CANCELLED):
            raise RuleBroken(_("This step has ended; there is nothing to hand over."))
        task.owner, task.unit = owner, owner.unit
        notify([owner.uid], HANDED.name, task.name, about=task.key)
    return task


def add_step(*, actor: Actor, **details: object) -> ServiceTask:
    """Refuse: steps are planned when an order is submitted."""
    raise RuleBroken(_("Steps follow from the order; begin, finish or hand them over instead."))


def change_step(
    task: ServiceTask, *, actor: Actor, version: int | None = None, **details: object
) -> ServiceTask:
    """Refuse: a step is worked on, not edited."""
    raise RuleBroken(_("Steps follow from the order; begin, finish or hand them over instead."))


def _lock_order(task: ServiceTask) -> ProductOrder:
    return ProductOrder.objects.select_for_update(no_key=True).get(pk=task.order_id)


def _enter(task: ServiceTask, then: TaskState) -> None:
    if then not in TASK_NEXT[TaskState(task.state)]:
        raise _cannot(task, then)
    task.state = then.value


def _cannot(task: ServiceTask, then: TaskState) -> RuleBroken:
    sentence = _("This step is in the state “%(now)s” and cannot become “%(then)s”.")
    return RuleBroken(sentence % {"now": TASK_STATES[TaskState(task.state)], "then": TASK_STATES[then]})


def _not_before(task: ServiceTask, moment: dt.datetime) -> None:
    """Refuse a beginning before the order was submitted or an earlier step was done."""
    before = ServiceTask.objects.filter(item=task.item_id, step__in=task.after, removed_at=None)
    ends = [one for one in before.values_list("finished_at", flat=True) if one is not None]
    if moment < max([*ends, *([task.order.submitted_at] if task.order.submitted_at else [])], default=moment):
        raise Invalid({"started_at": [_("This step cannot begin before the steps before it were done.")]})


def _release_next(task: ServiceTask, moment: dt.datetime, *, actor: Actor) -> None:
    """Let those steps of the item begin whose steps before are all done."""
    siblings = list(ServiceTask.objects.filter(item=task.item_id, removed_at=None))
    done = {one.step for one in siblings if one.state == TaskState.DONE}
    for one in siblings:
        if one.state == TaskState.WAITING and done.issuperset(one.after):
            with changing(one, actor=actor, verb="release", under=Under(task, "change_state")):
                one.state = TaskState.READY.value
                if one.step == Step.FINAL_ACCEPTANCE:
                    one.due_at = max(one.due_at, latest_final_acceptance(moment))


def _follow(order: ProductOrder, task: ServiceTask, *, actor: Actor, on: dt.date) -> None:
    """Let item and order follow from the steps."""
    under = Under(task, "change_state")
    item: OrderItem = OrderItem.objects.get(pk=task.item_id)
    ended = (TaskState.DONE, TaskState.CANCELLED)
    if not ServiceTask.objects.filter(item=item, removed_at=None).exclude(state__in=ended).exists():
        with changing(item, actor=actor, verb="complete", under=under):
            item.state = ItemState.COMPLETED.value
    items = order.items.filter(removed_at=None).values_list("state", flat=True)
    tasks = order.tasks.filter(removed_at=None).values_list("state", flat=True)
    then = order_state(map(ItemState, items), map(TaskState, tasks))
    if then == order.state:
        return
    verbs = {OrderState.COMPLETED: "complete", OrderState.HELD: "hold"}
    with changing(order, actor=actor, verb=verbs.get(then, "progress"), under=under):
        order.state = then.value
        order.completed_on = on if then is OrderState.COMPLETED else None
    if then is OrderState.COMPLETED:
        publish(OrderCompleted(order.uid))
