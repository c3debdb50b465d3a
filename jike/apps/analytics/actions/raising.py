"""Warnings are raised set-wise over all customers, told to whoever answers them, and lapse when their cause is gone."""

import datetime as dt
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from jike.apps.analytics.models import EarlyWarning
from jike.apps.analytics.models.labels import KINDS
from jike.apps.analytics.queries import signs_of, thresholds
from jike.apps.analytics.queries.raising import Sign
from jike.apps.analytics.rules import Kind, State, Thresholds
from jike.apps.customers.queries import latest_month
from jike.apps.organisation.models import Person
from jike.foundation.audit import changing_many, creating_many
from jike.foundation.events import publish
from jike.foundation.notify import Topic, declare_topics, notify
from jike.foundation.scope import Actor
from jike.values.working_calendar import WorkingCalendar

__all__ = ["WarningRaised", "lapse_warnings", "raise_warnings"]

CALENDAR = WorkingCalendar()
CLOSING = dt.time(18)
TOPICS = {kind: Topic(f"analytics.{kind}", label, page="analytics:mine") for kind, label in KINDS.items()}
declare_topics(*TOPICS.values())


@dataclass(frozen=True)
class WarningRaised:
    """Warnings of one kind were raised on a day; told once per kind, for tens of thousands come in a night."""

    sign: str
    raised_on: dt.date
    warnings: int


def raise_warnings(*, actor: Actor, on: dt.date | None = None) -> dict[Kind, int]:
    """Raise what the customers show on day ``on`` (today unless named); return how many of each kind are new.

    Runs kind by kind, each in a transaction of its own; what is raised already is passed over.
    """
    today = on or timezone.localdate()
    month = latest_month() or today.replace(day=1)
    return {
        kind: _raise_kind(kind, limits, actor=actor, today=today, month=month)
        for kind, limits in thresholds().items()
    }


@transaction.atomic
def _raise_kind(kind: Kind, limits: Thresholds, *, actor: Actor, today: dt.date, month: dt.date) -> int:
    owners: Counter[int] = Counter()
    total = 0
    due = _due(today, limits.answer_days)
    for signs in signs_of(kind, limits, today=today, month=month):
        rows = [_row(one, kind, limits, today=today, due=due) for one in signs]
        outcome = creating_many(EarlyWarning, rows, actor=actor, verb="raise", permit="add")
        refused = outcome.refused.keys()
        owners.update(
            one.owner for place, one in enumerate(signs) if one.owner is not None and place not in refused
        )
        total += len(outcome.written)
    _tell(kind, owners, today=today)
    if total:
        publish(WarningRaised(kind, today, total))
    return total


def _row(sign: Sign, kind: Kind, limits: Thresholds, *, today: dt.date, due: dt.datetime) -> dict[str, Any]:
    return {
        "customer_id": sign.customer,
        "sign": kind.value,
        "occasion": sign.occasion,
        "figures": dict(sign.figures),
        "severity": limits.severity.value,
        "owner_id": sign.owner,
        "unit_id": sign.unit,
        "raised_on": today,
        "answer_due_at": due,
        "due_at": due,
    }


def _due(today: dt.date, days: int) -> dt.datetime:
    """Return the close of the working day by which to answer."""
    day = CALENDAR.add_working_days(today, days).day
    return dt.datetime.combine(day, CLOSING, tzinfo=CALENDAR.zone)


def _tell(kind: Kind, owners: Counter[int], *, today: dt.date) -> None:
    """Tell each account manager once how many of this kind are new: one notice for all who have as many."""
    if not owners:
        return
    uids = dict(Person.objects.filter(pk__in=list(owners), removed_at=None).values_list("pk", "uid"))
    alike: dict[int, set[UUID]] = defaultdict(set)
    for owner, number in owners.items():
        if owner in uids:
            alike[number].add(uids[owner])
    for number, people in alike.items():
        notify(people, TOPICS[kind].name, f"× {number}", once=f"warnings:{kind}:{today.isoformat()}")


@transaction.atomic
def lapse_warnings(*, actor: Actor, on: dt.date | None = None) -> int:
    """Close the warnings that nobody answered and whose cause is gone: arrears paid, agreements ended or renewed."""
    paid = EarlyWarning.objects.filter(sign=Kind.ARREARS, customer__arrears__lte=0)
    gone = EarlyWarning.objects.filter(customer__state__in=("lost", "archived"))
    today = on or timezone.localdate()
    past = EarlyWarning.objects.filter(sign=Kind.MEMORIAL_DAY, raised_on__lt=today - dt.timedelta(days=14))
    ended = timezone.now() if on is None else dt.datetime.combine(on, CLOSING, tzinfo=CALENDAR.zone)
    waiting = (paid | gone | past).filter(state=State.OPEN, removed_at=None)
    values = {"state": State.LAPSED.value, "due_at": None, "ended_at": ended}
    edits = {number: dict(values) for number in waiting.values_list("pk", flat=True)}
    return len(changing_many(EarlyWarning, edits, actor=actor, verb="lapse", permit="dismiss").written)
