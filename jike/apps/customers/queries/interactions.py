"""Interactions: a customer's, those with a key person, of one thread of mails, and who took part."""

import datetime as dt
from collections.abc import Collection, Mapping
from uuid import UUID

from django.db.models import QuerySet

from jike.apps.customers.models import Customer, KeyPerson, Mail, PartyInteraction
from jike.apps.customers.queries.people import key_persons_of
from jike.apps.organisation.models import Person
from jike.foundation.models import Record
from jike.foundation.scope import Actor, visible

__all__ = [
    "colleagues_in",
    "customer_of",
    "interactions_about",
    "interactions_of",
    "interactions_with",
    "names_of_people",
    "own_interactions",
    "people_in",
    "people_offered",
    "thread_of",
]

PEOPLE_OFFERED = 40
THREAD_SHOWN = 50


def customer_of(record: Record) -> Customer | None:
    """Return the customer that a record is or belongs to; None for records that belong to none."""
    found = record if isinstance(record, Customer) else getattr(record, "customer", None)
    return found if isinstance(found, Customer) else None


def interactions_of(customers: Collection[Customer], actor: Actor) -> QuerySet[PartyInteraction]:
    """Return the interactions with these customers that the actor may see."""
    return visible(PartyInteraction, actor).filter(customer__in=customers).select_related("owner", "customer")


def interactions_with(person: KeyPerson, actor: Actor) -> QuerySet[PartyInteraction]:
    """Return the interactions in which the key person took part, those at an earlier customer as well."""
    rows = visible(PartyInteraction, actor).filter(people__contains=[person.uid])
    return rows.select_related("owner", "customer")


def interactions_about(record: Record, actor: Actor) -> QuerySet[PartyInteraction]:
    """Return the interactions that concern an opportunity or another record beside the customer."""
    rows = visible(PartyInteraction, actor).filter(about_uid=record.uid, about_kind=record.kind())
    return rows.select_related("owner", "customer")


def own_interactions(actor: Actor, *, since: dt.date, until: dt.date) -> QuerySet[PartyInteraction]:
    """Return the interactions that the actor had on the days between, in their order."""
    rows = visible(PartyInteraction, actor).filter(
        owner_id=actor.person, happened_on__gte=since, happened_on__lte=until
    )
    return rows.select_related("customer").order_by("happened_on", "id")


def people_in(row: PartyInteraction, actor: Actor) -> list[KeyPerson]:
    """Return the key persons who took part, as far as the actor may see them."""
    if not row.people or not actor.holds("customers.keyperson:view"):
        return []
    return list(visible(KeyPerson, actor).filter(uid__in=row.people).order_by("name_key", "id"))


def names_of_people(rows: Collection[PartyInteraction], actor: Actor) -> Mapping[UUID, str]:
    """Return the names of the key persons who took part in any of these, as far as the actor may see them."""
    uids = {uid for row in rows for uid in row.people}
    if not uids or not actor.holds("customers.keyperson:view"):
        return {}
    return dict(visible(KeyPerson, actor).filter(uid__in=uids).values_list("uid", "name"))


def people_offered(customer: Customer, actor: Actor) -> list[KeyPerson]:
    """Return the key persons whom an interaction with the customer may name."""
    if not actor.holds("customers.keyperson:view"):
        return []
    return list(key_persons_of(customer, actor)[:PEOPLE_OFFERED])


def colleagues_in(row: PartyInteraction) -> list[Person]:
    """Return our own people who took part beside the one who spoke."""
    uids: list[UUID] = row.colleagues
    return list(Person.objects.filter(uid__in=uids).order_by("name_key", "id")) if uids else []


def thread_of(row: PartyInteraction, actor: Actor) -> list[PartyInteraction]:
    """Return the mails of the same conversation that the actor may see, oldest first; nothing for a single one."""
    threads = Mail.objects.filter(interaction=row).values("thread")
    rows = visible(PartyInteraction, actor).filter(mails__thread__in=threads).select_related("owner")
    found = list(rows.distinct().order_by("happened_at", "id")[:THREAD_SHOWN])
    return found if len(found) > 1 else []
