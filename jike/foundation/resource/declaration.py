"""`Resource`: an entity's whole working life on screen, declared as data.

A Resource holds no behaviour. Plain functions of this package read it and give list, record, form, recycle bin, bulk
edit, export and a REST resource. Wanting something else means writing one's own view, not overriding this.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.utils.functional import Promise

from jike.foundation.models.record import Record
from jike.foundation.resource.attributes import Attribute, Look, attribute_of
from jike.foundation.scope import Actor

__all__ = ["Panel", "Resource", "Section", "Verb"]

BETRAYING = ("sorts", "states", "dates", "key")
ACTIONS = ("add", "add_many", "change", "change_many", "change_state", "next_states", "remove", "restore")


@dataclass(frozen=True)
class Section:
    """Fields that belong together, in a form and among a record's facts."""

    label: str | Promise
    fields: tuple[str, ...]


@dataclass(frozen=True)
class Panel:
    """Something about a record that another room or a higher capability shows: a tab, a rail panel, a header strip.

    ``content`` gets the row and the actor and returns the template's context, or None when there is nothing to show.
    ``count`` gives the figure beside a tab's name.
    """

    name: str
    label: str | Promise
    template: str
    content: Callable[[Any, Actor], Mapping[str, Any] | None]
    place: str = "tab"
    """``tab``, ``rail`` or ``head``."""
    count: Callable[[Any, Actor], int] | None = None


@dataclass(frozen=True)
class Verb:
    """A named act upon a record besides add, change and remove: a button in the header, perhaps one in the bulk bar."""

    action: str
    """The right it needs, of the model's ACTIONS."""
    label: str | Promise
    icon: str
    url: str
    """Name of the view that asks for what the act needs and does it; gets the record's uid."""
    primary: bool = False
    when: Callable[[Any], bool] = bool
    """Whether the act is possible upon a row as it stands; always, unless named."""


@dataclass(frozen=True, kw_only=True)
class Resource:
    """What the machinery knows of one entity.

    Attributes
    ----------
    columns, more_columns
        Shown at first, and on demand; the first one names the record.
    looks
        Field → look, where the field's type says too little.
    sorts
        Fields one may sort by; each has an index (field, id) and the first one is the order at the beginning.
        A leading ``-`` makes descending the first direction.
    form
        Sections; the first is the short form.
    inline
        Fields edited in place.
    actions
        Of the entity's own actions those that the machinery calls: ``add(actor=…, **values)``, ``change(row, actor=…,
        version=…, **values)``, ``remove(row, actor=…)``, ``restore(row, actor=…)``, and for bulk edits
        ``change_many(edits, actor=…, versions=…)`` as `changing_many` takes them. Without ``change`` the write gate
        stores the values as they are; with it but without ``change_many`` a bulk edit calls it row by row.
        ``change_state(row, actor=…, state=…, version=…, **fields)`` moves a card of the Kanban and raises `Invalid`
        naming the fields that the state needs beside; ``next_states(row)`` says which states may follow.
    states, dates
        The field that makes a Kanban, and the one that makes a calendar.
    key
        Fields by which an import recognises a row.
    totals
        Money columns summed over all matches.

    Raises
    ------
    LookupError
        At start, with a sentence, when any name is not the model's.
    """

    model: type[Record]
    slug: str
    icon: str
    columns: tuple[str, ...]
    more_columns: tuple[str, ...] = ()
    looks: Mapping[str, str] = field(default_factory=dict)
    filters: tuple[str, ...] = ()
    sorts: tuple[str, ...]
    form: tuple[Section, ...] = ()
    inline: tuple[str, ...] = ()
    actions: Mapping[str, Callable[..., Any]] = field(default_factory=dict)
    panels: tuple[Panel | Verb, ...] = ()
    states: str = ""
    dates: str = ""
    key: tuple[str, ...] = ()
    totals: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        problems = [problem for problem in self._problems() if problem]
        if problems:
            raise LookupError(f"Resource {self.slug!r}: {'; '.join(problems)}")

    @cached_property
    def attributes(self) -> Mapping[str, Attribute]:
        """Every field that the declaration names, in its order."""
        names = [
            *self.columns,
            *self.more_columns,
            *self.filters,
            *(name.lstrip("-") for name in self.sorts),
            *self.form_fields,
            *(name for name in (self.states, self.dates) if name),
        ]
        return {
            name: attribute_of(self.model, name, self.looks.get(name, "")) for name in dict.fromkeys(names)
        }

    @property
    def kind(self) -> str:
        """The model's kind."""
        return self.model.kind()

    @property
    def title(self) -> Attribute:
        """The column that names the record."""
        return self.attributes[self.columns[0]]

    @property
    def label(self) -> str | Promise:
        """What one record is called."""
        return self.model._meta.verbose_name or self.slug

    @property
    def plural(self) -> str | Promise:
        """What several are called."""
        return self.model._meta.verbose_name_plural or self.slug

    @property
    def form_fields(self) -> tuple[str, ...]:
        """All fields of the form, in order."""
        return tuple(name for section in self.form for name in section.fields)

    @property
    def verbs(self) -> tuple[Verb, ...]:
        """The further acts declared here."""
        return tuple(panel for panel in self.panels if isinstance(panel, Verb))

    def _problems(self) -> Iterator[str]:
        if not self.columns:
            yield "it needs at least one column"
        for name in self.looks:
            if self.looks[name] not in set(Look):
                yield f"{self.looks[name]!r} is no look"
        yield from self._unknown_fields()
        known = {*self.columns, *self.more_columns}
        if not self.sorts:
            yield "it needs at least one sort"
        yield from (
            f"{name!r} is edited in place but stands in no form"
            for name in self.inline
            if name not in self.form_fields
        )
        yield from (f"{name!r} is summed but is no column" for name in self.totals if name not in known)
        yield from (
            f"{verb.action!r} is no action of {self.kind}"
            for verb in self.verbs
            if verb.action not in self.model.ACTIONS
        )
        yield from (
            f"{name!r} is no action that the machinery calls" for name in self.actions if name not in ACTIONS
        )

    def _unknown_fields(self) -> Iterator[str]:
        places = {
            "columns": self.columns,
            "more_columns": self.more_columns,
            "filters": self.filters,
            "looks": tuple(self.looks),
            "sorts": tuple(name.lstrip("-") for name in self.sorts),
            "form": self.form_fields,
            "key": self.key,
            "states": (self.states,) if self.states else (),
            "dates": (self.dates,) if self.dates else (),
        }
        for place, names in places.items():
            for name in names:
                try:
                    sealed = attribute_of(self.model, name).sealed
                except LookupError as error:
                    yield f"{place}: {error}"
                    continue
                if sealed and (place in BETRAYING or "__" in name):
                    yield f"{place}: {name!r} is sealed, and would betray its values here"
