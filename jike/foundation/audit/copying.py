"""Rows as text for COPY: for our own narrow tables it is several times quicker than adapting value by value."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection

__all__ = ["cell", "copy_lines", "json_array_cell"]

CHUNK = 4096
ESCAPES = str.maketrans({"\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"})


def cell(value: Any) -> str:
    """Return one value as COPY's text format has it."""
    if type(value) is int:
        return str(value)
    if value is None:
        return "\\N"
    text = value if type(value) is str else str(value)
    if "\\" in text or "\n" in text or "\t" in text or "\r" in text:
        return text.translate(ESCAPES)
    return text


def json_array_cell(texts: Iterable[str]) -> str:
    """Return an array of JSON texts as a cell: they hold no line ends or tabs, so that two replacements do."""
    quoted = [text.replace("\\", "\\\\\\\\").replace('"', '\\\\"') for text in texts]
    return '{"' + '","'.join(quoted) + '"}' if quoted else "{}"


def copy_lines(cursor: Any, target: str, lines: Sequence[str]) -> None:
    """Copy lines (cells joined by tabs) into ``target``, some thousand at a time."""
    with connection.wrap_database_errors, cursor.copy(f"COPY {target} FROM STDIN") as copy:
        for begin in range(0, len(lines), CHUNK):
            copy.write("\n".join(lines[begin : begin + CHUNK]) + "\n")
