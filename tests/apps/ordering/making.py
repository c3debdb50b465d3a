"""Making agreements, orders and how they are worked through, for tests."""

import datetime as dt
import itertools
from decimal import Decimal
from typing import Any

from jike.apps.customers.models import Customer
from jike.apps.ordering.actions import add_order, begin_step, finish_step, submit_order
from jike.apps.ordering.models import ProductOrder, ServiceTask
from jike.apps.ordering.rules import TaskState
from jike.apps.quoting.models import Agreement, AgreementLine
from jike.foundation.audit import creating
from jike.foundation.scope import Actor
from tests.apps.customers.making import a_customer
from tests.apps.inventory.making import an_offering
from tests.making import SYSTEM, a_person, a_unit

__all__ = ["MORNING", "a_served_customer", "an_agreement", "an_order", "at", "open_tasks", "work_through"]

MORNING = dt.datetime(2026, 3, 2, 1, tzinfo=dt.UTC)
"""Nine o'clock on a Monday in China."""
_count = itertools.count(1)


def at(days: float) -> dt.datetime:
    """Return a moment so many days after `MORNING`."""
    return MORNING + dt.timedelta(days=days)


def a_served_customer(**details: Any) -> Customer:
    """Make a customer who may order: with an account manager and a certificate."""
    unit = details.pop("unit", None) or a_unit()
    details.setdefault("owner", a_person(unit))
    return a_customer(unit=unit, certificate_number=f"Z{next(_count)}", **details)


def an_agreement(
    customer: Customer | None = None,
    *families: str,
    price: str = "1000.00",
    quantity: int = 1,
    **details: Any,
) -> Agreement:
    """Make an agreement in force from 2026 on, with a line for each family (a circuit, unless named)."""
    customer = customer or a_served_customer()
    given = {"starts_on": dt.date(2026, 1, 1), "ends_on": dt.date(2027, 12, 31), "state": "active", **details}
    agreement = Agreement(
        code=f"HT-T{next(_count)}",
        name="年度协议",
        customer=customer,
        owner=customer.owner,
        unit=customer.unit,
        signed_on=given["starts_on"],
        signatory="王总",
        **given,
    )
    creating(agreement, actor=SYSTEM)
    for place, family in enumerate(families or ("circuit",), start=1):
        line = AgreementLine(
            agreement=agreement,
            position=place,
            offering=an_offering(family),
            quantity=quantity,
            list_price=Decimal(price),
            price=Decimal(price),
            one_off_price=Decimal(0),
        )
        creating(line, actor=SYSTEM)
    return agreement


def an_order(agreement: Agreement | None = None, **details: Any) -> ProductOrder:
    """Make an order of everything in an agreement and submit it at `MORNING`."""
    order = add_order(actor=SYSTEM, agreement=agreement or an_agreement(), **details)
    return submit_order(order, actor=SYSTEM, at=MORNING)


def open_tasks(order: ProductOrder) -> list[ServiceTask]:
    """Return the steps that can begin."""
    return list(order.tasks.filter(state=TaskState.READY, removed_at=None).order_by("id"))


def work_through(order: ProductOrder, *, actor: Actor = SYSTEM, day: float = 1) -> ProductOrder:
    """Do every step, all of one kind on one day after the other."""
    while tasks := open_tasks(order):
        for task in tasks:
            begin_step(task, actor=actor, at=at(day))
            finish_step(task, actor=actor, at=at(day + 0.1))
        day += 1
    order.refresh_from_db()
    return order
