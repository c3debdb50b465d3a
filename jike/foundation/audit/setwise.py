"""The gate for many rows: the same steps as for one, each done once for all.

Shape is checked in Python, each distinct value once (`judging`), rights before and after in Python from owner and unit,
uniqueness and references by the database: when a constraint refuses the set, the rows it refuses are found by halving,
reported one by one, and the rest is stored.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from jike.foundation.audit.bulk_sql import insert_rows, lock_rows, update_rows
from jike.foundation.audit.encoding import Difference, filled, withheld
from jike.foundation.audit.gate import Under, constraint_sentence, may_write
from jike.foundation.audit.judging import Allowance, Placement, Shape, Values, allowance, columns_needed
from jike.foundation.audit.stream import Written, record_changes
from jike.foundation.matching.keeping import add_keys, keep_keys, matched_fields
from jike.foundation.models.record import Record
from jike.foundation.scope.actor import Actor
from jike.foundation.scope.reading import require
from jike.foundation.search.keeping import begin_entries, keep
from jike.foundation.search.kinds import watched
from jike.values.identifiers import uid7

__all__ = ["Outcome", "changing_many", "creating_many"]

PIECE = 5_000


@dataclass
class Outcome:
    """What became of each row: every row given is in exactly one of the three."""

    written: list[int] = field(default_factory=list)
    """Ids of the rows stored."""
    unchanged: list[int] = field(default_factory=list)
    """Ids of the rows that already were as wanted."""
    refused: dict[int, str] = field(default_factory=dict)
    """Row id (for new rows: position in the input) → sentence."""


class _Edited(NamedTuple):
    """A stored row on its way through the gate."""

    place: int
    uid: UUID
    version: int
    changed: Difference


class _New(NamedTuple):
    """A new row on its way through the gate."""

    place: int
    uid: UUID
    values: Values


def changing_many(
    model: type[Record],
    edits: Mapping[int, Values],
    *,
    actor: Actor,
    verb: str = "change",
    permit: str | None = None,
    permits: Mapping[str, str] | None = None,
    versions: Mapping[int, int] | None = None,
    under: Under | None = None,
) -> Outcome:
    """Edit many rows of ``model`` in one transaction, set-wise.

    Parameters
    ----------
    edits
        Row id → {attribute name: new value}; foreign keys by their ``_id`` attribute.
    permits
        Attribute name → the action whose right setting it needs instead of ``permit``; an edit needs all of its own.
    versions
        Row id → the version its editor saw; rows that moved on are refused.
    under
        The one row whose rights count instead of each row's own; raises `Refused` where they are missing.

    Returns
    -------
    Outcome
        Refusals do not stop the other rows.
    """
    may_write(actor)
    outcome = Outcome()
    special = permits or {}
    names = {special.get(name, "") for values in edits.values() for name in values} or {""}
    allowed = {one: _allowed(model, actor, one or permit or verb, under=under) for one in sorted(names)}
    judge = _Judge(model, edits, rights=_Rights(special, allowed), versions=versions)
    followed = watched(model) | matched_fields(model)
    concerned: list[int] = []
    touched: set[str] = set()
    with transaction.atomic():
        for some in _pieces(sorted(edits)):
            pending = judge.edited(some, outcome)
            _store(model, pending, outcome, write=lambda rows: _update(model, rows, actor, verb=verb))
            for row in pending:
                if not followed.isdisjoint(row.changed):
                    concerned.append(row.place)
                    touched.update(row.changed)
        _follow(model, concerned, touched, actor=actor)
    return outcome


def _follow(model: type[Record], ids: Sequence[int], changed: set[str], *, actor: Actor) -> None:
    """Bring search entries and keys up to date; what was only tried is taken back instead."""
    if actor.trial:
        transaction.set_rollback(True)
        return
    keep(model, ids, changed)
    keep_keys(model, ids, changed)


def _pieces(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    """Cut into pieces, so that little is held in memory at a time; rows are locked in the order of their ids."""
    for begin in range(0, len(ids), PIECE):
        yield ids[begin : begin + PIECE]


@dataclass(frozen=True)
class _Rights:
    """What the edits need: attribute name → action ("" where not named), and what refuses each action."""

    permits: Mapping[str, str]
    allowed: Mapping[str, Allowance | None]

    def refusing(self, edit: Values) -> list[Allowance]:
        """Return what may refuse an edit of these attributes."""
        asked = {self.permits.get(name, "") for name in edit} or set(self.allowed)
        return [one for action in sorted(asked) if (one := self.allowed[action]) is not None]


class _Judge:
    """Says of each edit what it would change and what speaks against it."""

    def __init__(
        self,
        model: type[Record],
        edits: Mapping[int, Values],
        *,
        rights: _Rights,
        versions: Mapping[int, int] | None,
    ) -> None:
        self.model, self.edits, self.rights, self.versions = model, edits, rights, versions
        self.columns = columns_needed(model, edits.values())
        judged = edits.values() if any(rights.allowed.values()) else ()
        self.shape, self.placement = Shape(model), Placement(model, judged)

    def edited(self, some: Sequence[int], outcome: Outcome) -> list[_Edited]:
        """Lock these rows and return those to be written; the others go into ``outcome``."""
        stored = lock_rows(self.model, some, self.columns)
        pending = []
        for place in some:
            row = stored.get(place)
            changed, problem = (
                ({}, _("This record is no longer there.")) if row is None else self._judged(place, row)
            )
            if problem:
                outcome.refused[place] = problem
            elif row is not None and changed:
                pending.append(_Edited(place, row["uid"], row["version"] + 1, changed))
            else:
                outcome.unchanged.append(place)
        return pending

    def _judged(self, place: int, row: Values) -> tuple[Difference, str]:
        if self.versions is not None and self.versions.get(place) != row["version"]:
            return {}, _("Somebody saved this record while you were editing it.")
        after = self.shape.completed(self.edits[place], row)
        changed = {name: (row[name], value) for name, value in after.items() if row[name] != value}
        return changed, self._forbidden(place, row, changed) or self.shape.problem(after)

    def _forbidden(self, place: int, row: Values, changed: Difference) -> str:
        """Rights are asked for the row as it stands and, where it moves, as it would stand."""
        refusing = self.rights.refusing(self.edits[place])
        refusal = next((said for one in refusing if (said := one(row))), "")
        if refusal or not refusing or not self.placement.moves(changed):
            return refusal
        after = self.placement.of({**row, **{name: new for name, (_old, new) in changed.items()}})
        return next((said for one in refusing if (said := one(after))), "")


def creating_many(
    model: type[Record],
    rows: Sequence[Values],
    *,
    actor: Actor,
    verb: str = "add",
    permit: str | None = None,
    under: Under | None = None,
) -> Outcome:
    """Create many rows set-wise; ``Outcome.written`` holds the new ids, ``refused`` positions in ``rows``.

    With ``under`` the rights upon that one row count for all of them, and raise `Refused` where they are missing.
    """
    may_write(actor)
    outcome = Outcome()
    shape, placement = Shape(model), Placement(model, rows)
    allowed = _allowed(model, actor, permit or verb, under=under)
    pending = []
    with transaction.atomic():
        for place, given in enumerate(rows):
            completed = shape.begun(given)
            problem = shape.problem(completed) or shape.missing(given)
            values = {**shape.defaults, **completed}
            if not problem and allowed is not None:
                problem = allowed(placement.of(values))
            if problem:
                outcome.refused[place] = problem
            else:
                pending.append(_New(place, uid7(), values))
        _store(model, pending, outcome, write=lambda some: _insert(model, some, actor, verb=verb))
        if actor.trial:
            transaction.set_rollback(True)
    return outcome


def _allowed(model: type[Record], actor: Actor, action: str, *, under: Under | None) -> Allowance | None:
    if under is None:
        return allowance(model, actor, action)
    require(actor, under.action, under.record)
    return None


def _store(
    model: type[Record],
    rows: Sequence[Any],
    outcome: Outcome,
    *,
    write: Callable[[Any], list[int]],
) -> None:
    """Write the set; where the database refuses it, halve until the refused rows stand alone."""
    if not rows:
        return
    try:
        with transaction.atomic():
            written = write(rows)
            _check_references()
        outcome.written += written
    except IntegrityError as error:
        if len(rows) == 1:
            outcome.refused[rows[0].place] = constraint_sentence(model, error)
            return
        middle = len(rows) // 2
        _store(model, rows[:middle], outcome, write=write)
        _store(model, rows[middle:], outcome, write=write)


def _check_references() -> None:
    """Have deferred constraints (foreign keys) judged now, while the rows they refuse can still be told apart."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def _update(model: type[Record], rows: Sequence[_Edited], actor: Actor, *, verb: str) -> list[int]:
    update_rows(model, [(row.place, row.changed) for row in rows])
    if actor.trial:
        return [row.place for row in rows]
    kind, secret = model.kind(), model.UNRECORDED
    record_changes(
        [Written(kind, row.uid, row.version, withheld(row.changed, secret)) for row in rows],
        actor=actor,
        verb=verb,
    )
    return [row.place for row in rows]


def _insert(model: type[Record], rows: Sequence[_New], actor: Actor, *, verb: str) -> list[int]:
    ids = insert_rows(model, [{**row.values, "uid": row.uid, "version": 1} for row in rows])
    if actor.trial:
        return ids
    store_entries = begin_entries(model, ids)
    kind, secret = model.kind(), model.UNRECORDED
    record_changes(
        [Written(kind, row.uid, 1, withheld(filled(row.values), secret)) for row in rows],
        actor=actor,
        verb=verb,
    )
    store_entries()
    add_keys(model, ids, [row.values for row in rows])
    return ids
