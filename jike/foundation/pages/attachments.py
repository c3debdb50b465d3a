"""Files on a record as a fragment that any page may load, and their bytes, which never run in the reader's browser."""

from uuid import UUID

from django.conf import settings
from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from jike.foundation import files
from jike.foundation.directory import people
from jike.foundation.errors import NotFound
from jike.foundation.files.sniffing import Preview, preview_of
from jike.foundation.models import Attachment, Record
from jike.foundation.pages.entry import PageRequest, after, page, record_at
from jike.foundation.privacy.reading import words_in
from jike.foundation.scope import may

__all__ = ["attachments", "download", "preview", "remove", "restore"]

MEGABYTE = 1024 * 1024
TEXT_SHOWN = 20_000
"""Characters of a text that a preview shows."""
WORDS_BYTES = 4 * MEGABYTE
"""Larger documents are saved and opened by their own program."""
SHOWN = 50
"""Files in the fragment, the newest; the record's timeline leads to all."""


@page("GET", "POST")
def attachments(request: PageRequest, kind: str, uid: UUID) -> HttpResponse:
    """Show the record's files; take a new one."""
    record = record_at(request, kind, uid)
    if request.method == "GET":
        return _fragment(request, record)
    upload = files.received_file(request)
    files.attach(record, name=upload.name or "", chunks=upload.chunks(), actor=request.actor)
    return _fragment(request, record) if request.htmx else after(record)


@page("GET")
def download(request: PageRequest, uid: UUID) -> HttpResponseBase:
    """Stream a file to whoever may view its record; pictures and PDF may be shown in place, all else is saved."""
    row, _record = files.attachment(uid, request.actor)
    seen = preview_of(row.content_type)
    shown = seen in (Preview.PICTURE, Preview.DOCUMENT) and request.GET.get("show") == "1"
    response = FileResponse(
        files.open_attachment(row),
        as_attachment=not shown,
        filename=row.name,
        content_type=row.content_type if shown else "application/octet-stream",
    )
    response["Content-Length"] = str(row.size_bytes)
    # A sandbox would keep out the browser's own viewer of PDF, which runs nothing of ours and nothing of the page's.
    sandbox = "" if shown and seen is Preview.DOCUMENT else "sandbox; "
    response["Content-Security-Policy"] = f"{sandbox}default-src 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


@page("GET")
def preview(request: PageRequest, uid: UUID) -> HttpResponse:
    """Show a picture, or the beginning of a text or of a document's words, in a dialog."""
    row, _record = files.attachment(uid, request.actor)
    seen = preview_of(row.content_type)
    if seen not in (Preview.PICTURE, Preview.TEXT, Preview.WORDS):
        raise NotFound
    text = _beginning(row) if seen is Preview.TEXT else _words(row) if seen is Preview.WORDS else ""
    context = {"file": row, "picture": seen is Preview.PICTURE, "text": text, "most": TEXT_SHOWN}
    return render(request, "foundation/_preview.html", context)


def _words(row: Attachment) -> str:
    """Return the first words of an office document; nothing where it is large or cannot be read."""
    return (words_in(row) or "")[:TEXT_SHOWN] if row.size_bytes <= WORDS_BYTES else ""


def _beginning(row: Attachment) -> str:
    """Return the first characters of a text in UTF-8 or GB 18030, whatever is broken in it."""
    with files.open_attachment(row) as source:
        head = source.read(TEXT_SHOWN * 4)
    try:
        return head.decode("utf-8-sig")[:TEXT_SHOWN]
    except UnicodeDecodeError as error:
        broken_at_end = error.start >= len(head) - 3
        return head.decode("utf-8-sig" if broken_at_end else "gb18030", "replace")[:TEXT_SHOWN]


@page("POST")
def remove(request: PageRequest, uid: UUID) -> HttpResponse:
    """Put a file into the recycle bin; the fragment offers to undo it."""
    _row, record = files.attachment(uid, request.actor)
    files.detach(uid, actor=request.actor)
    return _fragment(request, record, removed=uid) if request.htmx else after(record)


@page("POST")
def restore(request: PageRequest, uid: UUID) -> HttpResponse:
    """Take a file out of the recycle bin."""
    _row, record = files.attachment(uid, request.actor, removed=True)
    files.reattach(uid, actor=request.actor)
    return _fragment(request, record) if request.htmx else after(record)


def _fragment(request: PageRequest, record: Record, *, removed: UUID | None = None) -> HttpResponse:
    standing = files.attachments_of(record)
    rows = list(standing[: SHOWN + 1])
    further = standing.count() - SHOWN if len(rows) > SHOWN else 0
    known = people({row.uploaded_by for row in rows})
    context = {
        "record": record,
        "files": [(row, known.get(row.uploaded_by), preview_of(row.content_type)) for row in rows[:SHOWN]],
        "further": further,
        "may_change": may(request.actor, "change", record),
        "removed": removed,
        "limit_mb": settings.ATTACHMENT_BYTES_MAX // MEGABYTE,
    }
    return render(request, "foundation/_attachments.html", context)
