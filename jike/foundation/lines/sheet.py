"""`Sheet`: one grid as it is shown and as it was typed; reads all rows column by column."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any
from uuid import UUID

from django.http import QueryDict
from django.utils.translation import gettext as _

from jike.foundation.entering import whole_number
from jike.foundation.errors import Invalid, JikeError
from jike.foundation.lines.cells import Read, Typed, offered, read_column, text_of
from jike.foundation.lines.declaration import Lines
from jike.foundation.lines.storing import LineEntry, LinesInvalid, Taken
from jike.foundation.models.record import Record
from jike.foundation.resource.attributes import Attribute
from jike.foundation.resource.presenting import shown
from jike.foundation.scope import SEALED, Actor, sealed_fields

__all__ = ["Row", "Sheet"]

MOST_ROWS = 300


@dataclass
class Row:
    """One row: what is stored, what each cell says, and what is wrong with it."""

    uid: str = ""
    version: int = 0
    typed: dict[str, Typed] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)
    """Field name ("" for the whole row) → sentence."""
    hidden: frozenset[str] = frozenset()
    filled: dict[str, str] = field(default_factory=dict)
    """What empty cells mean, in words."""


class Sheet:
    """A grid for one parent (None: not stored yet), from what is stored, or from what was sent."""

    def __init__(
        self, lines: Lines, parent: Any, actor: Actor, *, data: Mapping[str, Any] | None = None
    ) -> None:
        self.lines, self.parent, self.actor = lines, parent, actor
        self.stored = {str(row.uid): row for row in lines.rows(parent, actor)} if parent is not None else {}
        self.gone: frozenset[UUID] = frozenset()
        self.problems: list[str] = []
        self.places: list[int] = []
        """Which of the rows that were sent count: empty ones do not."""
        self.bound = data is not None
        if data is None:
            self.rows = [self._shown(row) for row in self.stored.values()]
        else:
            self.rows = self._sent(data)
            self._read()

    @property
    def heads(self) -> list[dict[str, Any]]:
        """What the columns are called and offer."""
        typed = set(self.lines.typed)
        return [
            {
                "name": name,
                "label": one.label,
                "numeric": one.look.numeric,
                "fixed": name not in typed,
                "needed": name in typed and name not in self.lines.fill and _needed(one),
                "offered": offered(one) if name in typed else [],
                "choices": one.refers_to.kind() if one.refers_to and name in typed else "",
                "total": self.totals.get(name, ""),
            }
            for name, one in self.lines.attributes.items()
        ]

    @property
    def shown_rows(self) -> list[dict[str, Any]]:
        """Every row with its cells in the order of the heads."""
        return [
            {"row": row, "cells": [self._cell(name, row, found) for name in self.lines.columns]}
            for row, found in zip(self.rows, self.worked, strict=True)
        ]

    @property
    def empty_row(self) -> dict[str, Any]:
        """The row that is copied when one is added."""
        row = self._begun()
        return {"row": row, "cells": [self._cell(name, row, {}) for name in self.lines.columns]}

    @property
    def valid(self) -> bool:
        """Whether every cell was read."""
        return not self.problems and not any(row.problems for row in self.rows)

    @property
    def taken(self) -> Taken:
        """What the parent's action gets."""
        entries = [
            LineEntry(
                UUID(row.uid) if row.uid else None,
                {name: row.values[name] for name in self.lines.typed if name not in row.hidden},
                row.version,
            )
            for row in self.rows
        ]
        return Taken(entries, self.gone)

    @property
    def totals(self) -> dict[str, str]:
        """The sums of what can be read so far, in words."""
        sums = {}
        for name in self.lines.totals:
            amounts = [
                found.get(name, row.values.get(name))
                for row, found in zip(self.rows, self.worked, strict=True)
            ]
            numbers = [Decimal(one) for one in amounts if isinstance(one, Decimal | int)]
            sums[name] = text_of(self.lines.attributes[name], sum(numbers, Decimal(0)))
        return sums

    @cached_property
    def worked(self) -> Sequence[Mapping[str, Any]]:
        """What follows from each row."""
        if self.lines.work_out is not None:
            return self.lines.work_out([row.values for row in self.rows], self.parent, self.actor)
        return [self._derived(row) for row in self.rows]

    def tell(self, error: JikeError) -> None:
        """Put the sentences of a refusal into the rows they concern, the rest above the grid."""
        if isinstance(error, LinesInvalid):
            for place, told in error.rows.items():
                for name, sentences in told.items():
                    known = name if name in self.lines.columns else ""
                    self.rows[place].problems[known] = " ".join(map(str, sentences))
                stored = self.stored.get(self.rows[place].uid)
                self.rows[place].version = stored.version if stored else 0
        elif isinstance(error, Invalid):
            self.problems += [str(one) for told in error.fields.values() for one in told]
        else:
            self.problems.append(str(error))

    def _begun(self) -> Row:
        values = {
            name: one.field.get_default()
            for name, one in self.lines.attributes.items()
            if one.field.has_default()
        }
        values |= self.lines.start
        typed = {name: Typed(text_of(self.lines.attributes[name], value)) for name, value in values.items()}
        return Row(values=values, typed=typed, hidden=self._closed())

    def _closed(self) -> frozenset[str]:
        return frozenset(name for name, one in self.lines.attributes.items() if not one.open_to(self.actor))

    def _shown(self, stored: Record) -> Row:
        hidden = sealed_fields(self.actor, stored)
        values = {name: SEALED if name in hidden else getattr(stored, name) for name in self.lines.columns}
        typed = {
            name: Typed(
                text_of(self.lines.attributes[name], value),
                str(value.uid) if isinstance(value, Record) else "",
            )
            for name, value in values.items()
        }
        return Row(str(stored.uid), stored.version, typed, values, {}, frozenset(hidden))

    def _sent(self, data: Mapping[str, Any]) -> list[Row]:
        """Take the rows as they were sent: columns side by side, all of one length."""
        sent = {name: _several(data, f"{self.lines.name}.{name}") for name in self.lines.typed}
        chosen = {name: _several(data, f"{self.lines.name}.{name}.uid") for name in self.lines.typed}
        uids = _several(data, f"{self.lines.name}.uid")
        versions = _several(data, f"{self.lines.name}.version")
        self.gone = frozenset(_uids(_several(data, f"{self.lines.name}.gone")))
        if any(len(some) != len(uids) for some in (versions, *sent.values())):
            self.problems.append(_("The rows did not arrive whole. Please send them again."))
            return [self._shown(row) for row in self.stored.values()]
        rows, begun = [], self._begun().typed
        for place, uid in enumerate(uids[: MOST_ROWS + 1]):
            typed = {
                name: Typed(texts[place], chosen[name][place] if place < len(chosen[name]) else "")
                for name, texts in sent.items()
            }
            if uid in self.stored or not _untouched(typed, begun):
                self.places.append(place)
                rows.append(self._row(uid, versions[place], typed))
        if len(rows) > MOST_ROWS:
            self.problems.append(_("A grid takes at most %(most)s rows.") % {"most": MOST_ROWS})
        return rows[:MOST_ROWS]

    def _row(self, uid: str, version: str, typed: dict[str, Typed]) -> Row:
        stored = self.stored.get(uid)
        row = Row(uid if stored else "", whole_number(version) or 0, typed)
        row.hidden = frozenset(sealed_fields(self.actor, stored)) if stored else self._closed()
        if stored:
            row.values = {
                name: SEALED if name in row.hidden else getattr(stored, name) for name in self.lines.columns
            }
        elif uid:
            row.problems[""] = _("Somebody removed this row meanwhile; saving adds it again.")
        return row

    def _read(self) -> None:
        for name in self.lines.typed:
            attribute = self.lines.attributes[name]
            cells = [row.typed[name] for row in self.rows]
            for row, read in zip(self.rows, read_column(attribute, cells, self.actor), strict=True):
                if name not in row.hidden:
                    self._take(row, name, read)
        for row in self.rows:
            self._fill(row)

    def _fill(self, row: Row) -> None:
        """Let empty cells mean what their column says."""
        for name, meaning in self.lines.fill.items():
            if not row.typed[name].text.strip() and name not in row.hidden:
                row.values[name] = meaning(row.values)
                if row.values[name] is not None:
                    row.problems.pop(name, None)
                    row.filled[name] = text_of(self.lines.attributes[name], row.values[name])

    def _take(self, row: Row, name: str, read: Read) -> None:
        row.values[name] = read.value
        if read.problem:
            row.values[name] = None
            row.problems[name] = read.problem
        elif isinstance(read.value, Record):
            row.typed[name] = Typed(str(read.value), str(read.value.uid))

    def _derived(self, row: Row) -> Mapping[str, Any]:
        """Let the model's own rules compute what is not typed; nothing where a source could not be read."""
        own = [name for name in row.values if "__" not in name and name not in self.lines.worked]
        made = self.lines.model(**{name: row.values[name] for name in own if row.values[name] is not SEALED})
        for name, rule in made.DERIVED.items():
            if row.problems.keys().isdisjoint(rule.sources):
                setattr(made, name, rule.compute(*(getattr(made, source) for source in rule.sources)))
        fixed = [name for name in self.lines.columns if name not in self.lines.typed and "__" not in name]
        readable = [name for name in fixed if name not in row.hidden]
        return {
            name: getattr(made, name) for name in readable if name not in self.lines.worked or _whole(row)
        }

    def _cell(self, name: str, row: Row, worked: Mapping[str, Any]) -> dict[str, Any]:
        attribute: Attribute = self.lines.attributes[name]
        sealed = name in row.hidden
        value = SEALED if sealed else worked.get(name, row.values.get(name))
        typed = name in self.lines.typed
        return {
            "name": name,
            "attribute": attribute,
            "typed": row.typed.get(name, Typed("")) if typed else None,
            "sealed": sealed,
            "html": shown(attribute, str(value) if isinstance(value, Record) else value)
            if not typed or sealed
            else "",
            "problem": row.problems.get(name, ""),
        }


def _untouched(typed: Mapping[str, Typed], begun: Mapping[str, Typed]) -> bool:
    """Whether a new row still is as it began, or empty."""
    texts = {name: cell.text.strip() for name, cell in typed.items()}
    return all(text in ("", begun[name].text if name in begun else "") for name, text in texts.items())


def _needed(attribute: Attribute) -> bool:
    return not (attribute.field.blank or attribute.field.null or attribute.field.has_default())


def _whole(row: Row) -> bool:
    """Whether every cell was read and filled, so that a property may count on its fields."""
    return not row.problems and all(value is not None for value in row.values.values())


def _several(data: Mapping[str, Any], name: str) -> list[str]:
    found = data.getlist(name) if isinstance(data, QueryDict) else data.get(name, [])
    return [str(one) for one in found]


def _uids(texts: Sequence[str]) -> Iterator[UUID]:
    for text in texts:
        try:
            yield UUID(text)
        except ValueError:
            continue
