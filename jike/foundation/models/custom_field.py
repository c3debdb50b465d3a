"""`CustomField`: a field that an administrator adds to a kind of record; values lie in the record's `custom` column.

Values are kept under the field's ``data_key``, which never changes, so that a field renamed keeps its data; as JSON
text that reads back exactly (figures and days as text, never as binary fractions), a person by its row id.
"""

from collections.abc import Iterator
from enum import StrEnum
from typing import Any, ClassVar

from django.apps import apps
from django.core.validators import MaxValueValidator, RegexValidator
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from jike.foundation.entering import plain_line, plain_text
from jike.foundation.models.record import STANDARD_ACTIONS, Derived, Record
from jike.foundation.models.shapes import choices, line, text
from jike.values.rights import Domain

__all__ = ["COLUMN", "CustomField", "Shape", "custom_column", "customisable"]

COLUMN = "custom"
"""The column of a record in which the values of its custom fields lie."""


class Shape(StrEnum):
    """What a custom field holds."""

    TEXT = "text"
    NUMBER = "number"
    MONEY = "money"
    DATE = "date"
    CHOICE = "choice"
    PERSON = "person"
    FORMULA = "formula"


SHAPES = {
    Shape.TEXT: pgettext_lazy("custom field", "Text"),
    Shape.NUMBER: pgettext_lazy("custom field", "Number"),
    Shape.MONEY: _("Money"),
    Shape.DATE: _("Date"),
    Shape.CHOICE: _("Choice"),
    Shape.PERSON: _("Person"),
    Shape.FORMULA: _("Formula"),
}
RESULTS = {shape: SHAPES[shape] for shape in (Shape.NUMBER, Shape.MONEY, Shape.DATE)}


def custom_column() -> models.JSONField:
    """Return the column that makes a kind of record take custom fields."""
    return models.JSONField(_("custom fields"), default=dict, blank=True, editable=False)


def customisable() -> Iterator[type[Record]]:
    """Yield the kinds of record that take custom fields."""
    for model in apps.get_models():
        if issubclass(model, Record) and any(one.name == COLUMN for one in model._meta.concrete_fields):
            yield model


def kinds() -> list[tuple[str, Any]]:
    """Return the kinds that take custom fields with their names."""
    return [(model.kind(), capfirst(str(model._meta.verbose_name))) for model in customisable()]


def rights() -> list[tuple[str, Any]]:
    """Return the acts whose right may be asked for besides that of seeing or changing the record."""
    named = {name: label for model in customisable() for name, label in model.ACTIONS.items()}
    return [(name, label) for name, label in named.items() if name not in ("view", "add")]


class CustomField(Record):
    """One field; ``see`` and ``change`` name the act upon the record whose right its readers and writers need."""

    ACTIONS = STANDARD_ACTIONS
    DOMAIN = Domain.SYSTEM
    DERIVED: ClassVar = {
        **{
            name: Derived(name, plain_line) for name in ("label", "label_en", "section", "section_en", "hint")
        },
        **{name: Derived(name, plain_text) for name in ("options", "formula")},
    }

    of_kind = models.CharField(_("record"), max_length=64, choices=kinds)
    data_key = models.CharField(
        _("key"),
        db_column="key",
        max_length=32,
        blank=True,
        validators=[RegexValidator(r"\A[a-z][a-z0-9_]*\Z", _("Small letters, figures and _ only."))],
        help_text=_(
            "Names the field to programs and in formulas; it never changes. Made from the name if left empty."
        ),
    )
    label = line(_("name"), 40, blank=False)
    label_en = line(_("English name"), 60)
    shape = models.CharField(_("type"), max_length=8, choices=choices(SHAPES), default=Shape.TEXT.value)
    section = line(_("group"), 40)
    section_en = line(_("English group"), 60)
    hint = line(_("help"), 200)
    required = models.BooleanField(_("must be filled in"), default=False)
    decimals = models.PositiveSmallIntegerField(
        _("decimal places"), default=0, validators=[MaxValueValidator(6)]
    )
    options = text(
        _("choices"),
        4000,
        help_text=_(
            "One a line: name | English name. To rename one in use: old name = new name | English name."
        ),
    )
    formula = text(
        _("formula"),
        500,
        help_text=_(
            "Such as monthly_revenue * 12 / lines; a field by its key or its name, in braces where that has spaces."
            " Knows + - * / ( ), min, max, abs, round, when(a > b, then, else) and today."
        ),
    )
    result = models.CharField(
        _("the formula gives"), max_length=8, choices=choices(RESULTS), default=Shape.NUMBER.value
    )
    see = models.CharField(
        _("seen by who may"),
        max_length=32,
        choices=rights,
        blank=True,
        help_text=_("Empty: everybody who sees the record."),
    )
    change = models.CharField(
        _("changed by who may"),
        max_length=32,
        choices=rights,
        blank=True,
        help_text=_("Empty: everybody who changes the record."),
    )
    active = models.BooleanField(_("in use"), default=True)
    position = models.PositiveSmallIntegerField(pgettext_lazy("in an order", "place"), default=100)

    class Meta:
        verbose_name = _("custom field")
        verbose_name_plural = _("custom fields")
        ordering = ("of_kind", "position", "id")
        indexes = (models.Index(fields=("position", "id"), name="custom_field_by_place"),)
        constraints = (
            models.UniqueConstraint(
                fields=("of_kind", "data_key"),
                name="custom_field_key_once",
                violation_error_message=_("Another field has, or had, this key; its values are still kept."),
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """What readers of the language in force call it."""
        return (get_language() == "en" and self.label_en) or self.label

    @property
    def group(self) -> str:
        """Under what heading it stands; empty under the one for all others."""
        return (get_language() == "en" and self.section_en) or self.section
