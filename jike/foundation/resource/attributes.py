"""`Attribute`: everything the machinery needs to know of one field, worked out once from the model.

Its ``look`` decides how a value is shown, filtered and typed in: mostly it follows from the field's type, and a
Resource names it where the type says too little (a region's code is stored as text).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import Q
from django.utils.functional import Promise

from jike.foundation.models.record import Record
from jike.foundation.scope import Actor
from jike.foundation.scope.reading import follow, lies_at

__all__ = ["Attribute", "Look", "attribute_of"]


class Look(StrEnum):
    """How a value looks, and thereby how it is filtered and edited."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    CODE = "code"
    PHONE = "phone"
    NUMBER = "number"
    MONEY = "money"
    PERCENT = "percent"
    DATE = "date"
    MOMENT = "moment"
    CLOCK = "clock"
    YES_NO = "yes_no"
    CHOICE = "choice"
    GRADE = "grade"
    LEVEL = "level"
    STATE = "state"
    HEALTH = "health"
    TREND = "trend"
    LINK = "link"
    TREE = "tree"
    REGION = "region"
    INDUSTRY = "industry"
    TAGS = "tags"

    @property
    def numeric(self) -> bool:
        """Whether values are counted, and so stand at the right."""
        return self in (Look.NUMBER, Look.MONEY, Look.PERCENT)

    @property
    def chosen(self) -> bool:
        """Whether values come from a closed list."""
        return self in (Look.CHOICE, Look.GRADE, Look.LEVEL, Look.STATE, Look.TAGS)

    @property
    def dated(self) -> bool:
        """Whether values are days or moments, and so compared by day."""
        return self in (Look.DATE, Look.MOMENT, Look.CLOCK)

    @property
    def nested(self) -> bool:
        """Whether a filter by a value includes what lies below it."""
        return self in (Look.TREE, Look.REGION, Look.INDUSTRY)


TITLES = ("name", "code", "position", "id")
BY_TYPE: tuple[tuple[type[models.Field], Look], ...] = (
    (models.BooleanField, Look.YES_NO),
    (models.DecimalField, Look.MONEY),
    (models.FloatField, Look.NUMBER),
    (models.IntegerField, Look.NUMBER),
    (models.DateTimeField, Look.MOMENT),
    (models.DateField, Look.DATE),
    (models.TextField, Look.LONG_TEXT),
    (ArrayField, Look.TREND),
)


@dataclass(frozen=True)
class Attribute:
    """One field of a kind, or one field of a row it refers to (``customer__name``).

    Attributes
    ----------
    name
        Path from the model, ``__`` between steps; the name used in addresses, saved views and the API.
    field
        The Django field at the path's end.
    path
        What a list reads: for a reference the title of the row referred to, else what the model's ``READS`` says.
    sealed
        The permission that opens it; empty when it is open.
    """

    name: str
    label: str | Promise
    look: Look
    field: models.Field
    path: Any
    sealed: str = ""
    expression: ClassVar[Any] = None
    """What the database computes under the name of ``column``; None where that is a column."""
    typed_in: ClassVar[Any] = None
    """What makes its form field, where the look does not say enough."""
    many_only: ClassVar[bool] = False
    """Whether only edits of many rows know it: a part given to, or taken from, what each row has."""

    @property
    def choices(self) -> dict[Any, Any]:
        """The closed list of values and their labels; empty for others."""
        return dict(self.field.flatchoices) if self.field.choices else {}

    @property
    def refers_to(self) -> type[Record] | None:
        """The model a reference points to."""
        return self.field.related_model if self.field.is_relation else None  # type: ignore[return-value]

    @property
    def column(self) -> str:
        """The path to compare with: a reference's own column."""
        return f"{self.name}_id" if self.field.is_relation else self.name

    @property
    def whole(self) -> bool:
        """Whether only whole numbers are stored."""
        return isinstance(self.field, models.IntegerField)

    @property
    def editable(self) -> bool:
        """Whether it belongs to the row itself and may be typed in."""
        return "__" not in self.name and self.field.editable

    @property
    def required(self) -> bool:
        """Whether a form asks for it."""
        return not (self.field.blank or self.field.null) and self.look is not Look.YES_NO

    def of(self, row: Any) -> Any:
        """Return the row's value."""
        return follow(row, self.name)

    def empty_because(self, row: Any) -> str:
        """Return why the row has no value, where that follows from other fields."""
        return ""

    def blank(self) -> Q:
        """Return the condition of having no value."""
        texts = self.field.empty_strings_allowed and not self.field.is_relation
        return Q(**{f"{self.column}__isnull": True}) | (Q(**{self.column: ""}) if texts else Q())

    def among(self, values: Sequence[Any]) -> Q:
        """Return the condition of having one of the values; references by uid or, for "me", by id."""
        if not self.field.is_relation:
            return Q(**{f"{self.column}__in": values})
        uids = [value for value in values if isinstance(value, UUID)]
        own = [value for value in values if isinstance(value, int)]
        return Q(**{f"{self.name}__uid__in": uids}) | Q(**{f"{self.column}__in": own})

    def hidden_from(self, actor: Actor, row: Any) -> bool:
        """Whether the actor may not read it of this row, or of an unknown one."""
        if not self.sealed or row is None:
            return bool(self.sealed)
        owner, unit = lies_at(row)
        return self.closed_to(actor, owner=owner, unit=unit)

    def may_fill(self, actor: Actor, row: Any) -> bool:
        """Whether the actor may type it in who may change the row; what cannot be read is not overwritten unseen."""
        return row is None or not self.hidden_from(actor, row)

    def open_to(self, actor: Actor) -> bool:
        """Whether the actor reads the field on at least some rows."""
        return not self.sealed or bool(actor.reach(self.sealed))

    def closed_to(self, actor: Actor, *, owner: int | None, unit: int | None) -> bool:
        """Whether the actor may not read the field on a row of that owner in that unit."""
        return bool(self.sealed) and not actor.reach(self.sealed).covers(owner=owner, unit=unit)


def attribute_of(model: type[Record], name: str, look: str = "") -> Attribute:
    """Work out the attribute; raises LookupError with a sentence when the model has no such field."""
    field, owner = _field(model, name)
    found = Look(look) if look else _look(field)
    path = f"{name}__{title_field(field.related_model)}" if field.is_relation else model.READS.get(name, name)
    return Attribute(name, field.verbose_name, found, field, path, owner.SEALED.get(field.name, ""))


def title_field(model: Any) -> str:
    """Return the field by which rows of ``model`` are called."""
    names = {field.name for field in model._meta.fields}
    return model.SEARCH.title if model.SEARCH else next(one for one in TITLES if one in names)


def _field(model: type[Record], name: str) -> tuple[models.Field, type[Record]]:
    owner: Any = model
    *steps, last = name.split("__")
    try:
        for step in steps:
            owner = owner._meta.get_field(step).related_model
        field = owner._meta.get_field(last)
    except (FieldDoesNotExist, AttributeError) as error:
        raise LookupError(f"{model.kind()} has no field {name!r}") from error
    if not getattr(field, "concrete", False):
        raise LookupError(f"{model.kind()}: {name!r} is not a stored field")
    return field, owner


def _look(field: models.Field) -> Look:
    if field.is_relation:
        related: Any = field.related_model
        return Look.TREE if any(f.name == "ancestors" for f in related._meta.fields) else Look.LINK
    if field.choices:
        return Look.CHOICE
    return next((look for kind, look in BY_TYPE if isinstance(field, kind)), Look.TEXT)
