"""24 months of the demo's bills, how they were paid, and the customers' figures that follow from them."""

import datetime as dt
from collections.abc import Callable, Iterator
from decimal import Decimal
from random import Random
from typing import Any

from django.db import transaction
from django.utils import timezone

from jike.apps.inventory.actions import refresh_figures, run_month
from jike.apps.inventory.actions.settlement import settle_accounts
from jike.apps.inventory.models import Bill, BillingAccount, Payment
from jike.apps.inventory.queries.numbers import numbers
from jike.apps.inventory.rules import PaymentMethod
from jike.apps.ordering.demo.storing import ACTOR, create
from jike.values.period import add_months, month_start

__all__ = ["MONTHS", "make_bills"]

SEED = 20261102
MONTHS = 24
DAY = dt.timedelta(days=1)
HABITS = (("prompt", 74), ("late", 17), ("partly", 5), ("stopped", 4))
STOPPED = 7
"""So many months ago those who stopped paying paid last."""
Advance = Callable[[int], None]


@transaction.atomic
def make_bills(advance: Advance) -> None:
    """Bill the last 24 months in their order, take in what was paid, and let customers' figures follow."""
    today = timezone.localdate()
    last = add_months(month_start(today), -1)
    months = [add_months(last, place + 1 - MONTHS) for place in range(MONTHS)]
    for month in months:
        run_month(month, actor=ACTOR, today=today)
    if not Payment.objects.exists():
        _pay(today)
    for month in months:
        refresh_figures(month, actor=ACTOR, today=today, refresh=month == last)
        advance(1)


def _pay(today: dt.date) -> None:
    random = Random(SEED)  # noqa: S311 — invented data, nothing secret
    rows: list[dict[str, Any]] = []
    for account in BillingAccount.objects.order_by("id"):
        habit = random.choices([name for name, _ in HABITS], [share for _, share in HABITS])[0]
        method = random.choice((PaymentMethod.TRANSFER, PaymentMethod.COLLECTION, PaymentMethod.ONLINE))
        bills = Bill.objects.filter(account=account, amount__gt=0).order_by("month")
        for day, amount in _payments(random, habit, list(bills), today=today):
            rows.append(
                {
                    "account_id": account.pk,
                    "customer_id": account.customer_id,
                    "amount": amount,
                    "received_on": day,
                    "method": method.value,
                    "reference": f"{day:%Y%m%d}{random.randrange(10**6):06}",
                }
            )
    rows.sort(key=lambda row: row["received_on"])
    for row, code in zip(rows, numbers("payment", len(rows)), strict=True):
        row["code"] = code
    create(Payment, rows)
    settle_accounts(list(BillingAccount.objects.values_list("pk", flat=True)), actor=ACTOR)


def _payments(
    random: Random, habit: str, bills: list[Bill], *, today: dt.date
) -> Iterator[tuple[dt.date, Decimal]]:
    """Yield the days on which an account of that habit paid how much, none of them to come."""
    for bill in bills:
        months = (today.year - bill.month.year) * 12 + today.month - bill.month.month
        if habit == "stopped" and months <= STOPPED:
            return
        delay = random.randrange(4, 24) if habit != "late" else random.randrange(20, 75)
        day = add_months(bill.month, 1) + delay * DAY
        amount = bill.amount
        if habit == "partly" and months <= 3:
            amount = (bill.amount / 2).quantize(Decimal("0.01"))
        if day <= today and amount:
            yield day, amount
