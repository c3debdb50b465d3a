"""Parts of a column on their way into it: values of custom fields, and tags given or taken.

A part's name has a dot (``custom.budget``, ``tags.add``). It is put together with what the column holds under a lock,
so that two people who set two parts at once both succeed, and the column goes through the same gate as any other.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Protocol

from django.db import transaction
from django.utils.translation import gettext as _

from jike.foundation.errors import Refused
from jike.foundation.models.custom_field import COLUMN
from jike.foundation.models.record import Record
from jike.foundation.scope import Actor, visible

__all__ = ["MARK", "Kept", "kept_new", "mentions", "packed", "packed_many", "unpacked"]

MARK = f"{COLUMN}."
"""What the names of custom fields begin with."""
Values = Mapping[str, Any]


class Kept(Protocol):
    """What must be known of a part to keep its value."""

    label: Any

    @property
    def into(self) -> str:
        """The column."""

    @property
    def needs(self) -> str:
        """The act upon the record whose right it takes to set it."""

    def combined(self, stored: Any, value: Any) -> Any:
        """Return the column's new value."""


Known = Mapping[str, Any]
"""Name → `Kept`, for the names with a dot; others are never asked for."""


def mentions(names: Any) -> bool:
    """Whether any of the names is that of a part."""
    return any("." in name for name in names)


@contextmanager
def packed(row: Record, values: Values, *, actor: Actor, known: Known) -> Iterator[dict[str, Any]]:
    """Give the block what to store in the columns of ``row``; the row stays locked until it is stored."""
    if not mentions(values):
        yield dict(values)
        return
    with transaction.atomic():
        wanted, refused = packed_many(type(row), {row.pk: values}, actor=actor, known=known)
        for sentence in refused.values():
            raise Refused(sentence)
        yield wanted[row.pk]


def kept_new(model: type[Record], values: Values, *, actor: Actor, known: Known) -> dict[str, Any]:
    """Return what to store in the columns of a new row."""
    kept = {name: value for name, value in values.items() if "." not in name}
    for name, value in values.items():
        if "." not in name or value in (None, ""):
            continue
        one: Kept = known[name]
        if one.needs != "change" and not actor.holds(f"{model.kind()}:{one.needs}"):
            raise Refused(_sentence(one))
        default: Any = model._meta.get_field(one.into)
        kept[one.into] = one.combined(kept.get(one.into, default.get_default()), value)
    return kept


def packed_many(
    model: type[Record], edits: Mapping[int, Values], *, actor: Actor, known: Known
) -> tuple[dict[int, dict[str, Any]], dict[int, str]]:
    """Return what to store in the columns by row id, and why some rows are refused; within a transaction.

    The rows are locked in the order of their ids, so that two edits of many never wait for each other.
    """
    parts = {name: known[name] for values in edits.values() for name in values if "." in name}
    columns = sorted({one.into for one in parts.values()})
    rows = model._default_manager.filter(pk__in=list(edits)).order_by("pk")
    locked = rows.select_for_update(of=("self",), no_key=True).values_list("pk", *columns)
    stored = {number: dict(zip(columns, held, strict=True)) for number, *held in locked}
    allowed = {
        needs: set(visible(model, actor, needs).filter(pk__in=list(edits)).values_list("pk", flat=True))
        for needs in {one.needs for one in parts.values()} - {"change"}
    }
    wanted: dict[int, dict[str, Any]] = {}
    refused: dict[int, str] = {}
    for number, values in edits.items():
        held, kept = stored.get(number, {}), dict[str, Any]()
        for name, value in values.items():
            one = parts.get(name)
            if one is None:
                kept[name] = value
            elif one.needs in allowed and number not in allowed[one.needs]:
                refused[number] = _sentence(one)
            else:
                kept[one.into] = one.combined(kept.get(one.into, held.get(one.into)), value)
        if number not in refused:
            wanted[number] = kept
    return wanted, refused


def unpacked(values: Values) -> dict[str, Any]:
    """Return a recorded change with the custom fields' column told field by field."""
    pair = values.get(COLUMN)
    if not isinstance(pair, tuple | list):
        return dict(values)
    old, new = (one if isinstance(one, dict) else {} for one in pair)
    keys = [key for key in dict.fromkeys((*old, *new)) if old.get(key) != new.get(key)]
    others = {name: value for name, value in values.items() if name != COLUMN}
    return {**others, **{f"{MARK}{key}": (old.get(key), new.get(key)) for key in keys}}


def _sentence(one: Any) -> str:
    return _("You may not change “%(field)s” of this record.") % {"field": one.label}
