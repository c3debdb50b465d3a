"""The list's page in the layout its address asks for: a table, a board of states, a calendar of dates."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from jike.foundation.pages.resources.board import board
from jike.foundation.pages.resources.calendar import calendar
from jike.foundation.pages.resources.lists import bar, entered, state_of, table
from jike.foundation.personal import views_for
from jike.foundation.resource.declaration import Resource
from jike.foundation.resource.state import ListState

__all__ = ["show"]

LABELS: dict[str, tuple[str | Promise, str]] = {
    "table": (_("Table"), "table"),
    "board": (_("Board"), "layout-kanban"),
    "calendar": (_("Calendar"), "calendar"),
}


@require_safe
def show(request: HttpRequest, resource: Resource) -> HttpResponse:
    """Show the list; htmx gets the part below the page's head only."""
    actor = entered(request, resource)
    views = views_for(actor, resource.slug)
    state, problem = state_of(request, resource, actor, views=views)
    layouts = offered(resource, state)
    chosen = next((name for name, *_others, on in layouts if on), "table")
    context: dict[str, Any] = {
        **bar(resource, state, actor, views=views),
        "problem": problem,
        "layouts": layouts,
    }
    if chosen == "board":
        context |= board(resource, state, actor)
    elif chosen == "calendar":
        context |= calendar(resource, state, actor, month=request.GET.get("month", ""))
    else:
        context |= table(resource, state, actor)
    context |= {"layout": chosen, "body": f"resource/_{chosen}.html"}
    return render(request, "resource/_list.html" if request.htmx else "resource/list.html", context)  # type: ignore[attr-defined]


def offered(resource: Resource, state: ListState) -> list[tuple[str, str | Promise, str, str, bool]]:
    """Return the layouts this Resource has: name, label, icon, address, and whether it is the present one."""
    known = {"table": True, "board": bool(resource.states), "calendar": bool(resource.dates)}
    present = state.layout if known[state.layout] else "table"
    return [
        (name, *LABELS[name], state.address(layout=name), name == present)
        for name, there in known.items()
        if there
    ]
