"""Visits: today's, those of a customer, and whom one may meet there."""

import datetime as dt
from collections.abc import Collection
from typing import Any

from django.db.models import DateTimeField, QuerySet
from django.db.models.functions import Cast, Coalesce

from jike.apps.catalogue.models.labels import FAMILIES
from jike.apps.customers.models import Customer, KeyPerson
from jike.apps.customers.queries import key_persons_of
from jike.apps.sales.models import Opportunity, Visit
from jike.apps.sales.rules import OPEN, VisitState
from jike.foundation.scope import Actor, visible

__all__ = [
    "deals_of",
    "family_labels",
    "met_people",
    "opportunities_of",
    "own_visits",
    "people_to_meet",
    "unminuted",
    "visits_of",
    "visits_of_day",
    "visits_of_opportunity",
]

PEOPLE_OFFERED = 20


def visits_of_day(actor: Actor, day: dt.date, *, team: bool = False) -> QuerySet[Visit]:
    """Return the visits planned for ``day`` by the actor (and by whom they stand in for), or by all they see."""
    rows = visible(Visit, actor).filter(planned_on=day).exclude(state=VisitState.CANCELLED)
    own = rows if team else rows.filter(owner_id__in=sorted(actor.owners))
    return own.select_related("customer", "owner", "opportunity").order_by("planned_at", "id")


def own_visits(actor: Actor, *, since: dt.date, until: dt.date) -> QuerySet[Visit]:
    """Return the actor's own visits planned for the days between, in their order."""
    rows = visible(Visit, actor).filter(owner_id=actor.person, planned_on__gte=since, planned_on__lte=until)
    standing = rows.exclude(state=VisitState.CANCELLED)
    return standing.select_related("customer").order_by("planned_on", "id")


def unminuted(actor: Actor, *, before: dt.date, limit: int) -> list[Visit]:
    """Return one's own visits of days before that still have no minutes, the latest first."""
    rows = visible(Visit, actor).filter(owner_id__in=sorted(actor.owners), planned_on__lt=before)
    waiting = rows.filter(state__in=(VisitState.PLANNED, VisitState.CHECKED_IN)).select_related("customer")
    return list(waiting.order_by("-planned_on", "-id")[:limit])


def visits_of(customers: Collection[Customer], actor: Actor) -> QuerySet[Visit]:
    """Return the visits to these customers that the actor may see, the latest first."""
    rows = visible(Visit, actor).filter(customer__in=customers)
    return rows.select_related("owner").order_by("-planned_at", "-id")


def visits_of_opportunity(opportunity: Opportunity, actor: Actor) -> QuerySet[Visit]:
    """Return the visits for the opportunity that the actor may see, the latest first."""
    rows = visible(Visit, actor).filter(opportunity=opportunity)
    return rows.select_related("owner").order_by("-planned_at", "-id")


def people_to_meet(visit: Visit, actor: Actor) -> list[KeyPerson]:
    """Return the key persons at the customer, as far as the actor may see them."""
    if not actor.holds("customers.keyperson:view"):
        return []
    return list(key_persons_of(visit.customer, actor)[:PEOPLE_OFFERED])


def met_people(visit: Visit, actor: Actor) -> list[KeyPerson]:
    """Return who was met, as far as the actor may see them."""
    if not visit.met or not actor.holds("customers.keyperson:view"):
        return []
    return list(visible(KeyPerson, actor).filter(uid__in=visit.met).order_by("name_key", "id"))


def opportunities_of(customer: Customer, actor: Actor, *, only_open: bool = False) -> QuerySet[Opportunity]:
    """Return the customer's opportunities that the actor may see, open ones and then the latest closed."""
    rows = visible(Opportunity, actor).filter(customer=customer)
    rows = rows.filter(stage__in=OPEN) if only_open else rows
    return rows.select_related("owner").order_by("-id")


def deals_of(customers: Collection[Customer], actor: Actor) -> QuerySet[Opportunity]:
    """Return these customers' opportunities that the actor may see, with ``moved_at``, the day of their stage."""
    moved = Cast(Coalesce("stage_since", "opened_on"), DateTimeField())
    rows = visible(Opportunity, actor).filter(customer__in=customers)
    return rows.select_related("owner").annotate(moved_at=moved)


def family_labels() -> list[tuple[str, Any]]:
    """Return the product families with what they are called."""
    return [(str(family), label) for family, label in FAMILIES.items()]
