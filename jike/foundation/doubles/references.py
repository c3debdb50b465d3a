"""What names a record that may be merged: each foreign key to it, each uid of it, alone or in a list, is declared once.

A reference is ``FOLLOWED`` (its rows go to the record that is kept, through the write gate or, for ledgers, set-wise),
``LEFT`` with a reason, or handed to functions of the capability. A test walks all models and finds none undeclared.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import models

from jike.foundation.models.record import Record

__all__ = [
    "FOLLOWED",
    "LEFT",
    "LISTED",
    "Reference",
    "Repointing",
    "references_to",
    "register_references",
    "undeclared",
]

Remembered = Any
"""What a capability's own function wants to know again when it takes back; JSON."""
Move = Callable[..., Remembered]


@dataclass(frozen=True)
class Repointing:
    """How one reference is treated.

    Attributes
    ----------
    reason
        Why its rows stay with the record that is merged away; empty where they follow.
    move
        ``move(kept, gone, actor=…, merge=uid)`` re-points instead of the machinery, and returns what ``back`` needs.
    back
        ``back(kept, gone, remembered, actor=…, merge=uid)`` takes it back.
    settled
        ``settled(source, target, actor=…, act=…)`` puts right what both records hold of such rows, once these went
        from one to the other: by a merge, a split, or the undoing of one; ``act`` names which of the rights it takes.
    lists
        Of a column that holds lists of uids: the kind of record that they name.
    """

    reason: str = ""
    move: Move | None = None
    back: Callable[..., None] | None = None
    settled: Callable[..., None] | None = None
    lists: str = ""


FOLLOWED = Repointing()


def LEFT(reason: str) -> Repointing:  # noqa: N802  reads as the constant beside it
    """Return the treatment of rows that stay where they are, for this reason."""
    return Repointing(reason=reason)


def LISTED(kind: str) -> Repointing:  # noqa: N802  reads as the constant beside it
    """Return the treatment of a column with lists of uids of that kind: in them the record kept replaces the other."""
    return Repointing(lists=kind)


@dataclass(frozen=True)
class Reference:
    """One column that names records: a foreign key, ``about_uid`` beside ``about_kind``, or a list of uids."""

    model: type[models.Model]
    field: str
    how: Repointing

    @property
    def name(self) -> str:
        """The reference in the declaration: ``sales.opportunity.customer``."""
        return f"{self.model._meta.label_lower}.{self.field}"

    @property
    def column(self) -> str:
        """The attribute that holds the id, or the uid."""
        return str(self.model._meta.get_field(self.field).attname)  # type: ignore[union-attr]

    @property
    def by_uid(self) -> bool:
        """Whether it names records of any kind by their uid."""
        return self.field == "about_uid" or self.listed

    @property
    def listed(self) -> bool:
        """Whether each of its rows names any number of records."""
        return bool(self.how.lists)

    @property
    def gated(self) -> bool:
        """Whether its rows are records, which the write gate changes."""
        return issubclass(self.model, Record)

    def value(self, row: Record) -> int | UUID:
        """Return what a row that names this record holds."""
        return row.uid if self.by_uid else row.pk

    def rows(self, row: Record) -> models.QuerySet[Any]:
        """Return the rows that name this record."""
        named = {f"{self.column}__contains": [row.uid]} if self.listed else {self.column: self.value(row)}
        found = self.model._default_manager.filter(**named)
        if self.by_uid and not self.listed:
            found = found.filter(about_kind=row.kind())
        return found.filter(removed_at=None) if self.gated else found


_declared: dict[str, Repointing] = {}


def register_references(declared: Mapping[str, Repointing]) -> None:
    """Replace what is declared: "app.model.field" → how it is treated; called once at start."""
    _declared.clear()
    _declared.update(declared)


def references_to(model: type[Record]) -> list[Reference]:
    """Return every reference to rows of ``model`` in a steady order.

    Raises
    ------
    LookupError
        One is not declared.
    """
    if missing := undeclared(model):
        raise LookupError(f"nobody said what becomes of {', '.join(missing)} when {model.kind()} is merged")
    found = [
        Reference(one, field, _declared[f"{one._meta.label_lower}.{field}"]) for one, field in _columns(model)
    ]
    return [one for one in found if not _is_list(one.model, one.field) or one.how.lists == model.kind()]


def undeclared(model: type[Record]) -> list[str]:
    """Return the references to ``model`` of which nobody said what becomes of them."""
    return [
        name
        for one, field in _columns(model)
        if (name := f"{one._meta.label_lower}.{field}") not in _declared
    ]


def _columns(model: type[Record]) -> list[tuple[type[models.Model], str]]:
    found = []
    for one in apps.get_models():
        fields = one._meta.concrete_fields
        found += [(one, field.name) for field in fields if field.is_relation and field.related_model is model]
        found += [(one, field.name) for field in fields if _is_list(one, field.name)]
        if {"about_kind", "about_uid"} <= {field.name for field in one._meta.concrete_fields}:
            found.append((one, "about_uid"))
    return sorted(found, key=lambda pair: (pair[0]._meta.label_lower, pair[1]))


def _is_list(model: type[models.Model], field: str) -> bool:
    """Whether the column holds lists of uids, of whatever kind: what they name is for the site to say."""
    column = model._meta.get_field(field)
    return isinstance(column, ArrayField) and isinstance(column.base_field, models.UUIDField)
