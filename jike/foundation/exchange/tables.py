"""A file of rows, as people send it: workbooks (.xlsx, .xls, .xlsb, .ods), .csv, .tsv and pasted text, in any encoding.

Cells come as text, whole numbers, decimals, days, moments or yes/no; an empty cell is None. A number of more digits
than Excel keeps (15) comes as `Damaged`: its end is already lost, so it must never be stored as if it were whole.
"""

import csv
import datetime as dt
import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from jike.foundation.errors import RuleBroken

__all__ = [
    "MOST_COLUMNS",
    "MOST_ROWS",
    "Cell",
    "Damaged",
    "Table",
    "header_place",
    "read_table",
    "sheet_names",
]

MOST_ROWS, MOST_COLUMNS = 1_048_576, 300
MOST_UNPACKED = 2 * 1024**3
MOST_SQUEEZED = 200
"""How many times smaller a workbook's parts may be packed; what is packed tighter is made to harm."""
EXACT = 10**15
HEADER_WITHIN = 20
WORKBOOKS = frozenset({".xlsx", ".xlsm", ".xls", ".xlsb", ".ods"})
TEXTS = frozenset({".csv", ".tsv", ".txt"})
DELIMITERS = (",", "\t", ";", "|")
MOST_CELL = 32_767
"""Characters: what a cell of Excel holds at most."""


class Damaged(str):
    """A number whose last digits Excel has lost, as Excel writes it."""

    __slots__ = ()


Cell = str | int | Decimal | dt.date | dt.datetime | bool | None


@dataclass(frozen=True)
class Table:
    """One sheet.

    Attributes
    ----------
    sheet
        Its name; empty for text.
    rows
        Every row down to the last that holds anything; all as long as the widest.
    """

    sheet: str
    rows: Sequence[Sequence[Cell]] = field(repr=False)

    @property
    def width(self) -> int:
        """Number of columns."""
        return max((len(row) for row in self.rows), default=0)


def sheet_names(path: Path, name: str) -> list[str]:
    """Return the visible sheets of a workbook; one empty name for text.

    Raises
    ------
    RuleBroken
        The file is no table that can be read, with a sentence saying why.
    """
    if _suffix(name) in TEXTS:
        return [""]
    with _workbook(path, name) as book:
        return [one.name for one in book.sheets_metadata if "Visible" in str(one.visible)] or book.sheet_names


def read_table(path: Path, name: str, *, sheet: str = "") -> Table:
    """Return a sheet's rows; the first visible one unless named.

    Raises
    ------
    RuleBroken
        The file is no table that can be read, with a sentence saying why.
    """
    if _suffix(name) in TEXTS:
        return Table("", _trimmed(_text_rows(path.read_bytes())))
    with _workbook(path, name) as book:
        names = sheet_names(path, name)
        chosen = sheet if sheet in names else names[0]
        found = book.get_sheet_by_name(chosen)
        if found.total_height > MOST_ROWS or found.total_width > MOST_COLUMNS:
            raise RuleBroken(_too_large())
        return Table(chosen, _trimmed([_cells(row) for row in found.to_python(skip_empty_area=False)]))


def header_place(rows: Sequence[Sequence[Cell]]) -> int:
    """Return the index of the row that names the columns: the first that is as full as any, and all words.

    Titles and notes above a table fill few cells; a row of data seldom has words only.
    """
    first = rows[:HEADER_WITHIN]
    filled = [sum(cell is not None for cell in row) for row in first]
    most = max(filled, default=0)
    for place, row in enumerate(first):
        words = sum(isinstance(cell, str) and not cell.isdecimal() for cell in row)
        if filled[place] and filled[place] >= most * 0.6 and words >= filled[place] * 0.8:
            return place
    return 0


def _suffix(name: str) -> str:
    suffix = Path(name.lower()).suffix
    if suffix not in WORKBOOKS | TEXTS:
        raise RuleBroken(_("This is no table: send .xlsx, .xls, .csv or .tsv, or paste the rows."))
    return suffix


def _too_large() -> str:
    return _("The table is too large: at most %(rows)s rows and %(columns)s columns.") % {
        "rows": f"{MOST_ROWS:,}",
        "columns": MOST_COLUMNS,
    }


def _workbook(path: Path, name: str) -> Any:
    _suffix(name)
    _refuse_bomb(path)
    try:
        return CalamineWorkbook.from_path(str(path))
    except PasswordError as error:
        raise RuleBroken(
            _("The workbook has a password. Save it without one, then send it again.")
        ) from error
    except CalamineError as error:
        raise RuleBroken(_("The file is no workbook, or is damaged: it cannot be opened.")) from error


def _refuse_bomb(path: Path) -> None:
    """Refuse a packed file that would grow beyond measure when it is opened."""
    if not zipfile.is_zipfile(path):
        return
    with zipfile.ZipFile(path) as packed:
        size = sum(part.file_size for part in packed.infolist())
        squeezed = sum(part.compress_size for part in packed.infolist())
    if size > MOST_UNPACKED or size > MOST_SQUEEZED * max(squeezed, 1024):
        raise RuleBroken(_("The workbook would become too large when it is unpacked."))


def _cells(row: Sequence[Any]) -> list[Cell]:
    return [_cell(value) for value in row]


def _cell(value: Any) -> Cell:
    if isinstance(value, bool | dt.datetime | dt.date):
        return value
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, str):
        return value[:MOST_CELL].strip() or None
    return str(value)


def _number(value: float) -> Cell:
    if abs(value) >= EXACT:
        return Damaged(f"{value:.15g}")
    if value.is_integer():
        return int(value)
    return Decimal(repr(round(value, 10)))


def _text_rows(data: bytes) -> list[list[Cell]]:
    text = _decoded(data)
    if "\0" in text:
        raise RuleBroken(_("The file is no text: it holds characters that no table has."))
    lines = text.splitlines()[:HEADER_WITHIN]
    counts = {mark: sum(line.count(mark) for line in lines) for mark in DELIMITERS}
    mark = max(DELIMITERS, key=lambda one: counts[one])
    rows: list[list[Cell]] = []
    csv.field_size_limit(1_000_000)
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=mark):
            rows.append([cell[:MOST_CELL].strip() or None for cell in row])
            if len(rows) > MOST_ROWS or len(row) > MOST_COLUMNS:
                raise RuleBroken(_too_large())
    except csv.Error as error:
        sentence = _("Line %(line)s cannot be read: a quotation mark is probably left open.")
        raise RuleBroken(sentence % {"line": len(rows) + 1}) from error
    return rows


def _decoded(data: bytes) -> str:
    """Return the text in the encoding that fits: by its mark, else UTF-8, else what Chinese systems write."""
    marked = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    encodings = ["utf-16"] if marked else ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise RuleBroken(_("The text is in no known encoding: save it as UTF-8 or GB18030."))


def _trimmed(rows: list[list[Cell]]) -> list[list[Cell]]:
    """Leave empty rows at the end out, and make all rows as long as the widest; a table of nothing is refused."""
    while rows and not any(cell is not None for cell in rows[-1]):
        rows.pop()
    width = max(
        (
            len(row) - next((n for n, c in enumerate(reversed(row)) if c is not None), len(row))
            for row in rows
        ),
        default=0,
    )
    if not width:
        raise RuleBroken(_("There is nothing in this table."))
    return [[*row[:width], *([None] * (width - len(row)))] for row in rows]
