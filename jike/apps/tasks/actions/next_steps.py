"""A next step noted on a record becomes a task about it."""

import datetime as dt
from uuid import UUID

from django.utils import timezone

from jike.apps.organisation.models import Person
from jike.apps.tasks.actions.giving import add_task
from jike.apps.tasks.models import Task
from jike.foundation.models import Record
from jike.foundation.scope import Actor, fetch

__all__ = ["add_next_step"]

END_OF_WORK = dt.time(18)


def add_next_step(
    about: Record, *, actor: Actor, what: str, who: UUID | None = None, when: dt.date | None = None
) -> Task:
    """Give ``who`` (the actor, unless named) the task ``what`` about the record, due when that day's work ends."""
    due = timezone.make_aware(dt.datetime.combine(when, END_OF_WORK)) if when else None
    owner = fetch(Person, who, actor) if who else None
    return add_task(actor=actor, title=what, owner=owner, due_at=due, about=about)
