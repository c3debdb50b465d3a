"""How the values of one change become payloads and digests.

A payload is the JSON text ``[salt, old, new]``; its digest is the SHA-256 of that text's UTF-8 bytes. The salt makes
the digest worthless for guessing a forgotten value, since it is erased together with it.
"""

import base64
import datetime as dt
import json
import os
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from hashlib import sha256
from typing import Any, NamedTuple
from uuid import UUID

from jike.foundation.models.record import Record

__all__ = [
    "BOOKKEEPING",
    "Difference",
    "Encoded",
    "decode",
    "difference",
    "encode",
    "filled",
    "stored_fields",
    "withheld",
]

Difference = Mapping[str, tuple[Any, Any]]
"""Field → (old, new)."""

SALT_BYTES = 12
BOOKKEEPING = frozenset({"id", "uid", "version"})
"""Columns that no difference names: they say which row, and how often it changed."""
_EMPTY = (str, list, dict)
WITHHELD = "withheld"
"""Stands in a payload for a value that must not be stored (a password's hash)."""


class Encoded(NamedTuple):
    """One change as the stream stores it: names, payloads, and the payloads' digests one after the other."""

    fields: tuple[str, ...]
    payloads: list[str]
    digests: bytes


def stored_fields(model: type[Record]) -> tuple[str, ...]:
    """Return the attribute names of the model's own columns, without bookkeeping."""
    return tuple(f.attname for f in model._meta.concrete_fields if f.attname not in BOOKKEEPING)


def difference(model: type[Record], before: Mapping[str, Any], after: Mapping[str, Any]) -> Difference:
    """Return what differs, with secrets withheld; a missing ``before`` field counts as None."""
    changed = {name: (before.get(name), value) for name, value in after.items() if before.get(name) != value}
    return withheld(changed, model.UNRECORDED)


def filled(values: Mapping[str, Any]) -> Difference:
    """Return what the history of a new row tells: what was filled in, and nothing of the bookkeeping."""
    return {
        name: (None, value)
        for name, value in values.items()
        if not (value is None or (not value and isinstance(value, _EMPTY)) or name in BOOKKEEPING)
    }


def withheld(changed: Difference, secret: frozenset[str]) -> Difference:
    """Return the difference with the values of ``secret`` fields replaced: that they changed is all that is kept."""
    if secret.isdisjoint(changed):
        return changed
    return {name: (WITHHELD, WITHHELD) if name in secret else pair for name, pair in changed.items()}


def encode(differences: Sequence[Difference]) -> list[Encoded]:
    """Return per difference its field names, its payloads and the digests of these one after the other."""
    salts = iter(_salts(sum(map(len, differences))))
    encoded = []
    for changed in differences:
        payloads = [
            f'["{salt}",{"null" if old is None else _quote(old) if type(old) is str else _json(old)},'
            f"{_quote(new) if type(new) is str else _json(new)}]"
            for (old, new), salt in zip(changed.values(), salts, strict=False)
        ]
        digests = b"".join([sha256(payload.encode()).digest() for payload in payloads])
        encoded.append(Encoded(tuple(changed), payloads, digests))
    return encoded


def decode(payload: str | None) -> tuple[Any, Any] | None:
    """Return (old, new) as JSON values, or None when they were forgotten."""
    return None if payload is None else tuple(json.loads(payload)[1:])


def _salts(count: int) -> list[str]:
    text = base64.b64encode(os.urandom(SALT_BYTES * count)).decode()
    width = SALT_BYTES * 4 // 3
    return [text[i : i + width] for i in range(0, len(text), width)]


def _json(value: Any) -> str:
    """Return the JSON of what is not a text; what most rows hold without the encoder's set-up."""
    write = _WRITTEN.get(type(value))
    return _dumps(value) if write is None else write(value)


def _plain(value: Any) -> Any:
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat()
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, Decimal | UUID):
        return str(value)
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(bytes(value)).decode()
    if isinstance(value, dt.timedelta):
        return value.total_seconds()
    raise TypeError(f"{type(value).__name__} has no place in the change stream")


_WRITTEN: Mapping[type, Callable[[Any], str]] = {
    type(None): lambda value: "null",
    bool: lambda value: "true" if value else "false",
    int: str,
    Decimal: lambda value: f'"{value}"',
    dt.date: lambda value: f'"{value.isoformat()}"',
}
"""How values of these types are written; types that stand for others, such as those of choices, are not among them."""
_quote = json.encoder.encode_basestring
_dumps = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=_plain).encode
