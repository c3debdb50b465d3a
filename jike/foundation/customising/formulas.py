"""A kind's formula fields: what they may use, how they follow from each other, and both ways to work them out."""

import datetime as dt
from collections.abc import Mapping, Sequence
from functools import cache, cached_property, partial
from typing import Any

from django.db import models
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import override

from jike.foundation.custom.expressions import calculated, stored
from jike.foundation.custom.formula import TODAY, Empty, Formula, Sort, evaluate, read
from jike.foundation.custom.storing import MARK
from jike.foundation.customising.attributes import FormulaAttribute, field_of, label_of, look_of
from jike.foundation.errors import RuleBroken
from jike.foundation.models.custom_field import CustomField, Shape
from jike.foundation.models.record import Record
from jike.foundation.resource.attributes import Attribute
from jike.foundation.resource.declaration import Resource

__all__ = ["Formulas", "Usable", "usable"]

FIGURES = (models.DecimalField, models.IntegerField)
KEPT_OUT = ("id", "version")


class Usable:
    """What formulas of a kind may use: its own figures and days that nobody seals, and its custom fields.

    Attributes
    ----------
    known
        Name → what it gives.
    labels
        What people call fields, in both languages → name.
    """

    def __init__(self, model: type[Record], definitions: Sequence[CustomField], *, see: str = "") -> None:
        self._own = _own_figures(model)
        self._custom = [one for one in definitions if _gives(one) and one.see in ("", see)]
        self.known: dict[str, Sort] = {one.name: sort for one, sort in self._own}
        self.known |= {one.data_key: gives for one in self._custom if (gives := _gives(one))}

    @cached_property
    def labels(self) -> dict[str, str]:
        """Only whoever writes a formula needs them."""
        found: dict[str, str] = {}
        for language in ("zh-hans", "en"):
            with override(language):
                for one, _sort_of_it in self._own:
                    found.setdefault(str(one.verbose_name), one.name)
        for definition in self._custom:
            found |= dict.fromkeys(filter(None, (definition.label, definition.label_en)), definition.data_key)
        return found


@cache
def _own_figures(model: type[Record]) -> list[tuple[Any, Sort]]:
    """Return the model's own fields that formulas may use, each with what it gives."""
    open_ = (one for one in model._meta.concrete_fields if one.name not in {*model.SEALED, *KEPT_OUT})
    return [(one, sort) for one in open_ if (sort := _sort(one))]


def usable(definition: CustomField, model: type[Record], definitions: Sequence[CustomField]) -> Usable:
    """Return what this field's formula may use: nothing that its own readers may not see, and not itself."""
    others = [one for one in definitions if one.data_key != definition.data_key]
    return Usable(model, others, see=definition.see)


def _sort(one: Any) -> Sort | None:
    if one.is_relation or one.choices:
        return None
    if isinstance(one, models.DateField) and not isinstance(one, models.DateTimeField):
        return Sort.DAY
    return Sort.NUMBER if isinstance(one, FIGURES) else None


def _gives(definition: CustomField) -> Sort | None:
    shape = definition.result if definition.shape == Shape.FORMULA else definition.shape
    figures = {Shape.NUMBER: Sort.NUMBER, Shape.MONEY: Sort.NUMBER, Shape.DATE: Sort.DAY}
    return figures.get(Shape(shape))


class Formulas:
    """The formula fields of one Resource, for one request."""

    def __init__(
        self,
        resource: Resource,
        definitions: Sequence[CustomField],
        others: Mapping[str, Attribute],
        *,
        today: dt.date,
    ) -> None:
        self.resource, self.definitions, self.others, self.today = resource, definitions, others, today
        self.by_key = {one.data_key: one for one in definitions}
        self.read: dict[str, Formula] = {}
        self.compiled: dict[str, Any] = {}

    def attributes(self) -> dict[str, Attribute]:
        """Return the formula fields as attributes; one that lost what it needs is left out."""
        found: dict[str, Attribute] = {}
        for one in self.definitions:
            if one.shape != Shape.FORMULA:
                continue
            try:
                expression = self.expression(one)
            except RuleBroken:
                continue
            name = f"{MARK}{one.data_key}"
            sealed = f"{self.resource.kind}:{one.see}" if one.see else ""
            known = (label_of(one), look_of(one), field_of(one), expression, sealed, one)
            worked = partial(self.value, one)
            found[name] = FormulaAttribute(name, *known, compiled=expression, work_out=worked)
        return found

    def formula(self, one: CustomField) -> Formula:
        """Return the field's formula as read."""
        if one.data_key not in self.read:
            may_use = usable(one, self.resource.model, self.definitions)
            self.read[one.data_key] = read(one.formula, may_use.known)
        return self.read[one.data_key]

    def expression(self, one: CustomField, above: tuple[str, ...] = ()) -> Any:
        """Return the formula as SQL, formulas it uses within it."""
        if one.data_key in above:
            raise RuleBroken(_("“%(field)s” would follow from itself.") % {"field": one.name})
        if one.data_key not in self.compiled:
            below = partial(self._expression_of, above=(*above, one.data_key))
            self.compiled[one.data_key] = calculated(
                self.formula(one), below, places=places_of(one), today=self.today
            )
        return self.compiled[one.data_key]

    def _expression_of(self, name: str, *, above: tuple[str, ...]) -> Any:
        definition = self.by_key.get(name)
        if definition is None:
            return F(name)
        return self.expression(definition, above) if definition.shape == Shape.FORMULA else stored(definition)

    def value(self, one: CustomField, row: Record) -> Any:
        """Return what the formula gives for a row; raises `Empty` with the reason."""
        try:
            return evaluate(self.formula(one), partial(self._value_of, row), places=places_of(one))
        except Empty as reason:
            if str(reason) not in {*self.formula(one).names}:
                raise
            label = self._label(str(reason))
            raise Empty(_("“%(field)s” is not filled in.") % {"field": label}) from reason

    def _value_of(self, row: Record, name: str) -> Any:
        if name == TODAY:
            return self.today
        definition = self.by_key.get(name)
        if definition is None:
            return getattr(row, name)
        if definition.shape == Shape.FORMULA:
            return self.value(definition, row)
        return self.others[f"{MARK}{name}"].of(row)

    def _label(self, name: str) -> str:
        definition = self.by_key.get(name)
        field: Any = None if definition else self.resource.model._meta.get_field(name)
        return definition.name if definition else str(field.verbose_name)


def places_of(one: CustomField) -> int:
    """Return to how many decimal places a formula's figure is rounded."""
    return 2 if one.result == Shape.MONEY else one.decimals
