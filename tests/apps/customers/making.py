"""Making customers and key persons for tests, through their actions."""

import itertools
from typing import Any

from jike.apps.customers.actions import add_customer, add_key_person
from jike.apps.customers.models import Customer, KeyPerson
from jike.apps.organisation.models import Unit
from jike.values.rights import Breadth
from tests.making import SYSTEM, a_unit

_count = itertools.count(1)

MANAGER = dict.fromkeys(
    (
        *(f"customers.customer:{action}" for action in ("view", "add", "change", "change_state", "move")),
        *(f"customers.keyperson:{action}" for action in ("view", "add", "change", "remove", "reveal")),
    ),
    Breadth.OWN,
)
"""What an account manager may do with their own customers."""
HEAD = {**dict.fromkeys(MANAGER, Breadth.BELOW)} | dict.fromkeys(
    (f"customers.customer:{action}" for action in ("assign", "grade", "remove")), Breadth.BELOW
)
"""What a head may do with the customers of their units."""


def a_customer(name: str = "", *, unit: Unit | None = None, **details: Any) -> Customer:
    """Make a customer, in a unit of its own unless one is named."""
    name = name or f"青禾实业{next(_count)}有限公司"
    return add_customer(actor=SYSTEM, name=name, unit=unit or a_unit(), **details)


def a_key_person(customer: Customer, name: str = "", **details: Any) -> KeyPerson:
    """Make a key person of ``customer``."""
    return add_key_person(actor=SYSTEM, customer=customer, name=name or f"李{next(_count)}", **details)
