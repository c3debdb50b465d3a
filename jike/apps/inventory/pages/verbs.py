"""Acts upon accounts and payments that ask for something first, each in a small dialog."""

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext as _

from jike.apps.inventory import actions
from jike.apps.inventory.models import BillingAccount, Payment
from jike.foundation.pages.entry import PageRequest, page
from jike.foundation.pages.resources.dialogs import ask
from jike.foundation.resource.attributes import attribute_of
from jike.foundation.resource.editing import RecordForm
from jike.foundation.scope import fetch

__all__ = ["close_account", "reverse_payment"]


@page("GET", "POST", permission="inventory.billingaccount:close")
def close_account(request: PageRequest, uid: UUID) -> HttpResponse:
    """Close an account on which nothing runs and nothing is owed."""
    account = fetch(BillingAccount, uid, request.actor, action="close", related=("customer",))

    def act(given: dict[str, Any]) -> str:
        actions.close_account(account, actor=request.actor)
        return _("“%(name)s” is closed.") % {"name": account}

    return ask(
        request,
        account,
        forms.Form(request.POST if request.method == "POST" else None),
        title=_("Close the account"),
        act=act,
    )


@page("GET", "POST", permission="inventory.payment:reverse")
def reverse_payment(request: PageRequest, uid: UUID) -> HttpResponse:
    """Ask why, and take the payment out of the sums."""
    payment = fetch(Payment, uid, request.actor, action="reverse", related=("customer", "account"))
    form = RecordForm(
        [attribute_of(Payment, "reason")],
        request.actor,
        data=request.POST if request.method == "POST" else None,
    )

    def act(given: dict[str, Any]) -> str:
        actions.reverse_payment(payment, actor=request.actor, reason=given["reason"])
        return _("Payment %(code)s is reversed.") % {"code": payment.code}

    return ask(request, payment, form, title=_("Reverse the payment"), act=act)
