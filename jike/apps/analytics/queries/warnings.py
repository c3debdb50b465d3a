"""Warnings as people ask for them: of a customer, by kind, open and overdue; and the tasks that answer them."""

import datetime as dt
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncMonth

from jike.apps.analytics.models import EarlyWarning
from jike.apps.analytics.rules import Outcome, State
from jike.apps.customers.models import Customer
from jike.apps.tasks.models import Task
from jike.foundation.resource.listing import count_up_to
from jike.foundation.scope import Actor, visible

__all__ = ["open_by_kind", "open_counts", "open_warnings", "outcomes_by_month", "tasks_of", "warnings_of"]

UNSETTLED = (State.OPEN, State.ANSWERING)


def open_warnings(actor: Actor, *, team: bool) -> QuerySet[EarlyWarning]:
    """Return the warnings that wait for an answer or an outcome: one's own, or with ``team`` all that one sees."""
    rows = visible(EarlyWarning, actor).filter(state__in=UNSETTLED)
    return rows if team else rows.filter(owner_id__in=sorted(actor.owners))


def open_counts(actor: Actor, *, team: bool, now: dt.datetime) -> dict[str, tuple[int, bool]]:
    """Return how many wait, and how many of these are overdue, each up to a thousand."""
    rows = open_warnings(actor, team=team)
    return {"open": count_up_to(rows), "overdue": count_up_to(rows.filter(due_at__lt=now))}


def open_by_kind(actor: Actor, *, team: bool, now: dt.datetime) -> list[tuple[str, int, int]]:
    """Return (kind, how many wait, how many of these are overdue), most first."""
    rows = open_warnings(actor, team=team).order_by().values_list("sign")
    counted = rows.annotate(number=Count("pk"), late=Count("pk", filter=Q(due_at__lt=now)))
    return list(counted.order_by("-number", "sign"))


def outcomes_by_month(actor: Actor, *, team: bool, since: dt.date) -> dict[dt.date, dict[str, int]]:
    """Return per month how the warnings settled in it came out."""
    rows = visible(EarlyWarning, actor).filter(state=State.SETTLED, ended_at__date__gte=since)
    if not team:
        rows = rows.filter(owner_id__in=sorted(actor.owners))
    counted = rows.order_by().annotate(month=TruncMonth("ended_at")).values_list("month", "outcome")
    found: dict[dt.date, dict[str, int]] = {}
    for month, outcome, number in counted.annotate(number=Count("pk")):
        found.setdefault(month.date(), dict.fromkeys(map(str, Outcome), 0))[outcome] = number
    return found


def warnings_of(customer: Customer, actor: Actor) -> QuerySet[EarlyWarning]:
    """Return the customer's warnings that the actor may see, the latest first."""
    rows = visible(EarlyWarning, actor).filter(customer=customer).select_related("owner")
    return rows.order_by("-raised_on", "-id")


def tasks_of(warning: EarlyWarning, actor: Actor) -> list[Any]:
    """Return the tasks that answer the warning."""
    rows = visible(Task, actor).filter(about_kind=EarlyWarning._meta.label_lower, about_uid=warning.uid)
    return list(rows.select_related("owner").order_by("-id"))
