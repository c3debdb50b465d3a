"""What the step of rent brings about: a product goes into service, changes, pauses, goes on or ends."""

import datetime as dt

from jike.apps.inventory import actions as inventory
from jike.apps.ordering.models import OrderItem, ServiceTask
from jike.apps.ordering.rules import ItemAction
from jike.foundation.audit import Under, changing
from jike.foundation.scope import Actor

__all__ = ["take_effect"]


def take_effect(task: ServiceTask, *, actor: Actor, on: dt.date) -> None:
    """Let the task's item take effect on the day ``on``, by the right to work on the task."""
    item = OrderItem.objects.select_related("order__customer", "offering", "product").get(pk=task.item_id)
    under = Under(task, "change_state")
    if item.action == ItemAction.ADD:
        _activate(item, actor=actor, on=on, under=under)
        return
    if item.product is None:
        raise LookupError(f"item {item.pk} concerns no product")
    match ItemAction(item.action):
        case ItemAction.MODIFY:
            inventory.modify_product(
                item.product,
                actor=actor,
                on=on,
                quantity=item.quantity,
                monthly_price=item.monthly_price,
                under=under,
            )
        case ItemAction.SUSPEND:
            inventory.suspend_product(item.product, actor=actor, on=on, under=under)
        case ItemAction.RESUME:
            inventory.resume_product(item.product, actor=actor, on=on, under=under)
        case _:
            inventory.terminate_product(item.product, actor=actor, on=on, under=under)


def _activate(item: OrderItem, *, actor: Actor, on: dt.date, under: Under) -> None:
    order = item.order
    product = inventory.activate_product(
        actor=actor,
        customer=order.customer,
        offering=item.offering,
        on=on,
        under=under,
        agreement_line=item.agreement_line,
        quantity=item.quantity,
        monthly_price=item.monthly_price,
        one_off_price=item.one_off_price * item.quantity,
        address=item.address,
        owner=order.owner,
        unit=order.unit,
    )
    with changing(item, actor=actor, verb="activate", under=under):
        item.product = product
