"""Acts upon tasks: settling with one click or with an outcome, handing on, and adding one to any record."""

import json
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from jike.apps.tasks import actions
from jike.apps.tasks.models import Task
from jike.foundation.errors import NotFound, RuleBroken
from jike.foundation.pages.entry import PageRequest, after, page, record_at
from jike.foundation.pages.resources.dialogs import ask
from jike.foundation.resource.attributes import attribute_of
from jike.foundation.resource.editing import RecordForm
from jike.foundation.resource.registry import resource_of_kind
from jike.foundation.scope import fetch

__all__ = ["add_about", "reassign", "settle", "tick"]


@page("GET", "POST", permission="tasks.task:settle")
def settle(request: PageRequest, uid: UUID) -> HttpResponse:
    """Ask what came of it, and settle the task."""
    task = fetch(Task, uid, request.actor, action="settle")

    def act(given: dict[str, Any]) -> str:
        actions.settle_task(task, actor=request.actor, outcome=given["outcome"])
        return _("“%(name)s” is settled.") % {"name": task}

    return ask(request, task, _form(request, "outcome"), title=_("Settle"), act=act)


@page("POST", permission="tasks.task:settle")
def tick(request: PageRequest, uid: UUID) -> HttpResponse:
    """Settle the task by its circle, or open it again; the circle shows how it stands then."""
    task = fetch(Task, uid, request.actor, action="settle")
    told = ""
    try:
        if request.POST.get("open"):
            actions.reopen_task(task, actor=request.actor)
        else:
            actions.settle_task(task, actor=request.actor)
    except RuleBroken as error:
        task.refresh_from_db()
        told = str(error)
    if not request.htmx:
        return after(task)
    response = render(request, "tasks/_tick.html", {"task": task})
    if told:
        response.headers["HX-Trigger"] = json.dumps({"toast": {"text": told, "bad": True}})
    return response


@page("GET", "POST", permission="tasks.task:reassign")
def reassign(request: PageRequest, uid: UUID) -> HttpResponse:
    """Ask who takes the task over, and hand it on."""
    task = fetch(Task, uid, request.actor, action="reassign", related=("owner",))

    def act(given: dict[str, Any]) -> str:
        actions.reassign_task(task, actor=request.actor, owner=given["owner"])
        return _("%(name)s does it now.") % {"name": given["owner"]}

    return ask(request, task, _form(request, "owner", owner=task.owner), title=_("Hand on"), act=act)


@page("GET", "POST", permission="tasks.task:add")
def add_about(request: PageRequest, uid: UUID, kind: str) -> HttpResponse:
    """Ask for a task about the record at ``kind`` and ``uid``, and give it."""
    if resource_of_kind(kind) is None:
        raise NotFound
    record = record_at(request, kind, uid)
    names = ("title", "due_at", "owner", "body")

    def act(given: dict[str, Any]) -> str:
        task = actions.add_task(actor=request.actor, about=record, **given)
        return _("%(owner)s has a new task: %(title)s") % {"owner": task.owner, "title": task}

    form = _form(request, *names, owner=request.actor.uid)
    return ask(request, record, form, title=_("Add a task"), act=act)


def _form(request: PageRequest, *names: str, **initial: Any) -> RecordForm:
    attributes = [attribute_of(Task, name) for name in names]
    return RecordForm(
        attributes, request.actor, data=request.POST if request.method == "POST" else None, initial=initial
    )
