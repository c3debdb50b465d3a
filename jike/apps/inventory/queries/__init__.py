"""What one needs to know of products, bills and payments."""

from jike.apps.inventory.queries.arrears import Arrears, ages_of, arrears_of, in_deep_arrears
from jike.apps.inventory.queries.bills import (
    bills_of,
    last_billed_month,
    lines_of,
    next_month_to_bill,
    periods_of,
)
from jike.apps.inventory.queries.numbers import next_number

__all__ = [
    "Arrears",
    "ages_of",
    "arrears_of",
    "bills_of",
    "in_deep_arrears",
    "last_billed_month",
    "lines_of",
    "next_month_to_bill",
    "next_number",
    "periods_of",
]
