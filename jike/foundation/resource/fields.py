"""Form fields for the looks: what people type, turned into what the model stores."""

import datetime as dt
from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from jike.foundation.entering import sentence_of
from jike.foundation.models.record import Record
from jike.foundation.resource.attributes import Attribute, Look
from jike.foundation.scope import Actor, visible
from jike.values import industries, regions
from jike.values.dates import parse_day
from jike.values.errors import InvalidValue
from jike.values.money import Money
from jike.values.text import clean_line, clean_text

__all__ = ["form_field"]


def form_field(attribute: Attribute, actor: Actor, *, stored: Any = None) -> forms.Field:
    """Return the form field in which this attribute is typed or chosen; what is ``stored`` may always stay."""
    options: dict[str, Any] = {
        "label": attribute.label,
        "required": attribute.required,
        "help_text": attribute.field.help_text,
    }
    if attribute.field.is_relation:
        return ReferenceField(attribute, actor, stored=stored, **options)
    maker = attribute.typed_in or _MAKERS.get(attribute.look, _text)
    return maker(attribute, options)


class ReferenceField(forms.Field):
    """Chooses one row of another kind among those the actor may see; searched by name, pinyin, initials or code.

    The row referred to already may stay although the actor does not see it: lists name it, too.
    """

    def __init__(self, attribute: Attribute, actor: Actor, *, stored: Any, **options: Any) -> None:
        self.attribute, self.actor = attribute, actor
        self.stored = stored if isinstance(stored, Record) else None
        widget = forms.Select(
            attrs={"data-choices": attribute.refers_to.kind() if attribute.refers_to else ""}
        )
        super().__init__(widget=widget, **options)

    def prepare_value(self, value: Any) -> Any:
        """Offer the chosen row, so that the select has its name before anything is searched."""
        row = value if isinstance(value, Record) else self._find(value) if value else None
        self.widget.choices = [("", "")] + ([(str(row.uid), str(row))] if row else [])
        return str(row.uid) if row else ""

    def clean(self, value: Any) -> Any:
        """Return the row; one that is hidden from the actor looks like one that is not there."""
        super().clean(value)
        if value in self.empty_values:
            return None
        row = self._find(value)
        if row is None:
            raise ValidationError(_("Choose one of those offered."))
        return row

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compare uids."""
        return str(getattr(initial, "uid", initial or "")) != str(data or "")

    def _find(self, value: Any) -> Any:
        try:
            uid = UUID(str(value))
        except ValueError:
            return None
        if self.stored is not None and self.stored.uid == uid:
            return self.stored
        related: Any = self.attribute.refers_to
        return visible(related, self.actor).filter(uid=uid).first()


class TextField(forms.CharField):
    """One line, or several, cleaned as all text that enters."""

    def __init__(self, *, several: bool = False, limit: int, **options: Any) -> None:
        self.clean_entry, self.limit = (clean_text if several else clean_line), limit
        widget = forms.Textarea(attrs={"rows": 3}) if several else forms.TextInput(attrs={"maxlength": limit})
        super().__init__(widget=widget, **options)

    def to_python(self, value: Any) -> str:
        """Clean; what the value refuses is said beside the field."""
        try:
            return self.clean_entry(str(value or ""), limit=self.limit)
        except InvalidValue as error:
            raise ValidationError(sentence_of(error)) from error


class DayField(forms.CharField):
    """A day as people type it: 明天, 下周五, 11-23, 2027-01-31."""

    def to_python(self, value: Any) -> dt.date | None:  # type: ignore[override]
        """Return the day."""
        if value in self.empty_values or isinstance(value, dt.date):
            return value or None
        try:
            return parse_day(str(value), timezone.localdate())
        except InvalidValue as error:
            raise ValidationError(sentence_of(error)) from error


class MoneyField(forms.CharField):
    """An amount as people type it: 1,234.50, 12.5万, full-width figures."""

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]
        """Return the amount in yuan."""
        if value in self.empty_values:
            return None
        if isinstance(value, Decimal):
            return value
        try:
            return Money.parse(str(value)).amount
        except InvalidValue as error:
            raise ValidationError(sentence_of(error)) from error


def _text(attribute: Attribute, options: dict[str, Any]) -> forms.Field:
    limit = attribute.field.max_length or 4000
    return TextField(several=attribute.look is Look.LONG_TEXT, limit=limit, empty_value="", **options)


def _choice(attribute: Attribute, options: dict[str, Any]) -> forms.Field:
    blank = [] if options["required"] else [("", "")]
    return forms.ChoiceField(choices=[*blank, *attribute.field.flatchoices], **options)


def _figure(attribute: Attribute, options: dict[str, Any]) -> forms.Field:
    return forms.IntegerField(**options) if attribute.whole else forms.DecimalField(**options)


def _moment(attribute: Attribute, options: dict[str, Any]) -> forms.Field:
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    return forms.DateTimeField(widget=widget, **options)


class _CodeField(forms.CharField):
    """A code of a public list, searched by its name."""

    def __init__(self, name_of: Any, source: str, **options: Any) -> None:
        self.name_of = name_of
        super().__init__(widget=forms.Select(attrs={"data-choices": source}), **options)

    def prepare_value(self, value: Any) -> Any:
        """Offer the chosen code with its name."""
        self.widget.choices = [("", ""), *([(value, self._name(value))] if value else [])]
        return value

    def validate(self, value: Any) -> None:
        """Refuse a code that the list does not have."""
        super().validate(value)
        if value and not self._name(value):
            raise ValidationError(_("Choose one of those offered."))

    def _name(self, code: str) -> str:
        try:
            return str(self.name_of(code))
        except (InvalidValue, LookupError):
            return ""


_MAKERS: dict[Look, Any] = {
    **dict.fromkeys((Look.CHOICE, Look.GRADE, Look.LEVEL, Look.STATE), _choice),
    Look.REGION: lambda attribute, options: _CodeField(regions.full_name, "regions", **options),
    Look.INDUSTRY: lambda attribute, options: _CodeField(
        lambda code: industries.industry(code[1:]).name, "industries", **options
    ),
    Look.DATE: lambda attribute, options: DayField(widget=forms.TextInput(attrs={"data-day": ""}), **options),
    Look.MOMENT: _moment,
    Look.MONEY: lambda attribute, options: MoneyField(
        widget=forms.TextInput(attrs={"inputmode": "decimal"}), **options
    ),
    **dict.fromkeys((Look.NUMBER, Look.PERCENT), _figure),
    Look.HEALTH: lambda attribute, options: forms.IntegerField(min_value=0, max_value=100, **options),
    Look.YES_NO: lambda attribute, options: forms.BooleanField(**options),
}
