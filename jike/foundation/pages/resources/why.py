"""Why one sees a record: by which post, breadth, unit, share or deputy; and why somebody else does or does not."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from jike.foundation.directory import Someone, actor_of, people, people_called
from jike.foundation.errors import NotFound
from jike.foundation.models.record import Record
from jike.foundation.pages.resources.lists import entered
from jike.foundation.resource.declaration import Resource
from jike.foundation.scope import Actor, Permission, declare_permission, explain, fetch, may
from jike.foundation.scope.permissions import permission_catalogue
from jike.values.rights import Domain

__all__ = ["EXPLAIN", "why"]

EXPLAIN = declare_permission(
    Permission(
        "foundation.rights:explain",
        gettext_lazy("Rights"),
        gettext_lazy("Explain why others see a record or do not"),
        Domain.BUSINESS,
    )
).name


@require_safe
def why(request: HttpRequest, resource: Resource, uid: UUID) -> HttpResponse:
    """Say why the reader may do what they may to a record; of another person too, for who may explain that."""
    actor = entered(request, resource)
    row = fetch(resource.model, uid, actor)
    others = actor.holds(EXPLAIN)
    typed = request.GET.get("q", "").strip()[:40] if others else ""
    person = request.GET.get("person", "") if others else ""
    chosen = _chosen(person) if person else None
    asked = actor if chosen is None else actor_of(chosen.uid)
    context = {
        "resource": resource,
        "row": row,
        "others": others,
        "typed": typed,
        "found": people_called(typed) if typed else [],
        "chosen": chosen,
        "reasons": [] if asked is None else reasons(asked, row),
    }
    template = "resource/_why.html" if request.htmx else "resource/why.html"  # type: ignore[attr-defined]
    return render(request, template, context)


def reasons(actor: Actor, row: Record) -> list[tuple[str, bool, list[str]]]:
    """Return for each act upon the record: what it is called, whether it may be done, and what was weighed."""
    catalogue = permission_catalogue()
    told = []
    for action in row.ACTIONS:
        _verdict, *weighed = explain(actor, action, row)
        label = str(catalogue[f"{row.kind()}:{action}"].label)
        told.append((label, may(actor, action, row), weighed))
    return told


def _chosen(text: str) -> Someone:
    try:
        found = people([UUID(text)]).get(UUID(text))
    except ValueError as error:
        raise NotFound from error
    if found is None:
        raise NotFound
    return found
