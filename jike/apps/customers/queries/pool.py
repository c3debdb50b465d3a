"""The public pool: which customers lie in it, which fall into it when, and by which unit's figures.

When anything was last done with a customer is known to many capabilities. They hand functions in
(`register_attendance`); each answers set-wise, for a unit's customers at once.
"""

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import Max, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from jike.apps.customers.models import Customer, PoolRule
from jike.apps.customers.rules import (
    FALLING,
    POOLED,
    Fall,
    PoolFigures,
    barred_until,
    fall_of,
    rule_for,
    spared,
)
from jike.apps.organisation.models import Person, Unit
from jike.foundation.entering import plain_line
from jike.foundation.errors import NotFound
from jike.foundation.models import Comment
from jike.foundation.scope import Actor, visible

__all__ = [
    "Attendance",
    "Falling",
    "attended_on",
    "barred_among",
    "claimable",
    "comments_made",
    "falling",
    "falling_of",
    "figures_for",
    "held_by",
    "lock_claims",
    "pooled",
    "register_attendance",
    "rows_attended",
    "rules_by_unit",
]

Attendance = Callable[[Collection[int]], Iterable[tuple[int, dt.date]]]
"""Takes ids of customers; gives (id, last day on which something was done), at most once for each."""
CLAIM_SPACE = 7_403_003
PAGE = 50


class Falling(NamedTuple):
    """A customer that falls back into the pool, or is near it."""

    customer: int
    owner: int
    fall: Fall
    on: dt.date


def rows_attended(model: Any, day: str, **conditions: Any) -> Attendance:
    """Return the attendance of a kind with ``customer``: the last ``day`` among rows that meet the conditions."""

    def known(customers: Collection[int]) -> Iterable[tuple[int, dt.date]]:
        rows = model.objects.filter(customer__among=customers, removed_at=None, **conditions)
        asked = rows.filter(**{f"{day}__isnull": False}).order_by()
        return [
            (number, _as_day(last)) for number, last in asked.values_list("customer").annotate(last=Max(day))
        ]

    return known


def comments_made(customers: Collection[int]) -> Iterable[tuple[int, dt.date]]:
    """Return when the last comment upon each customer was made."""
    numbers = dict(Customer.objects.filter(pk__among=customers).values_list("uid", "pk"))
    rows = Comment.objects.filter(about_kind=Customer.kind(), about_uid__in=list(numbers), removed_at=None)
    last = rows.order_by().values_list("about_uid").annotate(last=Max("said_at"))
    return [(numbers[uid], _as_day(moment)) for uid, moment in last]


class _Registered:
    attendance: tuple[Attendance, ...] = ()


def register_attendance(*found: Attendance) -> None:
    """Name who knows when something was done with a customer; the last call counts."""
    _Registered.attendance = found


def pooled(actor: Actor, *, typed: str = "", grade: str = "") -> QuerySet[Customer]:
    """Return the customers in the pool that the actor may claim, in the order of their names."""
    rows = visible(Customer, actor, "claim").filter(owner=None, state__in=POOLED).select_related("unit")
    words = plain_line(typed)
    if words:
        rows = rows.filter(name__icontains=words)
    if grade:
        rows = rows.filter(grade=grade)
    return rows.order_by("name_key", "pk")


def claimable(uid: UUID, actor: Actor) -> Customer:
    """Return the customer that the actor may claim where it lies in the pool; others look absent."""
    row = visible(Customer, actor, "claim").filter(uid=uid).first()
    if row is None:
        raise NotFound(_("There is nothing here, or nothing that you may see."))
    return row


def barred_among(customers: Collection[Customer], person: Person, *, today: dt.date) -> Mapping[int, dt.date]:
    """Return the day from which the person may claim again what they gave up a short while ago, by customer."""
    mine = [one for one in customers if one.given_up_by_id == person.pk]
    rules = rules_by_unit() if mine else {}
    found = {}
    for one in mine:
        figures = rule_for([one.unit.pk, *reversed(one.unit.ancestors)], rules)
        if again := barred_until(one.owner_since, figures=figures, today=today):
            found[one.pk] = again
    return found


def held_by(person: Person) -> int:
    """Return how many customers the person looks after, archived ones apart."""
    return Customer.objects.filter(owner=person, removed_at=None, state__in=POOLED).count()


def rules_by_unit() -> Mapping[int, PoolFigures]:
    """Return the figures of every unit that has some in force."""
    rules = PoolRule.objects.filter(removed_at=None, active=True)
    return {one.unit_id: one.figures for one in rules}


def figures_for(unit: Unit) -> PoolFigures | None:
    """Return the figures that hold for the unit; None where nothing falls back."""
    return rule_for([unit.pk, *reversed(unit.ancestors)], rules_by_unit())


def falling(*, today: dt.date) -> Iterator[list[Falling]]:
    """Return what falls back today or is near it: one list for each unit that a rule holds for."""
    rules = rules_by_unit()
    if not rules:
        return
    for unit in Unit.objects.filter(removed_at=None).order_by("pk"):
        figures = rule_for([unit.pk, *reversed(unit.ancestors)], rules)
        if figures is not None:
            rows = Customer.objects.filter(unit=unit)
            if found := list(_falling(rows, figures, today=today)):
                yield found


def falling_of(actor: Actor, *, today: dt.date) -> list[tuple[Customer, dt.date]]:
    """Return the actor's own customers that fall back soon, the nearest first."""
    mine = visible(Customer, actor).filter(owner__among=actor.owners)
    units = Unit.objects.filter(pk__in=mine.filter(state__in=FALLING).values("unit"))
    found = []
    for unit in units:
        figures = figures_for(unit)
        if figures is not None:
            found += list(_falling(mine.filter(unit=unit), figures, today=today))
    days = {one.customer: one.on for one in found}
    rows = Customer.objects.filter(Q(pk__among=days)).select_related("owner")
    return sorted(((one, days[one.pk]) for one in rows), key=lambda pair: (pair[1], pair[0].name_key))


def attended_on(customers: Collection[int]) -> Mapping[int, dt.date]:
    """Return the last day on which anything was done with each of the customers."""
    last: dict[int, dt.date] = {}
    for known in _Registered.attendance if customers else ():
        for number, day in known(customers):
            last[number] = max(day, last.get(number, day))
    return last


def lock_claims(person: int) -> None:
    """Wait until nobody else counts what this person holds; the database lets one at a time pass."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [CLAIM_SPACE, person % 2**31])


def _falling(rows: QuerySet[Customer], figures: PoolFigures, *, today: dt.date) -> Iterator[Falling]:
    near = today + dt.timedelta(days=figures.warn_days)
    begun = near - dt.timedelta(days=figures.unattended_days)
    asked = rows.filter(
        removed_at=None, state__in=FALLING, owner__isnull=False, grade__gt=figures.spared_from
    )
    asked = asked.filter(Q(owner_since=None) | Q(owner_since__lte=begun)).order_by()
    known = list(asked.values_list("pk", "owner_id", "owner_since", "state_since", "grade"))
    attended = attended_on([row[0] for row in known])
    for number, owner, since, state_since, grade in known:
        last = attended.get(number) or state_since
        fall, on = fall_of(last, since, figures=figures, today=today)
        if fall is not Fall.STAYS and on is not None and not spared(grade, figures):
            yield Falling(number, owner, fall, on)


def _as_day(moment: dt.date | dt.datetime) -> dt.date:
    return timezone.localdate(moment) if isinstance(moment, dt.datetime) else moment
