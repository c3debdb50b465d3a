"""Orders with their items and steps, how far they are, and what of an agreement is still to be ordered."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from django.db.models import Count, Q, Sum

from jike.apps.customers.models import Customer
from jike.apps.inventory.models import Product
from jike.apps.inventory.rules import ProductState
from jike.apps.ordering.models import OrderItem, ProductOrder, ServiceTask
from jike.apps.ordering.rules import ItemAction, ItemState, OrderState, TaskState
from jike.apps.quoting.models import Agreement, AgreementLine
from jike.foundation.numbering import next_number
from jike.foundation.scope import Actor, visible

__all__ = [
    "Progress",
    "items_about",
    "items_of",
    "late_orders",
    "left_to_order",
    "next_code",
    "orders_of",
    "progress_of",
    "tasks_of",
]

MOST_RENEWALS = 20
OPEN = (OrderState.RUNNING, OrderState.HELD)


class Progress(NamedTuple):
    """How many steps are done, of how many, and how many failed."""

    done: int
    total: int
    failed: int

    @property
    def percent(self) -> int:
        """Steps done in the hundred."""
        return self.done * 100 // self.total if self.total else 0


def next_code() -> str:
    """Return the next order number; each is given out once, even if it is then not used."""
    return f"DD{next_number('ordering_order_code'):08}"


def items_of(order: ProductOrder) -> list[OrderItem]:
    """Return the order's items in their order."""
    rows = OrderItem.objects.filter(order=order, removed_at=None).select_related("offering", "product")
    return list(rows.order_by("position", "id"))


def items_about(product: Product, *, limit: int = 10) -> list[OrderItem]:
    """Return the last items that brought the product about or changed it, for a reader who may see it."""
    rows = OrderItem.objects.filter(product=product, removed_at=None).select_related("order")
    return list(rows.order_by("-id")[:limit])


def tasks_of(order: ProductOrder) -> list[ServiceTask]:
    """Return the order's steps, item by item."""
    rows = ServiceTask.objects.filter(order=order, removed_at=None).select_related("owner", "item")
    return list(rows.order_by("item__position", "item_id", "position"))


def progress_of(orders: Iterable[ProductOrder]) -> Mapping[int, Progress]:
    """Return how far each order is, by its id."""
    rows = ServiceTask.objects.filter(order__in=list(orders), removed_at=None).exclude(
        state=TaskState.CANCELLED
    )
    counted = rows.values("order_id").annotate(
        done=Count("id", filter=Q(state=TaskState.DONE)),
        total=Count("id"),
        failed=Count("id", filter=Q(state=TaskState.FAILED)),
    )
    return {one["order_id"]: Progress(one["done"], one["total"], one["failed"]) for one in counted}


def orders_of(customer: Customer, *, limit: int = 20) -> list[ProductOrder]:
    """Return the customer's last orders, the newest first."""
    return list(ProductOrder.objects.filter(customer=customer, removed_at=None).order_by("-id")[:limit])


def left_to_order(agreement: Agreement, *, besides: ProductOrder | None = None) -> dict[AgreementLine, int]:
    """Return the lines of the agreement of which pieces are not ordered yet, with how many."""
    lines = list(
        AgreementLine.objects.filter(agreement=agreement, removed_at=None).select_related("offering")
    )
    ordered = OrderItem.objects.filter(
        agreement_line__in=lines, action=ItemAction.ADD, removed_at=None
    ).exclude(state=ItemState.CANCELLED)
    if besides is not None:
        ordered = ordered.exclude(order=besides)
    sums = dict(ordered.values_list("agreement_line_id").annotate(sum=Sum("quantity")).order_by())
    going_on = _going_on(agreement)
    left = {line: line.quantity - sums.get(line.pk, 0) - going_on.get(line.offering_id, 0) for line in lines}
    return {line: count for line, count in left.items() if count > 0}


def _going_on(agreement: Agreement) -> dict[int, int]:
    """Return by offering how many pieces are in service under the agreements that this one renews."""
    former: list[int] = []
    step = agreement
    while step.previous is not None and len(former) < MOST_RENEWALS:
        step = step.previous
        former.append(step.pk)
    if not former:
        return {}
    rows = Product.objects.filter(agreement_line__agreement__in=former, removed_at=None)
    rows = rows.exclude(state=ProductState.TERMINATED)
    return dict(rows.values_list("offering_id").annotate(sum=Sum("quantity")).order_by())


def late_orders(actor: Actor, *, team: bool, today: dt.date, limit: int) -> list[ProductOrder]:
    """Return the orders that are held up or beyond their promise: one's own, or all one sees."""
    rows = visible(ProductOrder, actor).filter(state__in=OPEN)
    if not team:
        rows = rows.filter(owner__in=actor.owners)
    rows = rows.filter(Q(state=OrderState.HELD) | Q(promised_on__lt=today)).select_related("customer")
    return list(rows.order_by("promised_on", "id")[:limit])
