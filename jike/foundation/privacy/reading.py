"""The words inside attachments, as far as they can be read: texts, mails, PDF, Word and its like, workbooks.

Who is erased may stand in any of them. What cannot be read (pictures, scans, archives, what is locked or too large)
gives None, and a person looks at it. Nothing in a file is run or fetched.
"""

import html
import re
import zipfile
import zlib
from collections.abc import Callable
from datetime import UTC, datetime
from email import message_from_bytes, policy
from io import BytesIO

from pypdf import PdfReader
from pypdf.errors import PyPdfError
from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from jike.foundation.errors import Invalid
from jike.foundation.files import storing
from jike.foundation.files.sniffing import HEAD_BYTES, content_type
from jike.foundation.mailing.letters import TEXT_LENGTH, LetterFile, read_letter, words_of
from jike.foundation.models import Attachment

__all__ = ["read_words", "words_in"]

MOST_BYTES = 20 * 1024 * 1024
MOST_UNPACKED = 200 * 1024 * 1024
MOST_PAGES = 300
DOCUMENTS = re.compile(r"(word/.*|ppt/(slides|notesSlides)/.*|xl/(sharedStrings|worksheets/.*)|content)\.xml")
SHEETS = ("xlsx", "xlsm", "xls", "xlsb", "ods", "et")
LETTERS = ("eml",)
BROKEN = (LookupError, ValueError, TypeError, AttributeError, ArithmeticError, RecursionError, OSError)
"""What readers of broken files stumble over."""


def words_in(file: Attachment) -> str | None:
    """Return the words of the file; None where they cannot be read."""
    if file.size_bytes > MOST_BYTES:
        return None
    try:
        content = storing.path_of(file.sha256).read_bytes()
    except OSError:
        return None
    return read_words(content, name=file.name, kind=file.content_type)


def read_words(content: bytes, *, name: str, kind: str) -> str | None:
    """Return the words of a file's ``content``, judged by what its name and its content type say.

    >>> read_words("请联系欧阳牧野".encode("gb18030"), name="便条.txt", kind="text/plain")
    '请联系欧阳牧野'
    >>> read_words(b"\\x89PNG", name="照片.png", kind="image/png") is None
    True
    """
    ending = name.rpartition(".")[2].lower()
    try:
        found = _reader(ending, kind)(content)
    except (PyPdfError, CalamineError, PasswordError, zipfile.BadZipFile, zlib.error, *BROKEN):
        return None
    return found if found and found.strip() else None


def _reader(ending: str, kind: str) -> Callable[[bytes], str | None]:
    if kind == "application/pdf":
        return _pdf
    if ending in SHEETS:
        return _workbook
    if ending in LETTERS or kind == "message/rfc822":
        return _letter
    if kind in ("text/html", "image/svg+xml", "text/xml"):
        return lambda content: words_of(_text(content))
    if kind.startswith("text/") or kind == "application/json":
        return _text
    return _document if kind.startswith(("application/zip", "application/vnd.")) else _nothing


def _nothing(content: bytes) -> None:
    return None


def _text(content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return content.decode("utf-8", "replace")


def _letter(content: bytes) -> str | None:
    """Return head, text and enclosed files; None when something in it cannot be read, pictures apart."""
    letter = read_letter(content, received_at=datetime.now(UTC))
    files = [_enclosed(one) for one in letter.files]
    if len(letter.text) >= TEXT_LENGTH or None in files:
        return None
    message = message_from_bytes(content, policy=policy.default)
    heads = [str(message.get(name, "")) for name in ("From", "To", "Cc", "Subject")]
    return "\n".join([*heads, letter.text, *(one for one in files if one)])


def _enclosed(file: LetterFile) -> str | None:
    try:
        kind = content_type(file.content[:HEAD_BYTES], file.name)
    except Invalid:
        return None
    if kind.startswith("image/"):
        return ""
    return read_words(file.content, name=file.name, kind=kind)


def _pdf(content: bytes) -> str | None:
    """Return the words of every page; None when one page has none: it is a picture, and may say anything."""
    reader = PdfReader(BytesIO(content))
    if reader.is_encrypted or len(reader.pages) > MOST_PAGES:
        return None
    pages = [page.extract_text() for page in reader.pages]
    return "\n".join(pages) if all(one.strip() for one in pages) else None


def _workbook(content: bytes) -> str:
    book = CalamineWorkbook.from_filelike(BytesIO(content))
    sheets = (book.get_sheet_by_name(name).to_python() for name in book.sheet_names)
    return "\n".join(" ".join(map(_cell, row)) for sheet in sheets for row in sheet)


def _cell(value: object) -> str:
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _document(content: bytes) -> str | None:
    """Return the words of Word, PowerPoint and OpenDocument: archives of XML; None for any other archive."""
    with zipfile.ZipFile(BytesIO(content)) as archive:
        parts = [one for one in archive.infolist() if DOCUMENTS.fullmatch(one.filename)]
        if not parts or sum(one.file_size for one in parts) > MOST_UNPACKED:
            return None
        return "\n".join(_marked(archive.read(one)) for one in parts)


def _marked(part: bytes) -> str:
    """Return the words of an XML part: a line for each paragraph, the runs within it joined."""
    lines = re.sub(r"</(?:w:p|a:p|text:p|text:h|row|si)>", "\n", part.decode("utf-8", "replace"))
    return html.unescape(re.sub(r"<[^>]*>", "", lines))
