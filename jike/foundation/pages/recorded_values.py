"""Recorded values in words: labels of fields and choices, names of the rows that references point to, local times."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jike.foundation.audit.encoding import WITHHELD
from jike.foundation.models import Record
from jike.foundation.scope import SEALED, Actor, permission_catalogue, visible
from jike.foundation.scope.permissions import BREADTH_LABELS
from jike.foundation.templatetags.ui import moment

__all__ = ["References", "in_words", "kind_label", "model_or_none"]

References = Mapping[tuple[Any, Any], str]
"""(model, primary key) → the name of the row, for rows that the reader may view."""

Values = Mapping[str, Any]
SEEN = "revealed"
"""The fact of a reveal: names of fields."""
FACTS: Mapping[str, Any] = {
    "rows": gettext_lazy("Records"),
    "file_type": gettext_lazy("Type of file"),
    "columns": gettext_lazy("Columns"),
    "list": gettext_lazy("Conditions"),
    "chosen": gettext_lazy("Chosen one by one"),
    SEEN: gettext_lazy("Fields seen"),
    "reason": gettext_lazy("What for"),
    "changed": gettext_lazy("Records changed"),
    "changes": gettext_lazy("Changes verified"),
    "head": gettext_lazy("Head of the chain"),
    "finding": gettext_lazy("Finding"),
}
"""What an export, a reveal, a set-wise refresh or a verification of the history says of itself."""


def model_or_none(kind: str) -> Any:
    """Return the model of the kind, None for what no model stores (jobs, verifications)."""
    try:
        return apps.get_model(kind)
    except (LookupError, ValueError):
        return None


def kind_label(kind: str) -> str:
    """Return what rows of the kind are called; the kind itself for what no model stores."""
    model = model_or_none(kind)
    return str(model._meta.verbose_name) if model else kind


def in_words(recorded: Iterable[tuple[str, Values]], reader: Actor) -> list[dict[str, list[Any]]]:
    """Return per (kind, values) the labels of sealed fields, and of the others label, old and new words.

    Computed fields are left silent; rows that references point to are asked for once for each kind of them.
    """
    given = [(model_or_none(kind), values) for kind, values in recorded]
    names = _names(given, reader)
    return [_told(model, values, names) for model, values in given]


def _told(model: Any, values: Values, names: References) -> dict[str, list[Any]]:
    derived = getattr(model, "DERIVED", {})
    sealed, shown = [], []
    for name, pair in values.items():
        field = _field(model, name)
        label = _label(model, field, name)
        if name in derived or _kept_by_us(field):
            continue
        if pair is SEALED:
            sealed.append(label)
        else:
            old, new = pair or (_("forgotten"), _("forgotten"))
            if name == SEEN and field is None and pair:
                new = [_label(model, _field(model, one), one) for one in _several(new)]
            if field is None and name in permission_catalogue():
                shown.append((label, _breadth(old), _breadth(new)))
            else:
                shown.append((label, _words(field, old, names), _words(field, new, names)))
    return {"sealed": sealed, "shown": shown}


def _several(names: Any) -> list[str]:
    return [names] if isinstance(names, str) else list(names or ())


def _kept_by_us(field: models.Field | None) -> bool:
    """Whether nobody edits the field and its value says nothing to people (the ids of the units above)."""
    return isinstance(field, ArrayField) and not field.editable


def _label(model: Any, field: models.Field | None, name: str) -> str:
    """Return what people call a field, a fact the model names beside its fields, or a permission."""
    if field is not None:
        return str(field.verbose_name)
    if name in (facts := getattr(model, "FACTS", {})):
        return str(facts[name])
    if name in FACTS:
        return str(FACTS[name])
    permission = permission_catalogue().get(name)
    return f"{permission.kind_label}: {permission.label}" if permission else name


def _breadth(value: Any) -> str:
    """Return how far a right reached, as the matrix of rights says it."""
    labels = {str(breadth): str(label) for breadth, label in BREADTH_LABELS.items()}
    return _("not at all") if value is None else labels.get(str(value), str(value))


def _words(field: models.Field | None, value: Any, names: References) -> str:
    if value is None:
        return ""
    if value == WITHHELD:
        return _("not recorded")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if field is None or isinstance(value, dict):
        return str(value)
    if field.is_relation:
        return names.get((field.related_model, value), "…")
    if isinstance(field, models.DateTimeField) and isinstance(value, str):
        return moment(parse_datetime(value) or dt.datetime.now(dt.UTC))
    return str(dict(field.flatchoices).get(value, value))


def _names(given: Iterable[tuple[Any, Values]], reader: Actor) -> dict[tuple[Any, Any], str]:
    wanted: dict[Any, set[Any]] = {}
    for model, values in given:
        for name, pair in values.items():
            field = _field(model, name)
            if field is not None and field.is_relation and pair and pair is not SEALED:
                wanted.setdefault(field.related_model, set()).update(key for key in pair if key is not None)
    return {
        (model, row.pk): str(row)
        for model, keys in wanted.items()
        if issubclass(model, Record) and "view" in model.ACTIONS
        for row in visible(model, reader).filter(pk__in=keys)
    }


def _field(model: Any, name: str) -> models.Field | None:
    for one in model._meta.concrete_fields if model else ():
        if name in (one.name, one.attname):
            return one
    return None
