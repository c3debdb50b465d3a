"""Money comes in, and is taken back out where it was entered wrongly."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jike.apps.inventory.actions.figures import refresh_arrears
from jike.apps.inventory.actions.settlement import settle_accounts
from jike.apps.inventory.models import BillingAccount, Payment
from jike.apps.inventory.queries.numbers import next_number
from jike.apps.inventory.rules import PaymentState
from jike.foundation.audit import changing, creating
from jike.foundation.errors import Invalid, RuleBroken
from jike.foundation.jobs import defer
from jike.foundation.scope import Actor

__all__ = ["add_payment", "reverse_payment"]


@transaction.atomic
def add_payment(
    *,
    actor: Actor,
    account: BillingAccount,
    amount: Decimal,
    received_on: dt.date | None = None,
    **details: Any,
) -> Payment:
    """Take in a payment and settle the account's oldest bills with it; the same bank reference twice is refused."""
    day = received_on or timezone.localdate()
    if day > timezone.localdate():
        raise Invalid({"received_on": [_("This day lies ahead; say when the money came.")]})
    BillingAccount.objects.select_for_update(no_key=True).get(pk=account.pk)
    _refuse_double(account, details.get("reference", ""))
    payment = Payment(
        account=account,
        customer=account.customer,
        amount=amount,
        received_on=day,
        code=next_number("payment"),
        **details,
    )
    creating(payment, actor=actor)
    _settle(payment, actor=actor)
    return payment


@transaction.atomic
def reverse_payment(payment: Payment, *, actor: Actor, reason: str, version: int | None = None) -> Payment:
    """Take a wrongly entered payment out of the sums again; it stays in the books with the reason."""
    if not reason.strip():
        raise Invalid({"reason": [_("Say why the payment is reversed.")]})
    with changing(payment, actor=actor, verb="reverse", version=version):
        if payment.state == PaymentState.REVERSED:
            raise RuleBroken(_("This payment is reversed already."))
        payment.state, payment.reason = PaymentState.REVERSED.value, reason
    _settle(payment, actor=actor)
    return payment


def _refuse_double(account: BillingAccount, reference: str) -> None:
    if not reference:
        return
    same = Payment.objects.filter(
        account=account, reference=reference, state=PaymentState.RECEIVED, removed_at=None
    )
    if same.exists():
        raise Invalid({"reference": [_("A payment with this bank reference was entered already.")]})


def _settle(payment: Payment, *, actor: Actor) -> None:
    settle_accounts([payment.account_id], actor=actor)
    defer(refresh_arrears, key=f"arrears:{payment.customer_id}", customer=payment.customer_id)
