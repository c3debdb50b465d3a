"""From a record's values, as the database writes them, to the columns of its entry.

Knows no Django, so that the processes of a rebuild can do it.
"""

import json
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from jike.foundation.search.tokens import entry_of
from jike.values.masks import mask_phone

__all__ = ["COLUMNS", "Layout", "entry_columns", "entry_lines", "lines_of", "place_columns", "row_lines"]

COLUMNS = (
    "uid",
    "kind",
    "record",
    "owner",
    "unit",
    "turn",
    "title",
    "context",
    "names",
    "codes",
    "tokens",
)


class Layout(NamedTuple):
    """How a row of values is laid out: id, uid, owner, unit, title; then names, codes, phones, sealed, context."""

    kind: str
    mark: str
    names: int
    codes: int
    phones: int
    sealed: tuple[str, ...]
    masked: tuple[bool, ...]
    """Per value of the context whether it is a telephone number shown with its middle covered."""


Values = Sequence[str | None]


def entry_columns(layout: Layout, row: Values) -> tuple[str | None, ...]:
    """Return the entry of one row, in the order of `COLUMNS`."""
    record, uid, owner, unit, title, *rest = row
    values = iter([value or "" for value in rest])
    names = [name for name in _taken(values, layout.names) if name]
    codes, phones = _taken(values, layout.codes), _taken(values, layout.phones)
    sealed = dict(zip(layout.sealed, _taken(values, len(layout.sealed)), strict=True))
    context = _context(layout, _taken(values, len(layout.masked)))
    entry = entry_of(layout.mark, [title or "", *names], codes=codes, phones=phones, sealed=sealed)
    placed = (uid, layout.kind, record, owner, unit)
    return (*placed, _turn(uid or ""), title or "", context, entry.names, entry.codes, entry.tokens)


def place_columns(layout: Layout, row: Values) -> tuple[str | None, ...]:
    """Return uid, owner, unit and context of one row's entry: what moves, without the words, which take long."""
    _record, uid, owner, unit, *rest = row
    shown = rest[len(rest) - len(layout.masked) :]
    return uid, owner, unit, _context(layout, [value or "" for value in shown])


def _context(layout: Layout, shown: Sequence[str]) -> str:
    pairs = zip(shown, layout.masked, strict=True)
    return "\t".join((mask_phone(value) if masked else value).replace("\t", " ") for value, masked in pairs)


def _turn(uid: str) -> str:
    """Return 15 bits of the part of a uid that chance made."""
    return str(int(uid[-4:], 16) & 0x7FFF)


def entry_lines(layout: Layout, rows: Sequence[str]) -> bytes:
    """Turn rows, each a JSON list of texts, into entries as COPY reads them."""
    return row_lines(layout, [json.loads(row) for row in rows])


def row_lines(layout: Layout, rows: Sequence[Values]) -> bytes:
    """Turn rows into entries as COPY reads them."""
    return lines_of([entry_columns(layout, row) for row in rows])


def lines_of(entries: Sequence[Values]) -> bytes:
    """Write entries as COPY reads them."""
    return "".join(map(_line, entries)).encode()


def _taken(values: Iterator[str], count: int) -> list[str]:
    return [next(values) for _ in range(count)]


def _line(columns: Sequence[str | None]) -> str:
    return "\t".join(map(_escaped, columns)) + "\n"


def _escaped(value: str | None) -> str:
    if value is None:
        return "\\N"
    if "\\" in value or "\n" in value or "\r" in value or "\t" in value:
        for plain, escaped in (("\\", "\\\\"), ("\n", "\\n"), ("\r", "\\r"), ("\t", "\\t")):
            value = value.replace(plain, escaped)
    return value
