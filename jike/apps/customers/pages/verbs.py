"""Acts upon customers that ask for something first, each in a small dialog."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _

from jike.apps.customers import actions
from jike.apps.customers.models import Customer
from jike.foundation.pages.entry import PageRequest, page
from jike.foundation.pages.resources.dialogs import ask
from jike.foundation.resource.attributes import attribute_of
from jike.foundation.resource.editing import RecordForm
from jike.foundation.scope import fetch

__all__ = ["assign", "move"]


@page("GET", "POST", permission="customers.customer:assign")
def assign(request: PageRequest, uid: UUID) -> HttpResponse:
    """Ask for account manager and deputy, and assign what differs."""
    customer = fetch(Customer, uid, request.actor, action="assign", related=("owner", "deputy"))

    def act(given: dict[str, Any]) -> str:
        actions.assign(customer, actor=request.actor, owner=given["owner"], deputy=given["deputy"])
        return _("“%(name)s” is assigned.") % {"name": customer}

    return ask(request, customer, _form(request, customer, "owner", "deputy"), title=_("Assign"), act=act)


@page("GET", "POST", permission="customers.customer:move")
def move(request: PageRequest, uid: UUID) -> HttpResponse:
    """Ask under which customer this one lies, and move it there with everything below it."""
    customer = fetch(Customer, uid, request.actor, action="move", related=("parent",))

    def act(given: dict[str, Any]) -> str:
        actions.move_customer(customer, actor=request.actor, parent=given["parent"])
        return _("“%(name)s” has moved in its group.") % {"name": customer}

    return ask(request, customer, _form(request, customer, "parent"), title=_("Move in the group"), act=act)


def _form(request: PageRequest, customer: Customer, *names: str) -> RecordForm:
    attributes = [attribute_of(Customer, name) for name in names]
    initial = {name: getattr(customer, name) for name in names}
    return RecordForm(attributes, request.actor, data=request.POST or None, initial=initial)
