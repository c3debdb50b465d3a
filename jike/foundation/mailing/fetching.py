"""Fetching by IMAP4rev1 (RFC 3501): what lies beyond the last mail read, without marking anything as read."""

import imaplib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from jike.foundation.mailing.accounts import TIMEOUT_SECONDS, MailTrouble, Obstacle, Security, Server, secured

__all__ = ["Fetched", "Folder", "opened_folder"]

SIZE = re.compile(rb"UID (\d+).*?RFC822\.SIZE (\d+)|RFC822\.SIZE (\d+).*?UID (\d+)")


@dataclass(frozen=True)
class Fetched:
    """One mail as it lies on the server; of one larger than wanted only the head."""

    uid: int
    raw: bytes
    whole: bool


@dataclass(frozen=True)
class Folder:
    """An open folder; ``validity`` changes when the server numbered its mails anew."""

    connection: imaplib.IMAP4
    validity: int

    def after(self, uid: int, *, at_most: int, bytes_max: int) -> Iterator[Fetched]:
        """Yield the mails with numbers above ``uid`` in their order, at most ``at_most``."""
        for number, size in self._sizes(uid)[:at_most]:
            whole = size <= bytes_max
            section = "BODY.PEEK[]" if whole else "BODY.PEEK[HEADER]"
            answer = _answered(self.connection.uid("FETCH", str(number), f"({section})"))
            raw = next((part[1] for part in answer if isinstance(part, tuple)), None)
            if raw is not None:
                yield Fetched(number, raw, whole)

    def _sizes(self, uid: int) -> list[tuple[int, int]]:
        answer = _answered(self.connection.uid("FETCH", f"{uid + 1}:*", "(UID RFC822.SIZE)"))
        found = [SIZE.search(part) for part in answer if isinstance(part, bytes)]
        pairs = [(int(one[1] or one[4]), int(one[2] or one[3])) for one in found if one]
        # "n:*" names the last mail even when its number is below n.
        return sorted(pair for pair in pairs if pair[0] > uid)


@contextmanager
def opened_folder(server: Server, folder: str) -> Iterator[Folder]:
    """Sign in and open ``folder`` for reading alone; whatever the server or the line refuses is `MailTrouble`."""
    try:
        connection = _connected(server)
        try:
            _sign_in(connection, server)
            _answered(connection.select(_quoted(folder), readonly=True))
            validity = connection.response("UIDVALIDITY")[1]
            yield Folder(connection, int(validity[0]) if validity and validity[0] else 0)
        finally:
            _leave(connection)
    except imaplib.IMAP4.error as error:
        raise MailTrouble(_told(error)) from error
    except OSError as error:
        raise MailTrouble(_told(error), Obstacle.LINE) from error


def _connected(server: Server) -> imaplib.IMAP4:
    if server.security == Security.TLS:
        return imaplib.IMAP4_SSL(server.host, server.port, ssl_context=secured(), timeout=TIMEOUT_SECONDS)
    connection = imaplib.IMAP4(server.host, server.port, timeout=TIMEOUT_SECONDS)
    if server.security == Security.STARTTLS:
        connection.starttls(ssl_context=secured())
    return connection


def _sign_in(connection: imaplib.IMAP4, server: Server) -> None:
    try:
        connection.login(server.user, server.password)
    except imaplib.IMAP4.abort:
        raise
    except imaplib.IMAP4.error as error:
        raise MailTrouble(_told(error), Obstacle.CREDENTIALS) from error


def _leave(connection: imaplib.IMAP4) -> None:
    try:
        connection.logout()
    except (imaplib.IMAP4.error, OSError):
        connection.shutdown()


def _answered(answer: tuple[str, list[Any]]) -> list[bytes | tuple[bytes, bytes]]:
    if answer[0] != "OK":
        raise imaplib.IMAP4.error(_text(answer[1][0]) if answer[1] else answer[0])
    return [part for part in answer[1] if part is not None]


def _quoted(folder: str) -> str:
    """Folder names travel in modified UTF-7; plain ones need quotes alone."""
    if not folder.isascii():
        folder = _modified_utf7(folder)
    return '"' + folder.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _modified_utf7(name: str) -> str:
    """Encode after RFC 3501, 5.1.3.

    >>> _modified_utf7("收件箱/A&B")
    '&ZTZO9nux-/A&-B'
    """
    pieces = re.split(r"([^\x20-\x7e]+)", name.replace("&", "&-"))
    return "".join(one if place % 2 == 0 else _shifted(one) for place, one in enumerate(pieces))


def _shifted(text: str) -> str:
    from base64 import b64encode

    return "&" + b64encode(text.encode("utf-16-be")).decode().rstrip("=").replace("/", ",") + "-"


def _told(error: Exception) -> str:
    return _text(error.args[0]) if error.args and isinstance(error.args[0], bytes) else str(error)


def _text(part: object) -> str:
    return part.decode("utf-8", "replace") if isinstance(part, bytes) else str(part)
