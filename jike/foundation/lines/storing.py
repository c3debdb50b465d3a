"""What a grid hands to the parent's action, and the set-wise way to store it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jike.foundation.audit import Outcome, Under, changing_many, creating_many
from jike.foundation.errors import Invalid
from jike.foundation.models.record import Record
from jike.foundation.scope import Actor

__all__ = ["LineEntry", "LinesInvalid", "Taken", "store_lines"]


@dataclass(frozen=True)
class LineEntry:
    """One row as typed: ``uid`` is None for a new one; values by field name, references as rows."""

    uid: UUID | None
    values: Mapping[str, Any]
    version: int = 0
    """The version its editor saw."""


@dataclass(frozen=True)
class Taken:
    """A whole grid: its rows in order, and those that were taken out. Stored rows it does not name stay."""

    entries: Sequence[LineEntry] = ()
    gone: frozenset[UUID] = frozenset()


class LinesInvalid(Invalid):
    """Rows that an action refuses: position → field name ("" for the whole row) → sentences."""

    def __init__(self, rows: Mapping[int, Mapping[str, Sequence[str]]]) -> None:
        self.rows = rows
        sentences = [
            _("Row %(number)s: %(sentence)s") % {"number": place + 1, "sentence": sentence}
            for place, told in sorted(rows.items())
            for some in told.values()
            for sentence in some
        ]
        super().__init__({"": sentences})


@dataclass
class _Work:
    new: dict[int, dict[str, Any]] = field(default_factory=dict)
    edits: dict[int, dict[str, Any]] = field(default_factory=dict)
    versions: dict[int, int] = field(default_factory=dict)
    places: dict[int, int] = field(default_factory=dict)


def store_lines(
    model: type[Record], taken: Taken, *, parent: Record, by: str, actor: Actor, order: str = ""
) -> None:
    """Store a grid's rows set-wise, all or nothing, with the right to change the parent.

    Parameters
    ----------
    by
        The child's foreign key to ``parent``.
    order
        The child's field that keeps the position, counted from 1; empty where the rows have an order of their own.

    Raises
    ------
    LinesInvalid
        Which rows are refused and why; nothing is stored.
    """
    under = Under(parent, "change")
    with transaction.atomic():
        stored = {
            row.uid: row.pk for row in model._default_manager.filter(**{by: parent, "removed_at": None})
        }
        work = _sorted_out(model, taken, stored, fixed={f"{by}_id": parent.pk}, order=order)
        gone = {stored[uid]: {"removed_at": timezone.now()} for uid in taken.gone if uid in stored}
        if gone:
            changing_many(model, gone, actor=actor, verb="remove", under=under)
        changed = changing_many(model, work.edits, actor=actor, versions=work.versions, under=under)
        added = creating_many(model, list(work.new.values()), actor=actor, under=under)
        _refuse(work, changed, added)


def _sorted_out(
    model: type[Record], taken: Taken, stored: Mapping[UUID, int], *, fixed: dict[str, Any], order: str
) -> _Work:
    columns = {one.name: one.attname for one in model._meta.concrete_fields}
    work = _Work()
    for place, entry in enumerate(taken.entries):
        values = {columns[name]: getattr(value, "pk", value) for name, value in entry.values.items()}
        if order:
            values[order] = place + 1
        if entry.uid is not None and entry.uid in stored:
            pk = stored[entry.uid]
            work.edits[pk], work.places[pk] = values, place
            work.versions[pk] = entry.version
        elif entry.uid is not None:
            raise LinesInvalid({place: {"": [_("Somebody removed this row meanwhile.")]}})
        else:
            work.new[place] = fixed | values
    return work


def _refuse(work: _Work, changed: Outcome, added: Outcome) -> None:
    places = list(work.new)
    told = {work.places[pk]: sentence for pk, sentence in changed.refused.items()}
    told |= {places[number]: sentence for number, sentence in added.refused.items()}
    if told:
        raise LinesInvalid({place: {"": [sentence]} for place, sentence in told.items()})
