"""Rows as text for COPY: for our own narrow tables it is several times quicker than adapting value by value."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection

__all__ = ["cell", "copy_lines", "json_array_lines"]

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


def json_array_lines(rows: Iterable[tuple[int, Sequence[str]]]) -> list[str]:
    """Return lines of a number and an array of JSON texts.

    Such texts hold no control characters: these stand for the array's own signs until the texts' signs are escaped, in
    all lines at once.
    """
    text = "\n".join([f"{number}\x1d" + "\x1e".join(texts) for number, texts in rows])
    escaped = text.replace("\\", "\\\\\\\\").replace('"', '\\\\"')
    ended = escaped.replace("\n", '"}\n').replace("\x1d", '\t{"').replace("\x1e", '","')
    return f'{ended}"}}'.split("\n") if text else []


def copy_lines(cursor: Any, target: str, lines: Sequence[str]) -> None:
    """Copy lines (cells joined by tabs) into ``target``, some thousand at a time."""
    with connection.wrap_database_errors, cursor.copy(f"COPY {target} FROM STDIN") as copy:
        for begin in range(0, len(lines), CHUNK):
            copy.write("\n".join(lines[begin : begin + CHUNK]) + "\n")
