"""Cells in which Excel shows an error (#DIV/0!, #N/A) instead of a value.

The reader of workbooks gives them as empty, and an empty cell means "leave it": so they are found in the sheet's own
XML, or in its binary records (`binary_errors`). The packed part is read a megabyte at a time, and costs little where a
sheet has no errors.
"""

import re
import struct
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from pathlib import Path

from django.utils.translation import gettext as _

from jike.foundation.errors import RuleBroken
from jike.foundation.exchange.binary_errors import errors_of_xls, errors_of_xlsb, is_compound, sheets_of_xlsb

__all__ = ["ERRORS", "ErrorCell", "error_cells"]

ERRORS = frozenset(
    {"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#SPILL!", "#CALC!", "#FIELD!"}
)
AT_ONCE = 1 << 20
CELL = re.compile(
    rb'<(?:\w+:)?c\b(?=[^>]*\st="e")[^>]*\sr="([A-Z]{1,3})(\d{1,7})"[^>]*>(.*?)</(?:\w+:)?c>', re.S
)
SHOWN = re.compile(rb"<(?:\w+:)?v>([^<]{1,20})</")
OPENING = re.compile(rb"<(?:\w+:)?c\b")
SHEET, RELATIONSHIP = re.compile(rb"<(?:\w+:)?sheet\s[^>]*>"), re.compile(rb"<(?:\w+:)?Relationship\s[^>]*>")


@dataclass(frozen=True)
class ErrorCell:
    """A cell that shows an error; it holds no value."""

    shown: str

    def __str__(self) -> str:
        return self.shown


def error_cells(path: Path, sheet: str) -> dict[tuple[int, int], ErrorCell]:
    """Return (row, column), both from 0, of the sheet's error cells; none for .ods."""
    if is_compound(path):
        try:
            return {place: ErrorCell(shown) for place, shown in errors_of_xls(path, sheet).items()}
        except struct.error as error:
            raise RuleBroken(_("The file is no workbook, or is damaged: it cannot be opened.")) from error
    if not zipfile.is_zipfile(path):
        return {}
    with zipfile.ZipFile(path) as packed:
        part = _part_of(packed, sheet)
        if part is None:
            return {}
        if part.endswith(".bin"):
            return {place: ErrorCell(shown) for place, shown in errors_of_xlsb(packed, part).items()}
        found = {}
        with packed.open(part) as xml:
            for cell in _cells(iter(lambda: xml.read(AT_ONCE), b"")):
                shown = SHOWN.search(cell[3])
                place = int(cell[2]) - 1, _column(cell[1])
                found[place] = ErrorCell(shown[1].decode("ascii", "replace") if shown else "#N/A")
        return found


def _cells(chunks: Iterator[bytes]) -> Iterator[re.Match[bytes]]:
    """Yield the error cells of the XML; a cell that a chunk cuts in two waits for the next."""
    rest = b""
    for chunk in chunks:
        text = rest + chunk
        end = 0
        if b't="e"' in text:
            for found in CELL.finditer(text):
                end = found.end()
                yield found
        cut = max((one.start() for one in OPENING.finditer(text, max(end, len(text) - 40_000))), default=end)
        rest = text[max(cut, end) :]


def _part_of(packed: zipfile.ZipFile, sheet: str) -> str | None:
    """Return the name of the part that holds the sheet."""
    names = set(packed.namelist())
    book = next((one for one in ("xml", "bin") if f"xl/_rels/workbook.{one}.rels" in names), "")
    if f"xl/workbook.{book}" not in names:
        return None
    if book == "bin":
        ids = sheets_of_xlsb(packed)
    else:
        tags = SHEET.findall(packed.read("xl/workbook.xml"))
        ids = {_named(tag, b"name"): _named(tag, b"id") for tag in tags}
    for tag in RELATIONSHIP.findall(packed.read(f"xl/_rels/workbook.{book}.rels")):
        if _named(tag, b"Id") == ids.get(sheet):
            target = _named(tag, b"Target").lstrip("/")
            part = target if target.startswith("xl/") else f"xl/{target}"
            return part if part in names else None
    return None


def _named(tag: bytes, name: bytes) -> str:
    """Return an attribute of a tag, whatever prefix its name has."""
    found = re.search(rb"[\s:]" + name + rb"\s*=\s*(?:\"([^\"]*)\"|'([^']*)')", tag)
    return unescape((found[1] or found[2] or b"").decode("utf-8", "replace")) if found else ""


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1
