"""`Lines`: a child entity shown and edited as a grid, declared among the panels of its parent's Resource."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db.models import TextField
from django.utils.functional import Promise

from jike.foundation.models.record import Record
from jike.foundation.resource.attributes import Attribute, Look, attribute_of
from jike.foundation.resource.declaration import Panel, Resource
from jike.foundation.scope import Actor

__all__ = ["Lines", "lines_of"]


@dataclass(frozen=True, kw_only=True)
class Lines(Panel):
    """What the grid knows of the rows: a tab of the record by itself, and a part of the parent's form.

    Attributes
    ----------
    model, columns
        The child, and its fields in order; those the model does not let be typed (and ``fixed``) are shown only.
    rows
        ``rows(parent, actor)`` returns the stored rows in order, as far as ``actor`` may see them.
    store
        ``store(parent, taken, actor=…)`` stores a `Taken` in one transaction, most simply with `store_lines`; raises
        `LinesInvalid` (or any `RuleBroken`) and then nothing is stored.
    work_out
        ``work_out(rows, parent, actor)`` returns for each row (field name → value, as far as it can be read) what
        follows from it (field name → value), while it is typed. Without it the model's DERIVED fields follow.
    fixed
        Columns that follow from others although the model would let them be typed.
    worked
        Columns that the model does not store, name → (label, look): from ``work_out``, or a property of the model.
    totals
        Columns summed beneath.
    start
        What a new row begins with, field name → value.
    fill
        Column → function of the row's values that gives what an empty cell means (a price: that of the catalogue); None
        where it cannot be told yet.
    when
        Whether this parent's rows may still be changed.
    ordered
        Whether rows are moved up and down.
    in_form
        Whether the parent's form shows the grid, too.
    """

    model: type[Record]
    columns: tuple[str, ...]
    rows: Callable[[Any, Actor], Sequence[Record]]
    store: Callable[..., Any]
    work_out: Callable[[Sequence[Mapping[str, Any]], Any, Actor], Sequence[Mapping[str, Any]]] | None = None
    fixed: tuple[str, ...] = ()
    worked: Mapping[str, tuple[str | Promise, str]] = field(default_factory=dict)
    totals: tuple[str, ...] = ()
    looks: Mapping[str, str] = field(default_factory=dict)
    start: Mapping[str, Any] = field(default_factory=dict)
    fill: Mapping[str, Callable[[Mapping[str, Any]], Any]] = field(default_factory=dict)
    when: Callable[[Any], bool] = field(default=lambda parent: True)
    ordered: bool = True
    in_form: bool = True
    template: str = "resource/_lines_tab.html"
    content: Callable[[Any, Actor], Mapping[str, Any] | None] = field(default=lambda row, actor: {})
    """Filled by the page of the record: a `Sheet`."""

    def __post_init__(self) -> None:
        known = set(self.attributes)
        for name in (*self.fixed, *self.totals, *self.looks):
            if name not in known:
                raise LookupError(f"Lines {self.name!r}: {name!r} is no column")

    @cached_property
    def attributes(self) -> Mapping[str, Attribute]:
        """The columns; a name that the model does not have stops the start with a sentence."""
        return {
            name: _worked(name, *self.worked[name])
            if name in self.worked
            else attribute_of(self.model, name, self.looks.get(name, ""))
            for name in self.columns
        }

    @cached_property
    def typed(self) -> tuple[str, ...]:
        """The columns that are typed."""
        return tuple(name for name, one in self.attributes.items() if one.editable and name not in self.fixed)


def _worked(name: str, label: str | Promise, look: str) -> Attribute:
    return Attribute(name, label, Look(look), TextField(editable=False), name)


def lines_of(resource: Resource) -> tuple[Lines, ...]:
    """Return the grids that the Resource's form shows."""
    return tuple(one for one in resource.panels if isinstance(one, Lines) and one.in_form)
