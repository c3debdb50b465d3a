"""Grids of a record's lines: shown on its page, stored by themselves, and worked out while they are typed."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from jike.foundation.audit.gate import may_write
from jike.foundation.errors import NotFound, Refused, RuleBroken, Stale
from jike.foundation.lines import Lines, Sheet
from jike.foundation.models.record import Record
from jike.foundation.pages.resources.lists import entered
from jike.foundation.pages.resources.records import fetched, head
from jike.foundation.resource.declaration import Resource
from jike.foundation.resource.presenting import shown
from jike.foundation.resource.registry import panels_of
from jike.foundation.scope import SEALED, Actor

__all__ = ["check", "check_new", "store"]


@require_POST
def store(request: HttpRequest, resource: Resource, uid: UUID, *, name: str) -> HttpResponse:
    """Store the grid from the record's page; what is refused comes back with everything typed."""
    actor = entered(request, resource)
    row, lines = fetched(resource, uid, actor, action="change"), _lines(resource, name, actor)
    may_write(actor)
    if not lines.when(row):
        raise Refused(_("These rows stay as they are now."))
    sheet = Sheet(lines, row, actor, data=request.POST)
    if sheet.valid:
        try:
            lines.store(row, sheet.taken, actor=actor)
        except (RuleBroken, Refused, Stale) as error:
            sheet.tell(error)
        else:
            messages.success(request, _("“%(name)s” is saved.") % {"name": lines.label})
            return redirect("resource:tab", resource.slug, uid, name)
    context = {**head(resource, row, actor), "tab": name, "tab_template": lines.template}
    context["content"] = {"sheet": sheet, "may_change": True}
    return render(request, "resource/record.html", context, status=422)


@require_POST
def check(request: HttpRequest, resource: Resource, uid: UUID, *, name: str) -> HttpResponse:
    """Work out what follows from the rows as they are typed so far; stores nothing."""
    actor = entered(request, resource)
    return _checked(request, _lines(resource, name, actor), fetched(resource, uid, actor), actor=actor)


@require_POST
def check_new(request: HttpRequest, resource: Resource, *, name: str) -> HttpResponse:
    """Work out the rows of a record that is not stored yet."""
    actor = entered(request, resource)
    return _checked(request, _lines(resource, name, actor), None, actor=actor)


def _lines(resource: Resource, name: str, actor: Actor) -> Lines:
    found = next((one for one in panels_of(resource) if one.name == name), None)
    if not isinstance(found, Lines) or not actor.holds(f"{found.model.kind()}:view"):
        raise NotFound
    return found


def _checked(request: HttpRequest, lines: Lines, parent: Record | None, *, actor: Actor) -> JsonResponse:
    """Return per row the sentences, what follows, and what pasted names were recognised as; then the sums."""
    sheet = Sheet(lines, parent, actor, data=request.POST)
    follows = [name for name in lines.columns if name not in lines.typed]
    rows: list[dict[str, Any]] = [
        {
            "problems": row.problems,
            "follows": {
                name: shown(lines.attributes[name], SEALED if name in row.hidden else found.get(name))
                for name in follows
            },
            "filled": row.filled,
            "chosen": {name: cell.uid for name, cell in row.typed.items() if cell.uid},
        }
        for row, found in zip(sheet.rows, sheet.worked, strict=True)
    ]
    return JsonResponse(
        {"rows": rows, "places": sheet.places, "totals": sheet.totals, "problems": sheet.problems}
    )
