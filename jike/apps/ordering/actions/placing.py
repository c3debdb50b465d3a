"""An order is submitted: checked by every rule at once, split into steps with owners and due times."""

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jike.apps.customers.models import Customer
from jike.apps.ordering.models import OrderItem, ProductOrder, ServiceTask
from jike.apps.ordering.queries.checking import objections_to, sentence_of
from jike.apps.ordering.queries.delivery import least_busy
from jike.apps.ordering.queries.orders import items_of
from jike.apps.ordering.rules import ItemAction, ItemState, OrderState, TaskState, plan_of
from jike.apps.organisation.models import Person
from jike.foundation.audit import Under, changing, creating_many
from jike.foundation.errors import Invalid, RuleBroken
from jike.foundation.events import publish
from jike.foundation.notify import Topic, declare_topics, notify
from jike.foundation.scope import Actor
from jike.values.working_calendar import WorkingCalendar

__all__ = ["CALENDAR", "OrderAccepted", "submit_order"]

CALENDAR = WorkingCalendar()
ASSIGNED = Topic("ordering.assigned", gettext_lazy("Steps of an order are yours"))
declare_topics(ASSIGNED)


@dataclass(frozen=True)
class OrderAccepted:
    """An order passed the check and is under way."""

    uid: UUID


@transaction.atomic
def submit_order(
    order: ProductOrder,
    *,
    actor: Actor,
    at: dt.datetime | None = None,
    deliverer: Person | None = None,
    version: int | None = None,
) -> ProductOrder:
    """Check the order and split it into steps; ``deliverer`` does them, by default whoever has least to do.

    Raises
    ------
    RuleBroken
        With every objection as a sentence.
    """
    moment = at or timezone.now()
    today = timezone.localdate(moment)
    # One order of a customer is checked after the other, so that two cannot both take what is left of an agreement.
    Customer.objects.select_for_update(no_key=True).get(pk=order.customer_id)
    with changing(order, actor=actor, verb="submit", version=version):
        if order.state != OrderState.DRAFT:
            raise RuleBroken(_("This order was submitted already."))
        if problems := objections_to(order, today=today):
            raise Invalid({"": [sentence_of(problem) for problem in problems]})
        items = items_of(order)
        rows = _planned(order, items, moment, deliverer=deliverer or least_busy(today=today))
        order.state, order.submitted_at = OrderState.RUNNING.value, moment
        order.promised_on = timezone.localdate(max(row["due_at"] for row in rows))
        order.monthly_amount = sum(item.monthly_amount for item in items if item.action in _CHARGING)
    outcome = creating_many(ServiceTask, rows, actor=actor, verb="plan", under=Under(order, "submit"))
    if outcome.refused:
        raise RuleBroken(next(iter(outcome.refused.values())))
    for item in items:
        with changing(item, actor=actor, verb="submit", under=Under(order, "submit")):
            item.state = ItemState.RUNNING.value
    _tell(order, rows)
    publish(OrderAccepted(order.uid))
    return order


_CHARGING = (ItemAction.ADD, ItemAction.MODIFY, ItemAction.RESUME)


def _planned(
    order: ProductOrder, items: list[OrderItem], moment: dt.datetime, *, deliverer: Person | None
) -> list[dict[str, Any]]:
    """Return the columns of every step, item by item."""
    shared = {
        "order_id": order.pk,
        "customer_id": order.customer_id,
        "owner_id": deliverer.pk if deliverer else None,
        "unit_id": deliverer.unit_id if deliverer else order.unit_id,
    }
    return [
        {
            **shared,
            "item_id": item.pk,
            "name": item.product.name if item.product else item.offering.name,
            "step": one.step.value,
            "position": place,
            "after": [step.value for step in one.after],
            "state": TaskState.WAITING.value if one.after else TaskState.READY.value,
            "due_at": one.due_at,
        }
        for item in items
        for place, one in enumerate(_plan(item, moment), start=1)
    ]


def _plan(item: OrderItem, moment: dt.datetime) -> list[Any]:
    return plan_of(ItemAction(item.action), item.offering.family, start=moment, calendar=CALENDAR)


def _tell(order: ProductOrder, rows: list[dict[str, Any]]) -> None:
    owners = Person.objects.filter(pk__in={row["owner_id"] for row in rows if row["owner_id"]})
    text = f"{order.code} {order.customer}"
    notify([one.uid for one in owners], ASSIGNED.name, text, about=order.key, once=f"order:{order.uid}")
