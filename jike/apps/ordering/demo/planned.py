"""What planning the demo's deliveries yields and storing takes: orders with items, and products with what they cost."""

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal

from jike.apps.ordering.demo.course import Course
from jike.apps.ordering.rules import ItemAction
from jike.apps.organisation.models import Person
from jike.apps.quoting.models import Agreement, AgreementLine

__all__ = ["PlannedItem", "PlannedOrder", "PlannedProduct"]


@dataclass
class PlannedProduct:
    """A product that came of an order: its charge periods (from, until before, monthly amount) and its state."""

    agreement: Agreement
    line: AgreementLine
    started: dt.date
    quantity: int
    price: Decimal
    address: str
    periods: list[tuple[dt.date, dt.date | None, Decimal]]
    state: str = "active"
    since: dt.date = dt.date.min
    code: str = ""


@dataclass
class PlannedItem:
    """An item with its steps, and the product that it brings about or changes."""

    action: ItemAction
    line: AgreementLine
    quantity: int
    price: Decimal
    course: Course
    product: PlannedProduct | None = None


@dataclass
class PlannedOrder:
    """An order to be stored."""

    agreement: Agreement
    submitted: dt.datetime
    deliverer: Person | None
    items: list[PlannedItem] = field(default_factory=list)
    address: str = ""
    remark: str = ""
    code: str = ""
