"""Tasks are given to somebody entitled, corrected, and handed on."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jike.apps.organisation.models import Person
from jike.apps.organisation.queries import person_of
from jike.apps.tasks.models import Task
from jike.apps.tasks.rules import Source, State, reminder_for
from jike.foundation.audit import Under, changing, creating
from jike.foundation.directory import actor_of
from jike.foundation.entering import only_known
from jike.foundation.errors import Invalid, RuleBroken
from jike.foundation.models import Record
from jike.foundation.notify import Topic, declare_topics, notify
from jike.foundation.scope import Actor, fetch_key, may, require, require_permission, system_actor
from jike.foundation.sharing import share

__all__ = ["CHANGEABLE", "add_task", "change_task", "reassign_task"]

CHANGEABLE = frozenset({"title", "body", "due_at", "remind_at"})
TITLE_SHOWN = 200
SHARING = system_actor("tasks: let the giver see")

declare_topics(Topic("tasks.given", gettext_lazy("A task for me")))


@transaction.atomic
def add_task(
    *,
    actor: Actor,
    title: str,
    owner: Person | None = None,
    due_at: dt.datetime | None = None,
    remind_at: dt.datetime | None = None,
    body: str = "",
    about: Record | None = None,
    source: str = Source.HAND,
    tell: bool = True,
) -> Task:
    """Give ``owner`` (the actor, unless named) a task, ``about`` a record where there is one.

    Without a record one gives tasks to oneself and where the right to add reaches; upon a record whoever sees it may,
    to anybody who sees it too. Its reminder is an hour before it is due, unless ``remind_at`` says otherwise.
    """
    person = owner or person_of(actor)
    if person is None:
        raise Invalid({"owner": [_("Say who does it.")]})
    task = Task(
        title=title,
        body=body,
        owner=person,
        unit=person.unit,
        giver=_giver(actor, person),
        due_at=due_at,
        remind_at=remind_at or reminder_for(due_at),
        source=str(source),
    )
    _require_entitled(person, about, actor=actor)
    if about is None:
        creating(task, actor=actor, permit="change" if person.pk == actor.person else "add")
    else:
        require_permission(actor, "tasks.task:add")
        task.about_kind, task.about_uid = about.key
        task.about_title = str(about)[:TITLE_SHOWN]
        creating(task, actor=actor, under=Under(about, "view"))
    _tell(task, tell=tell)
    return task


@transaction.atomic
def change_task(task: Task, *, actor: Actor, version: int | None = None, **details: Any) -> Task:
    """Correct a task; a new due time brings a new reminder, an owner named beside is handed the task."""
    only_known(details, CHANGEABLE | {"owner"})
    owner = details.pop("owner", None)
    if details:
        with changing(task, actor=actor, version=version):
            for name, value in details.items():
                setattr(task, name, value)
            if "due_at" in details and "remind_at" not in details:
                task.remind_at = reminder_for(task.due_at)
            if details.keys() & {"due_at", "remind_at"}:
                task.reminded_at = None
        version = None
    if owner is not None and owner.pk != task.owner_id:
        reassign_task(task, actor=actor, owner=owner, version=version)
    return task


@transaction.atomic
def reassign_task(task: Task, *, actor: Actor, owner: Person, version: int | None = None) -> Task:
    """Hand an open task to ``owner``; who hands it on goes on seeing it."""
    require(actor, "reassign", task)
    about = fetch_key(task.about, actor) if task.about else None
    _require_entitled(owner, about, actor=actor)
    under = Under(about, "view") if about is not None else None
    with changing(task, actor=actor, verb="reassign", permit="add", under=under, version=version):
        if task.state != State.OPEN:
            raise RuleBroken(_("Only open tasks are handed on; open it again first."))
        task.owner, task.unit = owner, owner.unit
        task.giver = _giver(actor, owner) or task.giver
        task.reminded_at = None
    _tell(task, tell=True)
    return task


def _giver(actor: Actor, owner: Person) -> Person | None:
    """Return who asks for it, where that is a person other than the one who does it."""
    if actor.person is None or actor.person == owner.pk:
        return None
    return Person.objects.get(pk=actor.person)


def _require_entitled(owner: Person, about: Record | None, *, actor: Actor) -> None:
    """Refuse people who cannot sign in, and those who may not see what the task is about."""
    if not owner.standing:
        raise RuleBroken(_("%(name)s can no longer sign in; choose somebody else.") % {"name": owner.name})
    if about is None or owner.pk == actor.person:
        return
    known = actor_of(owner.uid)
    if known is None or not may(known, "view", about):
        sentence = _("%(name)s may not see “%(record)s”, and so cannot be given a task about it.")
        raise Invalid({"owner": [sentence % {"name": owner.name, "record": about}]})


def _tell(task: Task, *, tell: bool) -> None:
    """Let the giver see what becomes of the task, and tell its owner."""
    if task.giver is None:
        return
    share(task, task.giver.uid, actor=SHARING)
    if tell:
        notify([task.owner.uid], "tasks.given", task.title, about=task.key)
