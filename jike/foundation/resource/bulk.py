"""Bulk edit over the rows chosen or over every match, and its undo.

An undo brings back, row by row, what this edit replaced, and only where nothing was edited since: it is told from the
change stream, so that nothing has to be remembered between the two clicks.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from jike.foundation.audit import Outcome, changing_many
from jike.foundation.audit.encoding import decode
from jike.foundation.custom.storing import mentions, packed_many
from jike.foundation.errors import NotFound, Refused, RuleBroken, Stale
from jike.foundation.models import Change
from jike.foundation.models.record import Record
from jike.foundation.resource.attributes import Attribute
from jike.foundation.resource.declaration import Resource
from jike.foundation.resource.editing import change_fields
from jike.foundation.resource.listing import matching
from jike.foundation.resource.state import ListState
from jike.foundation.scope import Actor, visible

__all__ = ["BULK_LIMIT", "Chosen", "apply_edits", "bulk_fields", "edit_many", "rows_chosen", "undo"]

BULK_LIMIT, ROW_BY_ROW_LIMIT = 100_000, 1_000


@dataclass(frozen=True)
class Chosen:
    """Which rows: these, or every match of the list's state."""

    uids: Sequence[UUID] = ()
    everything: ListState | None = None


def bulk_fields(resource: Resource, actor: Actor) -> list[Attribute]:
    """Return the fields that may be set for many rows at once: those edited in place, and references and choices."""
    found = []
    for name, attribute in resource.attributes.items():
        chosen = attribute.look.chosen or attribute.field.is_relation or name in resource.inline
        alike = attribute.many_only or (name in resource.form_fields and chosen)
        unique = attribute.field.unique or name in resource.key or name == resource.title.name
        if alike and not unique and attribute.editable and attribute.open_to(actor):
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
    """Set ``values`` on every row: set-wise, or row by row where the entity's own action must judge each.

    Raises
    ------
    RuleBroken
        More rows than one edit takes.
    """
    most = BULK_LIMIT if _set_wise(resource) else ROW_BY_ROW_LIMIT
    ids = list(rows.values_list("pk", flat=True)[: most + 1])
    if len(ids) > most:
        raise RuleBroken(_("One bulk edit takes at most %(most)s records.") % {"most": f"{most:,}"})
    stored = {
        resource.attributes[name].field.attname: getattr(value, "pk", value) for name, value in values.items()
    }
    return apply_edits(resource, dict.fromkeys(ids, stored), actor=actor)


def undo(resource: Resource, request: UUID, actor: Actor) -> Outcome:
    """Take the bulk edit of ``request`` back, where nothing came after it.

    Raises
    ------
    NotFound
        The actor made no such edit.
    """
    changes = Change.objects.filter(Q(actor=actor.uid), request=request, kind=resource.kind).exclude(
        verb="add"
    )
    latest: dict[UUID, Any] = {}
    before: dict[UUID, dict[str, Any]] = {}
    for change in changes.annotate(payloads=F("values_row__payloads")).order_by("id"):
        latest[change.uid] = change
        before[change.uid] = _before(resource, change) | before.get(change.uid, {})
    if not latest:
        raise NotFound
    rows = visible(resource.model, actor).filter(uid__in=list(latest)).values_list("pk", "uid")
    edits = {pk: before[uid] for pk, uid in rows}
    versions = {pk: latest[uid].version for pk, uid in rows}
    return apply_edits(resource, edits, actor=actor, versions=versions)


def _set_wise(resource: Resource) -> bool:
    return "change" not in resource.actions or "change_many" in resource.actions


def apply_edits(
    resource: Resource,
    edits: Mapping[int, Mapping[str, Any]],
    *,
    actor: Actor,
    versions: Mapping[int, int] | None = None,
) -> Outcome:
    """Store row id → {attribute name: value}; one row's refusal does not stop the others."""
    if not any(mentions(values) for values in edits.values()):
        return _applied(resource, edits, actor=actor, versions=versions)
    with transaction.atomic():
        wanted, refused = packed_many(resource.model, edits, actor=actor, known=resource.attributes)
        outcome = _applied(resource, wanted, actor=actor, versions=versions)
        outcome.refused.update(refused)
    return outcome


def _applied(
    resource: Resource,
    edits: Mapping[int, Mapping[str, Any]],
    *,
    actor: Actor,
    versions: Mapping[int, int] | None,
) -> Outcome:
    if own := resource.actions.get("change_many"):
        return own(edits, actor=actor, versions=versions)
    if _set_wise(resource):
        wanted = {number: dict(values) for number, values in edits.items()}
        return changing_many(resource.model, wanted, actor=actor, verb="change", versions=versions)
    outcome = Outcome()
    standing = resource.model._default_manager.filter(pk__in=list(edits), removed_at=None).order_by("pk")
    with transaction.atomic():
        for row in standing:
            number, before, version = row.pk, row.version, (versions or {}).get(row.pk)
            try:
                change_fields(resource, row, _objects(resource, edits[number]), actor=actor, version=version)
            except (Refused, RuleBroken, Stale, NotFound) as error:
                outcome.refused[number] = str(error)
            else:
                (outcome.unchanged if row.version == before else outcome.written).append(number)
    return outcome


def _objects(resource: Resource, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return values by field name, with the rows that references point to."""
    fields = {field.attname: field for field in resource.model._meta.concrete_fields}
    found = {}
    for name, value in values.items():
        field: Any = fields[name]
        related = field.is_relation and value is not None
        found[field.name] = (
            field.related_model._default_manager.filter(pk=value).first() if related else value
        )
    return found


def _before(resource: Resource, change: Any) -> dict[str, Any]:
    """Return what the change replaced in the form's fields; what follows from them follows again."""
    names = {name.partition(".")[0] for name in resource.form_fields}
    fields = {one.attname: one for one in resource.model._meta.concrete_fields if one.name in names}
    values = {}
    for name, payload in zip(change.fields, change.payloads or (), strict=True):
        pair = decode(payload)
        if pair is not None and name in fields:
            values[name] = fields[name].to_python(pair[0])
    return values
