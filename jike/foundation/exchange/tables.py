"""A file of rows, as people send it: workbooks (.xlsx, .xls, .xlsb, .ods), .csv, .tsv and pasted text, in any encoding.

Cells come as text, whole numbers, decimals, days, moments or yes/no; an empty cell is None. A number of more digits
than Excel keeps (15) comes as `Damaged`: its end is already lost, so it must never be stored as if it were whole. An
error that Excel shows comes as `ErrorCell`. What merged cells show stands in the first column of each of their rows.
"""

import copy
import csv
import datetime as dt
import io
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import chain, repeat
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetVisibleEnum

from jike.foundation.errors import RuleBroken
from jike.foundation.exchange.error_cells import ERRORS, ErrorCell, error_cells

__all__ = [
    "MOST_COLUMNS",
    "MOST_ROWS",
    "TEXTS",
    "WORKBOOKS",
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
UNPACK_AT_ONCE = 1 << 20
EXACT = 10**15
HEADER_WITHIN = 20
WORKBOOKS = frozenset({".xlsx", ".xlsm", ".xls", ".xlsb", ".ods"})
TEXTS = frozenset({".csv", ".tsv", ".txt"})
DELIMITERS = (",", "\t", ";", "|")
MOST_CELL = 32_767
"""Characters: what a cell of Excel holds at most."""


@dataclass(frozen=True)
class Damaged:
    """A number whose last digits Excel has lost, as Excel writes it."""

    shown: str

    def __str__(self) -> str:
        return self.shown


Cell = str | int | Decimal | dt.date | dt.datetime | bool | Damaged | ErrorCell | None


@dataclass(frozen=True)
class Table:
    """One sheet: its name (empty for text), and its rows, read as they are asked for and only once."""

    sheet: str
    rows: Iterable[Sequence[Cell]] = field(repr=False)


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
        return [
            one.name for one in book.sheets_metadata if one.visible == SheetVisibleEnum.Visible
        ] or book.sheet_names


def read_table(path: Path, name: str, *, sheet: str = "") -> Table:
    """Return a sheet's rows; the first visible one unless named.

    Raises
    ------
    RuleBroken
        The file is no table that can be read, with a sentence saying why.
    """
    if _suffix(name) in TEXTS:
        return Table("", _text_rows(path.read_bytes()))
    with _workbook(path, name) as book:
        names = sheet_names(path, name)
        chosen = sheet if sheet in names else names[0]
        found = book.get_sheet_by_name(chosen)
    if found.end and (found.end[0] >= MOST_ROWS or found.end[1] >= MOST_COLUMNS):
        raise RuleBroken(_too_large())
    return Table(chosen, _sheet_rows(found, error_cells(path, chosen)))


def header_place(rows: Sequence[Sequence[Cell]]) -> int:
    """Return the index of the row that names the columns: the first that is as full as any, and all words.

    Titles and notes above a table fill few cells; a row of data seldom has words only. Of headings merged over several
    rows it is the last, which names each column.
    """
    first = rows[:HEADER_WITHIN]
    filled = [sum(cell is not None for cell in row) for row in first]
    most = max(filled, default=0)
    for place, row in enumerate(first):
        words = sum(isinstance(cell, str) and not cell.isdecimal() for cell in row)
        if filled[place] and filled[place] >= most * 0.6 and words >= filled[place] * 0.8:
            return _last_heading(first, place)
    return 0


def _last_heading(rows: Sequence[Sequence[Cell]], place: int) -> int:
    while place + 1 < len(rows) and _heads_go_on(rows[place], rows[place + 1]):
        place += 1
    return place


def _heads_go_on(row: Sequence[Cell], below: Sequence[Cell]) -> bool:
    """Whether the row below names columns, too: it repeats headings merged downwards, and names what a group holds."""
    told = [cell for cell in below if cell is not None]
    pairs = list(zip(row, below, strict=True))
    same = sum(above == under for above, under in pairs if above is not None)
    fills = any(above is None and under is not None for above, under in pairs)
    words = all(isinstance(cell, str) and not cell.isdecimal() for cell in told)
    return bool(same) and words and (fills or same == len(told))


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
    """Refuse a packed file that would grow beyond measure when it is opened, whatever it says of its sizes."""
    if not zipfile.is_zipfile(path):
        return
    with zipfile.ZipFile(path) as packed:
        parts = packed.infolist()
        size, squeezed = sum(part.file_size for part in parts), sum(part.compress_size for part in parts)
        if size > MOST_UNPACKED or size > MOST_SQUEEZED * max(squeezed, 1024):
            raise RuleBroken(_("The workbook would become too large when it is unpacked."))
        for part in parts:
            if _unpacked(packed, part) > part.file_size:
                raise RuleBroken(_("The workbook would become too large when it is unpacked."))


def _unpacked(packed: zipfile.ZipFile, part: zipfile.ZipInfo) -> int:
    """Return how many bytes a part really holds, counted up to a little more than it says."""
    told = copy.copy(part)
    told.file_size, told.CRC = part.file_size + UNPACK_AT_ONCE, None  # type: ignore[assignment]
    size = 0
    try:
        with packed.open(told) as unpacked:
            while some := unpacked.read(UNPACK_AT_ONCE):
                size += len(some)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise RuleBroken(_("The file is no workbook, or is damaged: it cannot be opened.")) from error
    return size


def _sheet_rows(sheet: Any, errors: dict[tuple[int, int], ErrorCell]) -> Iterator[list[Cell]]:
    """Yield a sheet's rows from the first on, with the errors and the merged cells that the reader leaves empty."""
    left: list[Cell] = [None] * (sheet.start[1] if sheet.start else 0)
    wrong: dict[int, list[tuple[int, ErrorCell]]] = {}
    for (place, column), error in errors.items():
        wrong.setdefault(place, []).append((column, error))
    merged = _Merged(sheet.merged_cell_ranges or ())
    last = max(wrong, default=-1)
    below = repeat((), max(0, last + 1 - (sheet.end[0] + 1 if sheet.end else 0)))
    for place, values in enumerate(chain(sheet.iter_rows(), below)):
        row = [*left, *map(_cell, values)]
        for column, error in wrong.get(place, ()):
            row += [None] * (column + 1 - len(row))
            row[column] = error
        if merged.tops:
            merged.fill(place, row)
        yield row


class _Merged:
    """Ranges of merged cells that reach over several rows, as ((top, left), (bottom, right)) from 0."""

    def __init__(self, ranges: Iterable[tuple[tuple[int, int], tuple[int, int]]]) -> None:
        self.tops: dict[int, list[tuple[int, int]]] = {}
        for (top, column), (bottom, _right) in ranges:
            if bottom > top:
                self.tops.setdefault(top, []).append((column, bottom))
        self.held: dict[int, tuple[int, Cell]] = {}

    def fill(self, place: int, row: list[Cell]) -> None:
        """Write what merged cells show into their first column; rows come one after the other."""
        self.held = {column: one for column, one in self.held.items() if one[0] >= place}
        for column, (_bottom, value) in self.held.items():
            if column < len(row):
                row[column] = value
        for column, bottom in self.tops.get(place, ()):
            if column < len(row):
                self.held[column] = bottom, row[column]


def _cell(value: Any) -> Cell:
    if isinstance(value, bool | dt.datetime | dt.date):
        return value
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, str):
        return _text(value)
    return str(value)


def _text(value: str) -> Cell:
    text = value[:MOST_CELL].strip()
    if text[:1] == "#" and text in ERRORS:
        return ErrorCell(text)
    return text or None


def _number(value: float) -> Cell:
    if abs(value) >= EXACT:
        return Damaged(f"{value:.15g}")
    if value.is_integer():
        return int(value)
    return Decimal(repr(round(value, 10)))


def _text_rows(data: bytes) -> Iterator[list[Cell]]:
    text = _decoded(data)
    if "\0" in text:
        raise RuleBroken(_("The file is no text: it holds characters that no table has."))
    csv.field_size_limit(1_000_000)
    number = 0
    try:
        for number, row in enumerate(
            csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text)), 1
        ):
            if number > MOST_ROWS or len(row) > MOST_COLUMNS:
                raise RuleBroken(_too_large())
            yield [_text(cell) for cell in row]
    except csv.Error as error:
        sentence = _("Line %(line)s cannot be read: a quotation mark is probably left open.")
        raise RuleBroken(sentence % {"line": number + 1}) from error


def _delimiter(text: str) -> str:
    """Return the sign between the cells: the one that the first lines hold most often."""
    lines = [line for _place, line in zip(range(HEADER_WITHIN), io.StringIO(text), strict=False)]
    counts = {mark: sum(line.count(mark) for line in lines) for mark in DELIMITERS}
    return max(DELIMITERS, key=lambda one: counts[one])


def _decoded(data: bytes) -> str:
    """Return the text in the encoding that fits: by its mark, else UTF-8, else what Chinese systems write."""
    marked = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    encodings = ["utf-16"] if marked else ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        if encoding == "gb18030":
            _refuse_mixed(data)
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise RuleBroken(_("The text is in no known encoding: save it as UTF-8 or GB18030."))


def _refuse_mixed(data: bytes) -> None:
    """Refuse text of which some lines are UTF-8: read as GB18030 they would silently become other characters."""
    for number, line in enumerate(data.splitlines(), start=1):
        if line.isascii():
            continue
        try:
            text = line.decode()
        except UnicodeDecodeError:
            continue
        if any("\u4e00" <= letter <= "\u9fff" for letter in text):
            sentence = _("Line %(line)s is in another encoding than the rest: save the whole file as UTF-8.")
            raise RuleBroken(sentence % {"line": number})
