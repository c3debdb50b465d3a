"""Rows that named one record are made to name another, and back: records through the gate, ledgers set-wise."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models

from jike.foundation.audit import Under, changing_many
from jike.foundation.doubles.references import Reference
from jike.foundation.models.record import Record
from jike.foundation.scope import Actor

__all__ = ["Moved", "follow_rows", "return_rows"]

ONE_EACH = ("person",)
"""Of preferences (following, favourites) each person has one a record: who has both keeps that of the record kept."""


class Moved:
    """What became of one reference's rows.

    Attributes
    ----------
    ids
        Identity of each row that moved: its id, for a ledger the rest of its key, for a list the row's id and whether
        it named both records.
    left
        Id → sentence of the rows that had to stay.
    """

    def __init__(self, ids: Sequence[Any] = (), left: Mapping[int, str] | None = None) -> None:
        self.ids, self.left = list(ids), dict(left or {})


def follow_rows(
    reference: Reference,
    gone: Record,
    kept: Record,
    *,
    actor: Actor,
    right: str,
    only: Sequence[int] | None = None,
) -> Moved:
    """Let the rows that name ``gone``, or ``only`` some of them, name ``kept``; the right upon ``kept`` counts.

    A row that would stand in another one's way (a second warning of one occasion) stays where it is.
    """
    if not reference.gated:
        return Moved(_move_plain(reference, gone, kept))
    rows = reference.rows(gone)
    rows = (rows if only is None else rows.filter(pk__in=only)).order_by("pk")
    if reference.listed:
        return _move_listed(reference, rows, (gone, kept), under=Under(kept, right), actor=actor)
    ids = list(rows.values_list("pk", flat=True))
    edits = {number: {reference.column: _target(reference, gone, kept, number=number)} for number in ids}
    outcome = changing_many(
        _records(reference), edits, actor=actor, verb="change", permit=right, under=Under(kept, right)
    )
    return Moved(outcome.written, outcome.refused)


def return_rows(
    reference: Reference, ids: Sequence[Any], *, now: Record, before: Record, actor: Actor, right: str
) -> list[int]:
    """Let those of the rows ``ids`` that still name ``now`` name ``before`` again; return the ids that do not."""
    if not reference.gated:
        _return_plain(reference, ids, now=now, before=before)
        return []
    if reference.listed:
        both = dict(ids)
        rows = reference.rows(now).filter(pk__in=both)
        moved = _move_listed(reference, rows, (now, before), under=Under(now, right), actor=actor, both=both)
        return sorted(both.keys() - {number for number, _both in moved.ids})
    still = set(reference.rows(now).filter(pk__in=ids).values_list("pk", flat=True))
    edits = {number: {reference.column: reference.value(before)} for number in still}
    outcome = changing_many(
        _records(reference), edits, actor=actor, verb="change", permit=right, under=Under(now, right)
    )
    return sorted({*ids} - still | outcome.refused.keys())


def _move_listed(
    reference: Reference,
    rows: models.QuerySet[Any],
    pair: tuple[Record, Record],
    *,
    under: Under,
    actor: Actor,
    both: Mapping[int, bool] | None = None,
) -> Moved:
    """Let the second of the ``pair`` stand once for the first in each list; beside it where ``both`` stood before."""
    source, target = pair
    held = dict(rows.values_list("pk", reference.column))
    edits = {}
    for number, uids in held.items():
        beside = [source.uid] if (both or {}).get(number) else []
        put = [each for uid in uids for each in ([*beside, target.uid] if uid == source.uid else [uid])]
        edits[number] = {reference.column: list(dict.fromkeys(put))}
    outcome = changing_many(
        _records(reference), edits, actor=actor, verb="change", permit=under.action, under=under
    )
    return Moved([[number, target.uid in held[number]] for number in outcome.written], outcome.refused)


def _records(reference: Reference) -> type[Record]:
    assert issubclass(reference.model, Record)
    return reference.model


def _target(reference: Reference, gone: Record, kept: Record, *, number: int) -> Any:
    """A record that named the one it now replaces (reported to its own double) names what that one named."""
    if reference.model is type(kept) and not reference.by_uid and number == kept.pk:
        return getattr(gone, reference.column)
    return reference.value(kept)


def _identity(reference: Reference) -> list[str]:
    """Return the columns that tell a row from others that name the same record."""
    key = reference.model._meta.pk_fields
    names = [str(f.column) for f in key if f.attname != reference.column]
    return names or [str(reference.model._meta.pk.column)]


def _move_plain(reference: Reference, gone: Record, kept: Record) -> list[Any]:
    """Re-point in one statement what stands in nobody's way; return what tells each row."""
    quote = connection.ops.quote_name
    table, column = quote(reference.model._meta.db_table), quote(_column(reference))
    names = _identity(reference)
    alike = " AND ".join(
        f"other.{quote(one)} = row.{quote(one)}" for one in _unique_beside(reference) or ["id"]
    )
    clash = f" AND NOT EXISTS (SELECT FROM {table} AS other WHERE other.{column} = %s AND {alike})"
    of_kind = " AND row.about_kind = %s" if reference.by_uid else ""
    values = [reference.value(kept), reference.value(gone), reference.value(kept)]
    told = ", ".join(f"row.{quote(one)}::text" for one in names)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} AS row SET {column} = %s WHERE row.{column} = %s{clash}{of_kind} RETURNING {told}",
            [*values, *([kept.kind()] if reference.by_uid else [])],
        )
        return [list(row) for row in cursor.fetchall()]


def _return_plain(reference: Reference, ids: Sequence[Any], *, now: Record, before: Record) -> None:
    quote = connection.ops.quote_name
    table, column = quote(reference.model._meta.db_table), quote(_column(reference))
    names = _identity(reference)
    heads = ", ".join(f"key{place} text" for place in range(len(names)))
    alike = " AND ".join(f"row.{quote(one)}::text = known.key{place}" for place, one in enumerate(names))
    sent = [{f"key{place}": text for place, text in enumerate(row)} for row in ids]
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} AS row SET {column} = %s FROM json_to_recordset(%s::json) AS known({heads})"
            f" WHERE row.{column} = %s AND {alike}",
            [reference.value(before), json.dumps(sent, cls=DjangoJSONEncoder), reference.value(now)],
        )


def _column(reference: Reference) -> str:
    return str(reference.model._meta.get_field(reference.field).column)  # type: ignore[union-attr]


def _unique_beside(reference: Reference) -> list[str]:
    """Return the columns that together with the reference may occur once: the rest of a key or of a constraint."""
    meta = reference.model._meta
    keys = [tuple(f.name for f in meta.pk_fields)]
    keys += [tuple(one.fields) for one in meta.constraints if isinstance(one, models.UniqueConstraint)]
    for names in keys:
        fields = [meta.get_field(name) for name in names]
        columns = [str(f.column) for f in fields]  # type: ignore[union-attr]
        if _column(reference) in columns and len(columns) > 1:
            return [one for one in columns if one != _column(reference)]
    return []
