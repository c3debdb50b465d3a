"""What an import refused, row by row, kept in a file beside the import's rows, and the workbook made of it.

The file grows portion by portion. After a break it is cut back to the rows that are stored, so that the portion that is
taken again names its problems once.
"""

import datetime as dt
import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from django.utils.translation import gettext as _

from jike.foundation.exchange.cells import Column, Kind
from jike.foundation.exchange.staging import Staged
from jike.foundation.exchange.tables import Cell
from jike.foundation.exchange.writing import About, FileType, writing

__all__ = ["Problem", "Refusals"]

TEXT_WIDTH = 16


class Problem(NamedTuple):
    """Why a row was refused: its number as a spreadsheet counts, the column's header ("" for the row), a sentence."""

    row: int
    column: str
    sentence: str


class Refusals:
    """The problems of one import, in the order of its rows."""

    def __init__(self, path: Path, *, upto: int | None = 0) -> None:
        """Open the file, and leave the problems of rows up to ``upto`` in it; all with None."""
        self.path = path
        if upto is not None:
            kept = [one for one in self if one.row <= upto] if upto else []
            self.path.write_text("", encoding="utf-8")
            self.add(kept)

    def add(self, problems: Iterable[Problem]) -> None:
        """Append problems."""
        with self.path.open("a", encoding="utf-8") as lines:
            lines.writelines(f"{json.dumps(one, ensure_ascii=False)}\n" for one in problems)

    def __iter__(self) -> Iterator[Problem]:
        if not self.path.is_file():
            return
        with self.path.open(encoding="utf-8") as lines:
            for line in lines:
                yield Problem(*json.loads(line))

    def write_workbook(
        self, target: Path, staged: Staged, *, header: Sequence[str], about: tuple[str, str]
    ) -> None:
        """Write the refused rows with their reasons, to be corrected and sent again; ``about`` is title and author."""
        told: dict[int, list[str]] = {}
        for one in self:
            told.setdefault(one.row, []).append(
                f"{one.column}: {one.sentence}" if one.column else one.sentence
            )
        columns = [Column(title, Kind.TEXT, TEXT_WIDTH, _as_text) for title in (*header, _("Problem"))]
        with writing(FileType.XLSX, target, columns, about=About(*about, dt.datetime.now(dt.UTC))) as book:
            for place, row in enumerate(staged.rows(), start=1):
                if place in told:
                    book.row([*map(_as_text, row), "; ".join(told[place])])


def _as_text(cell: Cell) -> str:
    return "" if cell is None else str(cell)
