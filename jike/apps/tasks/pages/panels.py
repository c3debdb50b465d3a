"""What a task's page shows beside its facts, and the panel of tasks that any record's page can have."""

from collections.abc import Mapping
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jike.apps.tasks import queries
from jike.apps.tasks.models import Task
from jike.apps.tasks.rules import State, is_overdue
from jike.foundation.directory import address_of
from jike.foundation.errors import NotFound
from jike.foundation.models import Record
from jike.foundation.resource import Contribution, Panel
from jike.foundation.scope import Actor, fetch_key, may

__all__ = ["is_open", "late_days", "strip", "tasks_on"]

VIEW, ADD = "tasks.task:view", "tasks.task:add"


def strip(task: Task, actor: Actor) -> Mapping[str, Any]:
    """Return what the task is about, as far as its reader may see it, and by how much it is late."""
    about: Record | None = None
    if task.about is not None:
        try:
            about = fetch_key(task.about, actor)
        except NotFound:
            about = None
    return {
        "about": about,
        "address": address_of(task.about) if about is not None and task.about else "",
        "late": late_days(task),
    }


def is_open(task: Task) -> bool:
    """Whether the task is still to be done."""
    return task.state == State.OPEN


def late_days(task: Task) -> int:
    """Return by how many days an open task is late; one that is late today only counts as none."""
    now = timezone.now()
    if task.due_at is None or not is_overdue(State(task.state), task.due_at, now=now):
        return 0
    return (timezone.localdate(now) - timezone.localdate(task.due_at)).days


def tasks_of(record: Record, actor: Actor) -> Mapping[str, Any] | None:
    """Return the tasks about a record, and whether one may add another."""
    if not actor.holds(VIEW):
        return None
    tasks = queries.tasks_about(record, actor, limit=8)
    lines = [(task, late_days(task), may(actor, "settle", task)) for task in tasks]
    if not lines and not actor.holds(ADD):
        return None
    return {"lines": lines, "kind": record.kind(), "may_add": actor.holds(ADD)}


def tasks_on(kind: str) -> Contribution:
    """Return the panel of tasks for the pages of records of ``kind``."""
    return Contribution(kind, panels=(Panel("tasks", _("Tasks"), "tasks/_panel.html", tasks_of, "rail"),))
