"""The sums of a month's bills follow the bills: counted anew after a run, shifted by what a payment settles.

Whoever changes bills first changes them and then takes the month's row, so that a count sees either all of another
transaction's changes or none, and that transaction adds them afterwards.
"""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal

from django.db import connection

from jike.apps.inventory.models import BillMonth

__all__ = ["recount_months", "shift_owed"]

LOCK = "SELECT month FROM inventory_billmonth WHERE month = ANY(%s) ORDER BY month FOR UPDATE"
COUNT = """
UPDATE inventory_billmonth AS kept SET bills = told.bills, amount = told.amount, owed = told.owed
FROM (SELECT one.month, count(bill.id) AS bills, coalesce(sum(bill.amount), 0) AS amount,
             coalesce(sum(bill.owed), 0) AS owed
      FROM unnest(%s::date[]) AS one(month)
      LEFT JOIN inventory_bill AS bill ON bill.month = one.month AND bill.removed_at IS NULL
      GROUP BY one.month) AS told
WHERE kept.month = told.month AND (kept.bills, kept.amount, kept.owed) IS DISTINCT FROM
      (told.bills, told.amount, told.owed)"""


def recount_months(*months: dt.date) -> int:
    """Count the bills of these months anew, inside the caller's transaction; return how many sums were others."""
    rows = [BillMonth(month=month) for month in months]
    BillMonth.objects.bulk_create(rows, ignore_conflicts=True)
    with connection.cursor() as cursor:
        cursor.execute(LOCK, [list(months)])
        cursor.execute(COUNT, [list(months)])
        return int(cursor.rowcount)


def shift_owed(changes: Mapping[dt.date, Decimal]) -> None:
    """Add to what is owed of each month, inside the caller's transaction, which changed the bills before."""
    with connection.cursor() as cursor:
        cursor.execute(LOCK, [list(changes)])
        cursor.execute(
            "UPDATE inventory_billmonth AS kept SET owed = kept.owed + told.change"
            " FROM unnest(%s::date[], %s::numeric[]) AS told(month, change) WHERE kept.month = told.month",
            [list(changes), list(changes.values())],
        )
