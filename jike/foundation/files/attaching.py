"""Attaching to and reading from records: every right is that of the record."""

from collections.abc import Iterable
from typing import IO
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from jike.foundation.audit import creating, removing, restoring
from jike.foundation.audit.gate import Under
from jike.foundation.errors import NotFound, Unavailable
from jike.foundation.files import storing
from jike.foundation.files.naming import clean_file_name
from jike.foundation.files.sniffing import content_type
from jike.foundation.models import Attachment, Record, RecordKey
from jike.foundation.scope import Actor, fetch_key, require

__all__ = ["attach", "attachment", "attachments_of", "detach", "open_attachment", "reattach"]

NOBODY = UUID(int=0)
"""Stands for the uploader where the system attached a file."""


def attach(record: Record, *, name: str, chunks: Iterable[bytes], actor: Actor) -> Attachment:
    """Store a file on ``record`` for ``actor``, who must be allowed to change the record.

    The row commits only after the bytes are durable; bytes whose row does not commit are swept by night.

    Raises
    ------
    Refused, Invalid, TooLarge, Unavailable
        No right, a forbidden or contradictory content, too many bytes, or no room on the disk; nothing is stored.
    """
    require(actor, "change", record)
    incoming = storing.receive(chunks)
    try:
        called = clean_file_name(name)
        kind = content_type(incoming.head, called)
        with transaction.atomic():
            storing.holding(incoming.sha256)
            storing.place(incoming)
            row = Attachment(
                about_kind=record.kind(),
                about_uid=record.uid,
                name=called,
                content_type=kind,
                size_bytes=incoming.size_bytes,
                sha256=incoming.sha256,
                uploaded_by=actor.uid or NOBODY,
            )
            return creating(row, actor=actor, verb="attach", under=Under(record, "change"))
    finally:
        storing.discard(incoming)


def attachments_of(record: Record, *, removed: bool = False) -> QuerySet[Attachment]:
    """Return the record's files, newest first, for whoever was allowed to fetch the record."""
    rows = Attachment.objects.filter(
        about_uid=record.uid, about_kind=record.kind(), removed_at__isnull=not removed
    )
    return rows.order_by("-id")


def attachment(uid: UUID, actor: Actor, *, removed: bool = False) -> tuple[Attachment, Record]:
    """Return the file and its record; NotFound when ``actor`` may not view the record, as if there were none."""
    row = Attachment.objects.filter(uid=uid, removed_at__isnull=not removed).first()
    if row is None:
        raise NotFound(_("There is nothing here, or nothing that you may see."))
    return row, fetch_key(RecordKey(row.about_kind, row.about_uid), actor)


def detach(uid: UUID, *, actor: Actor) -> Attachment:
    """Put the file into the recycle bin; needs the right to change its record."""
    row, record = attachment(uid, actor)
    return removing(row, actor=actor, under=Under(record, "change"))


def reattach(uid: UUID, *, actor: Actor) -> Attachment:
    """Take the file out of the recycle bin; needs the right to change its record."""
    row, record = attachment(uid, actor, removed=True)
    return restoring(row, actor=actor, under=Under(record, "change"))


def open_attachment(row: Attachment) -> IO[bytes]:
    """Open the file's bytes for whoever got ``row`` from `attachment`."""
    try:
        return storing.path_of(row.sha256).open("rb")
    except OSError as error:
        sentence = _("This file cannot be read at the moment; please tell the system administrator.")
        raise Unavailable(sentence) from error
