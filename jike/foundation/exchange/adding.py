"""New records of a file, by the entity's own action: set-wise where it has one, else row by row."""

from collections.abc import Callable
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from jike.foundation.audit import Outcome, creating_many
from jike.foundation.custom.storing import kept_new, mentions
from jike.foundation.errors import Invalid, JikeError, Refused
from jike.foundation.resource.attributes import Attribute
from jike.foundation.resource.declaration import Resource
from jike.foundation.resource.editing import add_row
from jike.foundation.scope import Actor

__all__ = ["added"]


def added(resource: Resource, rows: list[dict[str, Any]], *, actor: Actor) -> Outcome:
    """Add records by the entity's own action; set-wise where it has one, else row by row."""
    needed = _needed(resource, actor)
    if not needed and not any(mentions(values) for values in rows):
        return _added(resource, rows, actor=actor)
    kept: dict[int, dict[str, Any]] = {}
    outcome = Outcome()
    for place, values in enumerate(rows):
        lacking = next((one for one in needed if values.get(one.name) in (None, "")), None)
        if lacking is not None:
            outcome.refused[place] = _("%(name)s: a value is needed.") % {"name": lacking.label}
            continue
        try:
            kept[place] = kept_new(resource.model, values, actor=actor, known=resource.attributes)
        except Refused as error:
            outcome.refused[place] = str(error)
    found, places = _added(resource, list(kept.values()), actor=actor), list(kept)
    outcome.refused |= {places[place]: sentence for place, sentence in found.refused.items()}
    outcome.written = found.written
    return outcome


def _needed(resource: Resource, actor: Actor) -> list[Attribute]:
    """Return the custom fields without which no new record is made, as far as the actor fills them in."""
    custom = (one for one in resource.attributes.values() if mentions([one.name]))
    return [one for one in custom if one.editable and one.required and one.may_fill(actor, None)]


def _added(resource: Resource, rows: list[dict[str, Any]], *, actor: Actor) -> Outcome:
    own: Callable[..., Outcome] | None = resource.actions.get("add_many")
    if own:
        return own(rows, actor=actor)
    if "add" not in resource.actions:
        return creating_many(resource.model, rows, actor=actor)
    outcome = Outcome()
    for place, values in enumerate(rows):
        try:
            with transaction.atomic():
                row = add_row(resource, _objects(resource, values), actor)
        except (JikeError, IntegrityError) as error:
            outcome.refused[place] = _sentence(error)
        else:
            outcome.written.append(row.pk)
    return outcome


def _objects(resource: Resource, values: dict[str, Any]) -> dict[str, Any]:
    """Return values by field name, with the rows that references point to."""
    fields = {one.attname: one for one in resource.model._meta.concrete_fields}
    found: dict[str, Any] = {}
    for name, value in values.items():
        one: Any = fields[name]
        found[one.name] = one.related_model._default_manager.get(pk=value) if one.is_relation else value
    return found


def _sentence(error: Exception) -> str:
    if isinstance(error, Invalid):
        return " ".join(str(one) for told in error.fields.values() for one in told)
    return str(error) if isinstance(error, JikeError) else str(_("It contradicts a record that exists."))
