"""One timeline of a record: its changes, what was said about it, its files, and what higher capabilities contribute.

Each source is read once, set-wise and no further than a page goes, however long the life; each page goes on from the
last entry shown of each source.
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from heapq import merge
from itertools import groupby, islice
from typing import Any, NamedTuple
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from jike.foundation.entering import whole_number
from jike.foundation.happenings import Happening, Mark, Source, with_rows
from jike.foundation.models.record import Record
from jike.foundation.noting import take_note, ways_of
from jike.foundation.pages.resources.entries import entry
from jike.foundation.pages.resources.lists import entered
from jike.foundation.pages.resources.own_sources import CHANGES, own_sources
from jike.foundation.resource.declaration import Resource
from jike.foundation.resource.registry import rows_below, sources_of
from jike.foundation.scope import Actor, fetch

__all__ = ["show", "timeline"]

SHOWN = 20
DAYS: tuple[tuple[int, str | Promise], ...] = (
    (-1, _("To come")),
    (0, _("Today")),
    (7, _("The last seven days")),
    (14, _("The week before")),
)
EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
FOLDED = 3
"""As many changes by one hand, with nothing else between, become one line that opens."""
Told = tuple[Source, Happening]


class Run(NamedTuple):
    """An entry by itself, or several folded into one line that tells the first one's hand and time."""

    source: Source
    first: Happening
    number: int
    """How many are folded; 0 for an entry by itself."""
    entries: SafeString


@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, resource: Resource, uid: UUID) -> HttpResponse:
    """Show the timeline, of one kind where the address names it; take a note."""
    actor = entered(request, resource)
    row = fetch(resource.model, uid, actor)
    if request.method == "POST":
        take_note(row, request.POST, actor=actor)
    asked = {name: request.GET.get(name, "") for name in ("kind", "before", "alone")}
    context = timeline(resource, row, actor, **asked)
    return render(request, "resource/_timeline.html", {**context, "said": request.method == "POST"})


def timeline(
    resource: Resource, row: Record, actor: Actor, *, kind: str = "", before: str = "", alone: str = ""
) -> dict[str, Any]:
    """Return the latest entries in groups of days.

    Parameters
    ----------
    kind
        Name of the one source to show; all of them when there is none of that name.
    before
        The places of the last entries shown so far, as ``older`` gave them; empty at the beginning.
    alone
        "1" leaves out what happened to the rows below.
    """
    sources = (*sources_of(resource), *own_sources(resource))
    kind = kind if kind in {one.name for one in sources} else ""
    marks, below = _read_marks(before), rows_below(resource, row, actor)
    rows = [row] if alone == "1" else [row, *below]
    wanted = with_rows([one for one in sources if kind in ("", one.name)], rows)
    found = [
        [(source, one) for one in source.read(subject, actor, before=marks.get(source.name), limit=SHOWN + 1)]
        for source, subject in ((source, rows if source.several else row) for source in wanted)
    ]
    # Merging keeps each source's own order, so that the last one shown of each is where its next page begins.
    shown = list(islice(merge(*found, key=lambda told: told[1].moment, reverse=True), SHOWN))
    marks |= {source.name: Mark(one.moment, one.id) for source, one in shown}
    history = reverse("resource:tab", args=[resource.slug, row.uid, "history"])
    days = _by_day(shown, timezone.localdate())
    return {
        "resource": resource,
        "row": row,
        "groups": [
            (label, list(_runs(some, fold=kind != CHANGES, history=history))) for label, some in days.items()
        ],
        "ways": ways_of(row, actor),
        "kind": kind,
        "below": bool(below),
        "alone": "1" if alone == "1" else "",
        "kinds": [("", _("All")), *((one.name, one.label) for one in sources)],
        "further": bool(before),
        "older": _write_marks(marks) if sum(map(len, found)) > len(shown) else "",
    }


def _write_marks(marks: Mapping[str, Mark]) -> str:
    return "~".join(
        f"{name}.{(mark.moment - EPOCH) // dt.timedelta(microseconds=1)}.{mark.id}"
        for name, mark in marks.items()
    )


def _read_marks(text: str) -> dict[str, Mark]:
    """Read what an address tells; what cannot be meant is left out, and that source begins at its beginning."""
    return {name: mark for name, mark in map(_read_mark, text.split("~")) if mark is not None}


def _read_mark(text: str) -> tuple[str, Mark | None]:
    name, _dot, place = text.partition(".")
    micros, number = map(whole_number, (*place.split("."), "", "")[:2])
    if micros is None or number is None:
        return name, None
    try:
        return name, Mark(EPOCH + dt.timedelta(microseconds=micros), number)
    except OverflowError:
        return name, None


def _by_day(shown: Sequence[Told], today: dt.date) -> Mapping[str | Promise, Sequence[Told]]:
    groups: dict[str | Promise, list[Told]] = {}
    for label, told in _labelled(shown, today):
        groups.setdefault(label, []).append(told)
    return groups


def _runs(entries: Sequence[Told], *, fold: bool, history: str) -> Iterator[Run]:
    """Fold changes that one hand made one after the other: what was said and done is not lost among them."""
    for (name, _who), group in groupby(entries, key=lambda told: (told[0].name, told[1].who)):
        some = [(source, one, entry(source, one, history=history)) for source, one in group]
        if fold and name == CHANGES and len(some) >= FOLDED:
            source, first, _text = some[0]
            # Each text is safe HTML.
            yield Run(source, first, len(some), SafeString("".join(text for *_told, text in some)))
        else:
            yield from (Run(source, one, 0, text) for source, one, text in some)


def _labelled(shown: Sequence[Told], today: dt.date) -> Iterator[tuple[str | Promise, Told]]:
    for told in shown:
        age = (today - timezone.localtime(told[1].moment).date()).days
        yield next((label for days, label in DAYS if age <= days), _("Earlier")), told
