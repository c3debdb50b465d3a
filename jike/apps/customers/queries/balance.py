"""How customers are spread over account managers: how many, of which grade, how far apart, with what revenue."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Avg, Count, F, Q, QuerySet, Sum
from django.db.models.functions import Left

from jike.apps.customers.models import Customer, HandOverItem
from jike.apps.customers.queries.portfolio import BANDS, ENDED
from jike.apps.customers.rules import Grade
from jike.apps.organisation.models import Person, Unit
from jike.apps.organisation.queries.units import below
from jike.foundation.errors import NotFound
from jike.foundation.resource.listing import within_time
from jike.foundation.scope import Actor, visible

__all__ = ["GRADE_GROUPS", "Share", "balance", "balanced_units", "giver_of", "movable", "moved"]

GRADE_GROUPS: Sequence[tuple[str, tuple[Grade, ...]]] = (
    ("A", (Grade.A1, Grade.A2)),
    ("B", (Grade.B1, Grade.B2)),
    ("C", (Grade.C,)),
    ("D", (Grade.D,)),
)
MANY = Decimal("1.5")
"""Whoever holds more than so many times the middle one's customers holds too many."""
MOST = 60


class Share(NamedTuple):
    """What one account manager holds; ``uid`` is None for what nobody does."""

    uid: UUID | None
    name: str
    unit: str
    customers: int
    grades: tuple[int, ...]
    """By `GRADE_GROUPS`."""
    counties: int
    cities: int
    """In how many of each the customers lie."""
    revenue: Decimal
    health: int | None
    at_risk: int
    overfull: bool


def balance(actor: Actor, *, unit: Unit | None = None) -> list[Share] | None:
    """Return who holds what among the customers that the actor may assign, most first; None when it takes too long."""
    rows = visible(Customer, actor, "assign").exclude(state__in=ENDED)
    if unit is not None:
        rows = rows.filter(unit__in=below(unit).values("pk"))
    counted = {f"grade_{name}": Count("pk", filter=Q(grade__in=grades)) for name, grades in GRADE_GROUPS}
    told = (
        rows.order_by()
        .values("owner__uid", "owner__name", "owner__unit__name")
        .annotate(
            customers=Count("pk"),
            counties=Count("region", filter=~Q(region=""), distinct=True),
            cities=Count(Left("region", 4), filter=~Q(region=""), distinct=True),
            revenue=Sum("monthly_revenue"),
            mean_health=Avg("health"),
            risk=Count("pk", filter=BANDS["danger"]),
            **counted,
        )
    )
    found = within_time(
        lambda: list(told.order_by("-customers", F("owner__name").asc(nulls_last=True))[:MOST])
    )
    if found is None:
        return None
    held = sorted(row["customers"] for row in found if row["owner__uid"])
    middle = held[len(held) // 2] if held else 0
    return [_share(row, middle) for row in found]


def movable(
    actor: Actor, giver: Person | None, *, unit: Unit | None, grades: Sequence[str]
) -> QuerySet[Customer]:
    """Return the giver's customers that the actor may hand over and that wait in no hand-over, least revenue first."""
    rows = visible(Customer, actor, "hand_over").filter(owner=giver).exclude(state__in=ENDED)
    rows = rows.exclude(pk__in=HandOverItem.objects.filter(waiting=True).values("customer"))
    if unit is not None:
        rows = rows.filter(unit__in=below(unit).values("pk"))
    if grades:
        rows = rows.filter(grade__in=grades)
    return rows.order_by("monthly_revenue", "pk")


def giver_of(uid: UUID, actor: Actor) -> Person:
    """Return the account manager of whose customers the actor may hand over some; others look absent."""
    found = Person.objects.filter(uid=uid, removed_at=None).first()
    if found is None or not movable(actor, found, unit=None, grades=()).exists():
        raise NotFound
    return found


def moved(
    shares: Sequence[Share], chosen: Sequence[Customer], *, giver: UUID, taker: Person
) -> list[tuple[str, int, int, Decimal, Decimal]]:
    """Return for both their name, the number of their customers and the monthly revenue, before and after."""
    revenue = sum((one.monthly_revenue for one in chosen), Decimal(0))
    found = {one.uid: one for one in shares}
    told = []
    for uid, sign in ((giver, -1), (taker.uid, 1)):
        one = found.get(uid)
        name = one.name if one else taker.name
        number, held = (one.customers, one.revenue) if one else (0, Decimal(0))
        told.append((name, number, number + sign * len(chosen), held, held + sign * revenue))
    return told


def balanced_units(actor: Actor) -> list[Unit]:
    """Return the units by which the reader may narrow: those in which they assign, and those directly below."""
    reach = actor.reach("customers.customer:assign")
    if reach.everything:
        return list(
            Unit.objects.filter(removed_at=None, level__in=("province", "city")).order_by("name_key")[:MOST]
        )
    rows = Unit.objects.filter(pk__among=reach.units, removed_at=None)
    return list(rows.filter(customers__isnull=False).distinct().order_by("name_key")[:MOST])


def _share(row: dict[str, Any], middle: int) -> Share:
    return Share(
        uid=row["owner__uid"],
        name=row["owner__name"] or "",
        unit=row["owner__unit__name"] or "",
        customers=row["customers"],
        grades=tuple(row[f"grade_{name}"] for name, _grades in GRADE_GROUPS),
        counties=row["counties"],
        cities=row["cities"],
        revenue=row["revenue"] or Decimal(0),
        health=None if row["mean_health"] is None else round(row["mean_health"]),
        at_risk=row["risk"],
        overfull=bool(row["owner__uid"]) and row["customers"] > MANY * middle > 0,
    )
