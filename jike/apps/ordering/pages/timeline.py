"""What a customer's timeline tells of its orders: when they were placed and when completed."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from jike.apps.customers.models import Customer
from jike.apps.ordering.models import ProductOrder
from jike.apps.ordering.models.labels import ORDER_STATES
from jike.apps.ordering.rules import OrderState
from jike.foundation.directory import address_of
from jike.foundation.happenings import Happening, Mark, Source, latest, names_below
from jike.foundation.scope import Actor, visible

__all__ = ["CUSTOMER_ORDERS"]

TONES = {OrderState.COMPLETED: "ok", OrderState.HELD: "bad"}


def orders(
    customers: Sequence[Customer], actor: Actor, *, before: Mark | None, limit: int
) -> Sequence[Happening]:
    """Return the orders that were submitted."""
    if not actor.holds("ordering.productorder:view"):
        return []
    rows = visible(ProductOrder, actor).filter(customer__in=customers).select_related("owner")
    found, below = latest(rows, "submitted_at", before=before, limit=limit), names_below(customers)
    return [_told(one, of=below.get(one.customer_id, "")) for one in found]


def _told(order: ProductOrder, *, of: str) -> Happening:
    if order.submitted_at is None:
        raise LookupError("an order that was submitted has a moment")
    state = OrderState(order.state)
    return Happening(
        moment=order.submitted_at,
        id=order.pk,
        who=str(order.owner or ""),
        act=_("placed an order"),
        title=order.code,
        link=address_of(order.key) or "",
        status=ORDER_STATES[state],
        tone=TONES.get(state, ""),
        words=order.remark,
        of=of,
    )


CUSTOMER_ORDERS = (
    Source("orders", _("Orders"), "clipboard-list", orders, several=True, rows=(ProductOrder, "customer")),
)
