"""Key persons: who is at a customer, and what of a person a reader sees, masked where it is not theirs to read."""

import datetime as dt
from typing import NamedTuple

from django.db import connection
from django.db.models import QuerySet

from jike.apps.customers.models import Customer, KeyPerson
from jike.apps.customers.rules import PERSONAL, masked
from jike.foundation.scope import Actor, may, sealed_fields, visible
from jike.values.phones import Phone

__all__ = [
    "PersonalField",
    "key_persons_of",
    "lock_reporting",
    "may_reveal",
    "personal_fields",
    "shown_value",
    "superiors_of",
]

REPORTING_LOCK = 7_403_002
"""Whoever changes who reports to whom holds this advisory lock until the end of the transaction."""

SUPERIORS = """
    WITH RECURSIVE above(id, reports_to_id) AS (
        SELECT id, reports_to_id FROM customers_keyperson WHERE id = %s
        UNION
        SELECT person.id, person.reports_to_id FROM customers_keyperson AS person
        JOIN above ON person.id = above.reports_to_id)
    SELECT id FROM above"""


class PersonalField(NamedTuple):
    """A personal field as one reader sees it."""

    name: str
    text: str
    """The value, or its mask; "" where nothing is known."""
    masked: bool


def key_persons_of(customer: Customer, actor: Actor, *, former: bool = False) -> QuerySet[KeyPerson]:
    """Return the customer's key persons that the actor may see, those who have left only when asked for."""
    people = visible(KeyPerson, actor).filter(customer=customer).select_related("customer", "reports_to")
    return (people if former else people.filter(left_on=None)).order_by("name_key", "id")


def personal_fields(person: KeyPerson, actor: Actor) -> list[PersonalField]:
    """Return the person's personal fields as the actor sees them; masks are made here, so that no page holds more."""
    hidden = sealed_fields(actor, person)
    return [
        PersonalField(
            name,
            masked(name, getattr(person, name)) if name in hidden else shown_value(person, name),
            name in hidden,
        )
        for name in PERSONAL
    ]


def shown_value(person: KeyPerson, field: str) -> str:
    """Return the whole value as people read it."""
    value = getattr(person, field)
    if value in (None, ""):
        return ""
    if field == "phone":
        return Phone.parse(value).display
    return value.isoformat() if isinstance(value, dt.date) else str(value)


def may_reveal(actor: Actor, person: KeyPerson) -> bool:
    """Whether the actor may reveal: where the right reaches, or, holding it anywhere, as a collaborator."""
    return may(actor, "reveal", person) or (
        actor.holds("customers.keyperson:reveal") and may(actor, "change", person)
    )


def superiors_of(person: KeyPerson) -> set[int]:
    """Return the ids of ``person`` and of everybody above, however far."""
    with connection.cursor() as cursor:
        cursor.execute(SUPERIORS, [person.pk])
        return {number for (number,) in cursor.fetchall()}


def lock_reporting() -> None:
    """Wait until nobody else changes who reports to whom; others wait for this transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [REPORTING_LOCK])
