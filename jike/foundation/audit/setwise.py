"""The gate for many rows: the same steps as for one, each done once for all.

Shape is checked in Python (a field's own ``clean``, each distinct value once), rights before and after in Python from
owner and unit, uniqueness by the database: when a constraint refuses the set, the rows it refuses are found by halving,
reported one by one, and the rest is stored.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from jike.foundation.audit.bulk_sql import insert_rows, lock_rows, update_rows
from jike.foundation.audit.encoding import difference
from jike.foundation.audit.gate import Under, constraint_sentence, may_write
from jike.foundation.audit.stream import Written, record_changes
from jike.foundation.models.record import Record
from jike.foundation.models.share import Share
from jike.foundation.scope.actor import Actor, Reach
from jike.foundation.scope.reading import permission_name, require, sharable, share_place
from jike.foundation.search.keeping import keep
from jike.foundation.search.kinds import watched
from jike.values.identifiers import uid7

__all__ = ["Outcome", "changing_many", "creating_many"]

Values = dict[str, Any]


@dataclass
class Outcome:
    """What became of each row: every row given is in exactly one of the three."""

    written: list[int] = field(default_factory=list)
    """Ids of the rows stored."""
    unchanged: list[int] = field(default_factory=list)
    """Ids of the rows that already were as wanted."""
    refused: dict[int, str] = field(default_factory=dict)
    """Row id (for new rows: position in the input) → sentence."""


@dataclass
class _Pending:
    """One row on its way through the gate."""

    place: int
    before: Values
    after: Values

    @property
    def values(self) -> Values:
        return self.before | self.after


def changing_many(
    model: type[Record],
    edits: Mapping[int, Values],
    *,
    actor: Actor,
    verb: str = "change",
    permit: str | None = None,
    versions: Mapping[int, int] | None = None,
    under: Under | None = None,
) -> Outcome:
    """Edit many rows of ``model`` in one transaction, set-wise.

    Parameters
    ----------
    edits
        Row id → {attribute name: new value}; foreign keys by their ``_id`` attribute.
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
    names = _columns(model, edits.values())
    allowed = _allowance(model, actor, permit or verb) if under is None else _beneath(actor, under)
    with transaction.atomic():
        stored = lock_rows(model, edits, names, extra=_scope_paths(model))
        shape, placement = _Shape(model), _Placement(model, edits.values())
        pending = []
        for place, edit in edits.items():
            row = stored.get(place, {})
            problem = _absent(row) or _stale(row, place, versions) or allowed(row) or shape.problem(edit)
            if problem:
                outcome.refused[place] = problem
                continue
            after = shape.completed(row | edit, edit)
            changed = {n: v for n, v in after.items() if row.get(n) != v}
            moved = allowed(placement.of(row | changed)) if changed else ""
            if moved:
                outcome.refused[place] = moved
            elif changed:
                pending.append(_Pending(place, row, changed))
            else:
                outcome.unchanged.append(place)
        _store(model, pending, outcome, write=lambda rows: _update(model, rows, actor, verb=verb))
    return outcome


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
    shape, placement = _Shape(model), _Placement(model, rows)
    allowed = _allowance(model, actor, permit or verb) if under is None else _beneath(actor, under)
    pending = []
    with transaction.atomic():
        for place, given in enumerate(rows):
            problem = shape.problem(given) or shape.missing(given)
            values = {} if problem else shape.completed(shape.defaults() | given, given)
            problem = problem or allowed(placement.of(values))
            if problem:
                outcome.refused[place] = problem
            else:
                pending.append(_Pending(place, {}, values))
        _store(model, pending, outcome, write=lambda some: _insert(model, some, actor, verb=verb))
    return outcome


def _beneath(actor: Actor, under: Under) -> Callable[[Values], str]:
    require(actor, under.action, under.record)
    return lambda row: ""


class _Shape:
    """Checks values against the model's fields; each distinct value of a field is cleaned once."""

    def __init__(self, model: type[Record]) -> None:
        self.model = model
        self.fields: dict[str, models.Field] = {f.attname: f for f in model._meta.concrete_fields}
        self.seen: dict[tuple[str, Any], str] = {}
        self.required = [f.attname for f in model._meta.concrete_fields if _is_required(f)]

    def problem(self, edit: Values) -> str:
        for name, value in edit.items():
            found = self._check(name, value)
            if found:
                return found
        return ""

    def _check(self, name: str, value: Any) -> str:
        if isinstance(value, list | dict):
            return self._sentence(name, value)
        known = self.seen.get((name, value))
        if known is None:
            known = self.seen[name, value] = self._sentence(name, value)
        return known

    def _sentence(self, name: str, value: Any) -> str:
        one = self.fields.get(name)
        if one is None:
            raise LookupError(f"{self.model.kind()} has no column {name!r}")
        if value is None and one.null:
            return ""
        try:
            if one.is_relation:
                return (
                    ""
                    if value is not None
                    else str(_("%(name)s: a value is needed.") % {"name": one.verbose_name})
                )
            one.clean(value, None)
        except ValidationError as error:
            return f"{one.verbose_name}: {' '.join(error.messages)}"
        return ""

    def missing(self, given: Values) -> str:
        for name in self.required:
            derived = self.model.DERIVED.get(name)
            if name not in given and (derived is None or name in derived.sources):
                return _("%(name)s: a value is needed.") % {"name": self.fields[name].verbose_name}
        return ""

    def defaults(self) -> Values:
        """Return what Django fills in; columns that the database fills are left out."""
        values = {
            name: one.get_default()
            for name, one in self.fields.items()
            if name not in ("id", "uid") and not one.has_db_default()
        }
        return {name: value for name, value in values.items() if value is not None}

    def completed(self, row: Values, edit: Values) -> Values:
        """Return ``edit`` (of a new row: all values) with the derived fields whose source it touches."""
        derived: Values = {}
        for name, rule in self.model.DERIVED.items():
            if not edit.keys().isdisjoint(rule.sources):
                derived[name] = rule.compute(*[derived.get(s, row.get(s)) for s in rule.sources])
        return (edit if "id" in row else row) | derived


def _is_required(one: models.Field) -> bool:
    filled = one.has_default() or one.null or one.blank or one.has_db_default()
    return not one.primary_key and not filled


def _columns(model: type[Record], edits: Iterable[Values]) -> tuple[str, ...]:
    names = dict.fromkeys(name for edit in edits for name in edit)
    derived = [n for n, rule in model.DERIVED.items() if not names.keys().isdisjoint(rule.sources)]
    return tuple(
        dict.fromkeys([*names, *derived, *(s for rule in model.DERIVED.values() for s in rule.sources)])
    )


def _scope_paths(model: type[Record]) -> tuple[str, ...]:
    return (*model.SCOPE.values(), share_place(model)[0])


def _allowance(model: type[Record], actor: Actor, action: str) -> Callable[[Values], str]:
    """Return a function that says why ``actor`` may not do ``action`` to a row with these values, or nothing."""
    permission = permission_name(model, action)
    reach: Reach = actor.reach(permission)
    own, unit = model.SCOPE.get("own", ""), model.SCOPE.get("unit", "")
    place, kind = share_place(model)
    shared = set()
    if not reach.everything and sharable(actor, model, action):
        mine = Share.objects.filter(Q(person=actor.uid), about_kind=kind, removed_at=None, may_change=True)
        shared = set(mine.values_list("about_uid", flat=True))

    def refusal(row: Values) -> str:
        if reach.covers(owner=row.get(own), unit=row.get(unit)) or row.get(place) in shared:
            return ""
        return _("You may not do this to this record.")

    return refusal


class _Placement:
    """Adds to a row's values the owner and unit that SCOPE finds across foreign keys, one query per path."""

    def __init__(self, model: type[Record], rows: Iterable[Values]) -> None:
        given = list(rows)
        self.parents: dict[str, tuple[str, dict[int, Any]]] = {}
        for path in _scope_paths(model):
            first, crossing, rest = path.partition("__")
            if crossing:
                key = f"{first}_id"
                parent: Any = model._meta.get_field(first).related_model
                ids = {values[key] for values in given if values.get(key) is not None}
                found = parent._default_manager.filter(pk__in=ids).values_list("pk", rest)
                self.parents[path] = (key, dict(found))

    def of(self, values: Values) -> Values:
        places = {
            path: known[values[key]]
            for path, (key, known) in self.parents.items()
            if values.get(key) in known
        }
        return values | places


def _absent(row: Values) -> str:
    return "" if row else str(_("This record is no longer there."))


def _stale(row: Values, place: int, versions: Mapping[int, int] | None) -> str:
    if versions is None or versions.get(place) == row["version"]:
        return ""
    return _("Somebody saved this record while you were editing it.")


def _store(
    model: type[Record],
    rows: list[_Pending],
    outcome: Outcome,
    *,
    write: Callable[[list[_Pending]], list[int]],
) -> None:
    """Write the set; where the database refuses it, halve until the refused rows stand alone."""
    if not rows:
        return
    try:
        with transaction.atomic():
            outcome.written += write(rows)
    except IntegrityError as error:
        if len(rows) == 1:
            outcome.refused[rows[0].place] = constraint_sentence(model, error)
            return
        middle = len(rows) // 2
        _store(model, rows[:middle], outcome, write=write)
        _store(model, rows[middle:], outcome, write=write)


def _update(model: type[Record], rows: list[_Pending], actor: Actor, *, verb: str) -> list[int]:
    update_rows(model, [(row.place, row.after) for row in rows])
    record_changes([_written(model, row, row.before["version"] + 1) for row in rows], actor=actor, verb=verb)
    _keep_found(model, rows)
    return [row.place for row in rows]


def _keep_found(model: type[Record], rows: list[_Pending]) -> None:
    """Let the search index follow: only the rows whose searched, shown or placing fields changed."""
    names = watched(model)
    concerned = [row for row in rows if not names.isdisjoint(row.after)] if names else []
    keep(model, [row.place for row in concerned], {name for row in concerned for name in row.after})


def _insert(model: type[Record], rows: list[_Pending], actor: Actor, *, verb: str) -> list[int]:
    for row in rows:
        row.before = {"uid": uid7()}
    ids = insert_rows(model, [{**row.after, "uid": row.before["uid"], "version": 1} for row in rows])
    record_changes([_written(model, row, 1) for row in rows], actor=actor, verb=verb)
    keep(model, ids)
    return ids


def _written(model: type[Record], row: _Pending, version: int) -> Written:
    after = (
        row.after if "version" in row.before else {n: v for n, v in row.after.items() if v not in (None, "")}
    )
    skip = {"version", "removed_at"} if "version" not in row.before else {"version"}
    after = {name: value for name, value in after.items() if name not in skip}
    return Written(model.kind(), row.before["uid"], version, difference(model, row.before, after))
