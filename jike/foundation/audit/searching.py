"""Searching the whole change stream, for the audit administrators' page: who, what, when, and values where allowed.

Whoever may search sees that a row changed; what it held they see only where they may read that very row and field.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import F, QuerySet

from jike.foundation.audit.encoding import decode
from jike.foundation.errors import NotFound
from jike.foundation.models.change import Change
from jike.foundation.models.record import Record, RecordKey
from jike.foundation.scope import SEALED, Actor, sealed_fields, visible
from jike.foundation.scope.reading import model_of

__all__ = ["Found", "Wanted", "kinds_and_verbs", "search_changes"]


OF_MANY = frozenset({"export"})
"""Acts upon many rows at once: they say how many and which, and nothing of what a row holds."""
NOBODY = UUID(int=0)
"""Stands for what is about no row: names that nobody bears tried at the door, the stream as a whole verified."""


@dataclass(frozen=True)
class Wanted:
    """What to search for; what is None or "" does not matter. ``since`` counts in, ``until`` does not."""

    actor: UUID | None = None
    kind: str = ""
    verb: str = ""
    record: UUID | None = None
    since: dt.datetime | None = None
    until: dt.datetime | None = None


@dataclass(frozen=True)
class Found:
    """One change; ``row`` is the record where the reader may view it, ``values`` field → (old, new) or `SEALED`."""

    change: Change
    row: Record | None
    values: Mapping[str, Any]


def search_changes(
    wanted: Wanted, reader: Actor, *, before: int | None = None, limit: int = 50
) -> list[Found]:
    """Return at most ``limit`` changes, newest first, those with an id below ``before``."""
    changes = list(_matching(wanted, before)[:limit])
    rows = _readable(changes, reader)
    return [_found(change, rows.get(RecordKey(change.kind, change.uid)), reader) for change in changes]


def _matching(wanted: Wanted, before: int | None) -> QuerySet[Change]:
    given = {
        "actor": wanted.actor,
        "kind": wanted.kind,
        "verb": wanted.verb,
        "uid": wanted.record,
        "recorded_at__gte": wanted.since,
        "recorded_at__lt": wanted.until,
        "pk__lt": before,
    }
    conditions = {name: value for name, value in given.items() if value not in (None, "")}
    return Change.objects.filter(**conditions).annotate(payloads=F("values_row__payloads")).order_by("-pk")


def _readable(changes: Sequence[Change], reader: Actor) -> dict[RecordKey, Record]:
    """Return the rows among them that ``reader`` may view, in the recycle bin too; two queries for each kind."""
    wanted: dict[str, set[UUID]] = {}
    for change in changes:
        wanted.setdefault(change.kind, set()).add(change.uid)
    found: dict[RecordKey, Record] = {}
    for kind, uids in wanted.items():
        try:
            model = model_of(kind)
            for removed in (False, True):
                rows = visible(model, reader, removed=removed).filter(uid__in=uids)
                found |= {row.key: row for row in rows}
        except (NotFound, LookupError):
            # No such kind here (any more), or its rights are those of another record: values stay closed.
            continue
    return found


def _found(change: Any, row: Record | None, reader: Actor) -> Found:
    if row is None and change.verb not in OF_MANY and change.uid != NOBODY:
        return Found(change, None, dict.fromkeys(change.fields, SEALED))
    hidden = sealed_fields(reader, row) if row is not None else frozenset()
    payloads = change.payloads or [None] * len(change.fields)
    values = {
        name: SEALED if {name, name.removesuffix("_id")} & hidden else decode(payload)
        for name, payload in zip(change.fields, payloads, strict=True)
    }
    return Found(change, row, values)


def kinds_and_verbs(*, newest: int = 20_000) -> tuple[list[str], list[str]]:
    """Return the kinds and the verbs among the newest changes, for the choices of a filter."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT kind, verb FROM"
            " (SELECT kind, verb FROM foundation_change ORDER BY id DESC LIMIT %s) AS recent",
            [newest],
        )
        pairs = cursor.fetchall()
    return sorted({kind for kind, _ in pairs}), sorted({verb for _, verb in pairs})
