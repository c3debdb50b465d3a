"""Custom fields and tags as the machinery knows any field: `Attribute`s, made anew for each request."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any, ClassVar

from django.contrib.auth import get_user_model
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast
from django.utils.text import format_lazy

from jike.foundation.custom.expressions import stored
from jike.foundation.custom.formula import Empty, rounded
from jike.foundation.custom.options import options_of
from jike.foundation.custom.storing import MARK
from jike.foundation.customising.tag_fields import TagsField
from jike.foundation.models.custom_field import COLUMN, CustomField, Shape
from jike.foundation.models.record import Record
from jike.foundation.models.tag import Tag
from jike.foundation.resource.attributes import Attribute, Look, title_field
from jike.foundation.scope import Actor
from jike.foundation.scope.reading import may

__all__ = [
    "CustomAttribute",
    "FormulaAttribute",
    "TagPart",
    "TagsAttribute",
    "field_of",
    "label_of",
    "look_of",
    "path_of",
    "tags_field",
]

LOOKS = {
    Shape.TEXT: Look.TEXT,
    Shape.NUMBER: Look.NUMBER,
    Shape.MONEY: Look.MONEY,
    Shape.DATE: Look.DATE,
    Shape.CHOICE: Look.CHOICE,
    Shape.PERSON: Look.LINK,
}


@dataclass(frozen=True, eq=False)
class CustomAttribute(Attribute):
    """A custom field of one kind of record."""

    definition: CustomField = field(default_factory=CustomField)
    people: dict[int, Any] = field(default_factory=dict)
    """Persons met in this request, by row id."""

    @property
    def key(self) -> str:
        """Under which its value is kept."""
        return self.definition.data_key

    @property
    def column(self) -> str:
        """The name under which the database computes it."""
        return f"{COLUMN}_{self.key}"

    @cached_property
    def expression(self) -> Any:
        """What reads it in its own type."""
        return stored(self.definition)

    @property
    def choices(self) -> dict[Any, Any]:
        """Value → name in the language in force."""
        return dict(self.field.flatchoices) if self.field.choices else {}

    @property
    def required(self) -> bool:
        """As its definition says."""
        return self.definition.required

    @property
    def into(self) -> str:
        """The column that keeps it."""
        return COLUMN

    @property
    def needs(self) -> str:
        """The act whose right it takes to set it."""
        return self.definition.change or "change"

    def combined(self, held: Any, value: Any) -> dict[str, Any]:
        """Return the column's value with this one in it; a field emptied leaves nothing behind."""
        rest = {key: one for key, one in (held or {}).items() if key != self.key}
        return rest if value in (None, "") else {**rest, self.key: _plain(value)}

    def of(self, row: Any) -> Any:
        """Return the row's value; a stored text that does not fit the type counts as empty."""
        value = getattr(row, COLUMN).get(self.key)
        if value in (None, ""):
            return None
        if self.field.is_relation:
            return self._person(int(value))
        try:
            found = self.field.to_python(value)
            places = getattr(self.field, "decimal_places", None)
            return found if places is None else rounded(found, places)
        except (ValueError, ArithmeticError, ValidationError):
            return None

    def among(self, values: Sequence[Any]) -> Q:
        """Return the condition of having one of the values; people by uid or, for "me", by id."""
        if not self.field.is_relation:
            return super().among(values)
        people: Any = self.refers_to
        named = people._default_manager.filter(uid__in=[one for one in values if not isinstance(one, int)])
        ids = [*named.values_list("pk", flat=True), *(one for one in values if isinstance(one, int))]
        return Q(**{f"{self.column}__in": ids})

    def may_fill(self, actor: Actor, row: Any) -> bool:
        """Whether the actor may set it: some fields need a right of their own."""
        if not super().may_fill(actor, row):
            return False
        model, needs = row and type(row), self.needs
        if needs == "change":
            return True
        return may(actor, needs, row) if model else actor.holds(f"{self.definition.of_kind}:{needs}")

    def _person(self, number: int) -> Any:
        if number not in self.people:
            related: Any = self.refers_to
            self.people[number] = related._default_manager.filter(pk=number).first()
        return self.people[number]


@dataclass(frozen=True, eq=False)
class FormulaAttribute(CustomAttribute):
    """A field worked out from others; it keeps nothing."""

    compiled: Any = None
    """What the database works out."""
    work_out: Any = None
    """Takes a row; returns the value or raises `Empty`."""

    @property
    def expression(self) -> Any:
        """The formula as SQL."""
        return self.compiled

    @property
    def editable(self) -> bool:
        """Nobody types it in."""
        return False

    @property
    def required(self) -> bool:
        """Nobody types it in."""
        return False

    def of(self, row: Any) -> Any:
        """Return what the formula gives for the row, or None."""
        try:
            return self.work_out(row)
        except Empty:
            return None

    def empty_because(self, row: Any) -> str:
        """Return why the formula gives nothing for the row."""
        try:
            self.work_out(row)
        except Empty as reason:
            return str(reason)
        return ""

    def may_fill(self, actor: Actor, row: Any) -> bool:
        """Nobody does."""
        return False


@dataclass(frozen=True, eq=False)
class TagsAttribute(Attribute):
    """The tags that hang on a record."""

    known: Mapping[int, Tag] = field(default_factory=dict)

    @property
    def choices(self) -> dict[Any, Any]:
        """Id, as number and as filters write it → tag."""
        return {**self.known, **{str(number): tag for number, tag in self.known.items()}}

    @property
    def editable(self) -> bool:
        """They are given and taken."""
        return True

    typed_in: ClassVar[Any] = staticmethod(lambda attribute, options: TagsField(attribute, **options))

    def blank(self) -> Q:
        """Return the condition of having no tag."""
        return Q(**{self.name: []})

    def among(self, values: Sequence[Any]) -> Q:
        """Return the condition of having at least one of the tags."""
        return Q(**{f"{self.name}__overlap": [int(one) for one in values if str(one).isdecimal()]})


@dataclass(frozen=True, eq=False)
class TagPart(TagsAttribute):
    """One tag given to, or taken from, many records; ``name`` is ``tags.add`` or ``tags.take``."""

    many_only: ClassVar[bool] = True

    @property
    def into(self) -> str:
        """The column."""
        return self.name.partition(".")[0]

    @property
    def needs(self) -> str:
        """Whoever changes a record gives it tags."""
        return "change"

    def combined(self, held: Any, value: Any) -> list[int]:
        """Return the tags with these given or taken."""
        if self.name.endswith(".take"):
            return [one for one in held or () if one not in value]
        return sorted({*(held or ()), *value})


def field_of(definition: CustomField) -> models.Field:
    """Return the unbound Django field that gives a definition its type, as forms and imports ask it."""
    options: dict[str, Any] = {"verbose_name": definition.name, "help_text": definition.hint}
    options |= {"blank": not definition.required, "null": True}
    shape = Shape(definition.shape if definition.shape != Shape.FORMULA else definition.result)
    made: models.Field
    match shape:
        case Shape.NUMBER:
            made = models.DecimalField(
                max_digits=15 + definition.decimals, decimal_places=definition.decimals, **options
            )
        case Shape.MONEY:
            made = models.DecimalField(max_digits=17, decimal_places=2, **options)
        case Shape.DATE:
            made = models.DateField(**options)
        case Shape.PERSON:
            made = models.ForeignKey(get_user_model(), models.DO_NOTHING, **options)
        case Shape.CHOICE:
            made = models.CharField(max_length=60, choices=options_of(definition.options), **options)
        case _:
            made = models.CharField(max_length=300, **options)
    made.name = made.attname = made.column = f"{MARK}{definition.data_key}"
    return made


def label_of(definition: CustomField) -> Any:
    """Return the field's name in whatever language is in force when it is shown: files are recognised by either."""
    return format_lazy("{}", definition)


def look_of(definition: CustomField) -> Look:
    """Return how the field's values look."""
    return LOOKS[Shape(definition.result if definition.shape == Shape.FORMULA else definition.shape)]


def path_of(definition: CustomField) -> Any:
    """Return what a list reads of a stored field: of a person the name."""
    if definition.shape != Shape.PERSON:
        return stored(definition)
    people: Any = get_user_model()
    number = Cast(KeyTextTransform(definition.data_key, OuterRef(COLUMN)), models.BigIntegerField())
    return Subquery(people._default_manager.filter(pk=number).values(title_field(people))[:1])


def tags_field(column: ArrayField, name: str) -> models.Field:
    """Return the tags' column under another name, for giving and taking."""
    made = column.clone()
    made.name = made.attname = made.column = name
    made.editable = True
    return made


def _plain(value: Any) -> Any:
    """Return the value as JSON that reads back exactly."""
    if isinstance(value, Record):
        return value.pk
    if isinstance(value, Decimal):
        text = f"{value:f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    return value.isoformat() if isinstance(value, dt.date) else value
