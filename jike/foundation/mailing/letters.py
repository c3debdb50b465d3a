"""Reading the bytes of a mail (RFC 5322, MIME) as what people wrote, whatever its sender's program got wrong.

Unknown and lying character sets, broken base64, missing heads and endless nesting all become text, never an error. Of
HTML only the words stay (`nh3` takes everything else away), so that nothing in a mail runs or calls home.
"""

import binascii
import datetime as dt
import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.errors import HeaderParseError
from email.header import Header, decode_header
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime
from hashlib import sha256
from unicodedata import normalize

import nh3

__all__ = ["Letter", "LetterFile", "read_letter"]

MOST_PARTS, MOST_FILES, MOST_ADDRESSES, MOST_REFERENCES = 500, 50, 2_000, 50
TEXT_LENGTH, SUBJECT_LENGTH, ID_LENGTH = 20_000, 200, 250
MOST_HTML = 2_000_000
"""Characters of HTML that are read; what follows is cut off."""
GUESSES = ("utf-8", "gb18030")
EARLIEST = dt.datetime(1990, 1, 1, tzinfo=dt.UTC)
MESSAGE_ID = re.compile(r"<[^<>\s]{1,248}>")
UNSTORABLE = re.compile("[\0-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
LINE_ENDING_TAGS = re.compile(r"(?i)<(?:br|/p|/div|/tr|/li|/h[1-6]|/blockquote)\b[^>]*>")
HIDDEN = re.compile(r"(?is)<(head|style|script|title)\b.*?(?:</\1\s*>|\Z)")


@dataclass(frozen=True)
class LetterFile:
    """A file that came along."""

    name: str
    content: bytes


@dataclass(frozen=True)
class Letter:
    """What a mail says.

    Attributes
    ----------
    message_id, thread
        The id, with its angle brackets, or a digest of the bytes where it has none; the id that its conversation began
        with, its own where it answers nothing.
    references
        Ids of what it answers, oldest first.
    sender, sender_name, recipients
        Addresses in lower case; To and Cc together, at most 2,000.
    sent_at
        What the mail claims, ``received_at`` where that cannot be.
    """

    message_id: str
    thread: str
    references: tuple[str, ...]
    sender: str
    sender_name: str
    recipients: tuple[str, ...]
    subject: str
    text: str
    sent_at: dt.datetime
    files: tuple[LetterFile, ...]


def read_letter(raw: bytes, *, received_at: dt.datetime) -> Letter:
    """Return what the bytes of one mail say; ``received_at`` is an aware moment."""
    message = _parsed(raw)
    name, sender = next(iter(_addresses(message, "From", "Sender")), ("", ""))
    own = MESSAGE_ID.search(_head(message, "Message-ID"))
    message_id = own[0] if own else f"<{sha256(raw).hexdigest()}@no-message-id>"
    references = _references(message)
    text, files = _content(message)
    recipients = [address for _name, address in _addresses(message, "To", "Cc")]
    return Letter(
        message_id=message_id,
        thread=references[0] if references else message_id,
        references=references,
        sender=sender,
        sender_name=name[:120],
        recipients=tuple(dict.fromkeys(recipients)),
        subject=_head(message, "Subject")[:SUBJECT_LENGTH],
        text=text,
        sent_at=_moment(message, received_at),
        files=files,
    )


def _parsed(raw: bytes) -> Message:
    try:
        return message_from_bytes(raw)
    except RecursionError:
        # Thousands of parts within parts are nobody's letter: the head is all that is read.
        return message_from_bytes(re.split(rb"\r?\n\r?\n", raw, maxsplit=1)[0] + b"\n\n")


def _head(message: Message, name: str) -> str:
    return _line(_decoded(message.get(name, "")))


def _line(text: str) -> str:
    return " ".join(UNSTORABLE.sub("", normalize("NFC", text)).split())


def _decoded(value: object) -> str:
    """Return a head's value in words; heads with bytes of their own come as `Header`."""
    try:
        pieces = decode_header(value if isinstance(value, Header) else str(value))
    except (HeaderParseError, binascii.Error, ValueError):
        return str(value)
    return "".join(piece if isinstance(piece, str) else _text_of(piece, charset) for piece, charset in pieces)


def _text_of(content: bytes, charset: str | None) -> str:
    """Decode by the charset that is claimed, by those that are likely, and at last with marks for what is broken."""
    claimed = (charset or "").strip().lower()
    if claimed in ("gb2312", "gbk", "x-gbk"):
        claimed = "gb18030"
    for one in (claimed, *GUESSES):
        try:
            return content.decode(one) if one else content.decode("ascii")
        except (UnicodeError, LookupError, ValueError):
            continue
    return content.decode("utf-8", "replace")


def _addresses(message: Message, *names: str) -> list[tuple[str, str]]:
    heads = [str(one) for name in names for one in message.get_all(name, [])]
    found = getaddresses(heads)[:MOST_ADDRESSES]
    return [
        (_line(_decoded(name)), address.strip().lower()[:254])
        for name, address in found
        if "@" in address and " " not in address and not UNSTORABLE.search(address)
    ]


def _references(message: Message) -> tuple[str, ...]:
    heads = f"{_head(message, 'References')} {_head(message, 'In-Reply-To')}"
    found = tuple(dict.fromkeys(MESSAGE_ID.findall(heads)))
    return found if len(found) <= MOST_REFERENCES else (found[0], *found[1 - MOST_REFERENCES :])


def _moment(message: Message, received_at: dt.datetime) -> dt.datetime:
    try:
        claimed = parsedate_to_datetime(_head(message, "Date"))
        moment = claimed if claimed.tzinfo else claimed.replace(tzinfo=dt.UTC)
        return moment if EARLIEST <= moment <= received_at + dt.timedelta(days=1) else received_at
    except (TypeError, ValueError, IndexError, OverflowError):
        return received_at


def _content(message: Message) -> tuple[str, tuple[LetterFile, ...]]:
    plain, rich = "", ""
    files: list[LetterFile] = []
    for part in _leaves(message):
        kind, name = part.get_content_type(), _line(_decoded(part.get_filename() or ""))
        is_file = part.get_content_disposition() == "attachment" or bool(name)
        if is_file or kind not in ("text/plain", "text/html"):
            content = _bytes_of(part)
            if content and len(files) < MOST_FILES:
                files.append(LetterFile(name or _named(kind, len(files) + 1), content))
        elif kind == "text/plain" and not plain:
            plain = _text_of(_bytes_of(part), part.get_content_charset())
        elif kind == "text/html" and not rich:
            rich = words_of(_text_of(_bytes_of(part), part.get_content_charset()))
    text = plain if plain.strip() else rich
    text = UNSTORABLE.sub("", normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")).strip()
    return (text if len(text) <= TEXT_LENGTH else text[: TEXT_LENGTH - 1] + "…"), tuple(files)


def _leaves(message: Message) -> Iterator[Message]:
    """Yield the parts that hold something, in their order; mails within a mail are files."""
    waiting, seen = [message], 0
    while waiting and seen < MOST_PARTS:
        part = waiting.pop()
        seen += 1
        inner = part.get_payload()
        if part.is_multipart() and part.get_content_type() != "message/rfc822" and isinstance(inner, list):
            waiting += [one for one in reversed(inner) if isinstance(one, Message)]
        else:
            yield part


def _bytes_of(part: Message) -> bytes:
    inner = part.get_payload()
    if isinstance(inner, list):
        return b"".join(one.as_bytes() for one in inner if isinstance(one, Message))
    try:
        found = part.get_payload(decode=True)
    except (binascii.Error, LookupError, ValueError):
        found = None
    return found if isinstance(found, bytes) else str(inner or "").encode("utf-8", "replace")


def _named(kind: str, number: int) -> str:
    return f"mail{number}.eml" if kind == "message/rfc822" else f"file{number}"


def words_of(page: str) -> str:
    """Return the words of an HTML page, a line where it ends one.

    >>> words_of("<p>程部长：<b>您好</b></p><script>alert(1)</script><p>方案见附件 &lt;3&gt;")
    '程部长：您好\\n方案见附件 <3>'
    """
    shown = HIDDEN.sub("", page[:MOST_HTML])
    spaced = LINE_ENDING_TAGS.sub("\n", re.sub(r"\s+", " ", shown))
    plain = html.unescape(nh3.clean(spaced, tags=set()))
    lines = [" ".join(line.split()) for line in plain.split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
