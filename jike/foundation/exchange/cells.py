"""What a cell of a file holds: numbers and dates as such, everything else as words a program cannot mistake for more.

Names come from people, some of them hostile: control characters are taken out, and a text that a spreadsheet would
take for a formula is told apart by `looks_like_formula`.
"""

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from functools import lru_cache, partial
from typing import Any

from django.utils import timezone
from django.utils.text import capfirst

from jike.foundation.resource.attributes import Attribute, Look
from jike.foundation.resource.presenting import words
from jike.foundation.scope import SEALED

__all__ = ["Column", "Kind", "Plain", "clean", "column_of", "looks_like_formula"]

Plain = str | int | Decimal | dt.date | dt.datetime | None
NOT_IN_FILES = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
"""Control characters but tab and line feed, lone surrogates and non-characters: XML and Excel refuse them."""
FORMULA = re.compile(r"\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n]")
"""How a text begins that a spreadsheet computes (after OWASP, CSV injection); full-width signs count as plain ones."""
REMEMBERED = 10_000


class Kind(Enum):
    """How a column's values are written."""

    TEXT = "text"
    NUMBER = "number"
    MONEY = "money"
    PERCENT = "percent"
    DAY = "day"
    MOMENT = "moment"


KINDS: Mapping[Look, Kind] = {
    Look.MONEY: Kind.MONEY,
    Look.PERCENT: Kind.PERCENT,
    Look.NUMBER: Kind.NUMBER,
    Look.HEALTH: Kind.NUMBER,
    Look.DATE: Kind.DAY,
    Look.MOMENT: Kind.MOMENT,
}
WIDTHS: Mapping[Kind, int] = {
    Kind.TEXT: 16,
    Kind.NUMBER: 10,
    Kind.MONEY: 16,
    Kind.PERCENT: 10,
    Kind.DAY: 12,
    Kind.MOMENT: 17,
}
REPEATING = frozenset({Look.CHOICE, Look.GRADE, Look.LEVEL, Look.STATE, Look.REGION, Look.INDUSTRY})
"""Looks with few different values, whose words are worth remembering."""


@dataclass(frozen=True)
class Column:
    """One column of a file: its heading, its kind, its width in characters, and value → what is written."""

    heading: str
    kind: Kind
    width: int
    plain: Callable[[Any], Plain]


def column_of(attribute: Attribute, *, first: bool = False) -> Column:
    """Return how the attribute is written; made anew for each file, since words depend on the language in force."""
    kind = KINDS.get(attribute.look, Kind.TEXT)
    width = 36 if first else WIDTHS[kind]
    return Column(
        capfirst(clean(str(attribute.label))), kind, width, partial(_plain, kind, _texts(attribute))
    )


def clean(text: str) -> str:
    """Return the text without what files cannot hold."""
    return NOT_IN_FILES.sub("", text)


def looks_like_formula(text: str) -> bool:
    """Whether a spreadsheet that reads this text from a file would compute it."""
    return FORMULA.match(text) is not None


def _plain(kind: Kind, text: Callable[[Any], str], value: Any) -> Plain:
    if value is None or value is SEALED:
        return None if value is None else str(SEALED)
    if kind is Kind.TEXT:
        return text(value)
    if kind is Kind.MOMENT:
        return timezone.localtime(value).replace(tzinfo=None)
    return value


def _texts(attribute: Attribute) -> Callable[[Any], str]:
    if attribute.look is Look.TREND:
        return _figures
    in_words = partial(_words, attribute)
    return lru_cache(maxsize=REMEMBERED)(in_words) if attribute.look in REPEATING else in_words


def _words(attribute: Attribute, value: Any) -> str:
    return clean(words(attribute, value))


def _figures(values: list[Any]) -> str:
    return " ".join("–" if value is None else str(value) for value in values)
