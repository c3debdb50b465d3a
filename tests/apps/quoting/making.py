"""A small world for quotes: units of every level, an account manager and the heads above, offerings, quotes."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from jike.apps.catalogue.models import ProductOffering
from jike.apps.catalogue.rules import GRANTS as CATALOGUE_GRANTS
from jike.apps.customers.models import Customer
from jike.apps.customers.rules import GRANTS as CUSTOMER_GRANTS
from jike.apps.organisation.models import Person, Unit
from jike.apps.quoting.actions import add_quote, mark_document, store_quote_lines
from jike.apps.quoting.models import Agreement, Quote, QuoteApproval
from jike.apps.quoting.queries import path_of
from jike.apps.quoting.rules import CHECKLIST, GRANTS
from jike.foundation.files import attach
from jike.foundation.lines import LineEntry, Taken
from jike.foundation.scope import Actor
from jike.values.rights import Breadth
from tests.apps.catalogue.making import an_offering
from tests.apps.customers.making import a_customer
from tests.making import SYSTEM, a_unit, someone_with

__all__ = ["World", "a_quote", "a_world", "lines_for", "waiting"]


def role(code: str) -> Mapping[str, Breadth]:
    """Return what the ready-made role holds in the catalogue, over customers and in quoting."""
    return {**CATALOGUE_GRANTS.get(code, {}), **CUSTOMER_GRANTS.get(code, {}), **GRANTS.get(code, {})}


@dataclass
class World:
    """Units from headquarters to county, who works there, and a customer of the account manager's."""

    units: dict[str, Unit]
    people: dict[str, Person]
    actors: dict[str, Actor]
    customer: Customer
    offering: ProductOffering


def a_world() -> World:
    """Make headquarters, province, city and county with their heads, and an account manager with a customer."""
    units: dict[str, Unit] = {}
    above: Unit | None = None
    for level in ("headquarters", "province", "city", "county"):
        units[level] = above = a_unit(under=above, level=level)
    people: dict[str, Person] = {}
    actors: dict[str, Actor] = {}
    roles = {
        "manager": ("account_manager", "county"),
        "county": ("county_head", "county"),
        "city": ("city_head", "city"),
        "province": ("province_head", "province"),
        "headquarters": ("headquarters_staff", "headquarters"),
    }
    for name, (code, place) in roles.items():
        people[name], actors[name] = someone_with(role(code), at=units[place])
    customer = a_customer(unit=units["county"], owner=people["manager"])
    return World(units, people, actors, customer, an_offering(monthly="1000", one_off="500", floor="650"))


def lines_for(*lines: tuple[ProductOffering, int, str]) -> Taken:
    """Return a grid of (offering, quantity, percent paid)."""
    return Taken(
        [
            LineEntry(None, {"offering": one, "quantity": count, "discount": Decimal(percent)})
            for one, count, percent in lines
        ]
    )


def a_quote(
    world: World, *percents: str, quantity: int = 1, on: dt.date | None = None, **details: Any
) -> Quote:
    """Draft a quote of one line for each percent."""
    actor = details.pop("actor", world.actors["manager"])
    quote = add_quote(actor=actor, customer=world.customer, name="互联网专线扩容", on=on, **details)
    grid = lines_for(*((world.offering, quantity, percent) for percent in percents))
    return store_quote_lines(quote, grid, actor=actor, on=on)


def waiting(quote: Quote) -> QuoteApproval:
    """Return the step that is asked now."""
    return next(one for one in path_of(quote) if one.state == "asked")


def with_documents(agreement: Agreement) -> Agreement:
    """Attach one scan that shows every document that signing needs, and tick them."""
    scan = attach(agreement, name="scan.pdf", chunks=[b"%PDF-1.4 scan"], actor=SYSTEM)
    for document, needed in CHECKLIST.items():
        if needed:
            mark_document(agreement, actor=SYSTEM, document=document, there=True, file=scan.uid)
    return agreement
