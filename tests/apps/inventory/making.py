"""Making products, accounts and what they hang on for tests, through the actions."""

import datetime as dt
import itertools
from decimal import Decimal
from typing import Any

from jike.apps.catalogue.models import ProductOffering, ProductSpecification
from jike.apps.customers.models import Customer
from jike.apps.inventory.actions import activate_product
from jike.apps.inventory.models import Product
from jike.foundation.audit import creating
from tests.apps.customers.making import a_customer
from tests.making import SYSTEM

__all__ = ["START", "a_product", "an_offering"]

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
