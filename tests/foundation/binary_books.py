"""Binary workbooks made record by record, as small as their readers allow: nothing installed here writes them."""

import struct
import zipfile
from collections.abc import Mapping
from pathlib import Path

__all__ = ["compound", "xls", "xlsb"]

SECTOR, STREAM = 512, 4096
NO_SECTOR, END_OF_CHAIN, TABLE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
NUMBER, DIVISION, MISSING = 12.0, 7, 42


def compound(path: Path, streams: Mapping[str, bytes]) -> Path:
    """Write a compound file ([MS-CFB]) of up to three streams."""
    bodies = [body.ljust(STREAM, b"\0") for body in streams.values()]
    table, begun = [TABLE, END_OF_CHAIN], []
    for body in bodies:
        begun.append(len(table))
        table += [*range(len(table) + 1, len(table) + len(body) // SECTOR), END_OF_CHAIN]
    table += [NO_SECTOR] * (SECTOR // 4 - len(table))
    entries = [_entry("Root Entry", 5, child=1, begin=END_OF_CHAIN, size=0)]
    for place, (name, body, begin) in enumerate(zip(streams, bodies, begun, strict=True), start=1):
        right = place + 1 if place < len(bodies) else NO_SECTOR
        entries.append(_entry(name, 2, right=right, begin=begin, size=len(body)))
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    head += struct.pack(
        "<HHHHH6xIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, STREAM, END_OF_CHAIN, 0, END_OF_CHAIN, 0
    )
    head += struct.pack("<109I", 0, *[NO_SECTOR] * 108)
    path.write_bytes(
        head + struct.pack("<128I", *table) + b"".join(entries).ljust(SECTOR, b"\0") + b"".join(bodies)
    )
    return path


def xls(path: Path) -> Path:
    """Write an .xls whose one row holds a number, an error and a formula that shows an error."""
    begin, bounds = _biff(0x809, struct.pack("<HHHHII", 0x600, 5, 0, 1997, 0, 6)), 0
    sheet = _biff(0x809, struct.pack("<HHHHII", 0x600, 16, 0, 1997, 0, 6))
    sheet += _biff(0x200, struct.pack("<IIHHH", 0, 1, 0, 3, 0))
    sheet += _biff(0x203, struct.pack("<HHHd", 0, 0, 0, NUMBER))
    sheet += _biff(0x205, struct.pack("<HHHBB", 0, 1, 0, DIVISION, 1))
    result = struct.pack("<BBBBBBH", 2, 0, MISSING, 0, 0, 0, 0xFFFF)
    sheet += _biff(0x06, struct.pack("<HHH", 0, 2, 0) + result + struct.pack("<HIH", 0, 0, 0))
    sheet += _biff(0x0A, b"")
    book = b""
    for _ in range(2):
        book = begin + _biff(0x42, struct.pack("<H", 1200))
        book += _biff(0x85, struct.pack("<IBBBB", bounds, 0, 0, 4, 0) + b"Data") + _biff(0x0A, b"")
        bounds = len(book)
    return compound(path, {"Workbook": book + sheet})


def xlsb(path: Path) -> Path:
    """Write an .xlsb whose second row holds a number, an error and a formula that shows an error."""
    relation = '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    kinds = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    cell = struct.Struct("<II")
    sheet = [
        (129, b""),
        (148, struct.pack("<IIII", 1, 1, 0, 2)),
        (145, b""),
        (0, struct.pack("<I", 1) + bytes(21)),
        (5, cell.pack(0, 0) + struct.pack("<d", NUMBER)),
        (3, cell.pack(1, 0) + bytes([DIVISION])),
        (11, cell.pack(2, 0) + bytes([MISSING]) + struct.pack("<HI", 0, 0) + bytes(4)),
        (146, b""),
        (130, b""),
    ]
    bundle = struct.pack("<II", 0, 1) + _wide("rId1") + _wide("Data")
    book = [(131, b""), (143, b""), (156, bundle), (144, b""), (132, b"")]
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("xl/workbook.bin", b"".join(_record(*one) for one in book))
        packed.writestr(
            "xl/_rels/workbook.bin.rels",
            f'{relation}<Relationship Id="rId1" Type="{kinds}/worksheet" Target="worksheets/sheet1.bin"/>'
            "</Relationships>",
        )
        packed.writestr("xl/worksheets/sheet1.bin", b"".join(_record(*one) for one in sheet))
    return path


def _entry(name: str, kind: int, *, begin: int, size: int, **links: int) -> bytes:
    text = name.encode("utf-16-le")
    right, child = links.get("right", NO_SECTOR), links.get("child", NO_SECTOR)
    body = text.ljust(64, b"\0") + struct.pack("<HBBIII", len(text) + 2, kind, 1, NO_SECTOR, right, child)
    return body + bytes(36) + struct.pack("<IQ", begin, size)


def _biff(kind: int, body: bytes) -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def _record(kind: int, body: bytes) -> bytes:
    head = bytes([kind]) if kind < 0x80 else bytes([kind & 0x7F | 0x80, kind >> 7])
    return head + bytes([len(body)]) + body


def _wide(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")
