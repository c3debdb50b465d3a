"""What one needs to know of products, bills and payments."""

from jike.apps.inventory.queries.arrears import Arrears, ages_of, arrears_of, in_deep_arrears
from jike.apps.inventory.queries.bills import (
    MonthBilled,
    billed_months,
    bills_of,
    last_billed_month,
    lines_of,
    months_to_bill,
    next_month_to_bill,
    payments_of,
    periods_of,
)
from jike.apps.inventory.queries.numbers import next_number

__all__ = [
    "Arrears",
    "MonthBilled",
    "ages_of",
    "arrears_of",
    "billed_months",
    "bills_of",
    "in_deep_arrears",
    "last_billed_month",
    "lines_of",
    "months_to_bill",
    "next_month_to_bill",
    "next_number",
    "payments_of",
    "periods_of",
]
