"""What a merged record's custom fields and tags add to those of the record kept, and how that is taken back in parts.

Both lie in one column each (`custom`, `tags`). Taking back goes by key and by tag, so that what was set since stays.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from jike.foundation.custom.storing import MARK, mentions
from jike.foundation.models.custom_field import COLUMN
from jike.foundation.models.record import Record
from jike.foundation.models.tag import COLUMN as TAGS
from jike.foundation.resource.declaration import Resource

__all__ = ["PARTED", "chosen", "taken_out"]

PARTED: Mapping[str, Any] = {COLUMN: dict, TAGS: list}
"""Columns that are taken back part by part, and what an empty one holds."""


def chosen(
    resource: Resource, kept: Record, others: Sequence[Record], *, values: Mapping[str, Any]
) -> dict[str, Any]:
    """Return column → what ``kept`` shall hold: ``values``, those of custom fields put into their column."""
    found = _gathered(kept, others)
    for name, value in values.items():
        if mentions([name]):
            part: Any = resource.attributes[name]
            found[part.into] = part.combined(found[part.into], value)
        else:
            found[name] = value
    return found


def _gathered(kept: Record, others: Sequence[Record]) -> dict[str, Any]:
    """Return the parted columns: what ``kept`` says itself, completed from the others in their order."""
    columns = {field.name for field in kept._meta.concrete_fields}
    found: dict[str, Any] = {}
    if COLUMN in columns:
        found[COLUMN] = {}
        for one in (kept, *others):
            found[COLUMN] = {**getattr(one, COLUMN), **found[COLUMN]}
    if TAGS in columns:
        found[TAGS] = sorted({tag for one in (kept, *others) for tag in getattr(one, TAGS)})
    return found


def taken_out(name: str, now: Any, *, before: Any, merged: Any) -> tuple[Any, list[str]]:
    """Return what the column shall hold once a merge is taken back, and the parts set anew since, which stay.

    Parameters
    ----------
    now, before, merged
        What the column holds, what it held before the merge, and what the merge put there.
    """
    if name == TAGS:
        added, lost = {*merged} - {*before}, {*before} - {*merged}
        return sorted(({*now} - added) | lost), []
    found, later = dict(now), []
    for key in {**before, **merged}:
        if merged.get(key) == before.get(key):
            continue
        if now.get(key) != merged.get(key):
            later.append(f"{MARK}{key}")
        elif key in before:
            found[key] = before[key]
        else:
            found.pop(key, None)
    return found, later
