"""Items of a draft are added, corrected and taken out."""

from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from jike.apps.ordering.models import OrderItem, ProductOrder
from jike.apps.ordering.queries.orders import items_of
from jike.apps.ordering.rules import ItemAction, OrderState
from jike.apps.quoting.models import AgreementLine
from jike.foundation.audit import Under, changing, creating, removing
from jike.foundation.errors import Invalid, RuleBroken
from jike.foundation.scope import Actor

__all__ = ["add_item", "change_item", "remove_item"]


@transaction.atomic
def add_item(
    order: ProductOrder, *, actor: Actor, line: AgreementLine, quantity: int, address: str = ""
) -> OrderItem:
    """Let the draft ask for ``quantity`` pieces of a line of its agreement, at the agreed price."""
    if line.agreement_id != order.agreement_id:
        raise Invalid({"line": [_("This line belongs to another agreement.")]})
    with changing(order, actor=actor, verb="change"):
        _require_draft(order)
        last = OrderItem.objects.filter(order=order).aggregate(last=Max("position"))["last"]
        item = OrderItem(
            order=order,
            position=(last or 0) + 1,
            action=ItemAction.ADD.value,
            offering=line.offering,
            agreement_line=line,
            quantity=quantity,
            monthly_price=line.price,
            one_off_price=line.one_off_price,
            address=address or order.address,
        )
        creating(item, actor=actor, under=Under(order, "change"))
        _add_up(order)
    return item


@transaction.atomic
def change_item(item: OrderItem, *, actor: Actor, version: int | None = None, **details: Any) -> OrderItem:
    """Correct quantity or address of an item of a draft; the price is the agreement's."""
    if unknown := sorted(set(details) - {"quantity", "address"}):
        raise TypeError(f"{', '.join(unknown)}: follows from the agreement")
    order = item.order
    with changing(order, actor=actor, verb="change"):
        _require_draft(order)
        with changing(item, actor=actor, version=version, under=Under(order, "change")):
            for name, value in details.items():
                setattr(item, name, value)
        _add_up(order)
    return item


@transaction.atomic
def remove_item(item: OrderItem, *, actor: Actor) -> OrderItem:
    """Take an item out of a draft."""
    order = item.order
    with changing(order, actor=actor, verb="change"):
        _require_draft(order)
        removing(item, actor=actor, under=Under(order, "change"))
        _add_up(order)
    return item


def _require_draft(order: ProductOrder) -> None:
    if order.state != OrderState.DRAFT:
        raise RuleBroken(_("This order is submitted; its items are no longer changed."))


def _add_up(order: ProductOrder) -> None:
    order.monthly_amount = sum((item.monthly_amount for item in items_of(order)), Decimal(0))
