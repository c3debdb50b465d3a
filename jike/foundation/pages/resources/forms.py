"""The form page: new and edit, short first, drafts kept, two editors merged."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import BooleanField
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jike.foundation.entering import entered as cleaned
from jike.foundation.entering import whole_number
from jike.foundation.errors import NotFound
from jike.foundation.matching import Near, near_duplicates
from jike.foundation.matching.kinds import match_kind
from jike.foundation.models import Draft
from jike.foundation.models.record import Record
from jike.foundation.pages.match_words import reasons_told
from jike.foundation.pages.resources.editors import Editor, base_in, read_base, version_in
from jike.foundation.pages.resources.form_lines import names_sent, sheets_of, stored_with
from jike.foundation.pages.resources.lists import entered
from jike.foundation.pages.resources.records import fetched
from jike.foundation.personal import draft_of, drop_draft, keep_draft
from jike.foundation.resource.declaration import Resource
from jike.foundation.resource.editing import RecordForm, build_form
from jike.foundation.scope import Actor, visible
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
    return _form_page(request, resource, fetched(resource, uid, actor, action="change"), actor=actor)


def _form_page(request: HttpRequest, resource: Resource, row: Record | None, *, actor: Actor) -> HttpResponse:
    about = row.uid if row else None
    context: dict[str, Any] = {
        "resource": resource,
        "row": row,
        "matched": match_kind(resource.model) is not None,
    }
    if request.method == "POST":
        form = build_form(resource, actor, row, data=request.POST)
        editor = Editor(resource, actor, row, form=form, version=version_in(request), base=base_in(request))
        sheets = sheets_of(resource, row, actor, data=request.POST)
        stored = stored_with(editor, sheets)
        if stored is not None:
            drop_draft(actor, resource.slug, about)
            messages.success(request, _("“%(name)s” is saved.") % {"name": stored})
            return redirect("resource:record", resource.slug, stored.uid)
    else:
        draft = context["draft"] = draft_of(actor, resource.slug, about)
        editor = _begun(resource, row, actor, draft=draft, asked=_asked(request, resource, row, actor=actor))
        if row is None:  # what was clicked just now counts more than a draft begun elsewhere
            editor.form.initial.update(_given(request, resource))
        sheets = sheets_of(resource, row, actor, data=draft.data if draft else None)
    context |= {**editor.context(), "sections": _sections(resource, editor.form), "sheets": sheets}
    wrong = editor.form.errors or not all(sheet.valid for sheet in sheets)
    status = 422 if wrong and request.method == "POST" else 200
    return render(request, "resource/form.html", context, status=status)


def _begun(
    resource: Resource, row: Record | None, actor: Actor, *, draft: Draft | None, asked: dict[str, Any]
) -> Editor:
    """Return the form as it begins: with what was typed and never saved, if there is such a draft.

    A draft brings the version and the base it was begun from, so that what others saved since is merged, not undone.
    """
    form = build_form(resource, actor, row, initial=asked)
    editor = Editor(resource, actor, row, form=form)
    if draft is None:
        return editor
    for name, field in form.fields.items():
        typed = draft.data.get(name, [])
        if typed or isinstance(field, BooleanField):
            form.initial[name] = typed[0] if typed else False
    if row is not None:
        editor.begun = False
        editor.version = whole_number(_kept(draft, "version")) or row.version
        editor.base = read_base(_kept(draft, "base"))
    return editor


def _kept(draft: Draft, name: str) -> str:
    return str(next(iter(draft.data.get(name, [])), ""))


@require_POST
def draft(request: HttpRequest, resource: Resource) -> HttpResponse:
    """Keep what is typed so far; sent by itself every few seconds."""
    actor = entered(request, resource)
    names = {*resource.form_fields, "version", "base", *names_sent(resource)}
    # PostgreSQL's JSON holds no NUL; whoever saves such text is told beside the field.
    texts = {name: request.POST.getlist(name) for name in request.POST if name in names}
    data = {name: [text.replace("\0", "") for text in some] for name, some in texts.items()}
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
    name = resource.title.name
    text = cleaned(name, clean_line, request.GET.get(name, "")[:100], limit=100)
    near: list[Near] = []
    if match_kind(resource.model) is not None:
        typed = _typed(request, resource, actor)
        near = near_duplicates(resource.model, typed, actor=actor, limit=SIMILAR_SHOWN)
    rows = (
        narrow(visible(resource.model, actor), text, actor)[:SIMILAR_SHOWN]
        if len(text) >= SIMILAR_FROM and not near
        else []
    )
    lines = [(one, reasons_told(one.match.reasons)) for one in near]
    return render(request, "resource/_similar.html", {"resource": resource, "rows": rows, "lines": lines})


def _typed(request: HttpRequest, resource: Resource, actor: Actor) -> dict[str, Any]:
    """Return what is typed so far, by attribute name; what no field can read is left out."""
    form = build_form(resource, actor, None, data=request.GET)
    values = {}
    for name, field in form.fields.items():
        try:
            value = field.clean(form[name].data)
        except ValidationError:
            continue
        values[resource.attributes[name].field.attname] = getattr(value, "pk", value)
    return values


def _about(request: HttpRequest) -> UUID | None:
    try:
        return UUID(request.POST["about"]) if request.POST.get("about") else None
    except ValueError as error:
        raise NotFound from error


def _asked(request: HttpRequest, resource: Resource, row: Record | None, *, actor: Actor) -> dict[str, Any]:
    """Return what a new record begins with: what the address brings, as from a related panel's "new" button, and where
    it lies by itself: with the person who enters it, in their only unit.
    """
    if row is not None:
        return {}
    own, unit = (resource.model.SCOPE.get(side, "").removesuffix("_id") for side in ("own", "unit"))
    places: dict[str, Any] = {own: actor.uid} if actor.person is not None else {}
    if unit in resource.form_fields and len(actor.units) == 1:
        units: Any = resource.attributes[unit].refers_to
        places[unit] = units._default_manager.filter(pk__in=actor.units).first()
    lies = {name: value for name, value in places.items() if name in resource.form_fields}
    return lies | _given(request, resource)


def _given(request: HttpRequest, resource: Resource) -> dict[str, str]:
    return {name: request.GET[name] for name in resource.form_fields if name in request.GET}


def _sections(resource: Resource, form: RecordForm) -> list[tuple[Any, list[Any], bool]]:
    """Return the form's sections; all but the first are folded until asked for or until something is wrong in them."""
    found = []
    for place, section in enumerate(resource.form):
        bound = [form[name] for name in section.fields if name in form.fields]
        found.append((section.label, bound, place == 0 or any(field.errors for field in bound)))
    return found
