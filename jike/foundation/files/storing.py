"""Bytes on disk, named by their SHA-256: durable before a row speaks of them, and each content once.

A file is written beside its place, forced to the disk and then renamed, so that a crash or a full disk leaves either
all of it or nothing. `holding` keeps the sweeper away from one content while a transaction refers to it.
"""

import errno
import os
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jike.foundation.errors import Invalid, TooLarge, Unavailable
from jike.foundation.files.sniffing import HEAD_BYTES

__all__ = [
    "Incoming",
    "discard",
    "disk_failure",
    "holding",
    "incoming_folder",
    "path_of",
    "place",
    "receive",
    "too_large",
]

FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


@dataclass(frozen=True)
class Incoming:
    """A file that lies durably beside its place, waiting for its row."""

    path: Path
    sha256: str
    size_bytes: int
    head: bytes


def receive(chunks: Iterable[bytes]) -> Incoming:
    """Write ``chunks`` to the disk, durably.

    Raises
    ------
    TooLarge, Invalid, Unavailable
        More than ``settings.ATTACHMENT_BYTES_MAX``, nothing at all, or no room; nothing of it stays behind.
    """
    try:
        path = incoming_folder() / uuid4().hex
        try:
            return _written(path, chunks)
        except BaseException:
            path.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise disk_failure(error) from error


def _written(path: Path, chunks: Iterable[bytes]) -> Incoming:
    digest, size, head = sha256(), 0, b""
    with path.open("xb") as target:
        for chunk in chunks:
            size += len(chunk)
            if size > settings.ATTACHMENT_BYTES_MAX:
                raise too_large()
            if len(head) < HEAD_BYTES:
                head = (head + chunk)[:HEAD_BYTES]
            digest.update(chunk)
            target.write(chunk)
        if not size:
            raise Invalid({"file": [_("The file is empty.")]})
        target.flush()
        os.fsync(target.fileno())
    return Incoming(path, digest.hexdigest(), size, head)


def place(incoming: Incoming) -> None:
    """Move the file to its place, where an equal one may already lie; durable on return."""
    target = path_of(incoming.sha256)
    try:
        if target.exists() and target.stat().st_size == incoming.size_bytes:
            discard(incoming)
            return
        target.parent.mkdir(mode=0o700, exist_ok=True)
        incoming.path.replace(target)
        for folder in (target.parent, target.parent.parent):
            _make_durable(folder)
    except OSError as error:
        raise disk_failure(error) from error


def discard(incoming: Incoming) -> None:
    """Throw away what will get no row."""
    incoming.path.unlink(missing_ok=True)


def path_of(digest: str) -> Path:
    """Return where the content with this SHA-256 lies or would lie."""
    return Path(settings.ATTACHMENTS_FOLDER) / digest[:2] / digest


def incoming_folder() -> Path:
    """Return the folder of unfinished files, made when absent."""
    folder = Path(settings.ATTACHMENTS_FOLDER) / "incoming"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def holding(digest: str, *, sweeping: bool = False) -> None:
    """Keep the content from being swept (or, to sweep it, from being referred to) until the transaction ends."""
    lock = "pg_advisory_xact_lock" if sweeping else "pg_advisory_xact_lock_shared"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {lock}(%s, %s)", [0x66696C65, int(digest[:8], 16) - 2**31])


def disk_failure(error: OSError) -> Unavailable:
    """Return the error that tells people what a failing disk means for them."""
    if error.errno in FULL:
        return Unavailable(
            gettext_lazy(
                "The disk for files is full. Nothing was stored; please tell the system administrator."
            )
        )
    return Unavailable(
        gettext_lazy(
            "The disk for files cannot be written. Nothing was stored; please tell the system administrator."
        )
    )


def too_large() -> TooLarge:
    """Return the refusal of a file beyond the limit."""
    limit = settings.ATTACHMENT_BYTES_MAX // (1024 * 1024)
    return TooLarge(
        _("The file is larger than %(limit)s MB, the most that can be attached.") % {"limit": limit}
    )


def _make_durable(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
