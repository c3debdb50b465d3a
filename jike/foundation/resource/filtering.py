"""Filters: nested conditions that live in the address, become SQL, and read back as words.

In the address a filter is JSON: a condition is ``["grade", "in", ["A1", "A2"]]``, a group is ``["any", …]`` or
``["all", …]``; a list of these at the top is an ``all``.
"""

import datetime as dt
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from django.contrib.auth import get_user_model
from django.db.models import Q, functions, lookups
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jike.foundation.errors import Invalid
from jike.foundation.resource.attributes import Attribute, Look
from jike.foundation.resource.declaration import Resource
from jike.foundation.scope import Actor
from jike.foundation.scope.reading import within
from jike.values.dates import parse_day
from jike.values.errors import InvalidValue, excerpt
from jike.values.money import Money
from jike.values.text import clean_line

__all__ = [
    "OPERATORS",
    "WITHOUT_VALUE",
    "Condition",
    "Filter",
    "Group",
    "condition_q",
    "dump",
    "filterable",
    "names_in",
    "operators_for",
    "parse",
    "relative",
    "to_q",
]

MAX_CONDITIONS, MAX_DEPTH, MAX_VALUES = 40, 4, 500
RELATIVE = re.compile(r"([+-]?\d{1,4})([dh])")

OPERATORS: Mapping[str, Any] = {
    "is": gettext_lazy("is"),
    "in": gettext_lazy("is one of"),
    "not_in": gettext_lazy("is none of"),
    "under": gettext_lazy("lies in"),
    "contains": gettext_lazy("contains"),
    "starts": gettext_lazy("begins with"),
    "lt": gettext_lazy("below"),
    "lte": gettext_lazy("at most"),
    "gte": gettext_lazy("at least"),
    "gt": gettext_lazy("above"),
    "between": gettext_lazy("between"),
    "before": gettext_lazy("before"),
    "on": gettext_lazy("on"),
    "after": gettext_lazy("after"),
    "empty": gettext_lazy("is empty"),
    "filled": gettext_lazy("is filled in"),
}
WITHOUT_VALUE = ("empty", "filled")
LOOKUPS = {"contains": "icontains", "starts": "istartswith", "before": "lt", "after": "gt"} | dict.fromkeys(
    ("on", "is"), "exact"
)
TEXTS = ("contains", "starts", "is", "empty", "filled")
NUMBERS = ("gte", "lte", "lt", "gt", "is", "between", "empty", "filled")
DAYS = ("before", "after", "on", "between", "empty", "filled")
CHOICES = ("in", "not_in", "empty", "filled")


@dataclass(frozen=True)
class Condition:
    """One comparison."""

    name: str
    operator: str
    value: Any = None


@dataclass(frozen=True)
class Group:
    """Conditions of which all, or any, must hold."""

    any: bool
    parts: tuple["Condition | Group", ...]


Filter = Group
NO_FILTER = Group(False, ())


def operators_for(attribute: Attribute) -> tuple[str, ...]:
    """Return the operators that make sense for the attribute, the usual one first."""
    look = attribute.look
    if look.nested:
        return (*(("under", "in", "not_in") if look is Look.TREE else ("under",)), "empty", "filled")
    if look.chosen or look is Look.LINK:
        return CHOICES
    if look.numeric or look is Look.HEALTH:
        return NUMBERS
    if look.dated:
        return DAYS
    return ("is",) if look is Look.YES_NO else TEXTS


def parse(text: str, resource: Resource, actor: Actor) -> Filter:
    """Read a filter from the address.

    Raises
    ------
    Invalid
        It is no JSON, too large, names an unknown or a sealed field, or an operator that does not fit.
    """
    if not text:
        return NO_FILTER
    try:
        raw = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _wrong(_("The filter in this address cannot be read.")) from error
    reader = _Reader(resource, actor)
    if raw and isinstance(raw, list) and all(isinstance(part, list) for part in raw):
        raw = ["all", *raw]
    found = reader.read(raw, depth=0) if raw else NO_FILTER
    return found if isinstance(found, Group) else Group(False, (found,))


class _Reader:
    """Turns JSON into conditions and refuses what is too much or not allowed."""

    def __init__(self, resource: Resource, actor: Actor) -> None:
        self.resource, self.actor, self.count = resource, actor, 0

    def read(self, raw: Any, depth: int) -> Condition | Group:
        self.count += 1
        if depth > MAX_DEPTH or self.count > MAX_CONDITIONS or not isinstance(raw, list) or not raw:
            raise _wrong(_("The filter in this address cannot be read."))
        if raw[0] in ("any", "all"):
            return Group(raw[0] == "any", tuple(self.read(part, depth + 1) for part in raw[1:]))
        if not (2 <= len(raw) <= 3 and isinstance(raw[0], str) and isinstance(raw[1], str)):
            raise _wrong(_("The filter in this address cannot be read."))
        return self.condition(raw[0], raw[1], raw[2] if len(raw) == 3 else None)

    def condition(self, name: str, operator: str, value: Any) -> Condition:
        attribute = filterable(self.resource, self.actor, name)
        if operator not in operators_for(attribute):
            sentence = _("“%(field)s” cannot be compared with “%(operator)s”.")
            raise _wrong(sentence % {"field": attribute.label, "operator": excerpt(operator)})
        if isinstance(value, list) and len(value) > MAX_VALUES:
            raise _wrong(_("A filter takes at most %(most)s values.") % {"most": MAX_VALUES})
        condition = Condition(name, operator, None if operator in WITHOUT_VALUE else value)
        condition_q(attribute, condition, today=dt.date(2000, 1, 1), actor=self.actor)
        return condition


def filterable(resource: Resource, actor: Actor, name: str) -> Attribute:
    """Return the attribute when this actor may filter and sort by it; a sealed one would betray its values."""
    known = {*resource.filters, *resource.columns, *resource.more_columns}
    if name not in known:
        raise _wrong(_("There is no field “%(name)s” to filter by.") % {"name": excerpt(name)})
    attribute = resource.attributes[name]
    if not attribute.open_to(actor):
        raise _wrong(
            _("“%(field)s” is sealed for you, so that you cannot filter by it.") % {"field": attribute.label}
        )
    return attribute


def names_in(group: Filter) -> Iterator[str]:
    """Yield the fields that the filter compares."""
    for part in group.parts:
        yield from names_in(part) if isinstance(part, Group) else (part.name,)


def to_q(resource: Resource, group: Filter, *, today: dt.date, actor: Actor) -> Q:
    """Return the SQL condition of the filter; ``today`` is what relative days count from.

    A condition on a sealed field finds only rows on which the actor reads it, lest it betray the others.
    """
    whole = Q()
    for part in group.parts:
        if isinstance(part, Group):
            one = to_q(resource, part, today=today, actor=actor)
        else:
            attribute = resource.attributes[part.name]
            one = condition_q(attribute, part, today=today, actor=actor)
            if attribute.sealed:
                one &= within(resource.model, actor.reach(attribute.sealed))
        if one:
            whole = whole | one if group.any else whole & one
    return whole


@dataclass(frozen=True)
class _Comparison:
    """A condition on its way to SQL: the column and the operand in the database's own types."""

    attribute: Attribute
    operator: str
    value: Any


def condition_q(attribute: Attribute, condition: Condition, *, today: dt.date, actor: Actor) -> Q:
    """Return the SQL condition of one comparison; raises `Invalid` when its value does not fit."""
    if condition.operator in WITHOUT_VALUE:
        return attribute.blank() if condition.operator == "empty" else ~attribute.blank()
    reader = _Operands(attribute, today, actor)
    try:
        comparison = _Comparison(
            attribute, condition.operator, reader.read(condition.operator, condition.value)
        )
    except (ValueError, TypeError, ArithmeticError, InvalidValue) as error:
        words = {"value": excerpt(str(condition.value)), "field": attribute.label}
        raise _wrong(_("“%(value)s” does not fit “%(field)s”.") % words) from error
    return _BUILDERS.get(condition.operator, _ordered)(comparison)


@dataclass(frozen=True)
class _Operands:
    """Turns what the address says into values to compare with."""

    attribute: Attribute
    today: dt.date
    actor: Actor

    def read(self, operator: str, value: Any) -> Any:
        if operator in ("in", "not_in", "under"):
            return [self.single(one) for one in (value if isinstance(value, list) else [value])]
        if operator == "between":
            if not isinstance(value, list):
                raise ValueError(value)
            low, high = value
            return (self.single(low), self.single(high))
        return self.single(value)

    def single(self, value: Any) -> Any:
        look = self.attribute.look
        if self.attribute.field.is_relation:
            if value == "me" and self.attribute.refers_to is get_user_model():
                return self.actor.person
            return UUID(str(value))
        if look.numeric or look is Look.HEALTH:
            number = _number(Money.parse(str(value)).amount if look is Look.MONEY else value)
            if self.attribute.whole and number != int(number):
                raise ValueError(value)
            return int(number) if self.attribute.whole else number
        if look.dated:
            return _time(value, self.today, moments=look is not Look.DATE)
        if look is Look.YES_NO:
            return _truth(value)
        return self.text(value)

    def text(self, value: Any) -> str:
        if not isinstance(value, str):
            raise ValueError(value)
        text = clean_line(value, limit=200)
        if not text or (self.attribute.look.chosen and text not in self.attribute.choices):
            raise ValueError(text)
        return text


def _truth(value: Any) -> bool:
    if value not in (True, False, "true", "false"):
        raise ValueError(value)
    return value in (True, "true")


def _number(value: Any) -> Decimal:
    try:
        number = Decimal(str(value).replace(",", ""))
    except InvalidOperation as error:
        raise ValueError(value) from error
    if not number.is_finite() or abs(number) > 10**15:
        raise ValueError(value)
    return number


def _time(value: Any, today: dt.date, *, moments: bool) -> dt.date:
    number, unit = relative(value) or (0, "")
    if unit == "h" and moments:
        return timezone.now() + dt.timedelta(hours=number)
    return today + dt.timedelta(days=number) if unit == "d" else parse_day(str(value), today)


def relative(value: Any) -> tuple[int, str] | None:
    """Return how many days or hours from now a time lies (``"-30d"``, ``"+1h"``); None for any other."""
    found = RELATIVE.fullmatch(str(value))
    return (int(found[1]), found[2]) if found else None


def _members(one: _Comparison) -> Q:
    return one.attribute.among(one.value) if one.operator == "in" else ~one.attribute.among(one.value)


def _under(one: _Comparison) -> Q:
    """Include what lies below: descendants of a tree's rows, codes that begin with the region's or section's own."""
    if one.attribute.look is Look.TREE:
        related: Any = one.attribute.refers_to
        tops = list(related._default_manager.filter(uid__in=one.value).values_list("pk", flat=True))
        below = related._default_manager.filter(Q(pk__in=tops) | Q(ancestors__overlap=tops))
        return Q(**{f"{one.attribute.column}__in": list(below.values_list("pk", flat=True))})
    inside, column = Q(pk__in=[]), one.attribute.column
    for stem in (_stem(one.attribute.look, value) for value in one.value):
        whole = Q(lookups.Exact(functions.Left(column, 4), stem))  # an index upon this has cities in order
        begun = Q(**{f"{column}__startswith": stem})
        inside |= whole if one.attribute.look is Look.REGION and len(stem) == 4 else begun
    return inside


def _stem(look: Look, code: str) -> str:
    """Return the part of a code that all codes below it share (440000 → 44, 440100 → 4401)."""
    if look is not Look.REGION:
        return code
    while len(code) > 2 and code.endswith("00"):
        code = code[:-2]
    return code


def _between(one: _Comparison) -> Q:
    low, high = one.value
    return _ordered(replace(one, operator="gte", value=low)) & _ordered(
        replace(one, operator="lte", value=high)
    )


def _ordered(one: _Comparison) -> Q:
    column = one.attribute.column
    day = one.attribute.look in (Look.MOMENT, Look.CLOCK) and not isinstance(one.value, dt.datetime)
    side = f"{column}__date" if day else column
    # Beyond the column's range Django compares nothing at all, and rows without a value would count as matches.
    return Q(**{f"{side}__{LOOKUPS.get(one.operator, one.operator)}": one.value, f"{column}__isnull": False})


_BUILDERS: Mapping[str, Callable[[_Comparison], Q]] = {
    "in": _members,
    "not_in": _members,
    "under": _under,
    "between": _between,
}


def dump(group: Filter) -> str:
    """Write a filter for the address; an empty one is nothing."""
    raw = _raw(group) if group.any else _raw(group)[1:]
    return json.dumps(raw, ensure_ascii=False, separators=(",", ":")) if group.parts else ""


def _raw(part: Condition | Group) -> list[Any]:
    if isinstance(part, Group):
        return ["any" if part.any else "all", *map(_raw, part.parts)]
    return [part.name, part.operator] if part.value is None else [part.name, part.operator, part.value]


def _wrong(sentence: str) -> Invalid:
    return Invalid({"where": [sentence]})
