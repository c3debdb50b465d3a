"""The tasks' card on the home page: what is overdue and due today, each to be ticked off on the spot."""

import datetime as dt
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from jike.apps.tasks import queries
from jike.apps.tasks.pages.panels import late_days
from jike.foundation.pages.home import HomeCard, Viewpoint

__all__ = ["TASK_CARDS", "due"]

SHOWN = 8
OPEN = ["state", "in", ["open"]]
SPANS: Mapping[str, list[Any]] = {
    "overdue": ["due_on", "before", "0d"],
    "today": ["due_on", "on", "0d"],
    "week": ["due_on", "between", ["1d", "6d"]],
}


def due(view: Viewpoint) -> Mapping[str, Any]:
    """Return the tasks that are late, due today and due within a week, and how many there are of each."""
    rows = queries.open_tasks(view.actor, team=view.team)
    counts = queries.counts_by_due(rows, today=view.today)
    found = queries.due_tasks(rows, until=view.today + dt.timedelta(days=6), limit=SHOWN)
    return {
        "counts": {
            name: (f"{count:,}{'' if whole else '+'}", _list(view, [OPEN, SPANS[name]]))
            for name, (count, whole) in counts.items()
        },
        "due": [(task, late_days(task), task.due_on == view.today) for task in found],
        "all": _list(view, [OPEN]),
        "team": view.team,
    }


def _list(view: Viewpoint, where: list[list[Any]]) -> str:
    """Return the address of the list behind a figure."""
    told = {"scope": view.scope, "sort": "due_at", "where": json.dumps(where, separators=(",", ":"))}
    return f"{reverse('resource:list', args=['tasks'])}?{urlencode(told)}"


TASK_CARDS = (HomeCard("tasks", _("Tasks"), "wide", "tasks/_home_tasks.html", due, "tasks.task:view"),)
