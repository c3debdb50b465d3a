"""Acts upon a step: begun and tried again at once, finished, failed and handed over after a question."""

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext as _

from jike.apps.ordering import actions
from jike.apps.ordering.models import ServiceTask
from jike.foundation.pages.entry import PageRequest, page
from jike.foundation.pages.resources.dialogs import ask
from jike.foundation.resource.attributes import attribute_of
from jike.foundation.resource.editing import RecordForm
from jike.foundation.scope import fetch

__all__ = ["begin", "fail", "finish", "hand_over", "retry"]

WORK = "ordering.servicetask:change_state"


def _task(request: PageRequest, uid: UUID, action: str = "change_state") -> ServiceTask:
    return fetch(ServiceTask, uid, request.actor, action=action, related=("order", "owner", "item"))


def _named(task: ServiceTask) -> str:
    """Return the step with its product, because a product has many steps."""
    return f"{task.get_step_display()} · {task}"


def _form(request: PageRequest, *names: str) -> RecordForm:
    return RecordForm(
        [attribute_of(ServiceTask, name) for name in names],
        request.actor,
        data=request.POST if request.method == "POST" else None,
    )


@page("GET", "POST", permission=WORK)
def begin(request: PageRequest, uid: UUID) -> HttpResponse:
    """Begin the step."""
    task = _task(request, uid)

    def act(given: dict[str, Any]) -> str:
        actions.begin_step(task, actor=request.actor)
        return _("“%(name)s” is under way.") % {"name": _named(task)}

    return ask(
        request,
        task,
        forms.Form(request.POST if request.method == "POST" else None),
        title=_("Begin the step"),
        act=act,
    )


@page("GET", "POST", permission=WORK)
def finish(request: PageRequest, uid: UUID) -> HttpResponse:
    """Ask for the result, and finish the step."""
    task = _task(request, uid)

    def act(given: dict[str, Any]) -> str:
        actions.finish_step(task, actor=request.actor, result=given["result"])
        return _("“%(name)s” is done.") % {"name": _named(task)}

    return ask(request, task, _form(request, "result"), title=_("Finish the step"), act=act)


@page("GET", "POST", permission=WORK)
def fail(request: PageRequest, uid: UUID) -> HttpResponse:
    """Ask why the step cannot be done for now."""
    task = _task(request, uid)

    def act(given: dict[str, Any]) -> str:
        actions.fail_step(task, actor=request.actor, fallout=given["fallout"])
        return _("“%(name)s” has failed; the account manager is told.") % {"name": _named(task)}

    return ask(request, task, _form(request, "fallout"), title=_("Report failure"), act=act)


@page("GET", "POST", permission=WORK)
def retry(request: PageRequest, uid: UUID) -> HttpResponse:
    """Let a failed step be tried again."""
    task = _task(request, uid)

    def act(given: dict[str, Any]) -> str:
        actions.retry_step(task, actor=request.actor)
        return _("“%(name)s” can begin again.") % {"name": _named(task)}

    return ask(
        request,
        task,
        forms.Form(request.POST if request.method == "POST" else None),
        title=_("Try again"),
        act=act,
    )


@page("GET", "POST", permission="ordering.servicetask:hand_over")
def hand_over(request: PageRequest, uid: UUID) -> HttpResponse:
    """Ask to whom, and hand the step over."""
    task = _task(request, uid, "hand_over")

    def act(given: dict[str, Any]) -> str:
        actions.hand_over_step(task, actor=request.actor, owner=given["owner"])
        return _("“%(name)s” was handed over to %(person)s.") % {
            "name": _named(task),
            "person": given["owner"],
        }

    form = _form(request, "owner")
    form.fields["owner"].required = True
    return ask(request, task, form, title=_("Hand over"), act=act)
