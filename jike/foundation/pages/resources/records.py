"""One record: its page, its drawer, the edit of one fact in place, removal and return."""

from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jike.foundation.audit import history_of, removing, restoring
from jike.foundation.doubles import went_into
from jike.foundation.entering import whole_number
from jike.foundation.errors import NotFound
from jike.foundation.lines import Lines, Sheet
from jike.foundation.models.record import Record
from jike.foundation.noting import ways_of
from jike.foundation.pages.resources.acts import acts_of
from jike.foundation.pages.resources.editors import Editor, base_in, version_in
from jike.foundation.pages.resources.lists import entered
from jike.foundation.pages.resources.timeline import timeline
from jike.foundation.personal import is_favourite, mark_favourite, note_opened
from jike.foundation.resource.attributes import Attribute, Look
from jike.foundation.resource.declaration import Panel, Resource
from jike.foundation.resource.editing import build_form, change_fields
from jike.foundation.resource.history import old_value, told
from jike.foundation.resource.presenting import shown
from jike.foundation.resource.registry import panels_of
from jike.foundation.scope import SEALED, Actor, fetch, may, visible

__all__ = ["around", "bring_back", "drawer", "edit_fact", "page", "remove", "restore", "star", "tab"]

MARKS = (Look.GRADE, Look.LEVEL, Look.STATE, Look.TAGS)
OWN_TABS = {
    "comments": "resource/_tab_comments.html",
    "files": "resource/_tab_files.html",
    "history": "resource/_history.html",
}
"""What every record has beside its panels."""


@require_safe
def page(request: HttpRequest, resource: Resource, uid: UUID) -> HttpResponse:
    """Show the record's page, and remember that it was opened; of a merged one that of the record it went into."""
    actor = entered(request, resource)
    try:
        row = fetched(resource, uid, actor)
    except NotFound:
        return _gone(request, resource, uid, actor=actor)
    note_opened(actor, row)
    context = head(resource, row, actor) | overview(resource, row, actor)
    return render(request, _page_or_body(request), context)


def _gone(request: HttpRequest, resource: Resource, uid: UUID, *, actor: Actor) -> HttpResponse:
    """Lead on from a record that was merged into another; say of one in the recycle bin that it lies there."""
    kept = went_into(resource.model, uid, actor)
    if kept is not None:
        return redirect("resource:record", resource.slug, kept.uid)
    row = visible(resource.model, actor, removed=True).filter(uid=uid).first()
    if row is None:
        raise NotFound
    mine = visible(resource.model, actor, "remove", removed=True)
    context = {"resource": resource, "row": row, "restorable": mine.filter(pk=row.pk).exists()}
    return render(request, "resource/removed.html", context, status=NotFound.status)


@require_safe
def drawer(request: HttpRequest, resource: Resource, uid: UUID) -> HttpResponse:
    """Show the record in the drawer beside its list; its timeline comes after it."""
    actor = entered(request, resource)
    row = fetched(resource, uid, actor)
    context = head(resource, row, actor) | {
        "sections": sections(resource, row, actor),
        "ways": ways_of(row, actor),
    }
    return render(request, "resource/_drawer.html", context)


@require_safe
def around(request: HttpRequest, resource: Resource, uid: UUID) -> HttpResponse:
    """Give what comes to a record's page after it: the numbers of its tabs and, beside the overview, the rail."""
    actor = entered(request, resource)
    row = fetched(resource, uid, actor)
    wanted = request.GET.get("rail") == "1"
    context = {
        "row": row,
        "rails": placed(resource, row, actor, place="rail") if wanted else [],
        "counts": [(panel.name, panel.count(row, actor)) for panel in _tabs(resource, actor) if panel.count],
    }
    return render(request, "resource/_around.html", context)


@require_safe
def tab(request: HttpRequest, resource: Resource, uid: UUID, *, name: str) -> HttpResponse:
    """Show one panel of the record, what was said about it, its files or its history."""
    actor = entered(request, resource)
    row = fetched(resource, uid, actor)
    context = {**head(resource, row, actor), "tab": name}
    if name in OWN_TABS:
        context["tab_template"] = OWN_TABS[name]
        if name == "history":
            context["entries"] = told(resource, history_of(row, actor), actor, row=row)
        return render(request, _page_or_body(request), context)
    panel = next((one for one in panels_of(resource) if one.name == name), None)
    content = _content(panel, row, actor) if panel else None
    if panel is None or content is None:
        raise NotFound
    context |= {"tab_template": panel.template, "content": content}
    return render(request, _page_or_body(request), context)


def _content(panel: Panel, row: Record, actor: Actor) -> Any:
    if not isinstance(panel, Lines):
        return panel.content(row, actor)
    if not actor.holds(f"{panel.model.kind()}:view"):
        return None
    return {"sheet": Sheet(panel, row, actor), "may_change": may(actor, "change", row) and panel.when(row)}


def _page_or_body(request: HttpRequest) -> str:
    return "resource/_record.html" if request.htmx else "resource/record.html"  # type: ignore[attr-defined]


@require_POST
def star(request: HttpRequest, resource: Resource, uid: UUID) -> HttpResponse:
    """Mark the record as a favourite, or no longer."""
    actor = entered(request, resource)
    row = fetch(resource.model, uid, actor)
    mark_favourite(actor, row, on=request.POST.get("on") == "1")
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect("resource:record", resource.slug, uid)
    context = {"resource": resource, "row": row, "favourite": is_favourite(actor, row)}
    answer = render(request, "resource/_star.html", context)
    answer["HX-Trigger"] = "starred"
    return answer


@require_http_methods(["GET", "POST"])
def edit_fact(request: HttpRequest, resource: Resource, uid: UUID, *, name: str) -> HttpResponse:
    """Edit one fact in place: GET shows its input, POST stores it and shows the fact again."""
    actor = entered(request, resource)
    row = fetched(resource, uid, actor, action="change")
    if name not in resource.inline or not resource.attributes[name].may_fill(actor, row):
        raise NotFound
    form = build_form(resource, actor, row, names=(name,), data=request.POST or None)
    editor = Editor(resource, actor, row, form=form, version=version_in(request), base=base_in(request))
    if request.method == "POST" and editor.stored(again=True) is not None:
        told = fact(resource.attributes[name], row, actor)
        return render(request, "resource/_fact.html", {"resource": resource, "row": row, "fact": told})
    context = {"resource": resource, "row": row, "name": name, **editor.context()}
    return render(
        request, "resource/_edit_fact.html", context, status=422 if request.method == "POST" else 200
    )


@require_POST
def bring_back(request: HttpRequest, resource: Resource, uid: UUID) -> HttpResponse:
    """Give one field the value it had before a change of its history."""
    actor = entered(request, resource)
    row = fetch(resource.model, uid, actor, action="change")
    number, name = whole_number(request.POST.get("change", "")), request.POST.get("field", "")
    known = resource.attributes.get(name)
    if number is None or known is None or not known.may_fill(actor, row):
        raise NotFound
    value = old_value(resource, row, name, change=number, actor=actor)
    change_fields(resource, row, {name: value}, actor=actor, version=None)
    label = resource.attributes[name].label
    messages.success(request, _("“%(field)s” is as it was before.") % {"field": label})
    return redirect("resource:record", resource.slug, uid)


@require_POST
def remove(request: HttpRequest, resource: Resource, uid: UUID) -> HttpResponse:
    """Put the record into the recycle bin; the toast offers to take it back."""
    actor = entered(request, resource)
    row = fetch(resource.model, uid, actor, action="remove")
    action = resource.actions.get("remove")
    action(row, actor=actor) if action else removing(row, actor=actor)
    undo = reverse("resource:restore", args=[resource.slug, row.uid])
    sentence = _("“%(name)s” lies in the recycle bin.") % {"name": row}
    messages.success(request, sentence, extra_tags=undo)
    return redirect("resource:list", resource.slug)


@require_POST
def restore(request: HttpRequest, resource: Resource, uid: UUID) -> HttpResponse:
    """Take the record out of the recycle bin."""
    actor = entered(request, resource)
    row = fetch(resource.model, uid, actor, removed=True)
    action = resource.actions.get("restore")
    action(row, actor=actor) if action else restoring(row, actor=actor)
    return redirect("resource:record", resource.slug, row.uid)


def fetched(resource: Resource, uid: UUID, actor: Actor, *, action: str = "view") -> Record:
    """Return the row with the references that its facts show."""
    own = (name for name in resource.form_fields if "." not in name)
    names = {name for name in own if resource.attributes[name].field.is_relation}
    return fetch(resource.model, uid, actor, action=action, related=sorted(names))


def head(resource: Resource, row: Record, actor: Actor) -> dict[str, Any]:
    """Return what stands above every tab of a record: its name, marks and strips, its acts, the tabs.

    What asks much is worked out when a template shows it: a tab that htmx asks for comes without a head.
    """
    return {
        "resource": resource,
        "row": row,
        "title": getattr(row, resource.title.name),
        "marks": marks(resource, row, actor),
        "favourite": actor.uid is not None and is_favourite(actor, row),
        "heads": SimpleLazyObject(partial(placed, resource, row, actor, place="head")),
        "tab": "",
        "tabs": [(panel, panel.count is not None) for panel in _tabs(resource, actor)],
        "acts": SimpleLazyObject(partial(acts_of, resource, row, actor)),
    }


def _tabs(resource: Resource, actor: Actor) -> list[Panel]:
    return [panel for panel in panels_of(resource) if panel.place == "tab" and _has_tab(panel, actor)]


def _has_tab(panel: Panel, actor: Actor) -> bool:
    return not isinstance(panel, Lines) or actor.holds(f"{panel.model.kind()}:view")


def overview(resource: Resource, row: Record, actor: Actor) -> dict[str, Any]:
    """Return facts and timeline, and whether a rail comes after them."""
    return {
        "sections": sections(resource, row, actor),
        "has_rail": any(panel.place == "rail" for panel in panels_of(resource)),
        **timeline(resource, row, actor),
    }


def marks(resource: Resource, row: Record, actor: Actor) -> list[SafeString]:
    """Return what stands beside the name: grade, level and state."""
    names = dict.fromkeys((*resource.columns, *resource.more_columns))
    known = [resource.attributes[name] for name in names if "__" not in name]
    marked = [one for one in known if one.look in MARKS and not one.hidden_from(actor, row)]
    return [shown(one, one.of(row)) for one in marked]


def placed(resource: Resource, row: Record, actor: Actor, *, place: str) -> list[tuple[Panel, Any]]:
    """Return the panels of one place that have something to show."""
    panels = [panel for panel in panels_of(resource) if panel.place == place]
    contents = [(panel, panel.content(row, actor)) for panel in panels]
    return [(panel, content) for panel, content in contents if content is not None]


def sections(resource: Resource, row: Record, actor: Actor) -> list[tuple[Any, list[dict[str, Any]]]]:
    """Return the record's facts, section by section."""
    editable = may(actor, "change", row)
    found = []
    for section in resource.form:
        facts = [
            fact(resource.attributes[name], row, actor, editable=editable and name in resource.inline)
            for name in section.fields
        ]
        found.append((section.label, facts))
    return found


def fact(attribute: Attribute, row: Record, actor: Actor, *, editable: bool = True) -> dict[str, Any]:
    """Return one fact: label, value, whether it may be edited in place."""
    hidden = attribute.hidden_from(actor, row)
    value = SEALED if hidden else attribute.of(row)
    return {
        "name": attribute.name,
        "label": attribute.label,
        "html": shown(attribute, str(value) if attribute.field.is_relation and value else value),
        "why": "" if hidden or value is not None else attribute.empty_because(row),
        "editable": editable and attribute.may_fill(actor, row),
    }
