"""Warnings as people ask for them: of a customer, by kind, open and overdue; and the tasks that answer them."""

import datetime as dt
from typing import Any

from django.db.models import QuerySet

from jike.apps.analytics.models import EarlyWarning
from jike.apps.analytics.rules import State
from jike.apps.customers.models import Customer
from jike.apps.tasks.models import Task
from jike.foundation.resource.listing import count_up_to
from jike.foundation.scope import Actor, visible

__all__ = [
    "UNSETTLED",
    "counted",
    "open_warnings",
    "tasks_of",
    "warnings_of",
]

UNSETTLED = (State.OPEN, State.ANSWERING)


def open_warnings(actor: Actor, *, team: bool) -> QuerySet[EarlyWarning]:
    """Return the warnings that wait for an answer or an outcome: one's own, or with ``team`` all that one sees."""
    rows = visible(EarlyWarning, actor).filter(state__in=UNSETTLED)
    return rows if team else rows.filter(owner_id__in=sorted(actor.owners))


def counted(rows: QuerySet[EarlyWarning], now: dt.datetime) -> dict[str, tuple[int, bool]]:
    """Return how many of ``rows`` wait, and how many of these are overdue, each up to a thousand."""
    return {"open": count_up_to(rows), "overdue": count_up_to(rows.filter(due_at__lt=now))}


def warnings_of(customer: Customer, actor: Actor) -> QuerySet[EarlyWarning]:
    """Return the customer's warnings that the actor may see, the latest first."""
    rows = visible(EarlyWarning, actor).filter(customer=customer).select_related("owner")
    return rows.order_by("-raised_on", "-id")


def tasks_of(warning: EarlyWarning, actor: Actor) -> list[Any]:
    """Return the tasks that answer the warning."""
    rows = visible(Task, actor).filter(about_kind=EarlyWarning._meta.label_lower, about_uid=warning.uid)
    return list(rows.select_related("owner").order_by("-id"))
