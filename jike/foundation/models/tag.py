"""`Tag`: a word that people hang on records of a kind; the record keeps the ids in its `tags` column.

A managed tag is named, coloured and merged by those who may; a free one comes into being where somebody types it.
"""

from collections.abc import Iterator
from enum import StrEnum
from typing import Any, ClassVar

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jike.foundation.entering import plain_line
from jike.foundation.models.record import STANDARD_ACTIONS, Derived, Record
from jike.foundation.models.shapes import STANDING, choices, line

__all__ = ["Colour", "Tag", "tag_column", "taggable"]

COLUMN = "tags"


class Colour(StrEnum):
    """The colours of the page that a tag may take."""

    GREY = "grey"
    BLUE = "blue"
    GREEN = "green"
    AMBER = "amber"
    RED = "red"
    PURPLE = "purple"


COLOURS = {
    Colour.GREY: _("Grey"),
    Colour.BLUE: _("Blue"),
    Colour.GREEN: _("Green"),
    Colour.AMBER: _("Amber"),
    Colour.RED: _("Red"),
    Colour.PURPLE: _("Purple"),
}


def tag_column() -> ArrayField:
    """Return the column that makes a kind of record take tags; give it a GIN index."""
    return ArrayField(
        models.BigIntegerField(), verbose_name=_("tags"), default=list, blank=True, editable=False
    )


def taggable() -> Iterator[type[Record]]:
    """Yield the kinds of record that take tags."""
    for model in apps.get_models():
        if issubclass(model, Record) and any(one.name == COLUMN for one in model._meta.concrete_fields):
            yield model


def kinds() -> list[tuple[str, Any]]:
    """Return the kinds that take tags with their names."""
    return [(model.kind(), capfirst(str(model._meta.verbose_name))) for model in taggable()]


class Tag(Record):
    """One word for records of one kind."""

    ACTIONS: ClassVar = {**STANDARD_ACTIONS, "merge": _("Merge into another")}
    DERIVED: ClassVar = {"name": Derived("name", plain_line)}

    of_kind = models.CharField(_("record"), max_length=64, choices=kinds, default="customers.customer")
    name = line(_("name"), 20, blank=False)
    colour = models.CharField(_("colour"), max_length=8, choices=choices(COLOURS), default=Colour.GREY.value)
    managed = models.BooleanField(
        _("managed"), default=False, help_text=_("Offered first; free tags come from whoever types them.")
    )
    position = models.PositiveSmallIntegerField(pgettext_lazy("in an order", "place"), default=100)

    class Meta:
        verbose_name = _("tag")
        verbose_name_plural = _("tags")
        ordering = ("of_kind", "-managed", "position", "id")
        indexes = (models.Index(fields=("position", "id"), name="tag_by_place"),)
        constraints = (
            models.UniqueConstraint(
                fields=("of_kind", "name"),
                condition=STANDING,
                name="tag_name_once",
                violation_error_message=_("There is such a tag already."),
            ),
        )

    def __str__(self) -> str:
        return self.name
