"""The bulk bar's acts: which field, which value, how many rows, done, undo."""

import json
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from jike.foundation.audit import Outcome
from jike.foundation.errors import Invalid, NotFound, RuleBroken
from jike.foundation.exchange.bulk_tasks import AT_ONCE_LIMIT, order_edit, order_undo
from jike.foundation.models import Change
from jike.foundation.pages.resources.lists import entered
from jike.foundation.resource.attributes import Attribute
from jike.foundation.resource.bulk import Chosen, bulk_fields, edit_many, rows_chosen, undo
from jike.foundation.resource.declaration import Resource
from jike.foundation.resource.fields import form_field
from jike.foundation.resource.listing import count_up_to
from jike.foundation.resource.state import read_state
from jike.foundation.scope import Actor

__all__ = ["choose", "edit", "take_back"]

REFUSALS_SHOWN = 5


@require_POST
def choose(request: HttpRequest, resource: Resource) -> HttpResponse:
    """Show the dialog: the field to set and its input; the rows chosen come along."""
    actor = entered(request, resource)
    fields = _fields(resource, actor)
    rows = rows_chosen(resource, chosen_in(request, resource, actor), actor, today=timezone.localdate())
    name = request.POST.get("field") or next(iter(fields))
    if name not in fields:
        raise NotFound
    return render(
        request, "resource/_bulk.html", _dialog(request, resource, fields, name=name, count=count_up_to(rows))
    )


@require_POST
def edit(request: HttpRequest, resource: Resource) -> HttpResponse:
    """Set one field of every row chosen."""
    actor = entered(request, resource)
    fields = _fields(resource, actor)
    name = request.POST.get("field", "")
    if name not in fields:
        raise NotFound
    chosen = chosen_in(request, resource, actor)
    rows = rows_chosen(resource, chosen, actor, today=timezone.localdate())
    form = _form(fields[name], actor, request.POST)
    problem = ""
    if form.is_valid():
        try:
            if not count_up_to(rows, AT_ONCE_LIMIT)[1]:
                order_edit(resource, chosen, (name, ",".join(request.POST.getlist(name))), actor=actor)
                return _begun(request)
            outcome = edit_many(resource, rows, {name: form.cleaned_data[name]}, actor=actor)
            return _told(request, resource, outcome, undone=False)
        except RuleBroken as error:
            problem = str(error)
    context = _dialog(request, resource, fields, name=name, count=count_up_to(rows))
    return render(request, "resource/_bulk.html", {**context, "form": form, "problem": problem}, status=422)


@require_POST
def take_back(request: HttpRequest, resource: Resource, edit: UUID) -> HttpResponse:
    """Undo a bulk edit; what was edited since stays as it is and is named."""
    actor = entered(request, resource)
    changed = Change.objects.filter(actor=actor.uid, request=edit).values("pk")[: AT_ONCE_LIMIT + 1]
    if changed.count() > AT_ONCE_LIMIT:
        order_undo(resource, edit, actor=actor)
        return _begun(request)
    outcome = undo(resource, edit, actor)
    if request.POST.get("back") == "tasks":
        messages.success(request, _sentence(outcome, undone=True))
        return redirect("foundation:tasks")
    return _told(request, resource, outcome, undone=True)


def _begun(request: HttpRequest) -> HttpResponse:
    """Say that the work goes on behind; the page stays."""
    sentence = _("This goes on in the background; you will find it in the task centre.")
    if request.POST.get("back") == "tasks":
        messages.success(request, sentence)
        return redirect("foundation:tasks")
    link = {"text": _("Task centre"), "url": reverse("foundation:tasks")}
    told = {"toast": {"text": sentence, "link": link}}
    response = render(request, "resource/_bulk_done.html", {"refused": 0, "refusals": []})
    response["HX-Trigger"] = json.dumps(told)
    return response


def chosen_in(request: HttpRequest, resource: Resource, actor: Actor) -> Chosen:
    """Read which rows are meant: ``row`` once a row, or ``every`` with the list's address."""
    if request.POST.get("every"):
        return Chosen(everything=read_state(resource, QueryDict(request.POST.get("address", "")), actor))
    try:
        uids = [UUID(text) for text in request.POST.getlist("row")]
    except ValueError as error:
        raise Invalid({"row": [_("These rows cannot be read.")]}) from error
    return Chosen(uids=uids)


def _fields(resource: Resource, actor: Actor) -> dict[str, Attribute]:
    fields = {attribute.name: attribute for attribute in bulk_fields(resource, actor)}
    if not fields or not actor.holds(f"{resource.kind}:change"):
        raise NotFound
    return fields


def _form(attribute: Attribute, actor: Actor, data: Any) -> forms.Form:
    form = forms.Form(data=data)
    form.fields[attribute.name] = form_field(attribute, actor)
    return form


def _dialog(
    request: HttpRequest,
    resource: Resource,
    fields: dict[str, Attribute],
    *,
    name: str,
    count: tuple[int, bool],
) -> dict[str, Any]:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return {
        "resource": resource,
        "fields": fields.values(),
        "name": name,
        "form": _form(fields[name], actor, None),
        "number": count[0],
        "complete": count[1],
        "rows": request.POST.getlist("row"),
        "every": request.POST.get("every", ""),
        "address": request.POST.get("address", ""),
    }


def _sentence(outcome: Outcome, *, undone: bool) -> str:
    written = len(outcome.written)
    if undone:
        return ngettext("%d record is as before.", "%d records are as before.", written) % written
    return ngettext("%d record changed.", "%d records changed.", written) % written


def _told(request: HttpRequest, resource: Resource, outcome: Outcome, *, undone: bool) -> HttpResponse:
    written, sentence = len(outcome.written), _sentence(outcome, undone=undone)
    names = dict(
        resource.model._default_manager.filter(pk__in=list(outcome.refused)[:REFUSALS_SHOWN]).values_list(
            "pk", resource.title.path
        )
    )
    toast = {"text": sentence}
    if written and not undone:
        edit: UUID = request.actor.request  # type: ignore[attr-defined]
        toast["undo"] = reverse("resource:bulk_undo", args=[resource.slug, edit])
    context = {
        "refused": len(outcome.refused),
        "refusals": [(names.get(pk, ""), why) for pk, why in list(outcome.refused.items())[:REFUSALS_SHOWN]],
    }
    response = render(request, "resource/_bulk_done.html", context)
    response["HX-Trigger"] = json.dumps({"toast": toast, "list-changed": True})
    return response
