"""What the write gates call: keys follow their records in the same transaction, one statement per set of rows."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from django.db import connection, transaction

from jike.foundation.matching.kinds import MatchKind, match_kind
from jike.foundation.models.record import Record
from jike.foundation.scope.among import id_array

__all__ = ["add_keys", "keep_keys", "matched_fields", "rekey_all"]

BATCH, FEW = 5_000, 20
"""Rows taken at once; up to how many new ones INSERT beats COPY."""
INSERT = """
    INSERT INTO foundation_matchkey (key, record)
    SELECT key, record FROM unnest(%s::bigint[], %s::bigint[]) AS new(key, record) ON CONFLICT DO NOTHING"""
COPY = "COPY foundation_matchkey (key, record) FROM STDIN"
DELETE = "DELETE FROM foundation_matchkey WHERE record = ANY(%s::bigint[]) AND key >= %s AND key < %s"

Progress = Callable[[int], None]


def matched_fields(model: type[Record]) -> frozenset[str]:
    """Return the attribute names of ``model`` whose change makes new keys."""
    kind = match_kind(model)
    return frozenset((*kind.names, "removed_at")) if kind else frozenset()


def keep_keys(model: type[Record], ids: Sequence[int], changed: Collection[str] | None = None) -> None:
    """Bring the keys up to date with rows of ``model`` just written; those in the recycle bin lose theirs.

    Parameters
    ----------
    ids
        Ids of the rows written.
    changed
        Attribute names that may differ now; None for new rows.
    """
    kind = match_kind(model)
    if not ids or kind is None or not (changed is None or not matched_fields(model).isdisjoint(changed)):
        return
    with connection.cursor() as cursor:
        for begin in range(0, len(ids), BATCH):
            some = ids[begin : begin + BATCH]
            if changed is not None:
                cursor.execute(DELETE, [id_array(some), kind.least, kind.beyond])
            rows = model._default_manager.filter(pk__among=some, removed_at=None)
            pairs = sorted(_pairs(kind, rows.order_by().values_list("pk", *kind.names)))
            if changed is None:
                _insert(pairs, rows=len(some))
            else:
                cursor.execute(INSERT, [[key for key, _ in pairs], [record for _, record in pairs]])


def add_keys(model: type[Record], ids: Sequence[int], rows: Sequence[Mapping[str, Any]]) -> None:
    """Store the keys of new rows, whose values are at hand as they were stored."""
    kind = match_kind(model)
    if ids and kind is not None:
        told = zip(ids, rows, strict=True)
        pairs = [
            (key, number)
            for number, values in told
            if not values.get("removed_at")
            for key in kind.keys(values)
        ]
        _insert(sorted(pairs), rows=len(ids))


def _insert(pairs: Sequence[tuple[int, int]], *, rows: int) -> None:
    """Store keys of new rows, in their order."""
    with connection.cursor() as cursor:
        if rows > FEW:
            with connection.wrap_database_errors, cursor.copy(COPY) as copy:
                copy.write("".join([f"{key}\t{record}\n" for key, record in pairs]))
        else:
            cursor.execute(INSERT, [[key for key, _ in pairs], [record for _, record in pairs]])


def rekey_all(model: type[Record], progress: Progress | None = None) -> int:
    """Write the keys of every row of ``model`` anew, in one transaction; return how many rows have some.

    Writers of the kind wait meanwhile. Keys are sorted before they are stored: the index then grows at its end.

    Raises
    ------
    LookupError
        ``model`` declares no MATCH.
    """
    kind = match_kind(model)
    if kind is None:
        raise LookupError(f"{model.kind()} declares no MATCH")
    rows = model._default_manager.filter(removed_at=None).order_by("pk").values_list("pk", *kind.names)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("LOCK TABLE foundation_matchkey IN SHARE ROW EXCLUSIVE MODE")
        cursor.execute(
            "DELETE FROM foundation_matchkey WHERE key >= %s AND key < %s", [kind.least, kind.beyond]
        )
        cursor.execute("CREATE TEMPORARY TABLE keyed (key bigint, record bigint) ON COMMIT DROP")
        done = 0
        source = rows.iterator(BATCH)
        while some := list(islice(source, BATCH)):
            with cursor.copy("COPY keyed FROM STDIN") as copy:
                copy.write("".join([f"{key}\t{record}\n" for key, record in _pairs(kind, some)]))
            done += len(some)
            if progress is not None:
                progress(len(some))
        cursor.execute(
            "INSERT INTO foundation_matchkey SELECT DISTINCT key, record FROM keyed ORDER BY key, record"
        )
        cursor.execute("DROP TABLE keyed")
    return done


def _pairs(kind: MatchKind, rows: Any) -> Iterator[tuple[int, int]]:
    for number, *values in rows:
        yield from ((key, number) for key in kind.keys(dict(zip(kind.names, values, strict=True))))
