"""Customers and key persons for the tests of search, made through the write gate."""

import itertools

from jike.apps.customers.models import Customer, KeyPerson
from jike.apps.organisation.models import Person, Unit
from jike.foundation.audit import creating
from jike.foundation.scope import Actor
from jike.foundation.search.finding import find
from jike.values.rights import Breadth
from tests.making import SYSTEM, someone_with

SEEING = ("customers.customer:view", "customers.keyperson:view")
_count = itertools.count(1)


def a_customer(name: str, unit: Unit, **fields: object) -> Customer:
    """Make a customer looked after by ``unit``."""
    return creating(Customer(code=f"K{next(_count):06}", name=name, unit=unit, **fields), actor=SYSTEM)


def a_key_person(name: str, customer: Customer, **fields: object) -> KeyPerson:
    """Make somebody at the customer."""
    return creating(KeyPerson(customer=customer, name=name, **fields), actor=SYSTEM)


def a_seeker(unit: Unit, *further: str, breadth: Breadth = Breadth.TEAM) -> Actor:
    """Return somebody who sees customers and key persons of that unit."""
    return someone_with(dict.fromkeys((*SEEING, *further), breadth), at=unit)[1]


def an_owner(unit: Unit) -> tuple[Person, Actor]:
    """Return somebody who sees their own customers only."""
    return someone_with(dict.fromkeys(SEEING, Breadth.OWN), at=unit)


def titles(text: str, actor: Actor = SYSTEM, **options: float) -> list[str]:
    """Return the titles found, best first."""
    hits = find(text, actor, **options)
    return [hit.title for hit in hits if hit.kind.model in (Customer, KeyPerson)]
