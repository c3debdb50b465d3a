"""Reminders: a job that looks every few minutes which tasks ask for one, and tells their owners once."""

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jike.apps.tasks.models import Task
from jike.apps.tasks.queries import tasks_to_remind
from jike.foundation.audit import changing_many
from jike.foundation.jobs import job
from jike.foundation.notify import Topic, declare_topics, notify
from jike.foundation.scope import system_actor

__all__ = ["remind_of_tasks"]

ACTOR = system_actor("tasks.remind_of_tasks")
AT_ONCE = 500

declare_topics(Topic("tasks.due", _("A task is due")))


@job("tasks.remind_of_tasks", label=_("Remind of tasks"), cron="*/5 * * * *")
def remind_of_tasks() -> None:
    """Remind of every open task whose time has come."""
    while _send(timezone.now()) == AT_ONCE:
        pass


@transaction.atomic
def _send(now: dt.datetime) -> int:
    """Tell the owners of the tasks that ask for it by ``now``, at most `AT_ONCE`; return how many there were."""
    tasks = tasks_to_remind(now, limit=AT_ONCE)
    for task in tasks:
        assert task.remind_at is not None
        once = f"task:{task.uid}:{task.remind_at:%Y%m%d%H%M}"
        notify([task.owner.uid], "tasks.due", task.title, about=task.key, once=once)
    reminded = {task.pk: {"reminded_at": now} for task in tasks}
    changing_many(Task, reminded, actor=ACTOR, verb="remind", permit="change")
    return len(tasks)
