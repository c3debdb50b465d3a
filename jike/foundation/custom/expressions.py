"""What the database reads of custom fields: stored values in their own types, formulas as SQL.

A stored text that does not fit its field's type counts as empty, so that no list breaks over a record that was in the
recycle bin while the type changed.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import Case, Func, Q, Value, When
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Abs, Cast, NullIf, Round
from django.db.models.lookups import (
    Exact,
    GreaterThan,
    GreaterThanOrEqual,
    IsNull,
    LessThan,
    LessThanOrEqual,
)

from jike.foundation.custom.formula import LARGEST, PLACES, TODAY, Formula, Part, Sort
from jike.foundation.models.custom_field import COLUMN, CustomField, Shape

__all__ = ["calculated", "stored"]

FIGURE = models.DecimalField(max_digits=30, decimal_places=10)
FIRST, LAST = dt.date(1, 1, 1), dt.date(9999, 12, 31)
FITS: Mapping[Shape, tuple[str, models.Field]] = {
    Shape.NUMBER: (r"^-?\d{1,15}(\.\d{1,6})?$", models.DecimalField(max_digits=22, decimal_places=6)),
    Shape.MONEY: (r"^-?\d{1,15}(\.\d{1,6})?$", models.DecimalField(max_digits=18, decimal_places=2)),
    Shape.DATE: (r"^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$", models.DateField()),
    Shape.PERSON: (r"^\d{1,18}$", models.BigIntegerField()),
}


class _Matches(Func):
    template = "%(expressions)s)"
    arg_joiner = " ~ ("
    output_field = models.BooleanField()


class _Plus(Func):
    """A day and a whole number of days."""

    template = "(%(expressions)s::integer)"
    arg_joiner = " + "
    output_field = models.DateField()


class _Days(Func):
    """How many days lie between two."""

    template = "((%(expressions)s)::numeric)"
    arg_joiner = " - "
    output_field = FIGURE


def stored(field: CustomField) -> Any:
    """Return the expression that reads the field's stored value in its own type."""
    text = KeyTextTransform(field.data_key, COLUMN)
    fits = FITS.get(Shape(field.shape))
    if fits is None:
        return text
    pattern, kept = fits
    if field.shape == Shape.NUMBER:
        kept = models.DecimalField(max_digits=16 + field.decimals, decimal_places=field.decimals)
    return Case(When(_Matches(text, Value(pattern)), then=Cast(text, kept)), default=None, output_field=kept)


def calculated(formula: Formula, value_of: Callable[[str], Any], *, places: int, today: dt.date) -> Any:
    """Return the expression that works the formula out; ``value_of`` gives the expression of a field by name."""
    writer = _Writer(value_of, today)
    found = writer.part(formula.root)
    if formula.root.sort is Sort.DAY:
        return found
    within = LessThan(Abs(found), Value(LARGEST, output_field=FIGURE))
    kept = models.DecimalField(max_digits=15 + places, decimal_places=places)
    return Case(When(within, then=Round(found, places, output_field=kept)), default=None, output_field=kept)


class _Writer:
    def __init__(self, value_of: Callable[[str], Any], today: dt.date) -> None:
        self.value_of, self.today = value_of, today

    def part(self, part: Part) -> Any:
        if part.act == "figure":
            return Cast(Value(part.value, output_field=FIGURE), FIGURE)
        if part.act == "name":
            return self.name(part)
        if part.act == "when":
            return self.choice(part)
        return _ACTS[part.act](*(self.part(one) for one in part.parts))

    def name(self, part: Part) -> Any:
        if part.value == TODAY:
            return Cast(Value(self.today), models.DateField())
        found = self.value_of(part.value)
        return Cast(found, FIGURE if part.sort is Sort.NUMBER else models.DateField())

    def choice(self, part: Part) -> Any:
        """Neither way is taken where a side of the comparison is empty."""
        asked, then, other = part.parts
        left, right = (self.part(one) for one in asked.parts)
        output = FIGURE if part.sort is Sort.NUMBER else models.DateField()
        filled = Q(IsNull(left, False)) & Q(IsNull(right, False))
        holds = _HOLDS[asked.act](left, right)
        return Case(
            When(filled & holds, then=self.part(then)),
            When(filled, then=self.part(other)),
            default=None,
            output_field=output,
        )


def _arithmetic(sign: str) -> Callable[[Any, Any], Any]:
    class _Sign(Func):
        template = "(%(expressions)s)"
        arg_joiner = f" {sign} "
        output_field = FIGURE

    return _Sign


def _divided(left: Any, right: Any) -> Any:
    quotient = _arithmetic("/")(left, NullIf(right, Value(Decimal(0), output_field=FIGURE)))
    return Round(quotient, PLACES, output_field=FIGURE)


def _later(day: Any, count: Any, *, sign: int = 1) -> Any:
    days = _arithmetic("*")(Round(count, 0, output_field=FIGURE), Value(Decimal(sign), output_field=FIGURE))
    first = _Days(Cast(Value(FIRST), models.DateField()), day)
    last = _Days(Cast(Value(LAST), models.DateField()), day)
    within = Q(GreaterThanOrEqual(days, first)) & Q(LessThanOrEqual(days, last))
    return Case(When(within, then=_Plus(day, days)), default=None, output_field=models.DateField())


def _extreme(function: str) -> Callable[..., Any]:
    def of(*parts: Any) -> Any:
        output = parts[0].output_field
        filled = Q()
        for one in parts:
            filled &= Q(IsNull(one, False))
        found = Func(*parts, function=function, output_field=output)
        return Case(When(filled, then=found), default=None, output_field=output)

    return of


def _round(figure: Any, places: Any = None) -> Any:
    count = int(places.source_expressions[0].value) if places is not None else 0
    return Round(figure, count, output_field=FIGURE)


def _compared(lookup: Any) -> Callable[[Any, Any], Q]:
    return lambda left, right: Q(lookup(left, right))


_HOLDS: Mapping[str, Callable[[Any, Any], Q]] = {
    "<": _compared(LessThan),
    "<=": _compared(LessThanOrEqual),
    ">": _compared(GreaterThan),
    ">=": _compared(GreaterThanOrEqual),
    "=": _compared(Exact),
    "!=": lambda left, right: ~Q(Exact(left, right)),
}
_ACTS: Mapping[str, Callable[..., Any]] = {
    "+": _arithmetic("+"),
    "-": _arithmetic("-"),
    "*": _arithmetic("*"),
    "/": _divided,
    "negative": lambda one: _arithmetic("-")(Value(Decimal(0), output_field=FIGURE), one),
    "days": _Days,
    "later": _later,
    "earlier": lambda day, count: _later(day, count, sign=-1),
    "min": _extreme("LEAST"),
    "max": _extreme("GREATEST"),
    "abs": lambda one: Abs(one, output_field=FIGURE),
    "round": _round,
}
