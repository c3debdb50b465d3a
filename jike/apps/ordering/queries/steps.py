"""Steps that can be worked on: whose they are, how many are late, and which comes first."""

import datetime as dt
from collections.abc import Mapping

from django.db.models import Count, Q, QuerySet

from jike.apps.ordering.models import ServiceTask
from jike.apps.ordering.rules import TaskState
from jike.foundation.scope import Actor, visible

__all__ = ["most_urgent", "open_steps", "step_counts"]

OPEN = (TaskState.READY, TaskState.RUNNING, TaskState.FAILED)


def open_steps(actor: Actor, *, team: bool) -> QuerySet[ServiceTask]:
    """Return the steps that can be worked on: one's own, or all one sees."""
    rows = visible(ServiceTask, actor).filter(state__in=OPEN)
    return rows if team else rows.filter(owner__in=actor.owners)


def step_counts(rows: QuerySet[ServiceTask], *, today: dt.date) -> Mapping[str, int]:
    """Return how many of ``rows`` are overdue, due today, and failed."""
    counts: Mapping[str, int] = rows.aggregate(
        overdue=Count("id", filter=Q(due_on__lt=today)),
        today=Count("id", filter=Q(due_on=today)),
        failed=Count("id", filter=Q(state=TaskState.FAILED)),
    )
    return counts


def most_urgent(rows: QuerySet[ServiceTask], *, limit: int) -> list[ServiceTask]:
    """Return those of ``rows`` that are due first."""
    return list(rows.select_related("customer", "owner").order_by("due_on", "id")[:limit])
