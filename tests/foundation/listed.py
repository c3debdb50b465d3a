"""One small world for the tests of the resource machinery: a city with two grids, its customers and their people."""

import html
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.test import Client

from jike.apps.customers.models import Customer, KeyPerson
from jike.apps.organisation.models import Person, Unit
from jike.foundation.scope import Actor
from jike.values.rights import Breadth
from tests.apps.customers.making import HEAD, MANAGER, a_customer, a_key_person
from tests.making import SYSTEM, a_person, a_post, a_role, a_unit, acting

COLLEAGUES = {"organisation.unit:view": Breadth.ALL, "organisation.person:view": Breadth.ALL}
NAMES = ("白云机场集团", "番禺制造", "中山大学附属医院", "重庆银行广州分行", "长隆旅游", "A-lite Tech")
HOSTILE = (
    "<script>alert(1)</script>有限公司",
    "=cmd|' /C calc'!A0",
    "{{ 7*7 }}{% load x %}",
    "😀🎉 表情科技",
    "长" * 120,
    "شركة الاتصالات (عربي)",
    'O\'Neil & "Söhne" <b>',
)


@dataclass
class World:
    """A city over two grids; a head of the city, an account manager in the first grid."""

    city: Unit
    grids: tuple[Unit, Unit]
    head: Person
    manager: Person
    customers: list[Customer] = field(default_factory=list)

    @property
    def heads(self) -> Actor:
        """What the head may do."""
        return acting(self.head)

    @property
    def managers(self) -> Actor:
        """What the account manager may do."""
        return acting(self.manager)


def a_world(*, customers: int = len(NAMES)) -> World:
    """Make the world: every other customer belongs to the account manager, the rest lies in the second grid."""
    city = a_unit("广州分公司", level="city")
    first, second = a_unit("天河网格", under=city, level="grid"), a_unit("番禺网格", under=city, level="grid")
    head = someone(HEAD, city, name="何主任")
    manager = someone(MANAGER, first, name="林经理")
    world = World(city, (first, second), head, manager)
    for number, name in enumerate(NAMES[:customers]):
        mine = number % 2 == 0
        made = a_customer(name, unit=first if mine else second, owner=manager if mine else None)
        world.customers.append(made)
    return world


def someone(grants: Mapping[str, Breadth], unit: Unit, **fields: Any) -> Person:
    """Make a person with these grants who also sees colleagues and units."""
    person = a_person(unit, language="en", **fields)
    a_post(person, a_role({**COLLEAGUES, **grants}))
    return person


def browser(person: Person) -> Client:
    """Return a browser in which the person is signed in."""
    client = Client()
    client.force_login(person, backend=settings.AUTHENTICATION_BACKENDS[-1])
    return client


def text_of(answer: Any) -> str:
    """Return what an answer says, as it is read."""
    return html.unescape(answer.content.decode())


def hidden(answer: Any, name: str) -> str:
    """Return the value of a hidden input."""
    source = answer.content.decode()
    start = source.index(f'name="{name}" value="') + len(f'name="{name}" value="')
    return html.unescape(source[start : source.index('"', start)])


def a_contact(customer: Customer, name: str, **details: Any) -> KeyPerson:
    """Make a key person."""
    return a_key_person(customer, name, **details)


__all__ = [
    "HOSTILE",
    "NAMES",
    "SYSTEM",
    "World",
    "a_contact",
    "a_world",
    "browser",
    "hidden",
    "someone",
    "text_of",
]
