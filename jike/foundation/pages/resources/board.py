"""The Kanban of a Resource with states: a column per state with count, sum and first cards; the rest comes on demand.

Cards stand by the Resource's first total, the largest first, whichever way the table is sorted: that is what the index
(state, total, id) answers at any size.
"""

from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from jike.foundation.entering import whole_number
from jike.foundation.errors import NotFound
from jike.foundation.pages.resources.cards import cards, deck_of, face_of
from jike.foundation.pages.resources.lists import entered, state_of
from jike.foundation.resource.declaration import Resource
from jike.foundation.resource.listing import matching
from jike.foundation.resource.presenting import in_wan
from jike.foundation.resource.state import ListState
from jike.foundation.scope import Actor
from jike.foundation.shelving import Shelf, Shelving, counts, first_rows, sums

__all__ = ["add_up", "board", "more"]

SHOWN = 20
FURTHEST = 1000


@dataclass(frozen=True)
class Column:
    """One state as it stands on the board."""

    value: str
    label: str | Promise
    shelf: Shelf
    total: str
    second: str
    """The sum of the Resource's second total, where all of the column was added up (a pipeline's weighted amount)."""
    cards: SafeString
    more: str


def board(resource: Resource, state: ListState, actor: Actor) -> dict[str, Any]:
    """Return the columns with their first cards: a query for rows and one a sum, however many states and rows."""
    total = open_total(resource, actor)
    shelving, face = shelved(resource, state, actor), face_of(resource, state, actor, total=total)
    deck = deck_of(resource, face)
    rows, shelves = first_rows(shelving, face.columns, actor, limit=SHOWN), counts(shelving, total)
    second = next((name for name in resource.totals[1:2] if not resource.attributes[name].sealed), "")
    whole = replace(shelving, values=[value for value in shelving.values if shelves[value].complete])
    seconds = counts(whole, second) if second and whole.values else {}
    columns = [
        Column(
            value,
            shelving.by.choices[value],
            shelves[value],
            _amount(shelves[value]) if total else "",
            _amount(seconds[value]) if value in seconds and seconds[value].total else "",
            cards(deck, rows[value]),
            _more(state, value, SHOWN) if shelves[value].count > SHOWN else "",
        )
        for value in shelving.values
    ]
    return {
        "board": columns,
        "total_label": resource.attributes[total].label if total else "",
        "second_label": resource.attributes[second].label if second else "",
        "uncounted": any(not column.shelf.complete for column in columns),
        "movable": deck.movable,
    }


@require_safe
def more(request: HttpRequest, resource: Resource) -> HttpResponse:
    """Give the next cards of one column."""
    actor = entered(request, resource)
    state, _problem = state_of(request, resource, actor)
    value, beyond = request.GET.get("column", ""), whole_number(request.GET.get("beyond", "")) or 0
    if not resource.states or value not in resource.attributes[resource.states].choices or beyond > FURTHEST:
        raise NotFound
    face = face_of(resource, state, actor, total=open_total(resource, actor))
    deck = deck_of(resource, face)
    shelving = shelved(resource, state, actor, only=value)
    found = first_rows(shelving, face.columns, actor, limit=SHOWN + 1, beyond=beyond)[value]
    context = {
        "resource": resource,
        "cards": cards(deck, found[:SHOWN]),
        "more": _more(state, value, beyond + SHOWN) if len(found) > SHOWN else "",
    }
    return render(request, "resource/_board_cards.html", context)


@require_safe
def add_up(request: HttpRequest, resource: Resource) -> HttpResponse:
    """Give exact counts and sums of all columns, for boards with more than can be counted at once."""
    actor = entered(request, resource)
    state, _problem = state_of(request, resource, actor)
    total = open_total(resource, actor)
    if not resource.states or not total:
        raise NotFound
    found = sums(shelved(resource, state, actor), total) or {}
    columns = [(value, f"{shelf.count:,}", _amount(shelf)) for value, shelf in found.items()]
    label = resource.attributes[total].label
    return render(request, "resource/_board_sums.html", {"columns": columns, "total_label": label})


def shelved(resource: Resource, state: ListState, actor: Actor, *, only: str = "") -> Shelving:
    """Return the list's rows by state, in the order in which the model names its states."""
    by = resource.attributes[resource.states]
    rows = matching(resource, state, actor, today=timezone.localdate())
    total = open_total(resource, actor)
    return Shelving(
        resource, rows, by, [only] if only else list(by.choices), f"-{total}" if total else state.sort
    )


def open_total(resource: Resource, actor: Actor) -> str:
    """Return the first total, unless it is sealed: an order by it would betray it."""
    return next((name for name in resource.totals if not resource.attributes[name].sealed), "")


def _amount(shelf: Shelf) -> str:
    return in_wan(shelf.total) if shelf.total is not None else "…"


def _more(state: ListState, value: str, beyond: int) -> str:
    return f"{state.address()}&column={value}&beyond={beyond}".lstrip("&") if beyond <= FURTHEST else ""
