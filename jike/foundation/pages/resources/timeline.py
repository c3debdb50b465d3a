"""One timeline of a record: its changes, what was said about it, the files put on it, by time.

Three queries, one per source, however long the life; each page goes on from the last entry shown of each source.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from jike.foundation import conversation, files
from jike.foundation.audit import history_of
from jike.foundation.directory import people
from jike.foundation.entering import whole_number
from jike.foundation.models.record import Record
from jike.foundation.pages.resources.lists import entered
from jike.foundation.resource.declaration import Resource
from jike.foundation.resource.history import told
from jike.foundation.scope import Actor, fetch

__all__ = ["KINDS", "show", "timeline"]

SHOWN = 20
KINDS: dict[str, str | Promise] = {"change": _("Changes"), "comment": _("Comments"), "file": _("Files")}
DAYS: tuple[tuple[int, str | Promise], ...] = (
    (0, _("Today")),
    (7, _("The last seven days")),
    (14, _("The week before")),
)


@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, resource: Resource, uid: UUID) -> HttpResponse:
    """Show the timeline, of one kind where the address names it; take a comment."""
    actor = entered(request, resource)
    row = fetch(resource.model, uid, actor)
    if request.method == "POST":
        conversation.comment_on(row, request.POST.get("body", ""), actor=actor)
    kind = request.GET.get("kind", "")
    context = timeline(
        resource, row, actor, kind=kind if kind in KINDS else "", before=request.GET.get("before", "")
    )
    return render(request, "resource/_timeline.html", {**context, "said": request.method == "POST"})


def timeline(
    resource: Resource, row: Record, actor: Actor, *, kind: str = "", before: str = ""
) -> dict[str, Any]:
    """Return the latest entries in groups of days.

    Parameters
    ----------
    before
        The ids of the last change, comment and file shown so far, ``-`` between them; empty at the beginning.
    """
    last = _places(before)
    found: list[dict[str, Any]] = []
    for name, read in (("change", _changes), ("comment", _comments), ("file", _files)):
        if kind in ("", name):
            found += read(resource, row, actor, before=last.get(name))
    found.sort(key=lambda one: one["at"], reverse=True)
    shown = found[:SHOWN]
    for one in shown:
        last[one["kind"]] = one["id"]
    return {
        "resource": resource,
        "row": row,
        "groups": _by_day(shown, timezone.localdate()),
        "kind": kind,
        "kinds": [("", _("All")), *KINDS.items()],
        "further": bool(before),
        "older": "-".join(str(last.get(name, "")) for name in KINDS) if len(found) > SHOWN else "",
    }


def _places(before: str) -> dict[str, int]:
    numbers = dict(zip(KINDS, map(whole_number, before.split("-")), strict=False))
    return {name: number for name, number in numbers.items() if number is not None}


def _changes(resource: Resource, row: Record, actor: Actor, *, before: int | None) -> list[dict[str, Any]]:
    entries = told(resource, history_of(row, actor, limit=SHOWN + 1, before=before), actor, row=row)
    return [
        {
            "kind": "change",
            "id": one.entry.id,
            "at": one.entry.recorded_at,
            "who": one.entry.actor_name,
            "verb": one.verb,
            "changes": one.changes,
        }
        for one in entries
    ]


def _comments(resource: Resource, row: Record, actor: Actor, *, before: int | None) -> list[dict[str, Any]]:
    said = list(conversation.comments_of(row, before=before)[: SHOWN + 1])
    known = people({one.author for one in said} | {uid for one in said for uid in one.mentions})
    names = {uid: one.name for uid, one in known.items()}
    return [
        {
            "kind": "comment",
            "id": one.pk,
            "at": one.said_at,
            "who": names.get(one.author, "?"),
            "text": conversation.plain_text(one.body, known=names),
        }
        for one in said
    ]


def _files(resource: Resource, row: Record, actor: Actor, *, before: int | None) -> list[dict[str, Any]]:
    found = files.attachments_of(row)
    some = list((found if before is None else found.filter(pk__lt=before))[: SHOWN + 1])
    known = people({one.uploaded_by for one in some})
    return [
        {
            "kind": "file",
            "id": one.pk,
            "at": one.uploaded_at,
            "who": known[one.uploaded_by].name if one.uploaded_by in known else "?",
            "file": one,
        }
        for one in some
    ]


def _by_day(
    shown: Sequence[dict[str, Any]], today: dt.date
) -> list[tuple[str | Promise, list[dict[str, Any]]]]:
    groups: dict[str | Promise, list[dict[str, Any]]] = {}
    for one in shown:
        age = (today - timezone.localtime(one["at"]).date()).days
        label = next((label for days, label in DAYS if age <= days), _("Earlier"))
        groups.setdefault(label, []).append(one)
    return list(groups.items())
