"""Customers' monthly figures follow from the bills: revenue, arrears and lines, set-wise for all or for some."""

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jike.apps.customers.actions import Month, replace_month
from jike.apps.inventory.actions.settlement import settle_accounts
from jike.apps.inventory.queries.bills import last_billed_month
from jike.apps.inventory.queries.figures import months_from_bills, unsettled_accounts, with_other_arrears
from jike.foundation.jobs import job
from jike.foundation.scope import Actor, system_actor

__all__ = ["refresh_all_arrears", "refresh_arrears", "refresh_figures"]


@transaction.atomic
def refresh_figures(
    month: dt.date, *, actor: Actor, today: dt.date | None = None, refresh: bool = True
) -> int:
    """Bring every customer's figures of ``month`` up to its bills; return how many customers have any.

    With ``refresh`` false the columns on the customers wait, for makers who do many months in a row.
    """
    day = today or timezone.localdate()
    settle_accounts(unsettled_accounts(), actor=actor)
    found = months_from_bills(month, today=day, last=month == last_billed_month())
    return replace_month(month, [Month(*one) for one in found], actor=actor, refresh=refresh)


@job("inventory.refresh_arrears", label=_("Bring a customer's arrears up to its payments"))
def refresh_arrears(customer: int) -> None:
    """Bring what one customer owes up to date after a payment; run twice it changes nothing."""
    _refresh_some([customer])


@job("inventory.refresh_all_arrears", label=_("Bring arrears up to date"), cron="20 3 * * *")
def refresh_all_arrears() -> None:
    """Let bills that became overdue count as arrears, each night."""
    if (month := last_billed_month()) is not None:
        _refresh_some(with_other_arrears(month, today=timezone.localdate()))


def _refresh_some(customers: list[int]) -> None:
    month = last_billed_month()
    if month is None or not customers:
        return
    with transaction.atomic():
        actor = system_actor("inventory.refresh_arrears")
        settle_accounts(unsettled_accounts(customers), actor=actor)
        found = months_from_bills(month, today=timezone.localdate(), last=True, customers=customers)
        replace_month(month, [Month(*one) for one in found], actor=actor, customers=customers)
