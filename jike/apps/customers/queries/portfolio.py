"""A portfolio at a glance: the customers of one person, or of the units one sees, by health, next steps and arrears.

Every function takes the rows in question (`portfolio`) and reads them set-wise, at any number of customers: counts stop
at a thousand, and lists read as far as they show.
"""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Avg, Count, F, Q, QuerySet, Sum

from jike.apps.customers.models import Customer, KeyPerson, MemorialDay
from jike.apps.customers.rules import State
from jike.foundation.resource.listing import count_up_to, within_time
from jike.foundation.scope import Actor, visible
from jike.values.lunar import coming_keys

__all__ = [
    "Load",
    "birthdays",
    "by_health",
    "due_steps",
    "in_arrears",
    "loads",
    "memorial_days",
    "portfolio",
    "revenue_of_two_months",
    "step_counts",
]

SOUND, WATCH = 80, 60
BANDS: Mapping[str, Q] = {
    "danger": Q(health__lt=WATCH),
    "watch": Q(health__gte=WATCH, health__lt=SOUND),
    "sound": Q(health__gte=SOUND),
}
ENDED = (State.LOST, State.ARCHIVED)
MONTH_BEFORE = "revenue_trend__10"
"""The last but one of twelve."""


class Load(NamedTuple):
    """What one account manager looks after; ``uid`` is None for what nobody does."""

    uid: Any
    name: str
    customers: int
    at_risk: int
    revenue: Decimal
    completeness: int
    """How complete their archives are on average, from 0 to 100."""


def portfolio(actor: Actor, *, team: bool) -> QuerySet[Customer]:
    """Return the actor's own customers (and those of whom they stand in for), or with ``team`` all that they see."""
    rows = visible(Customer, actor)
    return rows if team else rows.filter(owner_id__in=sorted(actor.owners))


def by_health(rows: QuerySet[Customer]) -> dict[str, tuple[int, bool]]:
    """Return how many are in danger, to be watched and sound, each up to a thousand and whether that is all."""
    return {band: count_up_to(rows.filter(condition)) for band, condition in BANDS.items()}


def at_risk(rows: QuerySet[Customer], *, limit: int) -> list[Customer]:
    """Return the customers in danger, the worst first."""
    found = rows.filter(BANDS["danger"]).select_related("owner").order_by("health", "id")
    return list(found[:limit])


def due_steps(rows: QuerySet[Customer], *, until: dt.date, limit: int) -> list[Customer]:
    """Return the customers whose next step is due by ``until``, the earliest first."""
    found = rows.filter(next_step_on__lte=until).exclude(state__in=ENDED).select_related("owner")
    return list(found.order_by("next_step_on", "id")[:limit])


def step_counts(rows: QuerySet[Customer], *, today: dt.date) -> dict[str, tuple[int, bool]]:
    """Return how many next steps are overdue, due today, and due in the six days after."""
    week = today + dt.timedelta(days=6)
    spans = {
        "overdue": Q(next_step_on__lt=today),
        "today": Q(next_step_on=today),
        "week": Q(next_step_on__gt=today, next_step_on__lte=week),
    }
    going_on = rows.exclude(state__in=ENDED)
    return {name: count_up_to(going_on.filter(span)) for name, span in spans.items()}


def in_arrears(rows: QuerySet[Customer], *, limit: int) -> list[Customer]:
    """Return who owes most."""
    return list(rows.filter(arrears__gt=0).select_related("owner").order_by("-arrears", "-id")[:limit])


def birthdays(actor: Actor, *, today: dt.date, days: int = 7) -> list[tuple[KeyPerson, dt.date]]:
    """Return the key persons whose birthday the actor may read and who keep it within ``days`` from today, in order.

    Whoever keeps it by the lunar calendar has it on another day each year; whoever was born on 29 February has it on
    the 28th of a common year.
    """
    kept = coming_keys(today, days)
    people = visible(KeyPerson, actor, "see_personal").filter(birthday_key__in=kept, left_on=None)
    found = [
        (one, kept[one.birthday_key]) for one in people.select_related("customer")[:50] if one.birthday_key
    ]
    return sorted(found, key=lambda pair: (pair[1], pair[0].name_key))


def memorial_days(actor: Actor, *, today: dt.date, days: int = 7) -> list[tuple[MemorialDay, dt.date]]:
    """Return the memorial days of key persons that the actor may read and that are kept within ``days``, in order."""
    kept = coming_keys(today, days)
    rows = visible(MemorialDay, actor).filter(day_key__in=kept, person__left_on=None, person__removed_at=None)
    found = [(one, kept[one.day_key]) for one in rows.select_related("person__customer")[:50] if one.day_key]
    return sorted(found, key=lambda pair: (pair[1], pair[0].person.name_key))


def revenue_of_two_months(rows: QuerySet[Customer]) -> tuple[Decimal, Decimal] | None:
    """Return what the customers brought in the last month and in the one before; None when that takes too long."""
    told = {"last": Sum("monthly_revenue"), "before": Sum(MONTH_BEFORE)}
    found = within_time(lambda: rows.order_by().aggregate(**told))
    return None if found is None else (found["last"] or Decimal(0), found["before"] or Decimal(0))


def loads(rows: QuerySet[Customer], *, limit: int) -> list[Load] | None:
    """Return who looks after how many customers, most first; None when adding up takes too long."""
    grouped = rows.exclude(state__in=ENDED).order_by().values_list("owner__uid", "owner__name")
    told = grouped.annotate(
        customers=Count("pk"), risk=Count("pk", filter=BANDS["danger"]), revenue=Sum("monthly_revenue")
    ).annotate(complete=Avg("completeness"))
    found = within_time(
        lambda: list(told.order_by("-customers", F("owner__name").asc(nulls_last=True))[:limit])
    )
    if found is None:
        return None
    return [
        Load(uid, name or "", count, risk, revenue or Decimal(0), round(complete or 0))
        for uid, name, count, risk, revenue, complete in found
    ]
