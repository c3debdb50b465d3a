"""A record moves to another state: by a card's drag, its menu or its page; one dialog asks what that state needs.

The Resource's action decides. It raises `Invalid` naming the fields that it wants beside, and the dialog asks for them;
whatever else stands in the way it says in a sentence, and the card returns to where it was.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from jike.foundation.entering import whole_number
from jike.foundation.errors import Invalid, JikeError, NotFound, Refused, RuleBroken, Stale
from jike.foundation.models.record import Record
from jike.foundation.pages.resources.dialogs import done
from jike.foundation.pages.resources.lists import entered
from jike.foundation.resource.attributes import attribute_of
from jike.foundation.resource.declaration import Resource
from jike.foundation.resource.editing import RecordForm
from jike.foundation.scope import Actor, fetch

__all__ = ["may_move", "move"]


@require_http_methods(["GET", "HEAD", "POST"])
def move(request: HttpRequest, resource: Resource, uid: UUID) -> HttpResponse:
    """Offer the states that may follow; take the chosen one, asking for what it needs."""
    actor = entered(request, resource)
    row = fetch(resource.model, uid, actor)
    if "change_state" not in resource.actions:
        raise NotFound
    if request.method != "POST":
        return _dialog(request, resource, row)
    state = request.POST.get("state", "")
    form = _form(resource, request.POST.getlist("asked"), actor=actor, data=request.POST)
    if not form.is_valid():
        return _dialog(request, resource, row, state=state, form=form)
    try:
        known = {
            **form.cleaned_data,
            "state": state,
            "version": whole_number(request.POST.get("version", "")),
        }
        resource.actions["change_state"](row, actor=actor, **known)
    except Invalid as error:
        if not all(_is_askable(resource, name) for name in error.fields):
            return _refused(request, error)
        return _dialog(request, resource, row, state=state, form=_asking(resource, form, error, actor=actor))
    except (RuleBroken, Refused, Stale) as error:
        return _refused(request, error)
    return _moved(request, resource, row)


def may_move(resource: Resource) -> str:
    """Return the right that moving needs; nothing where no action moves."""
    if "change_state" not in resource.actions:
        return ""
    return "change_state" if "change_state" in resource.model.ACTIONS else "change"


def _form(
    resource: Resource, names: Iterable[str], *, actor: Actor, data: Mapping[str, Any] | None = None
) -> RecordForm:
    """Return the form over those of ``names`` that may be asked for; what is asked for is needed."""
    looks = resource.looks
    attributes = [
        attribute_of(resource.model, name, looks.get(name, ""))
        for name in dict.fromkeys(names)
        if _is_askable(resource, name)
    ]
    form = RecordForm(attributes, actor, data=data)
    for field in form.fields.values():
        field.required = True
    return form


def _asking(resource: Resource, form: RecordForm, error: Invalid, *, actor: Actor) -> RecordForm:
    """Return the form with the action's sentences beside the fields they concern, over all that it wants."""
    wanted = _form(resource, [*form.fields, *error.fields], actor=actor, data={**form.cleaned_data})
    wanted.is_valid()
    wanted.errors.clear()
    wanted.tell(error)
    return wanted


def _is_askable(resource: Resource, name: str) -> bool:
    """Whether a field is typed in here: one of the row's own; references are assigned by verbs of their own."""
    try:
        attribute = attribute_of(resource.model, name)
    except LookupError:
        return False
    return (
        attribute.editable
        and not attribute.field.is_relation
        and name != resource.states
        and not attribute.sealed
    )


def _dialog(
    request: HttpRequest, resource: Resource, row: Record, *, state: str = "", form: RecordForm | None = None
) -> HttpResponse:
    labels = resource.attributes[resource.states].choices
    present = getattr(row, resource.states)
    following = resource.actions.get("next_states")
    offered = following(row) if following else [one for one in labels if one != present]
    context = {
        "resource": resource,
        "row": row,
        "present": labels.get(present, present),
        "state": state,
        "state_label": labels.get(state, ""),
        "offered": [(str(one), labels[str(one)]) for one in offered],
        "form": form if form is not None and form.fields else None,
        "version": row.version,
    }
    return render(request, "resource/_board_move.html", context)


def _moved(request: HttpRequest, resource: Resource, row: Record) -> HttpResponse:
    """Say it, and let the list (or the record's page) show itself anew."""
    state = resource.attributes[resource.states].choices[getattr(row, resource.states)]
    return done(request, row, _("“%(name)s” is now: %(state)s.") % {"name": row, "state": state})


def _refused(request: HttpRequest, error: JikeError) -> HttpResponse:
    """Say why not; the list shows the card where it belongs, and a browser without scripts a page of its own."""
    if not request.htmx:  # type: ignore[attr-defined]
        raise error
    told = {"toast": {"text": str(error), "bad": True}, "list-changed": {}}
    return HttpResponse(headers={"HX-Trigger": json.dumps(told)})
