"""From what a file's cell holds to what a column stores, each distinct value worked out once.

A value that cannot be stored raises `Invalid` with a sentence; nothing is guessed: a name that several records or
regions bear is refused until it is written so that only one is meant.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator, ProhibitNullCharactersValidator
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _

from jike.foundation.audit.bounds import Bounds, bounds_of
from jike.foundation.entering import valid_line
from jike.foundation.errors import RuleBroken
from jike.foundation.exchange.error_cells import ErrorCell
from jike.foundation.exchange.tables import Cell, Damaged
from jike.foundation.models.record import Record
from jike.foundation.resource.attributes import Attribute, Look, title_field
from jike.foundation.resource.fields import form_field
from jike.foundation.scope import Actor, visible
from jike.values import industries, regions
from jike.values.text import is_ordinary

__all__ = ["LEFT_OUT", "Converter", "Unfit", "industry_code", "region_code"]

YES = frozenset({"是", "有", "对", "y", "yes", "true", "1", "√"})
NO = frozenset({"否", "无", "错", "n", "no", "false", "0", "×"})
AT_ONCE = 500
MOST_KNOWN = 50_000
"""Distinct values of one column that are remembered."""
ORDINARY = (MaxLengthValidator, ProhibitNullCharactersValidator)
"""What a form's text has passed already: it is cleaned, and no longer than its column."""
LEFT_OUT = object()
"""Stands for a cell that was said to mean nothing: what is stored stays."""


class Unfit(RuleBroken):
    """A cell's value cannot be stored in its column."""


class Converter:
    """One column's conversion; `prepare` looks up the records that many cells name at once.

    Attributes
    ----------
    attribute
        The column.
    """

    def __init__(
        self, attribute: Attribute, actor: Actor, *, translated: Mapping[str, str] | None = None
    ) -> None:
        self.attribute, self.actor = attribute, actor
        self.name, self.translated = attribute.field.attname, translated or {}
        self._known: dict[Any, Any] = {}
        self._named: dict[str, list[int]] = {}
        self._convert = self._converter()
        ordinary = [one is valid_line or isinstance(one, ORDINARY) for one in attribute.field.validators]
        self._judged = attribute.look is Look.TEXT and not attribute.choices and all(ordinary)
        self._longest = (attribute.field.max_length or 0) if self._judged and not self.translated else -1
        self._bounds = None if self.translated else _plain_numbers(attribute)
        self._number: type[int] | type[Decimal] = Decimal if attribute.look is Look.MONEY else int

    @property
    def translatable(self) -> bool:
        """Whether a value that is not recognised can be said to stand for one that is."""
        one = self.attribute
        return bool(one.choices) or one.field.is_relation or one.look in (Look.REGION, Look.INDUSTRY)

    def prepare(self, cells: Iterable[Cell]) -> None:
        """Look up the records that these cells name."""
        if self.attribute.field.is_relation:
            texts = {str(cell).strip() for cell in cells if cell is not None} - self._named.keys()
            wanted = sorted(texts)
            for start in range(0, len(wanted), AT_ONCE):
                self._look_up(wanted[start : start + AT_ONCE])

    def __call__(self, cell: Cell) -> Any:
        """Return what the column stores for this cell.

        Raises
        ------
        Unfit
            It cannot be stored; the sentence says why.
        """
        if self._judged and type(cell) is str and len(cell) <= self._longest and is_ordinary(cell):
            return cell
        if self._bounds is not None and type(cell) is int and self._bounds.hold(cell):
            return self._number(cell)
        key = cell if type(cell) is str else (type(cell), cell)
        if key not in self._known:
            if len(self._known) >= MOST_KNOWN:
                self._known.clear()
            try:
                self._known[key] = self._checked(cell)
            except Unfit as error:
                self._known[key] = error
        found = self._known[key]
        if isinstance(found, Unfit):
            raise found
        return found

    def _checked(self, cell: Cell) -> Any:
        if isinstance(cell, ErrorCell):
            raise Unfit(_("The cell shows the error %(error)s, not a value.") % {"error": cell})
        if isinstance(cell, Damaged):
            sentence = _("“%(number)s” has more digits than Excel keeps; write it as text in the file.")
            raise Unfit(sentence % {"number": cell})
        meant = self.translated.get(str(cell).strip())
        if meant == "":
            return LEFT_OUT
        field = self.attribute.field
        if meant is not None and field.is_relation:
            return self._row(meant)
        value = self._convert(cell if meant is None else meant)
        if field.is_relation or self._judged:
            return value
        try:
            return field.clean(value, None)
        except ValidationError as error:
            raise Unfit(" ".join(error.messages)) from error

    def _converter(self) -> Callable[[Cell], Any]:
        attribute = self.attribute
        if attribute.field.is_relation:
            return self._reference
        if attribute.choices:
            return self._choice
        special: Mapping[Look, Callable[[Cell], Any]] = {
            Look.REGION: region_code,
            Look.INDUSTRY: industry_code,
            Look.YES_NO: _yes_no,
        }
        return special.get(attribute.look, self._typed(form_field(attribute, self.actor)))

    def _typed(self, field: forms.Field) -> Callable[[Cell], Any]:
        field.required = False

        def typed(cell: Cell) -> Any:
            try:
                return field.clean(_as_typed(cell, field))
            except ValidationError as error:
                raise Unfit(" ".join(error.messages)) from error

        return typed

    def _choice(self, cell: Cell) -> Any:
        wanted = str(cell).strip().casefold()
        found = {value for value, label in self._labels() if wanted in (str(value).casefold(), label)}
        if len(found) != 1:
            offered = _(", ").join(str(label) for label in self.attribute.choices.values())
            raise Unfit(_("“%(value)s” is none of: %(offered)s.") % {"value": cell, "offered": offered})
        return found.pop()

    def _labels(self) -> list[tuple[Any, str]]:
        """Return every value with its label in every language."""
        found = []
        for language, _name in settings.LANGUAGES:
            with translation.override(language):
                found += [(value, str(label).casefold()) for value, label in self.attribute.choices.items()]
        return found

    def _look_up(self, texts: list[str]) -> None:
        model: Any = self.attribute.refers_to
        fields = _names_of(model)
        anyone = Q()
        for name in fields:
            anyone |= Q(**{f"{name}__in": texts})
        for text in texts:
            self._named[text] = []
        for number, *values in (
            visible(model, self.actor).order_by().filter(anyone).values_list("pk", *fields)
        ):
            for text in {str(value) for value in values if value}:
                if text in self._named:
                    self._named[text].append(number)

    def _row(self, uid: str) -> int:
        """Return the row that a cell was said to stand for."""
        model: Any = self.attribute.refers_to
        found = visible(model, self.actor).filter(uid=uid).values_list("pk", flat=True).first()
        if found is None:
            raise Unfit(_("What it was said to stand for is no longer there."))
        return int(found)

    def _reference(self, cell: Cell) -> int:
        text = str(cell).strip()
        if text not in self._named:
            self._look_up([text])
        found = self._named[text]
        words = {"kind": self.attribute.label, "value": text}
        if not found:
            raise Unfit(_("There is no %(kind)s “%(value)s” that you may see.") % words)
        if len(found) > 1:
            raise Unfit(_("Several are called “%(value)s”; write the code instead.") % words)
        return found[0]


def _plain_numbers(attribute: Attribute) -> Bounds | None:
    """Return which whole numbers a cell may hold that are stored as they are; None where a form asks for more."""
    plain = attribute.look is Look.MONEY or (attribute.look is Look.NUMBER and attribute.whole)
    return bounds_of(attribute.field) if plain and attribute.typed_in is None else None


def _names_of(model: type[Record]) -> list[str]:
    """Return the fields by which a file may name a row: codes and the title."""
    codes = model.SEARCH.codes if model.SEARCH else ()
    own = [one.name for one in model._meta.concrete_fields if one.unique and one.name not in ("id", "uid")]
    return list(dict.fromkeys([*codes, *own, title_field(model)]))


def _as_typed(cell: Cell, field: forms.Field) -> Any:
    if isinstance(cell, dt.datetime) and not isinstance(field, forms.DateTimeField):
        return cell.date().isoformat()
    if isinstance(cell, dt.date) and not isinstance(cell, dt.datetime):
        return cell.isoformat()
    return str(cell)


def region_code(cell: Cell) -> str:
    """Return the code of the region that the cell names, and only that one."""
    text = str(cell).strip()
    found = _regions_meant(text)
    if not found:
        raise Unfit(_("There is no region “%(value)s”.") % {"value": text})
    if len(found) > 1 and {found[0].name, found[0].short_name} & {found[1].name, found[1].short_name}:
        raise Unfit(_("Several regions are called “%(value)s”; write the city before it.") % {"value": text})
    return found[0].code


@lru_cache(maxsize=10_000)
def _regions_meant(text: str) -> tuple[regions.Region, ...]:
    """Return up to two regions; looked up once a text, since files name few regions in many rows."""
    return tuple(regions.find(text, limit=2))


def industry_code(cell: Cell) -> str:
    """Return the division of GB/T 4754 that the cell names, by code or by name."""
    text = str(cell).strip()
    for division in industries.divisions().values():
        if text in (f"{division.section}{division.code}", division.code, division.name, division.english):
            return f"{division.section}{division.code}"
    raise Unfit(_("There is no industry “%(value)s” in GB/T 4754.") % {"value": text})


def _yes_no(cell: Cell) -> bool:
    text = str(cell).strip().casefold()
    if text in YES or text in NO:
        return text in YES
    raise Unfit(_("“%(value)s” is neither yes nor no.") % {"value": cell})
