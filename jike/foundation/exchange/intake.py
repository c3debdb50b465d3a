"""Importing: a file's rows become records, checked as a whole before, and undone as a whole after.

The check runs the rows through the same gate as the import and rolls each portion back, so that what it promises is
what happens. The import stores portion after portion, each with how far it came in the same transaction: a worker that
dies goes on where it was, and no row is stored twice. Refused rows stop no others; they come back in a file.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from jike.foundation.audit import Outcome, creating_many
from jike.foundation.errors import Invalid, JikeError
from jike.foundation.exchange.converting import Converter, Unfit
from jike.foundation.exchange.mapping import importable
from jike.foundation.exchange.tables import Cell, Table
from jike.foundation.models import ImportRun
from jike.foundation.resource.bulk import apply_edits
from jike.foundation.resource.declaration import Resource
from jike.foundation.resource.editing import add_row
from jike.foundation.scope import Actor, visible

__all__ = ["PORTION", "Intake", "Problem", "Tally"]

PORTION = 1_000
"""Rows stored in one transaction."""
Mode = ImportRun.Mode


@dataclass(frozen=True)
class Problem:
    """Why a row was refused: its number as a spreadsheet counts, the column's header ("" for the row), a sentence."""

    row: int
    column: str
    sentence: str


@dataclass
class Tally:
    """What became of the rows so far: read = created + updated + unchanged + refused."""

    read: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: int = 0
    problems: list[Problem] = field(default_factory=list)

    def counts(self) -> dict[str, int]:
        """Return the figures by name."""
        return {name: getattr(self, name) for name in ("read", "created", "updated", "unchanged", "refused")}

    def refuse(self, problems: Sequence[Problem]) -> None:
        """Count one row as refused."""
        self.refused += 1
        self.problems += problems


@dataclass
class _Row:
    """A row on its way: what it would store by attribute name, and whom it updates."""

    number: int
    values: dict[str, Any]
    target: int | None = None


class Intake:
    """One run over one table.

    Parameters
    ----------
    run
        The columns, the mode and the key.
    actor
        Whose rights count; its request is what the changes carry.
    """

    def __init__(self, run: ImportRun, resource: Resource, table: Table, *, actor: Actor) -> None:
        self.run, self.resource, self.table, self.actor = run, resource, table, actor
        fields = {one.name: one for one in importable(resource, actor)}
        columns = {int(column): name for column, name in run.columns.items() if name in fields}
        self.converters = {column: Converter(fields[name], actor) for column, name in columns.items()}
        self.header = [str(cell or "") for cell in table.rows[run.header]] if table.rows else []
        self.seen: set[str] = set()
        self.begin = run.header + 1

    def portions(self, start: int = 0) -> Iterator[list[tuple[int, Sequence[Cell]]]]:
        """Yield portions of (row number from 1, cells), from row index ``start`` on; empty rows are left out."""
        first = max(start, self.begin)
        rows = (
            (place + 1, row)
            for place, row in enumerate(islice(self.table.rows, first, None), start=first)
            if any(cell is not None for cell in row)
        )
        while portion := list(islice(rows, PORTION)):
            yield portion

    def take(self, portion: Sequence[tuple[int, Sequence[Cell]]], tally: Tally) -> None:
        """Store a portion as far as it may be; call it within a transaction."""
        tally.read += len(portion)
        rows = self._aimed(self._converted(portion, tally), tally)
        self._create([row for row in rows if row.target is None], tally)
        self._update([row for row in rows if row.target is not None], tally)

    def _converted(self, portion: Sequence[tuple[int, Sequence[Cell]]], tally: Tally) -> list[_Row]:
        for column, converter in self.converters.items():
            converter.prepare(row[column] for _number, row in portion)
        found = []
        for number, row in portion:
            values, problems = {}, []
            for column, converter in self.converters.items():
                if row[column] is None:
                    continue
                try:
                    values[converter.attribute.field.attname] = converter(row[column])
                except Unfit as error:
                    problems.append(Problem(number, self.header[column], str(error)))
            if problems:
                tally.refuse(problems)
            else:
                found.append(_Row(number, values))
        return found

    def _aimed(self, rows: list[_Row], tally: Tally) -> list[_Row]:
        """Say of each row which record it updates; refuse a key that comes twice, and what the mode leaves out."""
        key = self.run.key
        if not key:
            return self._fitting(rows, tally)
        texts = {str(row.values[key]) for row in rows if row.values.get(key)}
        standing = visible(self.resource.model, self.actor).order_by().filter(**{f"{key}__in": texts})
        stored: dict[str, list[int]] = {}
        for number, value in standing.values_list("pk", key):
            stored.setdefault(str(value), []).append(number)
        title, once = str(self.resource.attributes[key].label), []
        for row in rows:
            text = str(row.values.get(key) or "")
            targets = stored.get(text, [])
            if text and text in self.seen:
                sentence = _("“%(value)s” stands in an earlier row of the file.") % {"value": text}
            elif len(targets) > 1:
                sentence = _("Several records have “%(value)s”; merge them first.") % {"value": text}
            else:
                self.seen.add(text)
                row.target = targets[0] if targets else None
                once.append(row)
                continue
            tally.refuse([Problem(row.number, title, sentence)])
        return self._fitting(once, tally)

    def _fitting(self, rows: list[_Row], tally: Tally) -> list[_Row]:
        refused = {
            Mode.CREATE: (
                lambda row: row.target is not None,
                _("It exists already; only new ones are wanted."),
            ),
            Mode.UPDATE: (lambda row: row.target is None, _("It does not exist; only updates are wanted.")),
        }
        unwanted, sentence = refused.get(Mode(self.run.mode), (lambda row: False, ""))
        for row in rows:
            if unwanted(row):
                tally.refuse([Problem(row.number, "", sentence)])
        return [row for row in rows if not unwanted(row)]

    def _create(self, rows: list[_Row], tally: Tally) -> None:
        if not rows:
            return
        outcome = self._added([row.values for row in rows])
        tally.created += len(outcome.written)
        for place, sentence in outcome.refused.items():
            tally.refuse([Problem(rows[place].number, "", sentence)])

    def _added(self, rows: list[dict[str, Any]]) -> Outcome:
        own: Callable[..., Outcome] | None = self.resource.actions.get("add_many")
        if own:
            return own(rows, actor=self.actor)
        if "add" not in self.resource.actions:
            return creating_many(self.resource.model, rows, actor=self.actor)
        outcome = Outcome()
        for place, values in enumerate(rows):
            try:
                with transaction.atomic():
                    row = add_row(self.resource, self._objects(values), self.actor)
            except (JikeError, IntegrityError) as error:
                outcome.refused[place] = _sentence(error)
            else:
                outcome.written.append(row.pk)
        return outcome

    def _objects(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Return values by field name, with the rows that references point to."""
        fields = {one.attname: one for one in self.resource.model._meta.concrete_fields}
        found: dict[str, Any] = {}
        for name, value in values.items():
            one: Any = fields[name]
            found[one.name] = one.related_model._default_manager.get(pk=value) if one.is_relation else value
        return found

    def _update(self, rows: list[_Row], tally: Tally) -> None:
        if not rows:
            return
        edits = {row.target: row.values for row in rows if row.target is not None}
        outcome = apply_edits(self.resource, edits, actor=self.actor)
        numbers = {row.target: row.number for row in rows}
        tally.updated += len(outcome.written)
        tally.unchanged += len(outcome.unchanged)
        for target, sentence in outcome.refused.items():
            tally.refuse([Problem(numbers[target], "", sentence)])


def _sentence(error: Exception) -> str:
    if isinstance(error, Invalid):
        return " ".join(str(one) for told in error.fields.values() for one in told)
    return str(error) if isinstance(error, JikeError) else str(_("It contradicts a record that exists."))
