"""Acts upon orders, their items and, by an order, upon products; each asks for what it needs in a small dialog."""

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from jike.apps.inventory.models import Product
from jike.apps.ordering import actions
from jike.apps.ordering.models import OrderItem, ProductOrder
from jike.apps.ordering.rules import ItemAction
from jike.foundation.models import Record
from jike.foundation.pages.entry import PageRequest, page
from jike.foundation.pages.resources.dialogs import ask
from jike.foundation.resource.attributes import attribute_of
from jike.foundation.resource.editing import RecordForm
from jike.foundation.scope import fetch

__all__ = [
    "cancel",
    "change_item",
    "escalate",
    "modify",
    "remove_item",
    "resume",
    "submit",
    "suspend",
    "terminate",
]

ADD = "ordering.productorder:add"


def _form(request: PageRequest, row: Record, *names: str, start: bool = False) -> RecordForm:
    attributes = [attribute_of(type(row), name) for name in names]
    initial = {name: getattr(row, name) for name in names} if start else {}
    return RecordForm(
        attributes, request.actor, data=request.POST if request.method == "POST" else None, initial=initial
    )


@page("GET", "POST", permission="ordering.productorder:submit")
def submit(request: PageRequest, uid: UUID) -> HttpResponse:
    """Check the order and begin it."""
    order = fetch(ProductOrder, uid, request.actor, action="submit", related=("customer", "agreement"))

    def act(given: dict[str, Any]) -> str:
        actions.submit_order(order, actor=request.actor)
        return _("Order %(code)s is under way, promised for %(day)s.") % {
            "code": order.code,
            "day": order.promised_on,
        }

    return ask(
        request,
        order,
        forms.Form(request.POST if request.method == "POST" else None),
        title=_("Submit the order"),
        act=act,
    )


@page("GET", "POST", permission="ordering.productorder:cancel")
def cancel(request: PageRequest, uid: UUID) -> HttpResponse:
    """Ask why, and cancel the order."""
    order = fetch(ProductOrder, uid, request.actor, action="cancel", related=("customer",))

    def act(given: dict[str, Any]) -> str:
        actions.cancel_order(order, actor=request.actor, reason=given["reason"])
        return _("Order %(code)s is cancelled.") % {"code": order.code}

    return ask(request, order, _form(request, order, "reason"), title=_("Cancel the order"), act=act)


@page("GET", "POST", permission="ordering.productorder:escalate")
def escalate(request: PageRequest, uid: UUID) -> HttpResponse:
    """Ask what is expected, and watch the order."""
    order = fetch(ProductOrder, uid, request.actor, action="escalate", related=("customer", "owner"))
    form = forms.Form(request.POST if request.method == "POST" else None)
    form.fields["escalation"] = forms.CharField(
        label=_("What is expected, and until when"), max_length=200, required=True
    )

    def act(given: dict[str, Any]) -> str:
        actions.escalate_order(order, actor=request.actor, reason=given["escalation"])
        return _("You watch order %(code)s; the people at work are told.") % {"code": order.code}

    return ask(request, order, form, title=_("Escalate"), act=act)


@page("GET", "POST", permission="ordering.productorder:change")
def change_item(request: PageRequest, uid: UUID) -> HttpResponse:
    """Ask for quantity and address of an item of a draft."""
    item = fetch(OrderItem, uid, request.actor, related=("order", "offering"))

    def act(given: dict[str, Any]) -> str:
        actions.change_item(item, actor=request.actor, **given)
        return _("Item %(item)s is changed.") % {"item": item}

    form = _form(request, item, "quantity", "address", start=True)
    return ask(request, item.order, form, title=_("Change the item"), act=act)


@page("GET", "POST", permission="ordering.productorder:change")
def remove_item(request: PageRequest, uid: UUID) -> HttpResponse:
    """Take an item out of a draft."""
    item = fetch(OrderItem, uid, request.actor, related=("order", "offering"))

    def act(given: dict[str, Any]) -> str:
        actions.remove_item(item, actor=request.actor)
        return _("Item %(item)s is taken out.") % {"item": item}

    return ask(
        request,
        item.order,
        forms.Form(request.POST if request.method == "POST" else None),
        title=_("Take out the item"),
        act=act,
    )


@page("GET", "POST", permission=ADD)
def modify(request: PageRequest, uid: UUID) -> HttpResponse:
    """Ask for quantity and price, and order the change."""
    names = ("quantity", "monthly_price")
    return _order_change(request, uid, ItemAction.MODIFY, title=_("Order a change"), names=names)


@page("GET", "POST", permission=ADD)
def suspend(request: PageRequest, uid: UUID) -> HttpResponse:
    """Order that the product be suspended."""
    return _order_change(request, uid, ItemAction.SUSPEND, title=_("Order suspension"))


@page("GET", "POST", permission=ADD)
def resume(request: PageRequest, uid: UUID) -> HttpResponse:
    """Order that the product go on."""
    return _order_change(request, uid, ItemAction.RESUME, title=_("Order resumption"))


@page("GET", "POST", permission=ADD)
def terminate(request: PageRequest, uid: UUID) -> HttpResponse:
    """Order that the product end."""
    return _order_change(request, uid, ItemAction.TERMINATE, title=_("Order termination"))


def _order_change(
    request: PageRequest,
    uid: UUID,
    action: ItemAction,
    *,
    title: str | Promise,
    names: tuple[str, ...] = (),
) -> HttpResponse:
    product = fetch(
        Product,
        uid,
        request.actor,
        action="change",
        related=("customer", "offering", "owner", "unit", "agreement_line__agreement"),
    )
    form = _form(request, product, *names, start=True)
    form.fields["remark"] = forms.CharField(label=_("Remark"), max_length=500, required=False)

    def act(given: dict[str, Any]) -> str:
        order = actions.order_change(product, actor=request.actor, action=action, **given)
        return _("Order %(code)s is under way, promised for %(day)s.") % {
            "code": order.code,
            "day": order.promised_on,
        }

    return ask(request, product, form, title=title, act=act)
