"""Making products, accounts and what they hang on for tests, through the actions."""

import datetime as dt
import itertools
import threading
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from django.db import connection

from jike.apps.catalogue.models import ProductOffering, ProductSpecification
from jike.apps.customers.models import Customer
from jike.apps.inventory.actions import activate_product
from jike.apps.inventory.models import Product
from jike.foundation.audit import creating
from jike.foundation.errors import JikeError
from tests.apps.customers.making import a_customer
from tests.making import SYSTEM

__all__ = ["START", "a_product", "an_offering", "together"]

START = dt.date(2026, 1, 1)


_count = itertools.count(1)


def an_offering(family: str = "circuit", **details: Any) -> ProductOffering:
    """Make an offering that is on sale."""
    number = next(_count)
    names = {"name": f"互联网专线{number}号", "name_en": f"Internet line {number}"}
    specification = ProductSpecification(code=f"GG{number}", family=family, **names)
    creating(specification, actor=SYSTEM)
    given = {"state": "active", "unit_name": "条", "family": family, **details}
    offering = ProductOffering(code=f"SP{number}", specification=specification, **names, **given)
    return creating(offering, actor=SYSTEM)


def a_product(customer: Customer | None = None, *, price: str = "1000.00", **details: Any) -> Product:
    """Put a product into service, on the first day of 2026 unless another is named."""
    given = {"on": START, "quantity": 1, "monthly_price": Decimal(price), **details}
    given.setdefault("offering", None)
    given["offering"] = given["offering"] or an_offering()
    return activate_product(actor=SYSTEM, customer=customer or a_customer(), **given)


def together(*acts: Callable[[], object]) -> Sequence[Any]:
    """Run the acts at the same moment, each in a thread with a connection of its own; return results or refusals."""
    start, answers = threading.Barrier(len(acts)), [None] * len(acts)

    def run(place: int) -> None:
        start.wait(timeout=20)
        try:
            answers[place] = acts[place]()
        except JikeError as refusal:
            answers[place] = refusal
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return answers
