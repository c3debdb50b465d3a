"""The words of a tariff file: keys, amounts, dates and choices; a wrong one is a sentence that names its place."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar, cast

from jike.engines.rating import tariff as t
from jike.engines.rating.amounts import BASIS, LI_PER_YUAN, RESOLUTIONS, Mode, Rounding, scaled

MICRO_PER_YUAN = 1_000_000
REQUIRED = object()
V = TypeVar("V")
E = TypeVar("E", bound=StrEnum)


class Section:
    """One mapping of the file: hands out its keys once and reports the ones nobody asked for."""

    def __init__(self, data: object, place: str, problems: list[str]) -> None:
        self.place, self.problems = place, problems
        self.data: dict[str, Any] = data if isinstance(data, dict) else {}
        self.known: list[str] = []
        if not isinstance(data, dict):
            problems.append(f"{place}: a mapping is expected, not {data!r}")

    def take(self, key: str, read: Callable[[Any], V], default: Any = REQUIRED) -> V:
        """Return the converted value of `key`; a problem is noted and the default given when it does not fit."""
        self.known.append(key)
        if key not in self.data:
            if default is REQUIRED:
                self.problems.append(f"{self.place}: {key} is missing")
                return read_nothing(read)
            return default
        try:
            return read(self.data[key])
        except (ValueError, TypeError) as error:
            self.problems.append(f"{self.place}.{key}: {error}")
            return read_nothing(read) if default is REQUIRED else default

    def sections(self, key: str) -> list[Section]:
        """Return the list of mappings under `key`."""
        self.known.append(key)
        value = self.data.get(key) or []
        if not isinstance(value, list):
            self.problems.append(f"{self.place}.{key}: a list is expected, not {value!r}")
            return []
        return [Section(v, f"{self.place}.{key}[{n}]", self.problems) for n, v in enumerate(value, 1)]

    def section(self, key: str) -> Section | None:
        """Return the mapping under `key`, or None."""
        self.known.append(key)
        return Section(self.data[key], f"{self.place}.{key}", self.problems) if key in self.data else None

    def close(self) -> None:
        """Report keys that mean nothing here."""
        for key in self.data:
            if key not in self.known:
                near = difflib.get_close_matches(str(key), self.known, 1)
                hint = f"; {near[0]} is meant?" if near else ""
                self.problems.append(f"{self.place}: unknown key {key!r}{hint}")


def read_nothing(read: Callable[[Any], V]) -> V:
    """Return a harmless value of the kind `read` gives, so that reading can go on to the next problem."""
    blanks: dict[Any, Any] = {names: (), text: "?", price: 0, money: 0, ratio: 0, count: 1}
    return cast(V, blanks.get(read))


def text(value: Any) -> str:
    """A name."""
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"a name is expected, not {value!r}")
    return value


def names(value: Any) -> tuple[str, ...]:
    """A list of names."""
    if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
        raise ValueError(f"a list of quoted names is expected, not {value!r}")
    return tuple(value)


def count(value: Any) -> int:
    """A whole number of units, zero or more."""
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 2**62:
        raise ValueError(f"a whole number from 0 is expected, not {value!r}")
    return value


def price(value: Any) -> int:
    """Yuan as micro-yuan."""
    return scaled(value, MICRO_PER_YUAN, what="price")


def money(value: Any) -> int:
    """Yuan as li."""
    return scaled(value, LI_PER_YUAN, what="sum")


def ratio(value: Any) -> int:
    """A ratio such as "0.85" as basis points."""
    return scaled(value, BASIS, what="ratio")


def flag(value: Any) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        raise ValueError(f"true or false is expected, not {value!r}")
    return value


def one_of(kind: type[E]) -> Callable[[Any], E]:
    """Return a reader of one enum's words."""

    def read(value: Any) -> E:
        try:
            return kind(value)
        except ValueError:
            raise ValueError(f"{value!r} is none of {', '.join(k.value for k in kind)}") from None

    return read


def service(value: Any) -> t.Service:
    """A service by its name."""
    try:
        return t.Service[str(value).upper()]
    except KeyError:
        raise ValueError(f"{value!r} is none of {', '.join(s.name.lower() for s in t.Service)}") from None


def minute(value: Any) -> int:
    """A time of day such as "08:30" as minutes; "24:00" is the end of the day."""
    match = re.fullmatch(r"(\d\d):([0-5]\d)", str(value))
    found = int(match[1]) * 60 + int(match[2]) if match else 1441
    if found > 1440:
        raise ValueError(f'a quoted time such as "08:30" is expected, not {value!r}')
    return found


def dates(value: Any) -> frozenset[date]:
    """A list of days."""
    if not isinstance(value, list) or not all(type(v) is date for v in value):
        raise ValueError(f"a list of dates such as 2026-10-01 is expected, not {value!r}")
    return frozenset(value)


TO_THE_FEN = Rounding()


def rounding(section: Section, default: Rounding = TO_THE_FEN) -> tuple[Rounding, str | None]:
    """Return the rounding under the key `round` and where it happens."""
    part = section.section("round")
    if part is None:
        return default, None

    def resolution(value: Any) -> str:
        if value not in RESOLUTIONS:
            raise ValueError(f"{value!r} is none of {', '.join(RESOLUTIONS)}")
        return str(value)

    found = Rounding(part.take("to", resolution, "fen"), part.take("mode", one_of(Mode), Mode.HALF_UP))
    at = part.take("at", text, None)
    if at not in (None, "record", "bill"):
        part.problems.append(f"{part.place}.at: {at!r} is neither record nor bill")
    part.close()
    return found, at
