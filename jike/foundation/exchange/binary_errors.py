"""Cells of binary workbooks (.xls, .xlsb) in which Excel shows an error; the reader of workbooks gives them as empty.

Only the records that hold errors are looked at ([MS-XLS] 2.4, [MS-XLSB] 2.3); of the compound file around an .xls
([MS-CFB]) only what leads to its one stream.
"""

import struct
import zipfile
from collections.abc import Iterator
from pathlib import Path

__all__ = ["errors_of_xls", "errors_of_xlsb", "is_compound", "sheets_of_xlsb"]

Place = tuple[int, int]
CODES = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}
SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
LAST_SECTOR = 0xFFFFFFFA
"""Sector numbers from here on mean the end of a chain, or no sector."""
STREAMS = ("Workbook", "Book")
FORMULA, BOOLEAN_OR_ERROR, BOUND_SHEET, END = 0x06, 0x205, 0x85, 0x0A
ROW, CELL_ERROR, FORMULA_ERROR, BUNDLE_SHEET = 0, 3, 11, 156


def is_compound(path: Path) -> bool:
    """Whether the file is a compound file, as .xls is."""
    with path.open("rb") as content:
        return content.read(len(SIGNATURE)) == SIGNATURE


def errors_of_xls(path: Path, sheet: str) -> dict[Place, str]:
    """Return (row, column), both from 0, → error of the sheet of an .xls."""
    stream = _workbook_stream(path.read_bytes())
    found: dict[Place, str] = {}
    for kind, body in _biff(stream, _begin_of(stream, sheet)):
        if kind == END:
            break
        if kind == BOOLEAN_OR_ERROR and len(body) >= 8 and body[7]:
            code = body[6]
        elif kind == FORMULA and len(body) >= 14 and body[6] == 2 and body[12:14] == b"\xff\xff":
            code = body[8]
        else:
            continue
        found[struct.unpack_from("<HH", body)] = CODES.get(code, "#N/A")
    return found


def errors_of_xlsb(packed: zipfile.ZipFile, part: str) -> dict[Place, str]:
    """Return (row, column), both from 0, → error of the sheet in ``part`` of an .xlsb."""
    found: dict[Place, str] = {}
    row = 0
    for kind, body in _records(packed.read(part)):
        if kind == ROW:
            (row,) = struct.unpack_from("<I", body)
        elif kind in (CELL_ERROR, FORMULA_ERROR):
            (column,) = struct.unpack_from("<I", body)
            found[row, column] = CODES.get(body[8], "#N/A")
    return found


def sheets_of_xlsb(packed: zipfile.ZipFile) -> dict[str, str]:
    """Return name → id of its relationship of the sheets of an .xlsb."""
    found = {}
    for kind, body in _records(packed.read("xl/workbook.bin")):
        if kind == BUNDLE_SHEET:
            relation, end = _wide(body, 8)
            name, _end = _wide(body, end)
            found[name] = relation
    return found


def _records(stream: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield type and body of the records of a part of an .xlsb."""
    place = 0
    while place < len(stream):
        kind, place = _number(stream, place, most=2)
        length, place = _number(stream, place, most=4)
        yield kind, stream[place : place + length]
        place += length


def _number(stream: bytes, place: int, *, most: int) -> tuple[int, int]:
    """Return a number of seven bits a byte, the low ones first, and where it ends; a type keeps its high bits."""
    number = shift = 0
    for _ in range(most):
        if place >= len(stream):
            break
        byte = stream[place]
        place += 1
        number |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            break
    return number, place


def _wide(body: bytes, place: int) -> tuple[str, int]:
    (count,) = struct.unpack_from("<I", body, place)
    end = place + 4 + 2 * count
    return body[place + 4 : end].decode("utf-16-le", "replace"), end


def _biff(stream: bytes, place: int) -> Iterator[tuple[int, bytes]]:
    while place + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, place)
        yield kind, stream[place + 4 : place + 4 + length]
        place += 4 + length


def _begin_of(stream: bytes, sheet: str) -> int:
    """Return where the sheet's records begin; the end of the stream where there is no such sheet."""
    for kind, body in _biff(stream, 0):
        if kind == BOUND_SHEET:
            (begin, _state, _sort, count, wide) = struct.unpack_from("<IBBBB", body)
            encoding, width = ("utf-16-le", 2) if wide & 1 else ("latin-1", 1)
            if body[8 : 8 + count * width].decode(encoding, "replace") == sheet:
                return int(begin)
        elif kind == END:
            break
    return len(stream)


def _workbook_stream(content: bytes) -> bytes:
    """Return the stream of the compound file that is the workbook; empty where there is none."""
    (shift,) = struct.unpack_from("<H", content, 30)
    size = 1 << shift
    table = _sector_table(content, size)
    (first,) = struct.unpack_from("<I", content, 48)
    folder = _chain(content, table, first, size=size)
    for place in range(0, len(folder), 128):
        entry = folder[place : place + 128]
        (length,) = struct.unpack_from("<H", entry, 64)
        if entry[: max(length - 2, 0)].decode("utf-16-le", "replace") in STREAMS:
            begin, total = struct.unpack_from("<II", entry, 116)
            return _chain(content, table, begin, size=size)[:total]
    return b""


def _sector_table(content: bytes, size: int) -> list[int]:
    """Return which sector follows which."""
    numbers = list(struct.unpack_from("<109I", content, 76))
    (further,) = struct.unpack_from("<I", content, 68)
    seen: set[int] = set()
    while further < LAST_SECTOR and further not in seen:
        seen.add(further)
        *more, further = struct.unpack_from(f"<{size // 4}I", content, (further + 1) * size)
        numbers += more
    table: list[int] = []
    for number in numbers:
        if number < LAST_SECTOR:
            table += struct.unpack_from(f"<{size // 4}I", content, (number + 1) * size)
    return table


def _chain(content: bytes, table: list[int], first: int, *, size: int) -> bytes:
    """Return the bytes of a chain of sectors; one that runs in a circle ends where it closes."""
    sectors, seen = [], set[int]()
    while first < len(table) and first not in seen:
        seen.add(first)
        sectors.append(content[(first + 1) * size : (first + 2) * size])
        first = table[first]
    return b"".join(sectors)
