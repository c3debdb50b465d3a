"""Bulk edits too large to wait for: a task in the task centre, with progress, and its undo.

The order keeps the list's address or the rows chosen, the field and the text typed; the job reads them anew as the
person may then see and change. All changes bear one request id, by which they are taken back together.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from jike.foundation import background
from jike.foundation.background import Attempt
from jike.foundation.customising import opened
from jike.foundation.directory import actor_of
from jike.foundation.errors import Refused, RuleBroken
from jike.foundation.jobs import Progress, job
from jike.foundation.models import BackgroundTask
from jike.foundation.resource.bulk import Chosen, bulk_fields, edit_many, rows_chosen, undo
from jike.foundation.resource.declaration import Resource
from jike.foundation.resource.fields import form_field
from jike.foundation.resource.state import read_state
from jike.foundation.scope import Actor
from jike.values.identifiers import uid7

__all__ = ["AT_ONCE_LIMIT", "edit_rows", "order_edit", "order_undo", "undo_edit"]

AT_ONCE_LIMIT = 2_000
"""Up to so many rows one waits for the edit itself."""
PIECE = 1_000


def order_edit(resource: Resource, chosen: Chosen, field: tuple[str, str], *, actor: Actor) -> BackgroundTask:
    """Begin the edit that sets ``field`` (name, text as typed) on every row chosen.

    Raises
    ------
    RuleBroken
        Too many of the person's tasks are unfinished.
    """
    name, text = field
    order = {
        "resource": resource.slug,
        "list": chosen.everything.parameters() if chosen.everything else None,
        "rows": [str(uid) for uid in chosen.uids],
        "field": name,
        "text": text,
        "day": timezone.localdate().isoformat(),
        "edit": str(uid7()),
    }
    words = {"list": capfirst(str(resource.plural)), "field": resource.attributes[name].label}
    title = _("Change “%(field)s” of many: %(list)s") % words
    return background.begin(edit_rows, title=title, order=order, actor=actor)


def order_undo(resource: Resource, edit: UUID, *, actor: Actor) -> BackgroundTask:
    """Begin to take the edit back."""
    order = {"resource": resource.slug, "undo": str(edit)}
    title = _("Undo a change of many: %(list)s") % {"list": capfirst(str(resource.plural))}
    return background.begin(undo_edit, title=title, order=order, actor=actor)


@job("foundation.edit_rows", label=gettext_lazy("Change many records"))
def edit_rows(task: str, *, progress: Progress) -> None:
    """Carry out the edit that the task orders."""
    background.carry_out(task, _edit, progress=progress)


@job("foundation.undo_edit", label=gettext_lazy("Undo a change of many records"))
def undo_edit(task: str, *, progress: Progress) -> None:
    """Take back the edit that the task names."""
    background.carry_out(task, _undo, progress=progress)


def _edit(attempt: Attempt) -> None:
    order = attempt.task.order
    resource, actor = _place(order, attempt.task.person)
    actor = replace(actor, request=UUID(order["edit"]))
    values = _values(resource, order, actor)
    rows = rows_chosen(
        resource, _chosen(resource, order, actor), actor, today=dt.date.fromisoformat(order["day"])
    )
    ids = list(rows.order_by("pk").values_list("pk", flat=True))
    written, refused = 0, 0
    for start in range(0, len(ids), PIECE):
        attempt(start, len(ids))
        piece = resource.model._default_manager.filter(pk__in=ids[start : start + PIECE])
        outcome = edit_many(resource, piece, values, actor=actor)
        written, refused = written + len(outcome.written), refused + len(outcome.refused)
    attempt(len(ids), max(len(ids), 1))
    attempt.finish(_result(written, refused))


def _undo(attempt: Attempt) -> None:
    resource, actor = _place(attempt.task.order, attempt.task.person)
    outcome = undo(resource, UUID(attempt.task.order["undo"]), actor)
    attempt.finish(_result(len(outcome.written), len(outcome.refused)))


def _result(written: int, refused: int) -> str:
    sentence = ngettext("%d record changed.", "%d records changed.", written) % written
    if not refused:
        return sentence
    left = ngettext("%d record was left as it was.", "%d records were left as they were.", refused) % refused
    return f"{sentence} {left}"


def _place(order: Mapping[str, Any], person: UUID) -> tuple[Resource, Actor]:
    actor, resource = actor_of(person), opened(order["resource"])
    if actor is None:
        raise Refused(_("The person who ordered this may no longer sign in."))
    if resource is None:
        raise RuleBroken(_("This list no longer exists."))
    return resource, actor


def _chosen(resource: Resource, order: Mapping[str, Any], actor: Actor) -> Chosen:
    if order["list"] is not None:
        return Chosen(everything=read_state(resource, order["list"], actor))
    return Chosen(uids=_uids(order["rows"]))


def _uids(texts: Sequence[str]) -> list[UUID]:
    return [UUID(text) for text in texts]


def _values(resource: Resource, order: Mapping[str, Any], actor: Actor) -> dict[str, Any]:
    """Read the text as the form did; the field must still be one that this person may set for many."""
    fields = {one.name: one for one in bulk_fields(resource, actor)}
    attribute = fields.get(order["field"])
    if attribute is None:
        raise RuleBroken(_("This field can no longer be changed for many records."))
    return {attribute.name: form_field(attribute, actor).clean(order["text"])}
