"""What a merge would best keep: the fuller, older record, completed from the others."""

from collections.abc import Sequence
from typing import Any

from jike.foundation.custom.storing import mentions
from jike.foundation.doubles.making import choosable
from jike.foundation.models.record import Record
from jike.foundation.models.tag import COLUMN as TAGS
from jike.foundation.resource.declaration import Resource
from jike.foundation.scope import Actor

__all__ = ["blank", "completed_unseen", "kept_first", "proposal"]


def proposal(
    resource: Resource, rows: Sequence[Record], actor: Actor
) -> tuple[Record, list[Record], dict[str, Any]]:
    """Return the record to keep, the others, and the values that these complete in it."""
    kept, *others = kept_first(resource, rows, actor)
    return kept, others, _completed(_own(resource), kept, others)


def completed_unseen(
    resource: Resource, kept: Record, others: Sequence[Record], *, actor: Actor
) -> dict[str, Any]:
    """Return the values of sealed fields that the record kept lacks: they come along, though nobody is shown them."""
    open_ = set(choosable(resource, [kept, *others], actor))
    return _completed([name for name in _own(resource) if name not in open_], kept, others)


def _own(resource: Resource) -> list[str]:
    """Return the columns of the form; custom fields and tags complete one another in every merge."""
    return [
        name
        for name in resource.form_fields
        if resource.attributes[name].editable and name != TAGS and not mentions([name])
    ]


def _completed(names: Sequence[str], kept: Record, others: Sequence[Record]) -> dict[str, Any]:
    values = {}
    for name in names:
        if blank(getattr(kept, name)):
            filled = next((getattr(one, name) for one in others if not blank(getattr(one, name))), None)
            if filled is not None:
                values[name] = filled
    return values


def kept_first(resource: Resource, rows: Sequence[Record], actor: Actor) -> list[Record]:
    """Return the rows with the one to keep first: of which most is known, and of those the oldest."""
    names = choosable(resource, rows, actor)
    known = resource.attributes
    return sorted(rows, key=lambda row: (-sum(not blank(known[name].of(row)) for name in names), row.pk))


def blank(value: Any) -> bool:
    """Whether a field holds nothing."""
    return value is None or value in ("", [], False)
