"""Grids within the parent's form: bound with it, kept in its draft, stored with it or not at all."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from jike.foundation.errors import Refused, RuleBroken, Stale
from jike.foundation.lines import Sheet, lines_of
from jike.foundation.models.record import Record
from jike.foundation.pages.resources.editors import Editor
from jike.foundation.resource.declaration import Resource
from jike.foundation.scope import Actor

__all__ = ["names_sent", "sheets_of", "stored_with"]


def sheets_of(
    resource: Resource, row: Record | None, actor: Actor, *, data: Mapping[str, Any] | None
) -> list[Sheet]:
    """Return the grids of the form; from ``data`` (sent, or a draft) where it holds them, else as stored."""
    return [
        Sheet(lines, row, actor, data=data if data and f"{lines.name}.uid" in data else None)
        for lines in lines_of(resource)
        if actor.holds(f"{lines.model.kind()}:view") and (row is None or lines.when(row))
    ]


def names_sent(resource: Resource) -> set[str]:
    """Return the names under which grids arrive, for the draft to keep."""
    return {
        f"{lines.name}.{name}"
        for lines in lines_of(resource)
        for name in ("uid", "version", "gone", *lines.typed, *(f"{one}.uid" for one in lines.typed))
    }


def stored_with(editor: Editor, sheets: Sequence[Sheet]) -> Record | None:
    """Store the form and its grids in one transaction; None when anything was refused, and then all say why."""
    sent = [sheet for sheet in sheets if sheet.bound]
    if not all(sheet.valid for sheet in sent):
        editor.form.is_valid()
        return None
    with transaction.atomic():
        stored = editor.stored()
        if stored is None or all(_stored(sheet, stored) for sheet in sent):
            return stored
        transaction.set_rollback(True)
    return None


def _stored(sheet: Sheet, parent: Record) -> bool:
    try:
        sheet.lines.store(parent, sheet.taken, actor=sheet.actor)
    except (RuleBroken, Refused, Stale) as error:
        sheet.tell(error)
        return False
    return True
