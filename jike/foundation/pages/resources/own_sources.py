"""What every record's timeline has by itself: its changes, what was said about it, the files put on it."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from jike.foundation import conversation, files
from jike.foundation.audit import Entry, histories_of, history_of
from jike.foundation.customising import customised
from jike.foundation.directory import address_of, people
from jike.foundation.happenings import Happening, Mark, Source
from jike.foundation.jobs import job_label
from jike.foundation.models.record import Record
from jike.foundation.resource.history import ToldEntry, told
from jike.foundation.resource.registry import resource_of_kind
from jike.foundation.scope import Actor

__all__ = ["OWN_SOURCES", "changes_of"]

PARTLY = {"custom", "tags"}
"""Columns whose changes only a completed Resource tells."""


def changes_of(rows: Sequence[Record], actor: Actor, *, before: Mark | None, limit: int) -> list[Happening]:
    """Return the latest changes of several records of one kind, each named and led to; for whoever sees these rows.

    What a capability needs to tell the changes of lower records (key persons) on the timeline of their parent.
    """
    resource = resource_of_kind(rows[0].kind()) if rows else None
    if resource is None:
        return []
    entries = histories_of(rows, actor, limit=limit, before=before and before.id)
    names = {row.uid: row for row in rows}
    return [
        _change(one, title=str(names[one.entry.uid]), link=address_of(names[one.entry.uid].key) or "")
        for one in told(resource, entries, actor)
    ]


def _changes(row: Record, actor: Actor, *, before: Mark | None, limit: int) -> list[Happening]:
    resource = resource_of_kind(row.kind())
    entries: list[Entry] = history_of(row, actor, limit=limit, before=before and before.id)
    if resource is not None and any(PARTLY & entry.values.keys() for entry in entries):
        resource = customised(resource)
    return [_change(one) for one in told(resource, entries, actor)] if resource else []


def _change(one: ToldEntry, **further: Any) -> Happening:
    """Return one change; of another record's beginning its name says enough."""
    entry = one.entry
    return Happening(
        moment=entry.recorded_at,
        id=entry.id,
        who=job_label(entry.actor_name),
        act=one.verb,
        changes=() if further and entry.verb == "add" else one.changes,
        **further,
    )


def _comments(row: Record, actor: Actor, *, before: Mark | None, limit: int) -> list[Happening]:
    said = list(conversation.comments_of(row, before=before and before.id)[:limit])
    names = _names({one.author for one in said} | {uid for one in said for uid in one.mentions})
    return [
        Happening(
            moment=one.said_at,
            id=one.pk,
            who=names.get(one.author, "?"),
            words=conversation.plain_text(one.body, known=names),
        )
        for one in said
    ]


def _files(row: Record, actor: Actor, *, before: Mark | None, limit: int) -> list[Happening]:
    found = files.attachments_of(row)
    some = list((found if before is None else found.filter(pk__lt=before.id))[:limit])
    names = _names({one.uploaded_by for one in some})
    return [
        Happening(
            moment=one.uploaded_at,
            id=one.pk,
            who=names.get(one.uploaded_by, "?"),
            title=one.name,
            link=reverse("foundation:attachment", args=[one.uid]),
        )
        for one in some
    ]


def _names(persons: set[UUID]) -> dict[UUID, str]:
    known: Mapping[UUID, Any] = people(persons)
    return {uid: one.name for uid, one in known.items()}


OWN_SOURCES = (
    Source("comment", _("Notes"), "message", _comments),
    Source("file", _("Files"), "paperclip", _files),
    Source("change", _("Changes"), "history", _changes),
)
