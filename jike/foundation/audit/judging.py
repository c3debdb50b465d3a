"""What the set-wise gate asks of each row: its values' shape, and whether the actor may touch it before and after.

Everything that is the same for many rows is found out once: a field's own ``clean`` runs once for each distinct value,
rights become a function of the row's values, owners and units across foreign keys are read with one query per path.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator, ProhibitNullCharactersValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _

from jike.foundation.audit.bounds import Bounds, bounds_of
from jike.foundation.entering import valid_line
from jike.foundation.models.record import Derived, Record
from jike.foundation.models.share import Share
from jike.foundation.scope.actor import Actor, Reach
from jike.foundation.scope.reading import permission_name, sharable, share_place
from jike.values.text import is_ordinary

__all__ = ["Allowance", "Placement", "Shape", "Values", "allowance", "columns_needed", "scope_paths"]

Values = Mapping[str, Any]
Allowance = Callable[[Values], str]
"""Takes a row's values; returns why it may not be touched, or nothing."""


class Shape:
    """Checks values against the model's fields, each distinct value of a field once, and fills derived fields."""

    def __init__(self, model: type[Record]) -> None:
        self.model = model
        self.fields: dict[str, models.Field] = {f.attname: f for f in model._meta.concrete_fields}
        self.seen: dict[str, dict[Any, str]] = {name: {} for name in self.fields}
        self.rules: dict[tuple[str, ...], dict[str, Derived]] = {}

    def completed(self, edit: Values, row: Values) -> Values:
        """Return ``edit`` with the derived fields whose source it touches; other sources come from ``row``."""
        names = tuple(edit)
        rules = self.rules.get(names)
        if rules is None:
            rules = self.rules[names] = {
                name: rule
                for name, rule in self.model.DERIVED.items()
                if not edit.keys().isdisjoint(rule.sources)
            }
        return _derived(rules, edit, row) if rules else edit

    def begun(self, given: Values) -> Values:
        """Return a new row's given values with all derived fields, as if its defaults had been given too."""
        return _derived(self.model.DERIVED, given, self.defaults)

    def problem(self, values: Values) -> str:
        """Return what is wrong with the first value of a shape that its field refuses, or nothing."""
        for name, value in values.items():
            if type(value) is str:
                if self._plainly_fits(name, value):
                    continue
            elif name in self.bounds and self.bounds[name].hold(value):
                continue
            seen = self.seen.get(name)
            if seen is None:
                raise LookupError(f"{self.model.kind()} has no column {name!r}")
            # Equal values of two types may differ in shape (Decimal 1 and 1.000 in their places).
            key = value if type(value) is str else (type(value), str(value))
            found = seen.get(key)
            if found is None:
                found = seen[key] = self._sentence(self.fields[name], value)
            if found:
                return found
        return ""

    def _plainly_fits(self, name: str, text: str) -> bool:
        """Whether the field takes the text as far as one can tell without running its validators."""
        if not text:
            return name in self.blank
        if len(text) > self.lengths.get(name, 0):
            return False
        return is_ordinary(text) or (name in self.computed and "\0" not in text)

    @cached_property
    def computed(self) -> frozenset[str]:
        """The fields that only `DERIVED` fills, and that take any text of their length."""
        free = {name for name in self.lengths if valid_line not in self.fields[name].validators}
        return frozenset(name for name in free & self.model.DERIVED.keys() if not self.fields[name].editable)

    @cached_property
    def lengths(self) -> Mapping[str, int]:
        """Attribute name → longest text, of the fields that take any text of usual characters."""
        return {
            name: one.max_length or 0
            for name, one in self.fields.items()
            if type(one) is models.CharField and not one.choices and all(map(_about_text, one.validators))
        }

    @cached_property
    def blank(self) -> frozenset[str]:
        """The fields of text that take an empty one."""
        texts = models.CharField | models.TextField
        return frozenset(name for name, one in self.fields.items() if isinstance(one, texts) and one.blank)

    @cached_property
    def bounds(self) -> Mapping[str, Bounds]:
        """Attribute name → which numbers it takes, of the fields that ask for no more."""
        found = {name: bounds_of(one) for name, one in self.fields.items()}
        return {name: one for name, one in found.items() if one is not None}

    @staticmethod
    def _sentence(one: models.Field, value: Any) -> str:
        """Whether a referred row exists is left to the database, which knows without being asked per value."""
        if value is None and one.null:
            return ""
        if one.is_relation:
            return "" if value is not None else _needed(one)
        try:
            one.clean(value, None)
        except ValidationError as error:
            return f"{one.verbose_name}: {' '.join(error.messages)}"
        return ""

    def missing(self, given: Values) -> str:
        """Return which value a new row lacks, or nothing."""
        for one in self.required:
            derived = self.model.DERIVED.get(one.attname)
            if one.attname not in given and (derived is None or one.attname in derived.sources):
                return _needed(one)
        return ""

    @cached_property
    def required(self) -> list[models.Field]:
        """The fields that a new row must give."""
        return [f for f in self.fields.values() if _is_required(f)]

    @cached_property
    def defaults(self) -> dict[str, Any]:
        """Return what Django fills in; columns that the database fills are left out."""
        values = {
            name: one.get_default()
            for name, one in self.fields.items()
            if name not in ("id", "uid") and not one.has_db_default()
        }
        return {name: value for name, value in values.items() if value is not None}


def _about_text(validator: Any) -> bool:
    """Whether a validator refuses only unusual characters, or too many."""
    return validator is valid_line or isinstance(
        validator, MaxLengthValidator | ProhibitNullCharactersValidator
    )


def _derived(rules: Mapping[str, Derived], edit: Values, row: Values) -> Values:
    source = {**row, **edit}
    derived: dict[str, Any] = {}
    for name, rule in rules.items():
        first = rule.source
        if first == name and not source.get(name):
            continue  # not given, or empty: there is nothing to make plain
        if isinstance(first, str):
            derived[name] = rule.compute(derived[first] if first in derived else source.get(first))
        else:
            derived[name] = rule.compute(*[derived.get(s, source.get(s)) for s in first])
    return {**edit, **derived}


def _needed(one: models.Field) -> str:
    return _("%(name)s: a value is needed.") % {"name": one.verbose_name}


def _is_required(one: models.Field) -> bool:
    filled = one.has_default() or one.null or one.blank or one.has_db_default()
    return not one.primary_key and not filled


def columns_needed(model: type[Record], edits: Iterable[Values]) -> tuple[str, ...]:
    """Return the columns that judging these edits needs of the stored rows."""
    names = dict.fromkeys(name for edit in edits for name in edit)
    touched = {n: rule for n, rule in model.DERIVED.items() if not names.keys().isdisjoint(rule.sources)}
    sources = [source for rule in touched.values() for source in rule.sources]
    return tuple(dict.fromkeys([*names, *touched, *sources, *scope_paths(model)]))


def scope_paths(model: type[Record]) -> tuple[str, ...]:
    """Return the paths at which a row's owner, unit and shares are found."""
    return (*model.SCOPE.values(), share_place(model)[0])


def allowance(model: type[Record], actor: Actor, action: str) -> Allowance | None:
    """Return the function that says why ``actor`` may not do ``action`` to a row; None where all rows are allowed."""
    reach: Reach = actor.reach(permission_name(model, action))
    if reach.everything:
        return None
    own, unit = model.SCOPE.get("own", ""), model.SCOPE.get("unit", "")
    place, kind = share_place(model)
    shared: set[Any] = set()
    if sharable(actor, model, action):
        mine = Share.objects.filter(Q(person=actor.uid), about_kind=kind, removed_at=None, may_change=True)
        shared = set(mine.values_list("about_uid", flat=True))

    def refusal(row: Values) -> str:
        if reach.covers(owner=row.get(own), unit=row.get(unit)) or row.get(place) in shared:
            return ""
        return _("You may not do this to this record.")

    return refusal


class Placement:
    """Adds to a row's values the owner and unit that SCOPE finds across foreign keys, one query per path."""

    def __init__(self, model: type[Record], rows: Iterable[Values]) -> None:
        given = list(rows)
        self.columns = {
            path.partition("__")[0] + ("_id" if "__" in path else "") for path in scope_paths(model)
        }
        self.parents: dict[str, tuple[str, dict[int, Any]]] = {}
        for path in scope_paths(model):
            first, crossing, rest = path.partition("__")
            if crossing:
                key = f"{first}_id"
                parent: Any = model._meta.get_field(first).related_model
                ids = {values[key] for values in given if values.get(key) is not None}
                found = parent._default_manager.filter(pk__in=ids).values_list("pk", rest)
                self.parents[path] = (key, dict(found))

    def moves(self, changed: Iterable[str]) -> bool:
        """Whether a change of these columns can put a row under another owner or unit."""
        return not self.columns.isdisjoint(changed)

    def of(self, values: Values) -> Values:
        """Return the values with owner and unit as they are where the foreign keys now lead."""
        places = {
            path: known[values[key]]
            for path, (key, known) in self.parents.items()
            if values.get(key) in known
        }
        return {**values, **places}
