"""A file's table, read once and kept as lines of JSON beside it.

Opening a workbook of a hundred thousand rows takes seconds and much memory; pages, checks and imports read these lines
instead, as many as they need. Cells that JSON does not know stand as objects of one letter and their text.
"""

import datetime as dt
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from jike.foundation.errors import RuleBroken
from jike.foundation.exchange.error_cells import ErrorCell
from jike.foundation.exchange.tables import Cell, Damaged, Table

__all__ = ["Staged", "stage"]


@dataclass(frozen=True)
class Staged:
    """A table as kept: its sheet, all sheets that may be chosen, how wide and how long it is."""

    path: Path
    sheet: str
    sheets: Sequence[str]
    width: int
    length: int

    @classmethod
    def at(cls, path: Path) -> "Staged":
        """Open what is kept at ``path``.

        Raises
        ------
        RuleBroken
            It is no longer there.
        """
        try:
            with path.open(encoding="utf-8") as lines:
                head = json.loads(next(lines))
        except FileNotFoundError as error:
            raise RuleBroken(_("The file of this import is no longer kept; send it again.")) from error
        return cls(path, **head)

    def rows(self, start: int = 0) -> Iterator[tuple[Cell, ...]]:
        """Yield the rows from index ``start`` on, as they stand in the sheet, all as wide as the table."""
        read, width = _DECODER.decode, self.width
        with self.path.open(encoding="utf-8") as lines:
            for line in islice(lines, start + 1, None):
                row = read(line)
                yield (*row, *(None,) * (width - len(row)))

    def first(self, count: int, *, start: int = 0) -> list[tuple[Cell, ...]]:
        """Return at most ``count`` rows."""
        return list(islice(self.rows(start), count))


def stage(path: Path, table: Table, sheets: Iterable[str]) -> Staged:
    """Keep the table at ``path``; the rows of ``table`` are used up."""
    draft, write, width, length, last = path.with_suffix(".draft"), _ENCODER.encode, 0, 0, 0
    with draft.open("w", encoding="utf-8") as lines:
        for row in table.rows:
            length += 1
            cells = _shortened(row)
            if cells:
                width, last = max(width, len(cells)), length
            lines.write(f"{write(cells)}\n")
    if not width:
        draft.unlink()
        raise RuleBroken(_("There is nothing in this table."))
    head: dict[str, Any] = {"sheet": table.sheet, "sheets": list(sheets), "width": width, "length": last}
    with path.open("w", encoding="utf-8") as kept, draft.open(encoding="utf-8") as lines:
        kept.write(f"{json.dumps(head)}\n")
        kept.writelines(islice(lines, last))
    draft.unlink()
    return Staged(path, **head)


def _shortened(row: Sequence[Cell]) -> list[Cell]:
    """Return the row without the empty cells at its end."""
    end = len(row)
    while end and row[end - 1] is None:
        end -= 1
    return list(row[:end])


def _encoded(cell: Any) -> dict[str, str]:
    if isinstance(cell, Decimal):
        return {"n": str(cell)}
    if isinstance(cell, dt.datetime):
        return {"t": cell.isoformat()}
    if isinstance(cell, dt.date):
        return {"d": cell.isoformat()}
    if isinstance(cell, ErrorCell):
        return {"e": cell.shown}
    if isinstance(cell, Damaged):
        return {"x": cell.shown}
    raise TypeError(f"{type(cell).__name__} is no cell")


_CELLS: dict[str, Callable[[str], Any]] = {
    "n": Decimal,
    "t": dt.datetime.fromisoformat,
    "d": dt.date.fromisoformat,
    "e": ErrorCell,
    "x": Damaged,
}


def _decoded(found: dict[str, str]) -> Any:
    ((kind, text),) = found.items()
    return _CELLS[kind](text)


_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=_encoded)
_DECODER = json.JSONDecoder(object_hook=_decoded)
