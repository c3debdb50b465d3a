"""Who owes what since when: overdue bills by customer and age."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Min, QuerySet, Sum

from jike.apps.customers.models import Customer
from jike.apps.inventory.models import Bill
from jike.apps.inventory.rules import AGES, age_band, is_deeply_in_arrears

__all__ = ["Arrears", "ages_of", "arrears_of", "in_deep_arrears", "overdue"]


class Arrears(NamedTuple):
    """What is overdue (yuan), since when, and for how many days at the longest."""

    owed: Decimal
    since: dt.date | None
    days: int


def overdue(today: dt.date) -> QuerySet[Bill]:
    """Return the bills that should have been paid before ``today``."""
    return Bill.objects.filter(owed__gt=0, due_on__lt=today, removed_at=None)


def arrears_of(customer: Customer, *, today: dt.date) -> Arrears:
    """Return what the customer owes beyond the time allowed."""
    found = overdue(today).filter(customer=customer).aggregate(owed=Sum("owed"), since=Min("due_on"))
    since = found["since"]
    return Arrears(found["owed"] or Decimal(0), since, (today - since).days if since else 0)


def in_deep_arrears(customer: Customer, *, today: dt.date) -> bool:
    """Whether the customer owes so long and so much that it orders nothing new."""
    found = arrears_of(customer, today=today)
    if not found.owed:
        return False
    return is_deeply_in_arrears(found.owed, oldest_days=found.days, monthly=_ordinary_month(customer))


def ages_of(bills: Sequence[Bill], *, today: dt.date) -> list[Decimal]:
    """Return what is owed of ``bills`` in each band of ages, the youngest first."""
    bands = [Decimal(0)] * (len(AGES) + 1)
    for bill in bills:
        band = age_band(bill.due_on, today)
        if band is not None:
            bands[band] += bill.owed
    return bands


def _ordinary_month(customer: Customer) -> Decimal:
    """Return what the customer's last three bills came to on average, in yuan."""
    months = Bill.objects.filter(customer=customer, removed_at=None).values("month")
    sums = list(months.annotate(sum=Sum("amount")).order_by("-month").values_list("sum", flat=True)[:3])
    return sum(sums, Decimal(0)) / len(sums) if sums else Decimal(0)
