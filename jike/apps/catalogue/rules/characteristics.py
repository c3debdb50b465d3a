"""Characteristics of a specification (bandwidth, term of service …), as people write them: one a line.

``code | 中文名 | English name | unit | value, value`` — unit and values may be left out; values close the list of what
may be chosen.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

__all__ = ["MISTAKES", "Characteristic", "Mistake", "characteristics_of", "written"]

MOST = 20
MISTAKES = ("parts", "code", "twice", "many")


class Mistake(Exception):
    """A line that cannot be read: its number from 1, and which of `MISTAKES`."""

    def __init__(self, line: int, kind: str) -> None:
        super().__init__(f"line {line}: {kind}")
        self.line, self.kind = line, kind


class Characteristic(NamedTuple):
    """One property by which instances of a product differ."""

    code: str
    name: str
    name_en: str
    unit: str = ""
    values: tuple[str, ...] = ()


def characteristics_of(lines: Iterable[str]) -> tuple[Characteristic, ...]:
    """Read the lines; raises `Mistake` for the first that cannot be meant."""
    found: dict[str, Characteristic] = {}
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        one = _read(number, [part.strip() for part in line.replace("｜", "|").split("|")])
        if one.code in found:
            raise Mistake(number, "twice")
        found[one.code] = one
        if len(found) > MOST:
            raise Mistake(number, "many")
    return tuple(found.values())


def _read(number: int, parts: Sequence[str]) -> Characteristic:
    if not 3 <= len(parts) <= 5 or not all(parts[:3]):
        raise Mistake(number, "parts")
    if not (parts[0].isascii() and parts[0].isidentifier() and parts[0].islower()):
        raise Mistake(number, "code")
    values = parts[4].replace("，", ",").split(",") if len(parts) == 5 else []
    return Characteristic(
        parts[0],
        parts[1],
        parts[2],
        parts[3] if len(parts) > 3 else "",
        tuple(value.strip() for value in values if value.strip()),
    )


def written(characteristics: Iterable[Characteristic]) -> str:
    """Return the lines that `characteristics_of` reads."""
    return "\n".join(
        " | ".join((one.code, one.name, one.name_en, one.unit, ", ".join(one.values)))
        for one in characteristics
    )
