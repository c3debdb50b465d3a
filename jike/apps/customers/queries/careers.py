"""Who was at a customer before, and where key persons came from."""

from typing import NamedTuple

from django.db.models import Q

from jike.apps.customers.models import CareerEntry, Consent, Customer, KeyPerson, MemorialDay
from jike.foundation.scope import Actor, may, visible

__all__ = ["Former", "career_of", "consents_of", "former_people", "memorial_days_of"]

SHOWN = 30


class Former(NamedTuple):
    """Somebody who was at the customer before."""

    entry: CareerEntry
    seen: bool
    """Whether the reader may see where they are now."""


def former_people(customer: Customer, actor: Actor) -> list[Former]:
    """Return who went from this customer to another, the last one first.

    That they were here is the customer's own history; where they are now is told to those who may see them there.
    """
    rows = CareerEntry.objects.filter(customer=customer, removed_at=None, person__removed_at=None)
    found = rows.exclude(person__customer=customer).select_related("person__customer")
    return [Former(one, may(actor, "view", one.person)) for one in found[:SHOWN]]


def career_of(person: KeyPerson, actor: Actor) -> list[CareerEntry]:
    """Return the person's former positions, the last one first."""
    return list(visible(CareerEntry, actor).filter(person=person).select_related("customer", "person"))


def memorial_days_of(person: KeyPerson, actor: Actor) -> list[MemorialDay]:
    """Return the person's memorial days in the order of the year in which they began."""
    return list(visible(MemorialDay, actor).filter(person=person).order_by("day", "id"))


def consents_of(person: KeyPerson, actor: Actor) -> list[Consent]:
    """Return the person's consents, those that stand first."""
    rows = visible(Consent, actor).filter(Q(person=person)).select_related("recorded_by")
    return sorted(rows, key=lambda one: one.withdrawn_on is not None)
