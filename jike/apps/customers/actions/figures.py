"""Months are loaded, and the figures that follow from them refreshed on all customers at once."""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator
from decimal import Decimal
from typing import NamedTuple

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from jike.apps.customers.models import Customer, CustomerMonth
from jike.apps.customers.queries.months import FIGURES, figures, latest_month, unknown_customers
from jike.foundation.audit import load_ledger, maintain_columns
from jike.foundation.errors import RuleBroken
from jike.foundation.scope import Actor, require_permission

__all__ = ["Month", "load_months", "refresh_figures", "replace_month"]

COLUMNS = ("customer_id", "month", "revenue", "arrears", "lines")
PERMISSION = "customers.customer:load_figures"


class Month(NamedTuple):
    """What a customer brought in the month that begins on ``month``; amounts in yuan."""

    customer: int
    month: dt.date
    revenue: Decimal
    arrears: Decimal
    lines: int


@transaction.atomic
def load_months(months: Iterable[Month], *, actor: Actor, refresh: bool = True) -> int:
    """Load a batch of months, each of which must be new, and refresh the figures; return how many were loaded."""
    seen: set[int] = set()
    try:
        with transaction.atomic():
            _batch, count = load_ledger(
                CustomerMonth, COLUMNS, _noting(months, seen), actor=actor, permission=PERMISSION
            )
    except IntegrityError as error:
        sentence = _(
            "Nothing was loaded: a month of some customer was loaded before, or does not begin on a first day."
        )
        raise RuleBroken(sentence) from error
    if strangers := unknown_customers(seen):
        sentence = _(
            "Nothing was loaded: %(count)s customers of the batch are unknown, among them number %(first)s."
        )
        raise RuleBroken(sentence % {"count": len(strangers), "first": min(strangers)})
    if refresh and count:
        refresh_figures(actor=actor)
    return count


@transaction.atomic
def replace_month(
    month: dt.date,
    months: Iterable[Month],
    *,
    actor: Actor,
    customers: Collection[int] | None = None,
    refresh: bool = True,
) -> int:
    """Load ``month`` anew in place of what was known of it, of all customers or of those with these ids."""
    require_permission(actor, PERMISSION)
    known = CustomerMonth.objects.filter(month=month)
    (known if customers is None else known.filter(customer_id__in=list(customers))).delete()
    count = load_months(months, actor=actor, refresh=False)
    if refresh:
        refresh_figures(actor=actor, customers=customers)
    return count


@transaction.atomic
def refresh_figures(*, actor: Actor, customers: Collection[int] | None = None) -> int:
    """Bring the figures of all customers, or of those with these ids, up to the last loaded month.

    Returns
    -------
    int
        How many customers changed.
    """
    last = latest_month()
    if last is None:
        return 0
    found = figures(last, customers=customers)
    return maintain_columns(Customer, FIGURES, found, actor=actor, permission=PERMISSION)


def _noting(months: Iterable[Month], seen: set[int]) -> Iterator[Month]:
    for one in months:
        seen.add(one.customer)
        yield one
