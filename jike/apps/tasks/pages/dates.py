"""Tasks in the calendar of whoever has to do them."""

import datetime as dt

from jike.apps.tasks import queries
from jike.foundation.directory import address_of
from jike.foundation.personal_calendar import Dated
from jike.foundation.scope import Actor

__all__ = ["task_dates"]

HALF_HOUR = dt.timedelta(minutes=30)


def task_dates(actor: Actor, *, since: dt.date, until: dt.date, limit: int) -> list[Dated]:
    """Return one's own open tasks that are due, each at the half hour before."""
    if not actor.holds("tasks.task:view"):
        return []
    rows = queries.open_tasks(actor).filter(due_on__gte=since, due_on__lte=until).order_by("due_at", "id")
    return [
        Dated(
            name=f"task-{one.uid}",
            title=one.title,
            begins=one.due_at - HALF_HOUR,
            length=HALF_HOUR,
            words="\n".join(filter(None, (one.about_title, one.body))),
            link=address_of(one.key) or "",
            remind=HALF_HOUR,
        )
        for one in rows[:limit]
        if one.due_at is not None
    ]
