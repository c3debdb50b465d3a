"""What bills and payments say of each customer's month: the figures that `jike.apps.customers` keeps."""

import datetime as dt
from collections.abc import Collection
from decimal import Decimal
from typing import Any

from django.db import connection

from jike.values.period import add_months

__all__ = ["months_from_bills", "unsettled_accounts", "with_other_arrears"]

# What an account owed at an earlier day: what it owes now of the bills due by then, and what it has paid since, less
# what of that went to later bills or stands as credit.
OWING = """
    SELECT customer_id, sum(greatest(owed + later - elsewhere, 0)) AS arrears FROM (
        SELECT account.customer_id, account.id, coalesce(bills.owed, 0) AS owed, coalesce(since.later, 0) AS later,
               coalesce(bills.elsewhere, 0) + account.credit AS elsewhere
        FROM inventory_billingaccount AS account
        LEFT JOIN (SELECT account_id, sum(owed) FILTER (WHERE due_on < %(due_before)s) AS owed,
                          sum(paid) FILTER (WHERE due_on >= %(due_before)s) AS elsewhere
                   FROM inventory_bill WHERE (owed > 0 OR due_on >= %(due_before)s) AND removed_at IS NULL
                     AND (%(all)s OR customer_id = ANY(%(customers)s))
                   GROUP BY account_id) AS bills ON bills.account_id = account.id
        LEFT JOIN (SELECT account_id, sum(amount) AS later FROM inventory_payment
                   WHERE received_on > %(until)s AND state = 'received' AND removed_at IS NULL
                     AND (%(all)s OR customer_id = ANY(%(customers)s))
                   GROUP BY account_id) AS since ON since.account_id = account.id
        WHERE bills.owed > 0 OR since.later > 0
    ) AS one GROUP BY customer_id"""

MONTHS = f"""
WITH brought AS (
    SELECT customer_id, sum(amount) AS revenue, count(*) FILTER (WHERE kind = 'monthly') AS lines
    FROM inventory_billline WHERE month = %(month)s AND (%(all)s OR customer_id = ANY(%(customers)s))
    GROUP BY customer_id
), owing AS ({OWING})
SELECT customer_id, coalesce(revenue, 0), coalesce(arrears, 0), coalesce(lines, 0)
FROM (SELECT DISTINCT customer_id FROM inventory_billingaccount
      WHERE opened_on < %(after)s AND removed_at IS NULL AND (%(all)s OR customer_id = ANY(%(customers)s))) AS one
LEFT JOIN brought USING (customer_id) LEFT JOIN owing USING (customer_id)"""  # noqa: S608  only constants

OTHER = f"""
WITH owing AS ({OWING})
SELECT customer_id FROM owing
FULL JOIN (SELECT customer_id, arrears AS noted FROM customers_customermonth WHERE month = %(month)s) AS month
    USING (customer_id)
WHERE coalesce(arrears, 0) <> coalesce(noted, 0)"""  # noqa: S608  only constants of this module

UNSETTLED = """
SELECT account.id FROM inventory_billingaccount AS account
WHERE credit > 0 AND (%(all)s OR customer_id = ANY(%(customers)s)) AND EXISTS (
    SELECT FROM inventory_bill AS bill WHERE bill.account_id = account.id AND owed > 0 AND removed_at IS NULL)"""


def months_from_bills(
    month: dt.date, *, today: dt.date, last: bool, customers: Collection[int] | None = None
) -> list[tuple[int, dt.date, Decimal, Decimal, int]]:
    """Return (customer, month, revenue, arrears, lines) of the customers with an account; amounts in yuan.

    Parameters
    ----------
    last
        Whether this is the last month billed: then arrears are those of ``today``, else those of the month's end.
    customers
        Ids to look at; None for all.
    """
    return [
        (number, month, revenue, arrears, lines)
        for number, revenue, arrears, lines in _rows(MONTHS, _values(month, today, customers, last=last))
    ]


def with_other_arrears(month: dt.date, *, today: dt.date) -> list[int]:
    """Return the customers whose noted arrears of the last month differ from what they owe today."""
    return [number for (number,) in _rows(OTHER, _values(month, today, None, last=True))]


def unsettled_accounts(customers: Collection[int] | None = None) -> list[int]:
    """Return the accounts that have both credit and an unpaid bill, as may happen when two were made at once."""
    values = {"all": customers is None, "customers": list(customers or ())}
    return [number for (number,) in _rows(UNSETTLED, values)]


def _values(
    month: dt.date, today: dt.date, customers: Collection[int] | None, *, last: bool
) -> dict[str, Any]:
    after = add_months(month, 1)
    return {
        "month": month,
        "after": after,
        "due_before": today if last else after,
        "until": today if last else after - dt.timedelta(days=1),
        "all": customers is None,
        "customers": list(customers or ()),
    }


def _rows(statement: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()
