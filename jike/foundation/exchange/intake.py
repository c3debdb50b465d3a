"""Importing: a file's rows become records, checked as a whole before, and undone as a whole after.

The check runs the rows through the same gate as the import and rolls each portion back, so that what it promises is
what happens. The import stores portion after portion, each with how far it came in the same transaction: a worker that
dies goes on where it was, and no row is stored twice. Refused rows stop no others; they come back in a file.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from jike.foundation.exchange.adding import added
from jike.foundation.exchange.converting import LEFT_OUT, Converter, Unfit
from jike.foundation.exchange.mapping import importable
from jike.foundation.exchange.refusals import Problem
from jike.foundation.exchange.related import Related
from jike.foundation.exchange.staging import Staged
from jike.foundation.exchange.tables import Cell
from jike.foundation.exchange.tallying import Tally
from jike.foundation.matching import foresee, matched_fields
from jike.foundation.models import ImportRun
from jike.foundation.resource.bulk import apply_edits
from jike.foundation.resource.declaration import Resource
from jike.foundation.scope import Actor, visible

__all__ = ["PORTION", "Aimed", "Intake", "Numbered"]

PORTION = 2_000
"""Rows stored in one transaction."""
MOST_UNKNOWN = 100
"""Different values of one column that are kept to be translated."""
LOCK_SPACE = 0x696D706F
Mode = ImportRun.Mode
Numbered = tuple[int, Sequence[Cell]]


@dataclass
class _Row:
    """A row on its way: what it would store by attribute name, and whom it updates or became."""

    number: int
    values: dict[str, Any]
    cells: Sequence[Cell]
    target: int | None = None


@dataclass(frozen=True)
class Aimed:
    """A portion's rows: those that become new records, those that update one, and those that only bring what hangs
    on a row before them.
    """

    new: list[_Row]
    known: list[_Row]
    repeated: list[_Row]


class Intake:
    """One run over one table.

    Parameters
    ----------
    run
        The columns, the mode, the key and the translated values.
    actor
        Whose rights count; its request is what the changes carry.
    """

    def __init__(self, run: ImportRun, resource: Resource, staged: Staged, *, actor: Actor) -> None:
        self.run, self.resource, self.staged = run, resource, staged
        fields = {one.name: one for one in importable(resource, actor)}
        columns = {int(column): name for column, name in run.columns.items() if name in fields}
        self.converters = {
            column: Converter(fields[name], actor, translated=run.values.get(name))
            for column, name in columns.items()
        }
        self.header = [str(cell or "") for row in staged.first(1, start=run.header) for cell in row]
        self.related = Related.of(run, resource, header=self.header, actor=actor)
        # What hangs on a record can only be tried on one that is there until the portion is taken back.
        self.actor = actor if self.related is None else replace(actor, trial=False)
        self.unknown: dict[str, Counter[str]] = {}
        self.seen: dict[str, int | None] = {}
        self.begin = run.header + 1

    def portions(self, start: int = 0) -> Iterator[list[Numbered]]:
        """Yield portions of (row number from 1, cells), from row index ``start`` on; empty rows are left out."""
        first = max(start, self.begin)
        if first > self.begin:
            self._see_again(first)
        rows = self._filled(first)
        while portion := list(islice(rows, PORTION)):
            yield portion

    def foreseen(self, start: int = 0) -> Iterator[list[Numbered]]:
        """Yield what `portions` yields, each once the keys of its rows are known by which doubles meet.

        They are worked out beside this process, where it has help, while the portion before is stored.
        """
        waiting: tuple[list[Numbered], Callable[[], None]] | None = None
        for portion in self.portions(start):
            begun = portion, foresee(self.resource.model, self._about_parties(portion), actor=self.actor)
            if waiting is not None:
                waiting[1]()
                yield waiting[0]
            waiting = begun
        if waiting is not None:
            waiting[1]()
            yield waiting[0]

    def _about_parties(self, portion: Sequence[Numbered]) -> Iterator[dict[str, Any]]:
        """Yield what the rows say of parties, as far as it needs nothing that is stored."""
        names = matched_fields(self.resource.model)
        telling = [(column, one) for column, one in self.converters.items() if one.name in names]
        for _number, row in portion:
            values = {}
            for column, converter in telling:
                if row[column] is not None:
                    with suppress(Unfit):
                        values[converter.name] = converter(row[column])
            yield {name: value for name, value in values.items() if value is not LEFT_OUT}

    def _filled(self, start: int) -> Iterator[Numbered]:
        for place, row in enumerate(self.staged.rows(start), start=start):
            if any(cell is not None for cell in row):
                yield place + 1, row

    def _see_again(self, end: int) -> None:
        """After a break: learn the keys of the rows that are stored already."""
        key = self.run.key
        converter = next((one for one in self.converters.values() if one.attribute.name == key), None)
        column = next((c for c, one in self.converters.items() if one is converter), 0)
        if converter is None:
            return
        for _number, row in islice(self._filled(self.begin), end - self.begin):
            try:
                text = str(converter(row[column]) or "") if row[column] is not None else ""
            except Unfit:
                continue
            if text and _number <= end:
                self.seen.setdefault(text, None)

    def aim(self, portion: Sequence[Numbered], tally: Tally) -> Aimed:
        """Read a portion and say which record each row means; call it in the transaction that stores it.

        Imports into one list take turns: what one of them created, the next one finds.
        """
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [LOCK_SPACE, self.resource.kind])
        tally.read += len(portion)
        rows, repeated = self._aimed(self._converted(portion, tally), tally)
        new = [row for row in rows if row.target is None]
        known = [row for row in rows if row.target is not None]
        return Aimed(new, known, repeated)

    def store(self, aimed: Aimed, tally: Tally) -> set[int]:
        """Store what was aimed as far as it may be; return the numbers of the rows that became new records."""
        made, stood = self._create(aimed.new, tally), self._update(aimed.known, tally)
        for row in (*made, *stood):
            if self.run.key and row.values.get(self.run.key):
                self.seen[str(row.values[self.run.key])] = row.target
        if self.related is not None:
            for row in aimed.repeated:
                row.target = self._parent(row)
            hanging = [(row.number, row.cells, row.target) for row in (*made, *stood, *aimed.repeated)]
            self.related.take([(n, cells, on) for n, cells, on in hanging if on is not None], tally)
        return {row.number for row in made}

    def forget_stored(self) -> None:
        """Forget where rows were stored, since a check took them back."""
        self.seen = dict.fromkeys(self.seen)

    def _parent(self, row: _Row) -> int | None:
        key = self.run.key
        text = str(row.values[key])
        if self.seen.get(text) is None:
            rows = visible(self.resource.model, self.actor).order_by().filter(**{key: row.values[key]})
            self.seen[text] = rows.values_list("pk", flat=True).first()
        return self.seen[text]

    def _converted(self, portion: Sequence[Numbered], tally: Tally) -> list[_Row]:
        for column, converter in self.converters.items():
            converter.prepare(row[column] for _number, row in portion)
        found = []
        for number, row in portion:
            values, problems = {}, []
            for column, converter in self.converters.items():
                cell = row[column]
                if cell is None:
                    continue
                try:
                    value = converter(cell)
                except Unfit as error:
                    problems.append(Problem(number, self.header[column], str(error)))
                    if converter.translatable:
                        self._unknown(converter.attribute.name, cell)
                    continue
                if value is not LEFT_OUT:
                    values[converter.name] = value
            if problems:
                tally.refuse(problems)
            else:
                self._doubt(number, values, tally)
                found.append(_Row(number, values, row))
        return found

    def _doubt(self, number: int, values: dict[str, Any], tally: Tally) -> None:
        """Tell of values that are stored although they look wrong."""
        for name, doubtful in self.resource.model.DOUBTS.items():
            sentence = doubtful(values[name]) if values.get(name) else ""
            if sentence:
                tally.doubt(Problem(number, str(self.resource.attributes[name].label), sentence))

    def _unknown(self, name: str, cell: Cell) -> None:
        known = self.unknown.setdefault(name, Counter())
        text = str(cell).strip()
        if text in known or len(known) < MOST_UNKNOWN:
            known[text] += 1

    def _aimed(self, rows: list[_Row], tally: Tally) -> tuple[list[_Row], list[_Row]]:
        """Say of each row which record it updates; refuse a key that comes twice, and what the mode leaves out.

        Second are rows that only bring a further related record of a row before them.
        """
        key = self.run.key
        if not key:
            return self._fitting(rows, tally), []
        stored = self._stored({str(row.values[key]) for row in rows if row.values.get(key)})
        title, once, repeated = str(self.resource.attributes[key].label), [], []
        for row in rows:
            text = str(row.values.get(key) or "")
            targets = stored.get(text, [])
            if text and text in self.seen and self.related is not None:
                tally.unchanged += 1
                repeated.append(row)
                continue
            if text and text in self.seen:
                sentence = _("“%(value)s” stands in an earlier row of the file.") % {"value": text}
            elif len(targets) > 1:
                sentence = _("Several records have “%(value)s”; merge them first.") % {"value": text}
            else:
                if text:
                    self.seen[text] = None
                row.target = targets[0] if targets else None
                once.append(row)
                continue
            tally.refuse([Problem(row.number, title, sentence)])
        return self._fitting(once, tally), repeated

    def _stored(self, texts: set[str]) -> dict[str, list[int]]:
        key = self.run.key
        standing = visible(self.resource.model, self.actor).order_by().filter(**{f"{key}__in": texts})
        stored: dict[str, list[int]] = {}
        for number, value in standing.values_list("pk", key):
            stored.setdefault(str(value), []).append(number)
        return stored

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

    def _create(self, rows: list[_Row], tally: Tally) -> list[_Row]:
        if not rows:
            return []
        outcome = added(self.resource, [row.values for row in rows], actor=self.actor)
        tally.created += len(outcome.written)
        for place, sentence in outcome.refused.items():
            tally.refuse([Problem(rows[place].number, "", sentence)])
        made = [row for place, row in enumerate(rows) if place not in outcome.refused]
        for row, number in zip(made, outcome.written, strict=True):
            row.target = number
        return made

    def _update(self, rows: list[_Row], tally: Tally) -> list[_Row]:
        if not rows:
            return []
        edits = {row.target: row.values for row in rows if row.target is not None}
        outcome = apply_edits(self.resource, edits, actor=self.actor)
        numbers = {row.target: row.number for row in rows}
        tally.updated += len(outcome.written)
        tally.unchanged += len(outcome.unchanged)
        for target, sentence in outcome.refused.items():
            tally.refuse([Problem(numbers[target], "", sentence)])
        return [row for row in rows if row.target not in outcome.refused]
