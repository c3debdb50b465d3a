"""Files written row after row, in memory that does not grow: workbooks (.xlsx) and text (.csv).

In a workbook text is stored as text, whatever it begins with. A .csv has no types, so there a text that looks like a
formula gets an apostrophe in front, by which spreadsheets know text.
"""

import csv
import datetime as dt
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Protocol, TextIO

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError

from jike.foundation.exchange.cells import Column, Kind, Plain, clean, looks_like_formula
from jike.foundation.exchange.watermark import Watermark

__all__ = ["About", "FileType", "RowWriter", "writing"]

Filled = str | int | Decimal | dt.date | dt.datetime
SHEET_ROWS = 1_048_576
SHEET_NAME = 31
CELL_LENGTH = 32_767
"""Excel's own limits: rows of a sheet, characters of its name, UTF-16 units of a cell."""
WHOLE_LIMIT, MONEY_LIMIT = 10**15, 10**13
"""Excel keeps 15 digits; a number that needs more is written as text rather than damaged."""
FIRST_DAY = dt.date(1900, 3, 1)
"""Before it Excel counts a 29th of February that never was."""
DAY_ZERO = dt.date(1899, 12, 30).toordinal()
FORMATS = {
    Kind.MONEY: "#,##0.00",
    Kind.PERCENT: "0.0%",
    Kind.DAY: "yyyy-mm-dd",
    Kind.MOMENT: "yyyy-mm-dd hh:mm",
}


class FileType(StrEnum):
    """What an export may be."""

    XLSX = "xlsx"
    CSV = "csv"


@dataclass(frozen=True)
class About:
    """What the file says of itself."""

    title: str
    author: str
    created: dt.datetime
    watermark: Watermark | None = None


class RowWriter(Protocol):
    """An open file."""

    def row(self, values: Sequence[Plain]) -> None:
        """Write one row, its values in the order of the columns."""


@contextmanager
def writing(
    file_type: FileType, path: Path, columns: Sequence[Column], *, about: About
) -> Iterator[RowWriter]:
    """Open ``path`` for rows of ``columns``; it is complete when the block ends.

    Raises
    ------
    OSError
        The disk is full or cannot be written.
    """
    if file_type is FileType.CSV:
        with path.open("x", encoding="utf-8-sig", newline="") as target:
            yield _Text(target, columns)
        return
    book = _Workbook(path, columns, about)
    try:
        yield book
    except BaseException:
        book.abandon()
        raise
    book.close()


class _Text:
    """A .csv as spreadsheets expect it: UTF-8 with a mark, commas, CR LF."""

    def __init__(self, target: TextIO, columns: Sequence[Column]) -> None:
        self._writer = csv.writer(target)
        self._kinds = [column.kind for column in columns]
        self._writer.writerow([_safe(column.heading) for column in columns])

    def row(self, values: Sequence[Plain]) -> None:
        pairs = zip(self._kinds, values, strict=True)
        self._writer.writerow(
            [_safe(value) if type(value) is str else _as_text(kind, value) for kind, value in pairs]
        )


class _Workbook:
    """An .xlsx; rows beyond what a sheet holds go on in the next one."""

    def __init__(self, path: Path, columns: Sequence[Column], about: About) -> None:
        options = {
            "constant_memory": True,
            "tmpdir": str(path.parent),
            "use_zip64": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
        }
        self._book = xlsxwriter.Workbook(str(path), options)
        created = about.created.replace(tzinfo=None)
        self._watermark = about.watermark
        told = {"title": clean(about.title), "author": clean(about.author), "created": created}
        if self._watermark is not None:
            told["comments"] = clean(self._watermark.text)
            self._watermark.mark_book(self._book)
        self._book.set_properties(told)
        self._name = re.sub(r"[\[\]:*?/\\']", " ", clean(about.title)).strip()[: SHEET_NAME - 6] or "1"
        self._columns, self._sheets = columns, 0
        self._bold = self._book.add_format({"bold": True, "bottom": 1})
        self._formats = {
            kind: self._book.add_format({"num_format": shown}) for kind, shown in FORMATS.items()
        }
        self._shares = [place for place, column in enumerate(columns) if column.kind is Kind.PERCENT]
        self._begin_sheet()

    def row(self, values: Sequence[Plain]) -> None:
        if self._next == SHEET_ROWS:
            self._end_sheet()
            self._begin_sheet()
        row, text, number = self._next, self._sheet.write_string, self._sheet.write_number
        for place, value in enumerate(values):
            if value is None or value == "":
                continue
            given = _for_excel(value)
            if isinstance(given, str):
                text(row, place, given)
            else:
                number(row, place, Decimal(given) / 100 if place in self._shares else given)
        self._next += 1

    def close(self) -> None:
        """Put the sheets together; OSError when there is no room for that."""
        self._end_sheet()
        try:
            self._book.close()
        except FileCreateError as error:
            raise error.args[0] from error

    def abandon(self) -> None:
        """Let go of the files; nothing is put together."""
        for sheet in self._book.worksheets():
            sheet.row_data_fh.close()

    def _begin_sheet(self) -> None:
        self._sheets += 1
        self._sheet = self._book.add_worksheet(
            self._name + (f" ({self._sheets})" if self._sheets > 1 else "")
        )
        self._sheet.freeze_panes(1, 1)
        if self._watermark is not None:
            self._watermark.mark_sheet(self._sheet)
        for place, column in enumerate(self._columns):
            self._sheet.set_column(place, place, column.width, self._formats.get(column.kind))
            self._sheet.write_string(0, place, _for_cell(column.heading), self._bold)
        self._next = 1

    def _end_sheet(self) -> None:
        if self._columns:
            self._sheet.autofilter(0, 0, self._next - 1, len(self._columns) - 1)


def _for_excel(value: Filled) -> str | int | float | Decimal:
    """Return text and numbers as they are (too long ones as text), days and moments as Excel counts them."""
    if isinstance(value, str):
        return _for_cell(value)
    if isinstance(value, int):
        return value if -WHOLE_LIMIT < value < WHOLE_LIMIT else str(value)
    if isinstance(value, Decimal):
        return value if -MONEY_LIMIT < value < MONEY_LIMIT else f"{value:f}"
    if isinstance(value, dt.datetime):
        seconds = value.hour * 3600 + value.minute * 60 + value.second
        days = value.toordinal() - DAY_ZERO
        return days + seconds / 86400 if value.date() >= FIRST_DAY else f"{value:%Y-%m-%d %H:%M}"
    return value.toordinal() - DAY_ZERO if value >= FIRST_DAY else value.isoformat()


def _for_cell(text: str) -> str:
    """Return text as a cell takes it: cut visibly where Excel ends, and never taken for the library's own markup."""
    if len(text) * 2 > CELL_LENGTH:
        units = text.encode("utf-16-le")
        if len(units) > CELL_LENGTH * 2:
            text = units[: CELL_LENGTH * 2 - 2].decode("utf-16-le", "ignore") + "…"
    # XlsxWriter writes what stands between these marks as XML, unescaped.
    return f"{text} " if text.startswith("<r>") and text.endswith("</r>") else text


def _safe(text: str) -> str:
    return f"'{text}" if looks_like_formula(text) else text


def _as_text(kind: Kind, value: Plain) -> str:
    if value is None:
        return ""
    if kind is Kind.PERCENT:
        return f"{value}%"
    if isinstance(value, Decimal):
        return f"{value:f}"
    return f"{value:%Y-%m-%d %H:%M}" if isinstance(value, dt.datetime) else str(value)
