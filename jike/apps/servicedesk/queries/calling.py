"""Who is calling: customers found by telephone, name, pinyin or code, and key persons with theirs."""

from typing import NamedTuple

from jike.apps.customers.models import Customer, KeyPerson
from jike.foundation.scope import Actor, visible
from jike.foundation.search import narrow
from jike.foundation.search.narrowing import bearing
from jike.values.errors import InvalidValue
from jike.values.phones import Phone

__all__ = ["Caller", "callers"]

SHOWN = 6


class Caller(NamedTuple):
    """A customer that may be calling, through one of its key persons where that was found."""

    customer: Customer
    person: KeyPerson | None


def callers(text: str, actor: Actor) -> list[Caller]:
    """Return who ``text`` (a number, a name, a code) may mean; key persons come with their customer."""
    if not text.strip():
        return []
    seen = visible(KeyPerson, actor).filter(left_on=None)
    number = _number(text)
    people = bearing(seen, "phone", number) if number else narrow(seen, text, actor)
    customers = narrow(visible(Customer, actor), text, actor)
    found = [
        Caller(one.customer, one)
        for one in people.select_related("customer", "customer__owner").order_by("name_key", "id")[:SHOWN]
    ]
    named = customers.select_related("owner").order_by("name_key", "id")[:SHOWN]
    known = {one.customer.pk for one in found}
    return [*(Caller(one, None) for one in named if one.pk not in known), *found]


def _number(text: str) -> str:
    """Return a whole telephone number as it is stored; "" for anything else."""
    try:
        return str(Phone.parse(text))
    except InvalidValue:
        return ""
