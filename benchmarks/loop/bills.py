"""A month of bills for all products at once: the first run, and the run that finds nothing to correct."""

import datetime as dt
import time
from decimal import Decimal

from django.db import connection, transaction

from benchmarks.ground.run import Report
from jike.apps.customers.actions import add_customer
from jike.apps.inventory.actions import BillRun, activate_product, run_month
from tests.apps.inventory.making import an_offering
from tests.making import SYSTEM, a_unit

START, MONTH = dt.date(2025, 1, 15), dt.date(2025, 2, 1)
GOAL_SECONDS = 180
EACH = 3
"""Products of a customer."""

# Copies of the one row that the actions made, so that every column is as they leave it.
COPIES = (
    ("customers_customer", {"code": "'B' || n", "name": "'B' || n", "name_key": "'B' || n"}, EACH),
    ("inventory_billingaccount", {"code": "'B' || n", "customer_id": "first.customer + n"}, EACH),
    (
        "inventory_product",
        {
            "code": "'B' || n",
            "customer_id": f"first.customer + (n + {EACH - 1}) / {EACH}",
            "account_id": f"first.account + (n + {EACH - 1}) / {EACH}",
            "monthly_amount": "100 + n % 997",
        },
        1,
    ),
    ("inventory_chargeperiod", {"product_id": "first.product + n", "monthly_amount": "100 + n % 997"}, 1),
)


def measure(report: Report, *, products: int) -> None:
    """Make the products set-wise, and bill a month twice."""
    _make(products)
    _timed(report, "bills of a month, first run")
    again = _timed(report, "bills of a month, run again")
    if again.written or again.lines != products + 1:
        raise RuntimeError(f"the second run wrote {again.written} rows of {again.lines} lines")


def _timed(report: Report, name: str) -> BillRun:
    begun = time.perf_counter()
    run = run_month(MONTH, actor=SYSTEM)
    seconds = round(time.perf_counter() - begun, 1)
    report.figure(name, seconds, "s", goal=GOAL_SECONDS, higher_is_better=False)
    return run


@transaction.atomic
def _make(products: int) -> None:
    customer = add_customer(actor=SYSTEM, name="B0", unit=a_unit())
    first = activate_product(
        actor=SYSTEM,
        customer=customer,
        offering=an_offering(),
        on=START,
        quantity=1,
        monthly_price=Decimal(100),
    )
    numbers = {"customer": customer.pk, "account": first.account_id, "product": first.pk}
    places = ", ".join(f"{number} AS {name}" for name, number in numbers.items())
    with connection.cursor() as cursor:
        for table, changed, each in COPIES:
            cursor.execute(
                "SELECT column_name FROM information_schema.columns WHERE table_name = %s ORDER BY ordinal_position",
                [table],
            )
            own = {"id": "one.id + n", "uid": "gen_random_uuid()", **changed}
            columns = [name for (name,) in cursor.fetchall()]
            values = ", ".join(own.get(name, f"one.{name}") for name in columns)
            quoted = ", ".join(f'"{name}"' for name in columns)
            cursor.execute(
                f"INSERT INTO {table} ({quoted}) SELECT {values}"
                f" FROM (SELECT * FROM {table} ORDER BY id LIMIT 1) AS one,"
                f" (SELECT {places}) AS first, generate_series(1, {-(-products // each)}) AS n"
            )
            cursor.execute(f"ANALYZE {table}")
