"""What customers brought month by month, and the figures that follow from it for all of them at once."""

import datetime as dt
from collections.abc import Collection, Iterator
from decimal import Decimal
from typing import Any

from django.db import connection, transaction

from jike.apps.customers.models import Customer, CustomerMonth
from jike.apps.customers.rules import health
from jike.values.period import add_months

__all__ = ["FIGURES", "TREND", "customer_months", "figures", "latest_month", "unknown_customers"]

TREND = 12
FIGURES = ("id", "monthly_revenue", "revenue_trend", "arrears", "lines", "health", "health_reasons")
"""The columns of `figures`; all but the first are refreshed on Customer."""
PIECE = 2000

# A month without a row counts as nothing billed, and who has figures is asked even when all months went, so that nobody
# keeps an old figure.
ROWS = """
    SELECT customer_id, array_agg(coalesce(fact.revenue, 0) ORDER BY month),
           array_agg(coalesce(fact.lines, 0) ORDER BY month),
           coalesce((array_agg(fact.arrears ORDER BY month DESC) FILTER (WHERE fact.arrears IS NOT NULL))[1], 0)
    FROM (SELECT DISTINCT customer_id FROM customers_customermonth
          WHERE %(all)s OR customer_id = ANY(%(customers)s)
          UNION SELECT id FROM customers_customer
          WHERE revenue_trend <> '{}' AND (%(all)s OR id = ANY(%(customers)s))) AS one
    CROSS JOIN (SELECT generate_series(%(first)s::date, %(last)s::date, interval '1 month')::date AS month) AS calendar
    LEFT JOIN customers_customermonth AS fact USING (customer_id, month)
    GROUP BY customer_id"""


def customer_months(customer: Customer, *, months: int = 24) -> list[CustomerMonth]:
    """Return the last ``months`` months of a customer that the reader was allowed to fetch, the oldest first."""
    return list(CustomerMonth.objects.filter(customer=customer).order_by("-month")[:months])[::-1]


def latest_month() -> dt.date | None:
    """Return the last month of which anything was loaded."""
    return CustomerMonth.objects.order_by("-month").values_list("month", flat=True).first()


def figures(last: dt.date, *, customers: Collection[int] | None = None) -> Iterator[tuple[Any, ...]]:
    """Return per customer with months the values of `FIGURES` at the end of ``last``, ready for the database.

    With ``customers`` only of those ids.
    """
    window: dict[str, Any] = {"first": add_months(last, 1 - TREND), "last": last}
    window |= {"all": customers is None, "customers": list(customers or ())}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"DECLARE customer_figures CURSOR FOR {ROWS}", window)
        while rows := _piece(cursor):
            for number, revenue, lines, arrears in rows:
                yield _figures(number, revenue, lines, arrears=arrears)
        cursor.execute("CLOSE customer_figures")


def _piece(cursor: Any) -> list[tuple[Any, ...]]:
    cursor.execute(f"FETCH {PIECE} FROM customer_figures")
    return cursor.fetchall()


def _figures(number: int, revenue: list[Decimal], lines: list[int], *, arrears: Decimal) -> tuple[Any, ...]:
    found = health(revenue, lines, arrears)
    trend = "{" + ",".join(map(str, revenue)) + "}"
    return number, revenue[-1], trend, arrears, lines[-1], found.score, "{" + ",".join(found.reasons) + "}"


def unknown_customers(numbers: set[int]) -> set[int]:
    """Return those of ``numbers`` that no customer has."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT number FROM unnest(%s::bigint[]) AS given(number)"
            " WHERE NOT EXISTS (SELECT FROM customers_customer WHERE id = number)",
            [list(numbers)],
        )
        return {number for (number,) in cursor.fetchall()}
