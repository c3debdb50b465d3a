"""The list page: view bar, chips, table, foot; counts and totals arrive after the page."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from jike.foundation.entering import whole_number
from jike.foundation.errors import Invalid, NotFound
from jike.foundation.models import SavedView
from jike.foundation.pages.resources.bulk_acts import bulk_acts
from jike.foundation.personal import views_for
from jike.foundation.resource.attributes import Attribute
from jike.foundation.resource.chips import chips_of
from jike.foundation.resource.declaration import Resource
from jike.foundation.resource.listing import Page, count_up_to, exact_count, matching, page_of, totals_of
from jike.foundation.resource.presenting import cells, in_wan, shown
from jike.foundation.resource.state import SCOPES, SIZES, ListState, read_state, shown_columns
from jike.foundation.scope import Actor, visible

__all__ = ["bar", "bin_", "count", "entered", "state_of", "table"]

BIN_SHOWN = 200
VIEW_ALONE = {"view", "at"}
"""An address that names no more than these means the saved view as it was saved."""

SCOPE_LABELS = {"mine": lambda: _("Mine"), "team": lambda: _("My team"), "all": lambda: _("All I may see")}


def entered(request: HttpRequest, resource: Resource) -> Actor:
    """Return the actor who may see this list at all; for anyone else it does not exist."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if not actor.holds(f"{resource.kind}:view"):
        raise NotFound
    return actor


def bar(resource: Resource, state: ListState, actor: Actor, *, views: Sequence[SavedView]) -> dict[str, Any]:
    """Return what stands around the rows in every layout: views, scopes, chips, what one may do."""
    shown = [column.name for column in shown_columns(resource, state, actor)]
    return {
        "resource": resource,
        "state": state,
        "address": state.address(),
        "chips": chips_of(resource, state, actor),
        "views": views,
        "person": actor.uid,
        "columns": column_choices(resource, state, shown),
        "dense": state.address(density="normal" if state.density == "compact" else "compact"),
        "scopes": [
            (name, SCOPE_LABELS[name](), state.address(scope=name), state.scope == name) for name in SCOPES
        ],
        "may_add": bool(resource.form) and actor.holds(f"{resource.kind}:add"),
        "may_change": actor.holds(f"{resource.kind}:change"),
        "may_merge": resource.model.MATCH is not None and actor.holds(f"{resource.kind}:merge"),
        "bulk_acts": bulk_acts(resource, actor),
    }


def table(resource: Resource, state: ListState, actor: Actor) -> dict[str, Any]:
    """Return the rows as a table, with its heads and its paging."""
    page = page_of(resource, state, actor, today=timezone.localdate())
    return {
        "heads": [head(resource, state, column) for column in page.columns],
        "rows": [
            (row, shown(page.columns[0], row.values[0]), cells(page.columns[1:], row.values[1:]))
            for row in page.rows
        ],
        "sizes": [(size, state.address(size=size), state.size == size) for size in SIZES],
        "before": page.before and state.address(cursor=page.before),
        "after": page.after and state.address(cursor=page.after),
        "page_totals": page_totals(resource, page),
    }


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
    seen = state.columns or resource.columns
    summed = [name for name in resource.totals if "." not in name or name in seen]
    totals = totals_of(resource, rows, summed) or {}
    context["totals"] = [
        (resource.attributes[name].label, in_wan(value))
        for name, value in totals.items()
        if value is not None
    ]
    return render(request, "resource/_count.html", context)


def state_of(
    request: HttpRequest, resource: Resource, actor: Actor, *, views: Sequence[SavedView] | None = None
) -> tuple[ListState, str]:
    """Return the state in the address, upon that of the saved view it names or of the one that opens first.

    What cannot be meant (an unknown field, one sealed for this reader of a shared view) gives the plain list and the
    sentence that says why.
    """
    given = {name: request.GET[name] for name in request.GET if name != "exact"}
    if views is None:
        views = views_for(actor, resource.slug) if set(given) <= VIEW_ALONE else ()
    try:
        return read_state(resource, given | view_parameters(given, views, actor), actor), ""
    except Invalid as error:
        return read_state(resource, {}, actor), str(error)


def view_parameters(given: dict[str, str], views: Sequence[SavedView], actor: Actor) -> dict[str, str]:
    """Return what the view adds: its whole state when the address names nothing but the view, else nothing."""
    if not set(given) <= VIEW_ALONE:
        return {}
    if not given:
        view = next((one for one in views if one.first and one.person == actor.uid), None)
    else:
        view = next((one for one in views if str(one.uid) == given.get("view")), None)
    return {**view.state, "view": str(view.uid)} if view else {}


@require_safe
def bin_(request: HttpRequest, resource: Resource) -> HttpResponse:
    """Show what lies in the recycle bin, latest first, a page at a time."""
    actor = entered(request, resource)
    lying = visible(resource.model, actor, "view", removed=True).order_by("-removed_at", "-id")
    found = list(lying.filter(below_in_bin(request.GET.get("after", "")))[: BIN_SHOWN + 1])
    rows = found[:BIN_SHOWN]
    mine = visible(resource.model, actor, "remove", removed=True).filter(pk__in=[row.pk for row in rows])
    context = {
        "resource": resource,
        "rows": rows,
        "restorable": set(mine.values_list("pk", flat=True)),
        "after": f"{rows[-1].removed_at}_{rows[-1].pk}" if len(found) > BIN_SHOWN else "",
    }
    return render(request, "resource/bin.html", context)


def below_in_bin(after: str) -> Q:
    """Return the condition of lying below the row that an address names by moment and number; all where it does not."""
    moment, _mark, number = after.partition("_")
    pk = whole_number(number)
    try:
        removed = dt.datetime.fromisoformat(moment).astimezone(dt.UTC)
    except (ValueError, OverflowError):
        return Q()
    return Q() if pk is None else Q(removed_at__lt=removed) | Q(removed_at=removed, pk__lt=pk)


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


def column_choices(resource: Resource, state: ListState, shown: list[str]) -> list[dict[str, Any]]:
    """Return every column with the addresses of the list with it switched, and with it one place further left."""
    found = []
    for name in (*shown, *(one for one in (*resource.columns, *resource.more_columns) if one not in shown)):
        place = shown.index(name) if name in shown else None
        switched = tuple(one for one in shown if one != name) if place is not None else (*shown, name)
        moved = list(shown)
        if place:
            moved[place - 1 : place + 1] = [name, shown[place - 1]]
        found.append(
            {
                "label": resource.attributes[name].label,
                "on": place is not None,
                "fixed": name == resource.columns[0],
                "switch": state.address(columns=switched),
                "left": state.address(columns=tuple(moved)) if place and place > 1 else "",
            }
        )
    return found


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
            known = (row.values[place] for row in page.rows)
            sums.append((column.label, in_wan(sum((value for value in known if value), Decimal(0)))))
    return sums
