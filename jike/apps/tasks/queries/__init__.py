"""What one needs to know of tasks: mine and how late they are, those about a record, those to be reminded of."""

import datetime as dt
from collections.abc import Mapping

from django.db.models import Q, QuerySet

from jike.apps.tasks.models import Task
from jike.apps.tasks.rules import NEXT, State
from jike.foundation.models import Record
from jike.foundation.resource.listing import count_up_to
from jike.foundation.scope import Actor, visible

__all__ = [
    "counts_by_due",
    "due_tasks",
    "next_states",
    "open_tasks",
    "tasks_about",
    "tasks_to_remind",
]


def open_tasks(actor: Actor, *, team: bool = False) -> QuerySet[Task]:
    """Return the actor's own open tasks (and those of whom they stand in for), or with ``team`` all that they see."""
    rows = visible(Task, actor).filter(state=State.OPEN)
    return rows if team else rows.filter(owner_id__in=sorted(actor.owners))


def due_tasks(rows: QuerySet[Task], *, until: dt.date, limit: int) -> list[Task]:
    """Return those of ``rows`` that are due by ``until``, the longest overdue first."""
    return list(rows.filter(due_on__lte=until).select_related("owner").order_by("due_at", "id")[:limit])


def counts_by_due(rows: QuerySet[Task], *, today: dt.date) -> Mapping[str, tuple[int, bool]]:
    """Return how many of ``rows`` were due before ``today``, are due today, and in the six days after."""
    spans = {
        "overdue": Q(due_on__lt=today),
        "today": Q(due_on=today),
        "week": Q(due_on__gt=today, due_on__lte=today + dt.timedelta(days=6)),
    }
    return {name: count_up_to(rows.filter(span)) for name, span in spans.items()}


def tasks_about(record: Record, actor: Actor, *, limit: int = 20) -> list[Task]:
    """Return the tasks about ``record`` that the actor may see: open ones first, then what was settled last."""
    rows = visible(Task, actor).filter(about_kind=record.kind(), about_uid=record.uid)
    rows = rows.select_related("owner")
    waiting = list(rows.filter(state=State.OPEN).order_by("due_at", "id")[:limit])
    settled = rows.exclude(state=State.OPEN).order_by("-settled_at", "-id")
    return waiting + list(settled[: max(limit - len(waiting), 3)])


def next_states(task: Task) -> list[str]:
    """Return the states that may follow the task's."""
    following = NEXT[State(task.state)]
    return [str(state) for state in State if state in following]


def tasks_to_remind(now: dt.datetime, *, limit: int) -> list[Task]:
    """Return the open tasks whose reminder's time has come; locked, and those that another job holds are left to it."""
    rows = Task.objects.filter(state=State.OPEN, reminded_at=None, removed_at=None, remind_at__lte=now)
    locked = rows.select_related("owner").select_for_update(of=("self",), skip_locked=True)
    return list(locked.order_by("remind_at")[:limit])
