"""Related records in the same file: a customer's row that also names a key person.

A column fills a related field when it is mapped to ``slug:field``. Related are the Resources whose import key holds a
reference to the list's own records; they are recognised by the rest of that key beneath the record of their row.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from jike.foundation.audit import Outcome
from jike.foundation.customising import customised
from jike.foundation.exchange.adding import added
from jike.foundation.exchange.converting import LEFT_OUT, Converter, Unfit
from jike.foundation.exchange.headings import HEADINGS
from jike.foundation.exchange.mapping import importable, plain_title
from jike.foundation.exchange.refusals import Problem
from jike.foundation.exchange.tables import Cell
from jike.foundation.exchange.tallying import Tally
from jike.foundation.models import ImportRun
from jike.foundation.resource.attributes import Attribute
from jike.foundation.resource.bulk import apply_edits
from jike.foundation.resource.declaration import Resource
from jike.foundation.resource.registry import all_resources
from jike.foundation.scope import Actor, visible

__all__ = ["MARK", "Related", "key_missing", "proposed_beside", "related_fields", "related_resources"]

MARK = ":"
Mode = ImportRun.Mode
Key = tuple[Any, ...]


def related_resources(resource: Resource, actor: Actor) -> list[tuple[Resource, str]]:
    """Return the Resources whose records hang on this one's and may be added, with the field by which they do.

    They are completed with their custom fields.
    """
    found = []
    for one in all_resources().values():
        links = [name for name in one.key if one.attributes[name].refers_to is resource.model]
        if one.kind != resource.kind and links and len(one.key) > 1 and actor.holds(f"{one.kind}:add"):
            found.append((customised(one), links[0]))
    return found


def related_fields(resource: Resource, actor: Actor) -> list[tuple[str, Resource, Attribute]]:
    """Return (name in a mapping, Resource, field) of everything beside that a file may fill."""
    return [
        (f"{one.slug}{MARK}{field.name}", one, field)
        for one, link in related_resources(resource, actor)
        for field in importable(one, actor)
        if field.name != link
    ]


def proposed_beside(
    fields: Sequence[tuple[str, Resource, Attribute]], header: Sequence[Cell], *, known: Mapping[str, str]
) -> dict[int, str]:
    """Return column → related field where the heading was chosen so before, or names kind and field (关键人姓名)."""
    named: dict[str, str] = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            for name, one, field in fields:
                for heading in (str(field.label), *HEADINGS.get(field.name, ())):
                    named.setdefault(plain_title(f"{one.label}{heading}"), name)
    names = {name for name, _one, _field in fields}
    found: dict[int, str] = {}
    for column, title in enumerate(header):
        text = plain_title(title)
        filled = known[text] if known.get(text) in names else named.get(text)
        if text and filled and filled not in found.values():
            found[column] = filled
    return found


def key_missing(resource: Resource, actor: Actor, names: Iterable[str]) -> str:
    """Return which column related records lack to be recognised by, as a sentence; "" when they lack none."""
    given = set(names)
    slugs = {name.partition(MARK)[0] for name in given if MARK in name}
    if len(slugs) > 1:
        return _("One file brings one kind of related records; leave out the columns of the others.")
    for one, link in related_resources(resource, actor):
        for name in one.key:
            if one.slug in slugs and name != link and f"{one.slug}{MARK}{name}" not in given:
                words = {"kind": one.label, "field": one.attributes[name].label}
                return _("Say which column fills “%(kind)s: %(field)s”; they are recognised by it.") % words
    return ""


@dataclass
class _Beside:
    """A related record on its way."""

    number: int
    key: Key
    values: dict[str, Any]


class Related:
    """The related part of one run: converts, finds, creates and updates beneath the records of the rows."""

    def __init__(self, resource: Resource, link: str, *, mode: str, actor: Actor) -> None:
        self.resource, self.link, self.mode, self.actor = resource, link, mode, actor
        self.keys = [name for name in resource.key if name != link]
        self.converters: dict[int, Converter] = {}
        self.header: Sequence[str] = ()
        self.seen: set[Key] = set()

    @classmethod
    def of(
        cls, run: ImportRun, resource: Resource, *, header: Sequence[str], actor: Actor
    ) -> "Related | None":
        """Return the related part that the run's columns name; None where they name none."""
        for one, link in related_resources(resource, actor):
            fields = {field.name: field for field in importable(one, actor)}
            named = {
                int(c): n.partition(MARK)[2]
                for c, n in run.columns.items()
                if n.startswith(f"{one.slug}{MARK}")
            }
            if named:
                found = cls(one, link, mode=run.mode, actor=actor)
                found.header = header
                found.converters = {
                    column: Converter(
                        fields[name], actor, translated=run.values.get(f"{one.slug}{MARK}{name}")
                    )
                    for column, name in named.items()
                    if name in fields
                }
                return found
        return None

    def take(self, rows: Sequence[tuple[int, Sequence[Cell], int]], tally: Tally) -> None:
        """Store what the rows (number, cells, id of the record they hang on) bring beside it."""
        for column, converter in self.converters.items():
            converter.prepare(cells[column] for _number, cells, _parent in rows)
        found = [one for row in rows if (one := self._converted(row, tally)) is not None]
        standing = self._standing({one.key[0] for one in found})
        create = [one for one in found if one.key not in standing and self.mode != Mode.UPDATE]
        update = [one for one in found if one.key in standing and self.mode != Mode.CREATE]
        made = added(self.resource, [one.values for one in create], actor=self.actor) if create else Outcome()
        edits = {standing[one.key]: one.values for one in update}
        edited = apply_edits(self.resource, edits, actor=self.actor) if edits else Outcome()
        numbers = {standing[one.key]: one.number for one in update}
        tally.related["created"] += len(made.written)
        tally.related["updated"] += len(edited.written)
        tally.related["unchanged"] += len(edited.unchanged) + len(found) - len(create) - len(update)
        for place, sentence in made.refused.items():
            self._refuse(tally, create[place].number, sentence)
        for target, sentence in edited.refused.items():
            self._refuse(tally, numbers[target], sentence)

    def _converted(self, row: tuple[int, Sequence[Cell], int], tally: Tally) -> _Beside | None:
        number, cells, parent = row
        values: dict[str, Any] = {}
        for column, converter in self.converters.items():
            if cells[column] is None:
                continue
            try:
                value = converter(cells[column])
            except Unfit as error:
                self._refuse(tally, number, str(error), column=column)
                return None
            if value is not LEFT_OUT:
                values[converter.name] = value
        if not values:
            return None
        names = [str(values.get(name, "")) for name in self.keys]
        key: Key = (parent, *names)
        if not all(key) or key in self.seen:
            again = _("“%(value)s” stands in an earlier row of the file.") % {"value": " · ".join(names)}
            needed = _("It lacks what it is recognised by: %(fields)s.") % {"fields": self._key_labels()}
            self._refuse(tally, number, again if all(key) else needed)
            return None
        self.seen.add(key)
        column_name = self.resource.attributes[self.link].field.attname
        return _Beside(number, key, {column_name: parent, **values})

    def _standing(self, parents: set[int]) -> dict[Key, int]:
        names = (self.link, *self.keys)
        rows = visible(self.resource.model, self.actor).order_by().filter(**{f"{self.link}__in": parents})
        return {(one[1], *map(str, one[2:])): one[0] for one in rows.values_list("pk", *names)}

    def _refuse(self, tally: Tally, number: int, sentence: str, *, column: int | None = None) -> None:
        tally.related["refused"] += 1
        title = str(self.resource.label) if column is None else self.header[column]
        tally.problems.append(Problem(number, title, sentence))

    def _key_labels(self) -> str:
        return _(", ").join(str(self.resource.attributes[name].label) for name in self.keys)
