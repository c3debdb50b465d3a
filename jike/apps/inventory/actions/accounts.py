"""Billing accounts are opened, renamed and closed."""

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jike.apps.customers.models import Customer
from jike.apps.inventory.models import Bill, BillingAccount, Product
from jike.apps.inventory.queries.numbers import next_number
from jike.apps.inventory.rules import AccountState, ProductState
from jike.foundation.audit import Under, changing, creating
from jike.foundation.errors import RuleBroken
from jike.foundation.scope import Actor

__all__ = ["account_for", "add_account", "change_account", "close_account"]


@transaction.atomic
def add_account(
    *,
    actor: Actor,
    customer: Customer,
    name: str = "",
    code: str = "",
    opened_on: dt.date | None = None,
    under: Under | None = None,
) -> BillingAccount:
    """Open a billing account for the customer, by default under the customer's name."""
    account = BillingAccount(
        customer=customer,
        name=name or customer.name,
        code=code or next_number("account"),
        opened_on=opened_on or timezone.localdate(),
    )
    return creating(account, actor=actor, under=under)


@transaction.atomic
def account_for(
    customer: Customer, *, actor: Actor, on: dt.date, under: Under | None = None
) -> BillingAccount:
    """Return the account to which the customer's new products are billed; open one where there is none."""
    Customer.objects.select_for_update(no_key=True).get(pk=customer.pk)
    rows = BillingAccount.objects.filter(customer=customer, state=AccountState.OPEN, removed_at=None)
    return rows.order_by("id").first() or add_account(
        actor=actor, customer=customer, opened_on=on, under=under
    )


@transaction.atomic
def change_account(
    account: BillingAccount, *, actor: Actor, version: int | None = None, **details: str
) -> BillingAccount:
    """Correct the account's name; code and customer stay."""
    if unknown := sorted(set(details) - {"name", "code", "customer", "opened_on"}):
        raise TypeError(f"{', '.join(unknown)}: not changed by hand")
    if details.get("customer", account.customer) != account.customer:
        raise RuleBroken(_("An account stays with its customer; open another one instead."))
    with changing(account, actor=actor, version=version):
        for name, value in details.items():
            setattr(account, name, value)
    return account


@transaction.atomic
def close_account(account: BillingAccount, *, actor: Actor, version: int | None = None) -> BillingAccount:
    """Close the account: nothing may be in service on it, and nothing owed."""
    with changing(account, actor=actor, verb="close", version=version):
        if account.state == AccountState.CLOSED:
            raise RuleBroken(_("This account is closed already."))
        running = Product.objects.filter(account=account, removed_at=None).exclude(
            state=ProductState.TERMINATED
        )
        if running.exists():
            raise RuleBroken(_("Products are still billed to this account; terminate them first."))
        if Bill.objects.filter(account=account, owed__gt=0, removed_at=None).exists():
            raise RuleBroken(_("Bills of this account are still unpaid."))
        account.state = AccountState.CLOSED.value
    return account
