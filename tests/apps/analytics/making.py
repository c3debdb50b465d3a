"""Making customers with months, so that they show signs of danger."""

import datetime as dt
from decimal import Decimal

from jike.apps.customers.actions import Month, change_state, load_months
from jike.apps.customers.models import Customer
from jike.apps.organisation.models import Person, Unit
from jike.values.period import add_months
from tests.apps.customers.making import a_customer
from tests.making import SYSTEM, a_person, a_unit

LAST = dt.date(2026, 10, 1)


def a_served_customer(
    *, unit: Unit | None = None, owner: Person | None = None, revenue: str = "1000", **details: object
) -> Customer:
    """Make an active customer with an account manager; its months are loaded by `billed`."""
    place = unit or a_unit()
    manager = owner or a_person(place)
    customer = a_customer(
        unit=place, owner=manager, certificate_number=f"C{place.pk}-{revenue}-{manager.pk}", **details
    )
    return change_state(customer, actor=SYSTEM, state="active")


def billed(*rows: tuple[Customer, list[str], str]) -> None:
    """Load the last months of customers: (customer, revenue month by month, arrears at the end)."""
    months = []
    for customer, amounts, arrears in rows:
        for place, amount in enumerate(reversed(amounts)):
            owed = Decimal(arrears) if place == 0 else Decimal(0)
            months.append(Month(customer.pk, add_months(LAST, -place), Decimal(amount), owed, 5))
    load_months(months, actor=SYSTEM)
    for customer, _amounts, _arrears in rows:
        customer.refresh_from_db()
