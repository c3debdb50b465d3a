"""Bulk edit over the rows chosen or over every match, and its undo.

An undo brings back, row by row, what this edit replaced, and only where nothing was edited since: it is told from the
change stream, so that nothing has to be remembered between the two clicks.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from jike.foundation.audit import Outcome, changing_many
from jike.foundation.audit.encoding import decode
from jike.foundation.errors import NotFound, RuleBroken
from jike.foundation.models import Change
from jike.foundation.models.record import Record
from jike.foundation.resource.attributes import Attribute
from jike.foundation.resource.declaration import Resource
from jike.foundation.resource.listing import matching
from jike.foundation.resource.state import ListState
from jike.foundation.scope import Actor, is_open, visible

__all__ = ["BULK_LIMIT", "Chosen", "bulk_fields", "edit_many", "rows_chosen", "undo"]

BULK_LIMIT = 100_000
VERB = "change"


@dataclass(frozen=True)
class Chosen:
    """Which rows: these, or every match of the list's state."""

    uids: Sequence[UUID] = ()
    everything: ListState | None = None


def bulk_fields(resource: Resource, actor: Actor) -> list[Attribute]:
    """Return the fields that may be set for many rows at once: those edited in place, and references and choices."""
    found = []
    for name in resource.form_fields:
        attribute = resource.attributes[name]
        alike = attribute.look.chosen or attribute.field.is_relation or name in resource.inline
        unique = attribute.field.unique or name in resource.key or name == resource.title.name
        if alike and not unique and attribute.editable and is_open(actor, resource.model, name):
            found.append(attribute)
    return found


def rows_chosen(resource: Resource, chosen: Chosen, actor: Actor, *, today: dt.date) -> QuerySet[Record]:
    """Return the rows meant, as far as the actor may see them."""
    if chosen.everything is not None:
        return matching(resource, chosen.everything, actor, today=today)
    return visible(resource.model, actor).order_by().filter(uid__in=list(chosen.uids))


def edit_many(
    resource: Resource, rows: QuerySet[Record], values: Mapping[str, Any], *, actor: Actor
) -> Outcome:
    """Set ``values`` on every row, set-wise.

    Raises
    ------
    RuleBroken
        More rows than one edit takes.
    """
    ids = list(rows.values_list("pk", flat=True)[: BULK_LIMIT + 1])
    if len(ids) > BULK_LIMIT:
        raise RuleBroken(_("One bulk edit takes at most %(most)s records.") % {"most": f"{BULK_LIMIT:,}"})
    stored = {_column(resource, name): getattr(value, "pk", value) for name, value in values.items()}
    action = resource.actions.get("change_many")
    if action:
        return action(ids, actor=actor, **values)
    return changing_many(resource.model, dict.fromkeys(ids, stored), actor=actor, verb=VERB)


def undo(resource: Resource, request: UUID, actor: Actor) -> Outcome:
    """Take the bulk edit of ``request`` back, where nothing came after it.

    Raises
    ------
    NotFound
        The actor made no such edit.
    """
    changes = Change.objects.filter(request=request, actor=actor.uid, kind=resource.kind, verb=VERB)
    by_uid = {change.uid: change for change in changes.annotate(payloads=F("values_row__payloads"))}
    if not by_uid:
        raise NotFound
    edits, versions = {}, {}
    rows = visible(resource.model, actor).filter(uid__in=list(by_uid)).values_list("pk", "uid")
    for pk, uid in rows:
        change: Any = by_uid[uid]
        edits[pk] = _before(resource, change)
        versions[pk] = change.version
    return changing_many(resource.model, edits, actor=actor, verb=VERB, versions=versions)


def _before(resource: Resource, change: Any) -> dict[str, Any]:
    fields = {field.attname: field for field in resource.model._meta.concrete_fields}
    values = {}
    for name, payload in zip(change.fields, change.payloads or (), strict=True):
        pair = decode(payload)
        if pair is not None and name not in resource.model.DERIVED:
            values[name] = fields[name].to_python(pair[0])
    return values


def _column(resource: Resource, name: str) -> str:
    return resource.attributes[name].field.attname
