"""Relationships of a customer beside the group tree, told from its own side, and what speaks against a new one."""

import datetime as dt
from decimal import Decimal
from typing import NamedTuple

from django.db import connection
from django.db.models import Q, Sum

from jike.apps.customers.models import Customer, CustomerRelationship
from jike.apps.customers.models.labels import RELATIONSHIP_NATURES, REVERSED_NATURES
from jike.apps.customers.rules import LEGAL, MUTUAL, RelationshipNature, stands_on
from jike.foundation.scope import Actor, visible

__all__ = ["Told", "lock_relationships", "owned_already", "relationships_of", "told_already"]

RELATIONSHIP_LOCK = 7_403_005
"""Whoever enters a relationship holds this advisory lock, so that shares entered at once do not pass the whole."""
SHOWN = 200


class Told(NamedTuple):
    """A relationship as the page of one of its two customers tells it."""

    relationship: CustomerRelationship
    other: Customer
    """The one at its other end."""
    words: str
    """What this customer is to the other: “owns”, “is supplied by”."""
    legal: bool
    outward: bool
    """Whether it goes from this customer to the other one."""
    standing: bool


def relationships_of(customer: Customer, actor: Actor, *, today: dt.date) -> list[Told]:
    """Return the relationships of ``customer`` whose other end the actor may see, those that still stand first."""
    seen = visible(Customer, actor).order_by()
    ends = Q(customer=customer, other__in=seen) | Q(other=customer, customer__in=seen)
    rows = CustomerRelationship.objects.filter(ends, removed_at=None).select_related("customer", "other")
    told = [_told(one, customer, today) for one in rows.order_by("nature", "id")[:SHOWN]]
    return sorted(told, key=lambda one: (not one.standing, not one.legal))


def _told(one: CustomerRelationship, customer: Customer, today: dt.date) -> Told:
    outward = one.customer_id == customer.pk
    nature = RelationshipNature(one.nature)
    words = (RELATIONSHIP_NATURES if outward else REVERSED_NATURES)[nature]
    standing = stands_on(today, since=one.since, until=one.until)
    return Told(one, one.other if outward else one.customer, str(words), nature in LEGAL, outward, standing)


def told_already(one: CustomerRelationship) -> bool:
    """Whether another entry says the same; of what has no direction from either side."""
    same = Q(customer=one.customer, other=one.other)
    if one.nature in MUTUAL:
        same |= Q(customer=one.other, other=one.customer)
    others = CustomerRelationship.objects.filter(same, nature=one.nature, removed_at=None)
    return others.exclude(pk=one.pk).exists()


def owned_already(one: CustomerRelationship) -> Decimal:
    """Return how many percent of the other end are owned by others at the same time."""
    beside = CustomerRelationship.objects.filter(
        other=one.other, nature=RelationshipNature.OWNS, removed_at=None
    ).exclude(pk=one.pk)
    if one.until is not None:
        beside = beside.filter(Q(since=None) | Q(since__lte=one.until))
    if one.since is not None:
        beside = beside.filter(Q(until=None) | Q(until__gte=one.since))
    return beside.aggregate(whole=Sum("share_percent"))["whole"] or Decimal(0)


def lock_relationships() -> None:
    """Wait until nobody else enters a relationship; others wait for this transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [RELATIONSHIP_LOCK])
