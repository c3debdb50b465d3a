"""The list page: view bar, chips, table, foot; counts and totals arrive after the page."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from jike.foundation.errors import Invalid, NotFound
from jike.foundation.resource.attributes import Attribute
from jike.foundation.resource.chips import chips_of
from jike.foundation.resource.declaration import Resource
from jike.foundation.resource.listing import Page, count_up_to, exact_count, matching, page_of, totals_of
from jike.foundation.resource.presenting import cell, in_wan
from jike.foundation.resource.state import SCOPES, SIZES, ListState, read_state
from jike.foundation.scope import Actor

__all__ = ["count", "show"]

SCOPE_LABELS = {"mine": lambda: _("Mine"), "team": lambda: _("My team"), "all": lambda: _("All I may see")}


def entered(request: HttpRequest, resource: Resource) -> Actor:
    """Return the actor who may see this list at all; for anyone else it does not exist."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if not actor.holds(f"{resource.kind}:view"):
        raise NotFound
    return actor


@require_safe
def show(request: HttpRequest, resource: Resource) -> HttpResponse:
    """Show the list; htmx gets the part below the page's head only."""
    actor = entered(request, resource)
    state, problem = state_of(request, resource, actor)
    page = page_of(resource, state, actor, today=timezone.localdate())
    context = {
        "resource": resource,
        "problem": problem,
        "state": state,
        "address": state.address(),
        "heads": [head(resource, state, column) for column in page.columns],
        "rows": [
            (row, [cell(*pair) for pair in zip(page.columns, row.values, strict=True)]) for row in page.rows
        ],
        "chips": chips_of(resource, state),
        "scopes": [
            (name, SCOPE_LABELS[name](), state.address(scope=name), state.scope == name) for name in SCOPES
        ],
        "sizes": [(size, state.address(size=size), state.size == size) for size in SIZES],
        "before": page.before and state.address(cursor=page.before),
        "after": page.after and state.address(cursor=page.after),
        "page_totals": page_totals(resource, page),
        "may_add": bool(resource.form) and actor.holds(f"{resource.kind}:add"),
        "may_change": actor.holds(f"{resource.kind}:change"),
    }
    return render(request, "resource/_list.html" if request.htmx else "resource/list.html", context)  # type: ignore[attr-defined]


@require_safe
def count(request: HttpRequest, resource: Resource) -> HttpResponse:
    """Count what the list matches, up to 1,000 or, when asked, exactly; with the totals of all matches."""
    actor = entered(request, resource)
    state, _problem = state_of(request, resource, actor)
    rows = matching(resource, state, actor, today=timezone.localdate())
    context: dict[str, Any] = {"resource": resource, "address": state.address()}
    if request.GET.get("exact"):
        context["number"], context["complete"] = exact_count(rows), True
    else:
        context["number"], context["complete"] = count_up_to(rows)
    totals = totals_of(resource, rows, actor) or {}
    context["totals"] = [
        (resource.attributes[name].label, in_wan(value))
        for name, value in totals.items()
        if value is not None
    ]
    return render(request, "resource/_count.html", context)


def state_of(request: HttpRequest, resource: Resource, actor: Actor) -> tuple[ListState, str]:
    """Return the state in the address; when it cannot be meant, the plain list and the sentence that says why."""
    try:
        return read_state(resource, request.GET, actor), ""
    except Invalid as error:
        return read_state(resource, {}, actor), str(error)


def head(resource: Resource, state: ListState, column: Attribute) -> dict[str, Any]:
    """Return what a column's head shows: its name, and how a click sorts."""
    sorts = {name.lstrip("-"): name for name in resource.sorts}
    context: dict[str, Any] = {
        "label": column.label,
        "css": "num" if column.look.numeric else "",
        "name": column.name,
    }
    name = sort_of(resource, column.name)
    if name not in sorts:
        return context
    sorted_now = state.sort_field == name
    turned = name if state.descending else f"-{name}"
    context["address"] = state.address(sort=turned if sorted_now else sorts[name])
    context["direction"] = ("descending" if state.descending else "ascending") if sorted_now else ""
    return context


def sort_of(resource: Resource, column: str) -> str:
    """Return the field that sorts a column: itself, or the order derived from it (a name's pinyin)."""
    derived = (
        name for name, rule in resource.model.DERIVED.items() if rule.sources == (column,) and name != column
    )
    return next((name for name in derived if name in {sort.lstrip("-") for sort in resource.sorts}), column)


def page_totals(resource: Resource, page: Page) -> list[tuple[Any, str]]:
    """Return the sums of this page's money columns."""
    sums = []
    for place, column in enumerate(page.columns):
        if column.name in resource.totals:
            values = [row.values[place] for row in page.rows]
            sums.append(
                (
                    column.label,
                    in_wan(sum(value for value in values if isinstance(value, int | float) or value)),
                )
            )
    return sums
