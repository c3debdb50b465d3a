"""What stands against submitting an order, found in the data and said in sentences."""

import datetime as dt
from decimal import Decimal
from typing import NamedTuple

from django.utils.translation import gettext_lazy

from jike.apps.customers.queries import what_is_missing
from jike.apps.customers.rules import NEXT as CUSTOMER_NEXT
from jike.apps.customers.rules import State
from jike.apps.inventory.models import Product
from jike.apps.inventory.models.labels import PRODUCT_STATES
from jike.apps.inventory.queries import in_deep_arrears
from jike.apps.inventory.rules import ProductState
from jike.apps.ordering.models import OrderItem, ProductOrder
from jike.apps.ordering.models.labels import ITEM_ACTIONS
from jike.apps.ordering.queries.orders import items_of, left_to_order
from jike.apps.ordering.rules import ItemAction, ItemState, Objection, Wanted, objections
from jike.apps.quoting.models import AgreementLine

__all__ = ["Problem", "objections_to", "sentence_of"]

SENTENCES = {
    Objection.NO_ITEMS: gettext_lazy("The order asks for nothing yet; add an item first."),
    Objection.NOT_SERVED: gettext_lazy("This customer is archived and is not served."),
    Objection.CUSTOMER_INCOMPLETE: gettext_lazy(
        "Before its first order the customer needs an account manager and a certificate."
    ),
    Objection.DEEP_IN_ARREARS: gettext_lazy(
        "This customer is long and deeply in arrears: nothing new is ordered before it pays."
    ),
    Objection.AGREEMENT_NOT_IN_FORCE: gettext_lazy("The agreement is not in force on this day."),
    Objection.OFFERING_NOT_ON_SALE: gettext_lazy("“%(name)s” is no longer on sale."),
    Objection.ORDERED_ALREADY: gettext_lazy("More of “%(name)s” is ordered than the agreement still holds."),
    Objection.PRODUCT_MISSING: gettext_lazy("Say which product is meant: %(action)s, “%(name)s”."),
    Objection.PRODUCT_OF_ANOTHER: gettext_lazy("“%(name)s” belongs to another customer."),
    Objection.ORDER_UNDER_WAY: gettext_lazy("Another order of “%(name)s” is still under way."),
    Objection.PRODUCT_STATE: gettext_lazy(
        "“%(name)s” is in the state “%(state)s”; this cannot be done to it: %(action)s."
    ),
    Objection.NOTHING_CHANGES: gettext_lazy("Neither quantity nor price of “%(name)s” changes."),
    Objection.PRICE_BELOW_AGREED: gettext_lazy(
        "“%(name)s” would cost less than agreed: a lower price needs a quote and its approval first."
    ),
}


class Problem(NamedTuple):
    """An objection and the item that it concerns (None: the order)."""

    objection: Objection
    item: OrderItem | None


def objections_to(order: ProductOrder, *, today: dt.date) -> list[Problem]:
    """Return everything that stands against submitting the order today."""
    items, customer = items_of(order), order.customer
    left = _left(order, items)
    agreement = order.agreement
    found = objections(
        [_wanted(item, order, left, today=today) for item in items],
        served=customer.state == State.ACTIVE or State.ACTIVE in CUSTOMER_NEXT[State(customer.state)],
        complete=not what_is_missing(customer, State.ACTIVE),
        deep_in_arrears=in_deep_arrears(customer, today=today),
        in_force=agreement is not None
        and agreement.customer_id == customer.pk
        and agreement.state == "active"
        and agreement.starts_on <= today <= agreement.ends_on,
    )
    return [Problem(objection, items[place] if place is not None else None) for objection, place in found]


def sentence_of(problem: Problem) -> str:
    """Return the objection as a sentence."""
    item = problem.item
    words = {}
    if item is not None:
        words = {"name": str(item.product or item.offering), "action": ITEM_ACTIONS[ItemAction(item.action)]}
        words["state"] = PRODUCT_STATES[ProductState(item.product.state)] if item.product else ""
    return str(SENTENCES[problem.objection]) % words


def _left(order: ProductOrder, items: list[OrderItem]) -> dict[int, int]:
    """Return by item how many pieces of its line of the agreement are left beside other orders and earlier items."""
    if order.agreement is None:
        return {}
    lines = {line.pk: count for line, count in left_to_order(order.agreement, besides=order).items()}
    left: dict[int, int] = {}
    for item in items:
        if item.agreement_line_id is not None:
            left[item.pk] = lines.get(item.agreement_line_id, 0)
            lines[item.agreement_line_id] = left[item.pk] - item.quantity
    return left


def _wanted(item: OrderItem, order: ProductOrder, left: dict[int, int], *, today: dt.date) -> Wanted:
    product = item.product
    return Wanted(
        action=ItemAction(item.action),
        quantity=item.quantity,
        on_sale=item.offering.state == "active",
        product_state=product.state if product is not None and item.action != ItemAction.ADD else "",
        own=product is None or product.customer_id == order.customer_id,
        under_way=product is not None and _under_way(item),
        left=left.get(item.pk),
        changes=product is None
        or (product.quantity, product.monthly_price) != (item.quantity, item.monthly_price),
        below_agreed=product is not None
        and item.action == ItemAction.MODIFY
        and item.monthly_price < product.monthly_price
        and not _agreed(product, item.monthly_price, today),
    )


def _agreed(product: Product, price: Decimal, today: dt.date) -> bool:
    """Whether an agreement in force holds the product's offering at the price, or at a lower one: a renewal's, say."""
    rows = AgreementLine.objects.filter(
        agreement__customer=product.customer_id,
        agreement__state="active",
        agreement__starts_on__lte=today,
        agreement__ends_on__gte=today,
        agreement__removed_at=None,
        offering=product.offering_id,
        price__lte=price,
        removed_at=None,
    )
    return rows.exists()


def _under_way(item: OrderItem) -> bool:
    others = OrderItem.objects.filter(product=item.product_id, state=ItemState.RUNNING, removed_at=None)
    return others.exclude(pk=item.pk).exists()
