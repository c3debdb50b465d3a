"""Orders are drafted from agreements or for a product, corrected, cancelled, and escalated by a superior."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jike.apps.inventory.models import Product
from jike.apps.ordering.actions.placing import submit_order
from jike.apps.ordering.models import OrderItem, ProductOrder, ServiceTask
from jike.apps.ordering.models.labels import ORDER_STATES
from jike.apps.ordering.queries.orders import items_of, left_to_order, next_code
from jike.apps.ordering.rules import ItemAction, ItemState, OrderState, TaskState, may_follow
from jike.apps.organisation.models import Person
from jike.apps.quoting.models import Agreement
from jike.foundation.audit import Under, changing, creating, removing, restoring
from jike.foundation.errors import Invalid, RuleBroken
from jike.foundation.notify import Topic, declare_topics, notify
from jike.foundation.scope import Actor

__all__ = [
    "FOLLOWS",
    "add_order",
    "cancel_order",
    "change_order",
    "escalate_order",
    "order_change",
    "remove_order",
    "restore_order",
]

FOLLOWS = gettext_lazy("This state follows from the steps; work on them instead.")
CHANGEABLE = frozenset({"requested_on", "address", "remark"})
ESCALATED = Topic("ordering.escalated", gettext_lazy("An order is escalated"))
declare_topics(ESCALATED)


@transaction.atomic
def add_order(
    *, actor: Actor, agreement: Agreement, requested_on: dt.date | None = None, **details: str
) -> ProductOrder:
    """Draft an order of everything that the agreement holds and that is not ordered yet."""
    left = left_to_order(agreement)
    if not left:
        raise RuleBroken(_("Everything that this agreement holds is ordered already."))
    order = ProductOrder(
        customer=agreement.customer,
        agreement=agreement,
        owner=agreement.owner,
        unit=agreement.unit,
        code=next_code(),
        requested_on=requested_on,
        monthly_amount=sum((line.price * count for line, count in left.items()), Decimal(0)),
        **_only(details),
    )
    creating(order, actor=actor)
    for place, (line, count) in enumerate(left.items(), start=1):
        item = OrderItem(
            order=order,
            position=place,
            action=ItemAction.ADD.value,
            offering=line.offering,
            agreement_line=line,
            quantity=count,
            monthly_price=line.price,
            one_off_price=line.one_off_price,
            address=order.address,
        )
        creating(item, actor=actor, under=Under(order, "add"))
    return order


@transaction.atomic
def order_change(
    product: Product,
    *,
    actor: Actor,
    action: ItemAction,
    at: dt.datetime | None = None,
    quantity: int | None = None,
    monthly_price: Decimal | None = None,
    **details: Any,
) -> ProductOrder:
    """Order that a product be modified, suspended, resumed or terminated, and submit that at once."""
    line = product.agreement_line
    order = ProductOrder(
        customer=product.customer,
        agreement=line.agreement if line is not None else None,
        owner=product.owner,
        unit=product.unit,
        code=next_code(),
        address=product.address,
        **_only(details),
    )
    creating(order, actor=actor)
    item = OrderItem(
        order=order,
        position=1,
        action=action.value,
        offering=product.offering,
        product=product,
        quantity=product.quantity if quantity is None else quantity,
        monthly_price=product.monthly_price if monthly_price is None else monthly_price,
        address=product.address,
    )
    creating(item, actor=actor, under=Under(order, "add"))
    return submit_order(order, actor=actor, at=at)


@transaction.atomic
def change_order(
    order: ProductOrder, *, actor: Actor, version: int | None = None, **details: Any
) -> ProductOrder:
    """Correct the wish, the address or the remark while the order is open."""
    with changing(order, actor=actor, version=version):
        if order.state in (OrderState.COMPLETED, OrderState.CANCELLED):
            raise RuleBroken(_("This order has ended and is no longer changed."))
        for name, value in _only(details, besides={"agreement": order.agreement}).items():
            setattr(order, name, value)
    return order


@transaction.atomic
def remove_order(order: ProductOrder, *, actor: Actor) -> ProductOrder:
    """Put a draft into the recycle bin; whatever was submitted is cancelled instead."""
    if order.state != OrderState.DRAFT:
        raise RuleBroken(_("Only a draft can be removed; cancel the order instead."))
    return removing(order, actor=actor)


@transaction.atomic
def restore_order(order: ProductOrder, *, actor: Actor) -> ProductOrder:
    """Take a draft out of the recycle bin."""
    return restoring(order, actor=actor)


@transaction.atomic
def cancel_order(
    order: ProductOrder, *, actor: Actor, reason: str, version: int | None = None
) -> ProductOrder:
    """Cancel the order with its steps; impossible once one of its products has changed."""
    if not reason.strip():
        raise Invalid({"reason": [_("Say why the order is cancelled.")]})
    with changing(order, actor=actor, verb="cancel", version=version):
        _require_next(order, OrderState.CANCELLED)
        if OrderItem.objects.filter(order=order, state=ItemState.COMPLETED, removed_at=None).exists():
            raise RuleBroken(_("Part of this order is completed already; order the opposite instead."))
        order.state, order.reason = OrderState.CANCELLED.value, reason
    for task in ServiceTask.objects.filter(order=order, removed_at=None).exclude(state=TaskState.DONE):
        with changing(task, actor=actor, verb="cancel", under=Under(order, "cancel")):
            task.state = TaskState.CANCELLED.value
    for item in items_of(order):
        with changing(item, actor=actor, verb="cancel", under=Under(order, "cancel")):
            item.state = ItemState.CANCELLED.value
    return order


@transaction.atomic
def escalate_order(
    order: ProductOrder,
    *,
    actor: Actor,
    reason: str,
    at: dt.datetime | None = None,
    version: int | None = None,
) -> ProductOrder:
    """Watch an overdue or held order as a superior (督办); whoever works on it is told."""
    moment = at or timezone.now()
    if not reason.strip():
        raise Invalid({"escalation": [_("Say what is expected, and until when.")]})
    with changing(order, actor=actor, verb="escalate", version=version):
        if not _deserves_watching(order, timezone.localdate(moment)):
            raise RuleBroken(_("Only an order that is overdue or held up is escalated."))
        order.escalated_at, order.escalation = moment, reason
        order.escalated_by = Person.objects.filter(pk=actor.person).first() if actor.person else None
    working = Person.objects.filter(
        service_tasks__order=order,
        service_tasks__state__in=(TaskState.READY, TaskState.RUNNING, TaskState.FAILED),
    )
    told = {person.uid for person in working} | ({order.owner.uid} if order.owner else set())
    notify(sorted(told), ESCALATED.name, f"{order.code}: {reason}", about=order.key)
    return order


def _require_next(order: ProductOrder, then: OrderState) -> None:
    """Refuse a move that is not in the table of states."""
    now = OrderState(order.state)
    if not may_follow(now, then):
        sentence = _("An order in the state “%(now)s” cannot become “%(then)s”.")
        raise RuleBroken(sentence % {"now": ORDER_STATES[now], "then": ORDER_STATES[then]})


def _deserves_watching(order: ProductOrder, today: dt.date) -> bool:
    if order.state == OrderState.HELD:
        return True
    return order.state == OrderState.RUNNING and order.promised_on is not None and order.promised_on < today


def _only(details: dict[str, Any], *, besides: dict[str, Any] | None = None) -> dict[str, Any]:
    """Return the details that may be set by hand; what stands in the form and does not change is passed over."""
    same = {name for name, value in (besides or {}).items() if details.get(name, value) == value}
    if unknown := sorted(set(details) - CHANGEABLE - same):
        raise TypeError(f"{', '.join(unknown)}: not changed by hand")
    return {name: value for name, value in details.items() if name not in same}
