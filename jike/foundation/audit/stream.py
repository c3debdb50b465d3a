"""Writing to and reading from the change stream.

Ids commit out of order, so every reader of the stream takes only rows whose transaction is settled: older than every
transaction still running (``pg_snapshot_xmin``), or of an era before the last restore.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import F, Q, QuerySet
from django.db.models.expressions import RawSQL

from jike.foundation.audit.copying import cell, copy_lines, json_array_lines
from jike.foundation.audit.encoding import Difference, Encoded, decode, encode
from jike.foundation.models.change import Change, StreamEra
from jike.foundation.models.record import Record, RecordKey
from jike.foundation.scope.actor import Actor
from jike.foundation.scope.sealing import SEALED, sealed_fields

__all__ = [
    "Entry",
    "Position",
    "Written",
    "histories_of",
    "history_of",
    "note",
    "record_changes",
    "settled_changes",
]

COLUMNS = "id, request, actor_kind, actor, actor_name, on_behalf, kind, uid, version, verb, fields, digests"
TYPES = ("int8", "uuid", "text", "uuid", "text", "uuid", "text", "uuid", "int4", "text", "varchar[]", "bytea")
Who = tuple[Any, ...]
SINGLE_ROW_LIMIT = 20
"""Up to here INSERT beats COPY."""


class Written(NamedTuple):
    """One row's change, ready to be recorded."""

    kind: str
    uid: UUID
    version: int
    difference: Difference


class Position(NamedTuple):
    """A place in the stream; readers keep theirs and ask for what comes after it."""

    era: int = 0
    xid: int = 0
    id: int = 0


@dataclass(frozen=True)
class Entry:
    """One change as a reader of a record's history sees it: values masked by that reader's rights."""

    id: int
    uid: UUID
    recorded_at: dt.datetime
    actor_name: str
    actor: UUID | None
    verb: str
    version: int
    values: dict[str, Any]
    """Field → (old, new) as JSON values, `SEALED`, or None when forgotten."""


def record_changes(written: Sequence[Written], *, actor: Actor, verb: str) -> None:
    """Append one Change and its values per written row, inside the caller's transaction."""
    if not written:
        return
    encoded = encode([one.difference for one in written])
    who = (actor.request, str(actor.kind), actor.uid, actor.name[:120], actor.on_behalf)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence('foundation_change', 'id')) FROM generate_series(1, %s)",
            [len(written)],
        )
        ids = [row[0] for row in cursor.fetchall()]
        if len(written) <= SINGLE_ROW_LIMIT:
            _insert(cursor, ids, written, encoded=encoded, who=who, verb=verb)
        else:
            _copy(cursor, ids, written, encoded=encoded, who=who, verb=verb)


def _insert(
    cursor: Any, ids: list[int], written: Sequence[Written], *, encoded: list[Encoded], who: Who, verb: str
) -> None:
    changes, values = [], []
    for number, one, (fields, payloads, digests) in zip(ids, written, encoded, strict=True):
        changes.append((number, *who, one.kind, one.uid, one.version, verb, list(fields), digests))
        if payloads:
            values.append((number, payloads))
    places = ", ".join(f"%s::{name}" for name in TYPES)
    cursor.executemany(f"INSERT INTO foundation_change ({COLUMNS}) VALUES ({places})", changes)
    cursor.executemany("INSERT INTO foundation_changevalues VALUES (%s, %s::text[])", values)


def _copy(
    cursor: Any, ids: list[int], written: Sequence[Written], *, encoded: list[Encoded], who: Who, verb: str
) -> None:
    """Write COPY's lines directly: what is the same for all rows, or for many, is made into text once."""
    actor, act = "\t".join(map(cell, who)), cell(verb)
    heads: dict[tuple[str, ...], str] = {}
    changes, values = [], []
    for number, one, (fields, payloads, digests) in zip(ids, written, encoded, strict=True):
        names = heads.get(fields) or heads.setdefault(fields, "{" + ",".join(fields) + "}")
        changes.append(
            f"{number}\t{actor}\t{one.kind}\t{one.uid}\t{one.version}\t{act}\t{names}\t\\\\x{digests.hex()}"
        )
        if payloads:
            values.append((number, payloads))
    copy_lines(cursor, f"foundation_change ({COLUMNS})", changes)
    copy_lines(cursor, "foundation_changevalues (change_id, payloads)", json_array_lines(values))


def note(about: Record | RecordKey, *, actor: Actor, verb: str, facts: Difference | None = None) -> None:
    """Record an act that changes no field of the row (a reveal, an export, a refused sign-in)."""
    kind, uid = about if isinstance(about, RecordKey) else about.key
    version = 0 if isinstance(about, RecordKey) else about.version
    written = Written(kind, uid, version, facts or {})
    record_changes([written], actor=actor, verb=verb)


def settled() -> Q:
    """Return the condition that a change can no longer be overtaken by one that sorts before it."""
    horizon = RawSQL("pg_snapshot_xmin(pg_current_snapshot())", ())
    era = StreamEra.objects.order_by("-number").values("number")[:1]
    return Q(era__lt=era) | Q(xid__lt=horizon)


def settled_changes(after: Position, *, limit: int) -> QuerySet[Change]:
    """Return at most ``limit`` settled changes after ``after``, in stream order."""
    row = RawSQL(
        "(foundation_change.era, foundation_change.xid, foundation_change.id) > (%s, %s::xid8, %s)",
        (after.era, str(after.xid), after.id),
    )
    return (
        Change.objects.annotate(later=row).filter(settled(), later=True).order_by("era", "xid", "id")[:limit]
    )


def history_of(record: Record, actor: Actor, *, limit: int = 50, before: int | None = None) -> list[Entry]:
    """Return the record's changes, newest first, as ``actor`` may read them (who may view the record)."""
    return histories_of([record], actor, limit=limit, before=before)


def histories_of(
    records: Sequence[Record], actor: Actor, *, limit: int = 50, before: int | None = None
) -> list[Entry]:
    """Return the latest changes of several records of one kind together, as `history_of` does of one."""
    hidden = {record.uid: sealed_fields(actor, record) for record in records}
    if not hidden:
        return []
    changes = Change.objects.filter(uid__in=list(hidden), kind=records[0].kind())
    if before is not None:
        changes = changes.filter(id__lt=before)
    newest = changes.annotate(payloads=F("values_row__payloads")).order_by("-id")[:limit]
    return [_entry(change, hidden[change.uid]) for change in newest]


def _entry(change: Any, hidden: frozenset[str]) -> Entry:
    values = dict(_values(change.fields, change.payloads or [None] * len(change.fields), hidden))
    return Entry(
        id=change.id,
        uid=change.uid,
        recorded_at=change.recorded_at,
        actor_name=change.actor_name,
        actor=change.actor,
        verb=change.verb,
        version=change.version,
        values=values,
    )


def _values(
    fields: Iterable[str], payloads: Iterable[str | None], hidden: frozenset[str]
) -> Iterator[tuple[str, Any]]:
    for name, payload in zip(fields, payloads, strict=True):
        yield name, SEALED if name in hidden or name.removesuffix("_id") in hidden else decode(payload)
