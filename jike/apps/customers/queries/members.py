"""Which lines belong to a customer, and the files by which they came."""

import datetime as dt
from typing import Any
from uuid import UUID

from jike.apps.customers.models import Customer, Member, MemberBatch
from jike.foundation.errors import NotFound
from jike.foundation.scope import Actor, may
from jike.values.masks import mask_phone

__all__ = ["MOST_COUNTED", "count_members", "member_batch", "member_batches", "members_of"]

MOST_COUNTED = 1_000
SHOWN = 50
BATCHES_SHOWN = 20


def count_members(customer: Customer) -> int:
    """Return how many lines belong to the customer, at most one more than is counted."""
    return Member.objects.filter(customer=customer, left_on=None)[: MOST_COUNTED + 1].count()


def members_of(
    customer: Customer,
    actor: Actor,
    *,
    begins: str = "",
    department: str = "",
    until: dt.date | None = None,
    after: str = "",
    limit: int = SHOWN,
) -> tuple[list[dict[str, Any]], str]:
    """Return lines in the order of their numbers, and the number after which the next page begins ("" at the end).

    Those that begin so, of one department, or whose bundle ends by a day. Whoever may not change the customer sees
    numbers with their middle covered.
    """
    rows = Member.objects.filter(customer=customer, left_on=None, number__gt=after)
    if begins:
        rows = rows.filter(number__startswith=begins)
    rows = rows.filter(department=department) if department else rows
    rows = rows.filter(bundle_end__lte=until) if until is not None else rows
    fields = ("number", "short_number", "department", "bundle", "bundle_start", "bundle_end", "joined_on")
    found = list(rows.order_by("number").values(*fields)[: limit + 1])
    following = found[limit - 1]["number"] if len(found) > limit else ""
    if not may(actor, "change", customer):
        for row in found:
            row["number"] = mask_phone(row["number"])
    return found[:limit], following


def member_batches(actor: Actor) -> list[MemberBatch]:
    """Return the person's latest files."""
    return list(MemberBatch.objects.filter(person__in=[actor.uid]).order_by("-id")[:BATCHES_SHOWN])


def member_batch(uid: UUID, actor: Actor) -> MemberBatch:
    """Return one of the person's own files; others' look absent."""
    found = MemberBatch.objects.filter(uid=uid, person__in=[actor.uid]).first()
    if found is None:
        raise NotFound
    return found
