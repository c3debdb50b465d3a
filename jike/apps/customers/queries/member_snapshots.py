"""What became of a snapshot's members: sums within one's reach, customers that lost most, and each number's fate."""

from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import F, Q, QuerySet, Sum

from jike.apps.customers.models import (
    Customer,
    MemberFate,
    MemberRetention,
    MemberSnapshot,
    MemberSnapshotLine,
)
from jike.apps.customers.rules import fate_of
from jike.foundation.errors import NotFound
from jike.foundation.scope import Actor, may, visible
from jike.values.masks import mask_phone

__all__ = [
    "Retained",
    "customer_retentions",
    "fates_of",
    "member_snapshot",
    "member_snapshots",
    "most_lost",
    "retention",
    "retention_by_month",
    "retention_by_owner",
    "retention_by_unit",
]

VIEW = "customers.customer:view"
SUMS = ("frozen", "retained", "rejoined", "moved", "gone", "bundled")
PAGE = 50
# The fate of the numbers of one customer, some at a time in their order.
NUMBERS = """
    SELECT frozen.number, held.customer_id, held.joined_on, held.bundle, held.bundle_end
    FROM (SELECT number FROM unnest(%(numbers)s::varchar[]) AS number WHERE number COLLATE "C" > %(after)s
        ORDER BY number COLLATE "C" LIMIT %(limit)s) AS frozen
    LEFT JOIN customers_member AS held ON held.number = frozen.number AND held.left_on IS NULL
    ORDER BY frozen.number COLLATE "C" """


class Retained(NamedTuple):
    """Members in the snapshot, and what became of them; ``name`` and ``uid`` say whose, or when (None)."""

    name: Any
    uid: Any
    frozen: int
    retained: int
    rejoined: int
    moved: int
    gone: int
    bundled: int


def member_snapshots(*, limit: int = 24) -> list[MemberSnapshot]:
    """Return the latest snapshots."""
    return list(MemberSnapshot.objects.order_by("-taken_on")[:limit])


def member_snapshot(uid: UUID) -> MemberSnapshot:
    """Return a snapshot; `NotFound` when there is none."""
    found = MemberSnapshot.objects.filter(uid=uid).first()
    if found is None:
        raise NotFound
    return found


def sums_of(snapshot: MemberSnapshot, actor: Actor) -> QuerySet[MemberRetention]:
    """Return the sums within the actor's reach, of every month counted."""
    rows, reach = MemberRetention.objects.filter(snapshot=snapshot), actor.reach(VIEW)
    if reach.everything:
        return rows
    return rows.filter(Q(unit_id__in=sorted(reach.units)) | Q(owner_id__in=sorted(reach.owners)))


def retention(snapshot: MemberSnapshot, actor: Actor) -> Retained | None:
    """Return what became of all within the actor's reach by the last count; None before the first one."""
    if snapshot.counted_on is None:
        return None
    found = sums_of(snapshot, actor).filter(month=snapshot.counted_on.replace(day=1))
    sums = found.aggregate(**{name: Sum(name) for name in SUMS})
    return Retained(snapshot.counted_on, None, *(sums[name] or 0 for name in SUMS))


def retention_by_month(snapshot: MemberSnapshot, actor: Actor) -> list[Retained]:
    """Return what became of them month by month, as each was counted."""
    rows = sums_of(snapshot, actor).values_list("month").annotate(**{name: Sum(name) for name in SUMS})
    return [Retained(month, None, *sums) for month, *sums in rows.order_by("month")]


def retention_by_unit(snapshot: MemberSnapshot, actor: Actor, *, limit: int = 30) -> list[Retained]:
    """Return what became of them by unit, where most were lost first."""
    return _by(snapshot, actor, whose="unit")[:limit]


def retention_by_owner(snapshot: MemberSnapshot, actor: Actor, *, limit: int = 30) -> list[Retained]:
    """Return what became of them by account manager, where most were lost first."""
    return _by(snapshot, actor, whose="owner")[:limit]


def _by(snapshot: MemberSnapshot, actor: Actor, *, whose: str) -> list[Retained]:
    month = (snapshot.counted_on or snapshot.taken_on).replace(day=1)
    rows = sums_of(snapshot, actor).filter(month=month).values_list(f"{whose}__name", f"{whose}__uid")
    found = rows.annotate(**{one: Sum(one) for one in SUMS}).order_by()
    told = [Retained(named or "", key, *sums) for named, key, *sums in found]
    return sorted(told, key=lambda one: (-one.gone - one.moved, one.name))


def most_lost(snapshot: MemberSnapshot, actor: Actor, *, limit: int = 20) -> list[Retained]:
    """Return the customers that most members left."""
    fates = MemberFate.objects.filter(snapshot=snapshot, gone__gt=0)
    if not actor.reach(VIEW).everything:
        fates = fates.filter(customer__in=visible(Customer, actor).order_by())
    rows = fates.order_by("-gone", "customer_id").values_list("customer__name", "customer__uid", *SUMS)[
        :limit
    ]
    return [Retained(name, uid, *sums) for name, uid, *sums in rows]


def customer_retentions(customer: Customer, *, limit: int = 4) -> list[tuple[MemberSnapshot, Retained]]:
    """Return what became of the customer's members of the latest snapshots."""
    rows = MemberFate.objects.filter(customer=customer).select_related("snapshot")
    latest = rows.order_by(F("snapshot__taken_on").desc())[:limit]
    return [
        (one.snapshot, Retained(one.snapshot.taken_on, None, *(getattr(one, name) for name in SUMS)))
        for one in latest
    ]


def fates_of(
    snapshot: MemberSnapshot, customer: Customer, actor: Actor, *, after: str = "", limit: int = PAGE
) -> tuple[list[dict[str, Any]], str]:
    """Return what became of the customer's members in the snapshot by number, and after which the next page begins.

    Whoever may not change the customer sees numbers with their middle covered; where a member moved to is told to
    those who may see that customer.
    """
    line = MemberSnapshotLine.objects.filter(snapshot=snapshot, customer=customer).first()
    given: dict[str, Any] = {"numbers": line.numbers if line else [], "after": after, "limit": limit + 1}
    with connection.cursor() as cursor:
        cursor.execute(NUMBERS, given)
        found = cursor.fetchall()
    following = found[limit - 1][0] if len(found) > limit else ""
    now = visible(Customer, actor).in_bulk({row[1] for row in found if row[1] is not None})
    open_ = may(actor, "change", customer)
    rows = [
        {
            "number": number if open_ else mask_phone(number),
            "fate": fate_of(holder, customer.pk, later=joined is not None and joined > snapshot.taken_on),
            "holder": now.get(holder) if holder != customer.pk else None,
            "joined_on": joined,
            "bundle": bundle,
            "bundle_end": end,
        }
        for number, holder, joined, bundle, end in found[:limit]
    ]
    return rows, following
