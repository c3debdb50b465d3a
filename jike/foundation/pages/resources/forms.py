"""The form page: new and edit, short first, drafts kept, two editors merged."""

import json
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jike.foundation.errors import Invalid, NotFound, Refused, Stale
from jike.foundation.models.record import Record
from jike.foundation.pages.resources.lists import entered
from jike.foundation.pages.resources.records import fetched, version_in
from jike.foundation.personal import draft_of, drop_draft, keep_draft
from jike.foundation.resource.declaration import Resource
from jike.foundation.resource.editing import RecordForm, build_form, merge, save
from jike.foundation.resource.presenting import words
from jike.foundation.scope import Actor, fetch, visible
from jike.foundation.search import narrow
from jike.values.text import clean_line

__all__ = ["add", "change", "discard", "draft", "similar"]

SIMILAR_SHOWN, SIMILAR_FROM = 5, 2


@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, resource: Resource) -> HttpResponse:
    """Take in a new record."""
    actor = entered(request, resource)
    if not resource.form or not actor.holds(f"{resource.kind}:add"):
        raise NotFound
    return _form_page(request, resource, None, actor=actor)


@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, resource: Resource, uid: UUID) -> HttpResponse:
    """Change a record."""
    actor = entered(request, resource)
    if not resource.form:
        raise NotFound
    fetch(resource.model, uid, actor, action="change")
    return _form_page(request, resource, fetched(resource, uid, actor), actor=actor)


def _form_page(request: HttpRequest, resource: Resource, row: Record | None, *, actor: Actor) -> HttpResponse:
    context: dict[str, Any] = {"resource": resource, "row": row, "conflicts": {}}
    if request.method == "POST":
        form = build_form(resource, actor, row, data=request.POST)
        stored = _try(request, resource, form, row=row, actor=actor, context=context)
        if stored is not None:
            drop_draft(actor, resource.slug, row.uid if row else None)
            messages.success(request, _("“%(name)s” is saved.") % {"name": stored})
            return redirect("resource:record", resource.slug, stored.uid)
    else:
        form = _begun(request, resource, row, actor=actor, context=context)
    context |= {
        "form": form,
        "base": json.dumps(_base(resource, form, row)),
        "sections": _sections(resource, form),
    }
    return render(request, "resource/form.html", context, status=422 if form.errors else 200)


def _try(
    request: HttpRequest,
    resource: Resource,
    form: RecordForm,
    *,
    row: Record | None,
    actor: Actor,
    context: dict[str, Any],
) -> Record | None:
    if not form.is_valid():
        return None
    try:
        return save(resource, form, row, actor=actor, version=version_in(request))
    except Stale as error:
        if row is not None:
            context["conflicts"] = merge(resource, form, row, base=_read_base(request), error=error)
    except Refused as error:
        form.add_error(None, str(error))
    except Invalid:
        pass  # the form now shows why
    return None


def _begun(
    request: HttpRequest, resource: Resource, row: Record | None, *, actor: Actor, context: dict[str, Any]
) -> RecordForm:
    """Return the form as it begins: with what was typed and never saved, if there is such a draft."""
    draft = draft_of(actor, resource.slug, row.uid if row else None)
    if draft is None or "fresh" in request.GET:
        return build_form(resource, actor, row, initial=_asked(request, resource))
    context["draft"] = draft
    typed = QueryDict(mutable=True)
    for name, values in draft.data.items():
        typed.setlist(name, values)
    shown = build_form(resource, actor, row)
    known = {
        name: shown.fields[name].prepare_value(typed.get(name)) for name in shown.fields if name in typed
    }
    shown.initial.update(known)
    return shown


@require_POST
def draft(request: HttpRequest, resource: Resource) -> HttpResponse:
    """Keep what is typed so far; sent by itself every few seconds."""
    actor = entered(request, resource)
    data = {name: request.POST.getlist(name) for name in resource.form_fields if name in request.POST}
    keep_draft(actor, resource.slug, _about(request), data=data)
    return render(request, "resource/_draft_kept.html")


@require_POST
def discard(request: HttpRequest, resource: Resource) -> HttpResponse:
    """Throw the draft away."""
    actor, about = entered(request, resource), _about(request)
    drop_draft(actor, resource.slug, about)
    return (
        redirect("resource:change", resource.slug, about)
        if about
        else redirect("resource:add", resource.slug)
    )


@require_safe
def similar(request: HttpRequest, resource: Resource) -> HttpResponse:
    """Show records whose name is like the one being typed, so that nobody enters one twice."""
    actor = entered(request, resource)
    text = clean_line(request.GET.get(resource.title.name, "")[:100], limit=100)
    rows = (
        narrow(visible(resource.model, actor), text, actor)[:SIMILAR_SHOWN]
        if len(text) >= SIMILAR_FROM
        else []
    )
    return render(request, "resource/_similar.html", {"resource": resource, "rows": rows})


def _about(request: HttpRequest) -> UUID | None:
    try:
        return UUID(request.POST["about"]) if request.POST.get("about") else None
    except ValueError as error:
        raise NotFound from error


def _asked(request: HttpRequest, resource: Resource) -> dict[str, Any] | None:
    """Return the defaults that the address brings, as from a related panel's "new" button."""
    given = {name: request.GET[name] for name in resource.form_fields if name in request.GET}
    if not given:
        return None
    fields = [resource.attributes[name] for name in resource.form_fields]
    return {one.name: one.field.get_default() for one in fields if one.field.has_default()} | given


def _base(resource: Resource, form: RecordForm, row: Record | None) -> dict[str, str]:
    """Return what the editor began from, in words, so that a merge knows who changed what."""
    return {name: words(resource.attributes[name], getattr(row, name)) for name in form.fields} if row else {}


def _read_base(request: HttpRequest) -> dict[str, str]:
    try:
        base = json.loads(request.POST.get("base", "{}"))
    except ValueError:
        return {}
    return base if isinstance(base, dict) else {}


def _sections(resource: Resource, form: RecordForm) -> list[tuple[Any, list[Any], bool]]:
    """Return the form's sections; all but the first are folded until asked for or until something is wrong in them."""
    found = []
    for place, section in enumerate(resource.form):
        bound = [form[name] for name in section.fields if name in form.fields]
        found.append((section.label, bound, place == 0 or any(field.errors for field in bound)))
    return found
