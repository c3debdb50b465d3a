"""Bills with their lines, and which month comes next."""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from jike.apps.customers.models import Customer
from jike.apps.inventory.models import Bill, BillLine, BillMonth, ChargePeriod, Payment, Product
from jike.values.period import add_months, month_start

__all__ = [
    "Line",
    "MonthBilled",
    "billed_months",
    "bills_of",
    "last_billed_month",
    "lines_of",
    "months_to_bill",
    "next_month_to_bill",
    "payments_of",
    "periods_of",
]


SHOWN = 12


class Line(NamedTuple):
    """A line of a bill with the product it charges."""

    line: BillLine
    product: Product


class MonthBilled(NamedTuple):
    """A month with its bills: how many, what they ask for and what is still owed, in yuan."""

    month: dt.date
    bills: int
    amount: Decimal
    owed: Decimal


def bills_of(customer: Customer, *, months: int = 24) -> list[Bill]:
    """Return the bills of the customer's last ``months`` months, the newest first."""
    rows = Bill.objects.filter(customer=customer, removed_at=None).select_related("account")
    return list(rows.order_by("-month", "account_id")[:months])


def payments_of(customer: Customer, *, limit: int = 12) -> list[Payment]:
    """Return the customer's last payments, the newest first."""
    rows = Payment.objects.filter(customer=customer, removed_at=None)
    return list(rows.order_by("-received_on", "-id")[:limit])


def lines_of(bill: Bill) -> list[Line]:
    """Return the lines of a bill that the reader was allowed to fetch, the dearest first."""
    rows = BillLine.objects.filter(month=bill.month, customer=bill.customer_id, account=bill.account_id)
    lines = list(rows.order_by("-amount", "product_id", "kind"))
    products = Product.objects.select_related("offering").in_bulk({line.product_id for line in lines})
    return [Line(line, products[line.product_id]) for line in lines]


def periods_of(product: Product) -> Iterable[ChargePeriod]:
    """Return when the product ran at which amount, the last one first."""
    return ChargePeriod.objects.filter(product=product, removed_at=None).order_by("-starts_on", "-id")


def last_billed_month() -> dt.date | None:
    """Return the last month of which there are bills."""
    return Bill.objects.filter(removed_at=None).order_by("-month").values_list("month", flat=True).first()


def next_month_to_bill(today: dt.date) -> dt.date:
    """Return the month that is to be billed next: the one after the last billed, at most the one that ended last."""
    ended = add_months(month_start(today), -1)
    last = last_billed_month()
    return ended if last is None else min(add_months(last, 1), ended)


def months_to_bill(today: dt.date) -> list[dt.date]:
    """Return the months that may be billed or billed again, the last one first."""
    ended = add_months(month_start(today), -1)
    return [add_months(ended, -place) for place in range(SHOWN)]


def billed_months() -> list[MonthBilled]:
    """Return the last months billed, the newest first."""
    rows = BillMonth.objects.filter(bills__gt=0).order_by("-month")
    return [MonthBilled(*one) for one in rows.values_list("month", "bills", "amount", "owed")[:SHOWN]]
