"""Records in batches: whole ones brought in at once, and columns that follow from a ledger.

A batch leaves one Change with its number of rows and the SHA-256 of the bytes copied in, as ledger facts do. Whatever
people edit goes through the other gates, which record every row.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from hashlib import sha256
from itertools import islice
from typing import Any
from uuid import UUID

from django.db import connection, models, transaction
from django.utils.translation import gettext as _

from jike.foundation.audit.gate import may_write
from jike.foundation.audit.ledger import copy_rows, copy_statement
from jike.foundation.audit.stream import Written, record_changes
from jike.foundation.errors import Refused
from jike.foundation.models.record import Record
from jike.foundation.scope.actor import Actor
from jike.foundation.scope.reading import require_permission
from jike.values.identifiers import uid7

__all__ = ["load_records", "loading", "maintain_columns", "reserve_ids"]

PIECE = 20_000


def reserve_ids(model: type[Record], count: int) -> int:
    """Return the first of ``count`` consecutive ids that nobody else will get.

    Raises
    ------
    RuntimeError
        Others took ids meanwhile; call again.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT min(number), max(number) FROM ("
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) AS number FROM generate_series(1, %s)) AS reserved",
            [model._meta.db_table, count],
        )
        first, last = cursor.fetchone()
    if last - first + 1 != count:
        raise RuntimeError(f"ids of {model.kind()} were taken by somebody else at the same time")
    return int(first)


@contextmanager
def loading(model: type[models.Model]) -> Iterator[None]:
    """Set the indexes and foreign keys of an empty table aside, make them again at the end and refresh its statistics.

    One transaction: when the loading fails, everything is as it was. A table that holds rows keeps its indexes.
    """
    table = model._meta.db_table
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT foundation_begin_load(%s::regclass)", [table])
        yield
        cursor.execute("SELECT foundation_end_load(%s::regclass)", [table])


def load_records(
    model: type[Record], columns: Sequence[str], rows: Iterable[Sequence[Any]], *, actor: Actor
) -> tuple[UUID, int]:
    """Copy new records into ``model`` as one recorded batch: for the makers of large data sets.

    Nothing is derived, checked beyond the database's constraints, or entered into the search index: the maker gives
    complete rows and builds the index afterwards. The rows begin at version 1 with an empty history.

    Parameters
    ----------
    columns
        Attribute names in the order of the values; ``uid`` among them, ``version`` not.
    rows
        Values ready for the database.

    Returns
    -------
    tuple
        The batch's uid and the number of rows.

    Raises
    ------
    Refused
        ``actor`` is not the system: people bring records in through the importing gate, which judges every row.
    """
    if not actor.is_system:
        raise Refused(_("Only the system brings in whole batches of records."))
    batch, digest = uid7(), sha256()
    with transaction.atomic():
        statement = copy_statement(model, [*columns, "version"])
        count = copy_rows(statement, rows, digest=digest, tail="\t1\n")
        facts = {"rows": (None, count), "sha256": (None, digest.hexdigest())}
        record_changes([Written(model.kind(), batch, 1, facts)], actor=actor, verb="load")
    return batch, count


def maintain_columns(
    model: type[Record],
    columns: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    actor: Actor,
    permission: str,
) -> int:
    """Refresh columns of ``model`` that follow from a ledger, all rows in one statement.

    Rows that already are so are left alone. Versions stay: nobody edits these columns, and a nightly refresh must not
    make every open form stale.

    Parameters
    ----------
    columns
        ``id`` first, then attribute names.
    rows
        Values ready for the database, in that order; they may come from a query, being read piece by piece.

    Returns
    -------
    int
        How many rows changed.

    Raises
    ------
    Refused
        ``actor`` lacks ``permission``.
    """
    may_write(actor)
    require_permission(actor, permission)
    with transaction.atomic():
        count, changed, digest = _refresh(model, columns, rows)
        facts = {"columns": (None, list(columns[1:])), "rows": (None, count), "changed": (None, changed)}
        facts["sha256"] = (None, digest)
        record_changes([Written(model.kind(), uid7(), 1, facts)], actor=actor, verb="refresh")
    return changed


def _refresh(
    model: type[Record], columns: Sequence[str], rows: Iterable[Sequence[Any]]
) -> tuple[int, int, str]:
    """Copy the rows beside the table and update it from there; return rows, rows changed and the SHA-256."""
    quote = connection.ops.quote_name
    known = {f.attname: quote(str(f.column)) for f in model._meta.concrete_fields}
    table, heads = quote(model._meta.db_table), [known[name] for name in columns]
    new = ", ".join(f"new.{head}" for head in heads[1:])
    old = ", ".join(f"row.{head}" for head in heads[1:])
    sets = ", ".join(f"{head} = new.{head}" for head in heads[1:])
    count, digest = 0, sha256()
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE TEMPORARY TABLE maintained ON COMMIT DROP AS SELECT {', '.join(heads)} FROM {table} WITH NO DATA"
        )
        source = iter(rows)
        while some := list(islice(source, PIECE)):
            count += copy_rows("COPY maintained FROM STDIN", some, digest=digest)
        cursor.execute("ANALYZE maintained")
        cursor.execute(
            f"UPDATE {table} AS row SET {sets} FROM maintained AS new"
            f" WHERE row.id = new.id AND ({old}) IS DISTINCT FROM ({new})"
        )
        changed = int(cursor.rowcount)
        cursor.execute("DROP TABLE maintained")
    return count, changed, digest.hexdigest()
