"""What every record's timeline has by itself: its changes, what was said about it, the files put on it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from jike.foundation import conversation, files
from jike.foundation.audit import histories_of, history_of
from jike.foundation.directory import address_of, people
from jike.foundation.happenings import Happening, Mark, Source
from jike.foundation.jobs import job_label
from jike.foundation.models import Attachment, Comment
from jike.foundation.models.record import Record
from jike.foundation.resource.declaration import Resource
from jike.foundation.resource.history import ToldEntry, told
from jike.foundation.resource.registry import resource_of_kind
from jike.foundation.scope import Actor

__all__ = ["CHANGES", "changes_of", "own_sources"]

CHANGES = "change"
"""The source of a record's own changes."""


def changes_of(rows: Sequence[Record], actor: Actor, *, before: Mark | None, limit: int) -> list[Happening]:
    """Return the latest changes of several records of one kind, each named and led to; for whoever sees these rows.

    What a capability needs to tell the changes of lower records (key persons) on the timeline of their parent.
    """
    resource = resource_of_kind(rows[0].kind()) if rows else None
    if resource is None:
        return []
    found = histories_of(rows, actor, limit=limit, before=before and before.id)
    # Of another record's beginning its name says enough; its values need not be found out.
    entries = [replace(one, values={}) if one.verb == "add" else one for one in found]
    names = {row.uid: row for row in rows}
    return [
        _change(one, title=str(names[one.entry.uid]), link=address_of(names[one.entry.uid].key) or "")
        for one in told(resource, entries, actor)
    ]


def _changes(
    row: Record, actor: Actor, *, before: Mark | None, limit: int, resource: Resource
) -> list[Happening]:
    entries = history_of(row, actor, limit=limit, before=before and before.id)
    return [_change(one) for one in told(resource, entries, actor)]


def _change(one: ToldEntry, **further: Any) -> Happening:
    entry = one.entry
    return Happening(
        moment=entry.recorded_at,
        id=entry.id,
        who=job_label(entry.actor_name),
        act=one.verb,
        changes=one.changes,
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
            who=names.get(one.uploaded_by) or gettext("Jike"),
            title=one.name,
            link=reverse("foundation:attachment", args=[one.uid]),
        )
        for one in some
    ]


def _names(persons: set[UUID]) -> dict[UUID, str]:
    known: Mapping[UUID, Any] = people(persons)
    return {uid: one.name for uid, one in known.items()}


def own_sources(resource: Resource) -> tuple[Source, ...]:
    """Return the sources of a completed Resource's records: custom fields and tags are told by their names."""
    return (
        Source("comment", _("Notes"), "message", _comments, rows=(Comment, "about_uid")),
        Source("file", _("Files"), "paperclip", _files, rows=(Attachment, "about_uid")),
        Source(CHANGES, _("Changes"), "history", partial(_changes, resource=resource)),
    )
