"""What a file is, judged by its first bytes; its name and what the browser claims count for nothing but contradiction.

Programs and scripts that a double click would run are refused, whatever they are called. Pages and drawings that can
carry scripts (HTML, SVG, XML) are taken, but never shown by us: see `preview_of`.
"""

import re
from enum import StrEnum

import filetype
from django.utils.translation import gettext as _

from jike.foundation.errors import Invalid
from jike.foundation.files.naming import ending_of

__all__ = ["HEAD_BYTES", "Preview", "content_type", "preview_of"]

HEAD_BYTES = 8192
UNKNOWN = "application/octet-stream"
PROGRAMS = (
    *(b"MZ", b"\x7fELF", b"L\x00\x00\x00\x01\x14\x02\x00", b"!<arch>\n", b"\xed\xab\xee\xdb"),
    *(
        b"\xfe\xed\xfa\xce",
        b"\xfe\xed\xfa\xcf",
        b"\xce\xfa\xed\xfe",
        b"\xcf\xfa\xed\xfe",
        b"\xca\xfe\xba\xbe",
    ),
    *(b"dex\n", b"\x00asm", b"CWS", b"FWS", b"Cr24", b"ITSF"),
)
"""Windows and Linux programs, Windows links, Debian and RPM packages; Mac and Java programs; Android code, WebAssembly,
Flash, browser extensions, compiled help."""
RUN_BY_A_CLICK = re.compile(
    "com|exe|scr|pif|bat|cmd|ps1|psm1|vbs|vbe|js|jse|mjs|wsf|wsh|ws|hta|msi|msp|mst|msc|cpl|dll|sys|lnk|url|reg|inf|"
    "scf|sct|gadget|application|appx|msix|xll|chm|jar|jnlp|apk|app|dmg|pkg|deb|rpm|command|sh|bash|csh|run|"
    "py|pyc|pyw|pl|rb|php|iso|img|vhd|vhdx"
)
ACTIVE = (
    *(
        (b"<svg", "image/svg+xml"),
        (b"<!doctype html", "text/html"),
        (b"<html", "text/html"),
        (b"<body", "text/html"),
    ),
    *((b"<script", "text/html"), (b"<iframe", "text/html"), (b"<?php", "text/html"), (b"<?xml", "text/xml")),
)
OFFICE_OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""Word, Excel, PowerPoint before 2007, and every newer one that is protected by a password."""
OLD_NAMES = {
    "doc": "application/msword",
    "xls": "application/vnd.ms-excel",
    "ppt": "application/vnd.ms-powerpoint",
    "wps": "application/vnd.ms-works",
    "et": "application/vnd.ms-excel",
    "dps": "application/vnd.ms-powerpoint",
}
ZIPPED = (
    "application/zip",
    "application/vnd.openxmlformats-officedocument.",
    "application/vnd.oasis.opendocument.",
)
WHAT_A_NAME_PROMISES = {
    "pdf": ("application/pdf",),
    "png": ("image/png", "image/apng"),
    "jpg": ("image/jpeg",),
    "jpeg": ("image/jpeg",),
    "gif": ("image/gif",),
    "webp": ("image/webp",),
    "docx": (*ZIPPED, UNKNOWN),
    "xlsx": (*ZIPPED, UNKNOWN),
    "pptx": (*ZIPPED, UNKNOWN),
    "zip": ZIPPED,
}
OFFICE = ("application/vnd.openxmlformats-officedocument.", "application/vnd.oasis.opendocument.")
SHOWN = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
TEXTS = {"csv": "text/csv", "md": "text/markdown", "json": "application/json"}


def content_type(head: bytes, name: str) -> str:
    """Return the content type of a file that begins with ``head`` (up to `HEAD_BYTES`) and is called ``name``.

    Raises `Invalid` for what may not be attached, and for a name that promises something else than is inside.
    """
    ending = ending_of(name)
    program = head.startswith(b"#!") or (head.startswith(PROGRAMS) and not _is_text(head))
    if program or RUN_BY_A_CLICK.fullmatch(ending):
        raise Invalid({"file": [_("Programs and scripts cannot be attached.")]})
    found = _sniffed(head, ending)
    promised = WHAT_A_NAME_PROMISES.get(ending)
    if promised and not found.startswith(promised):
        words = {"ending": ending, "found": found}
        raise Invalid(
            {"file": [_("The name ends in .%(ending)s, but inside is something else (%(found)s).") % words]}
        )
    return found


class Preview(StrEnum):
    """How a file may be looked at without being saved."""

    PICTURE = "picture"
    DOCUMENT = "document"
    TEXT = "text"
    WORDS = "words"
    NONE = ""


def preview_of(kind: str) -> Preview:
    """Return how browsers may show it: pictures that carry no scripts, PDF in their own viewer, text as plain text.

    Of office documents their words are shown.
    """
    if kind in SHOWN:
        return Preview.PICTURE
    if kind == "application/pdf":
        return Preview.DOCUMENT
    if kind.startswith(OFFICE):
        return Preview.WORDS
    return Preview.TEXT if kind == "text/plain" or kind in TEXTS.values() else Preview.NONE


def _sniffed(head: bytes, ending: str) -> str:
    start = head[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    for mark, kind in ACTIVE:
        if start.startswith(mark) or (
            mark != b"<?xml" and start.startswith((b"<!--", b"<?xml")) and mark in start
        ):
            return kind
    if head.startswith(OFFICE_OLD):
        return OLD_NAMES.get(ending, UNKNOWN)
    text = _is_text(head)
    guessed = filetype.guess(head) if head else None
    # Signatures of two or three letters also begin ordinary texts.
    if guessed is not None and not (text and guessed.mime.startswith("application/x-")):
        return str(guessed.mime)
    return TEXTS.get(ending, "text/plain") if text else UNKNOWN


def _is_text(head: bytes) -> bool:
    if b"\0" in head:
        return False
    for encoding in ("utf-8", "gb18030"):
        # The head may end within a character: up to three bytes are let go.
        for cut in range(4):
            try:
                head[: len(head) - cut].decode(encoding)
            except UnicodeDecodeError:
                continue
            return True
    return False
