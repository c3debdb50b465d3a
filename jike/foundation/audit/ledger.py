"""Ledger facts: loaded set-wise, never edited, one Change per batch.

Bill lines, usage, snapshots and measurements come in millions; recording each would double them for nothing, since no
one edits them. The batch's Change carries the number of rows and the SHA-256 of the bytes that were copied in.
"""

from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from itertools import chain, islice
from typing import Any, Protocol
from uuid import UUID

from django.db import connection, models, transaction
from psycopg.copy import QueuedLibpqWriter

from jike.foundation.audit.copying import cell
from jike.foundation.audit.gate import may_write
from jike.foundation.audit.stream import Written, record_changes
from jike.foundation.scope.actor import Actor
from jike.foundation.scope.reading import require_permission
from jike.values.identifiers import uid7

__all__ = ["Digest", "copy_rows", "copy_statement", "load_ledger"]


class Digest(Protocol):
    """What hashlib's objects offer."""

    def update(self, data: bytes, /) -> None: ...

    def hexdigest(self) -> str: ...


CHUNK = 4096


def load_ledger(
    model: type[models.Model],
    columns: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    actor: Actor,
    permission: str,
) -> tuple[UUID, int]:
    """Copy ``rows`` into the ledger ``model``.

    Parameters
    ----------
    columns
        Column names in the order of the values; a column ``batch`` is added where the model has one.
    rows
        Values ready for the database (int, str, Decimal, date, UUID, None).

    Returns
    -------
    tuple
        The batch's uid and the number of rows.

    Raises
    ------
    Refused
        ``actor`` lacks ``permission``.
    django.db.IntegrityError
        A row contradicts a constraint; nothing of the batch is stored.
    """
    may_write(actor)
    require_permission(actor, permission)
    batch, digest = uid7(), sha256()
    with transaction.atomic():
        count = copy_rows(copy_statement(model, columns), rows, digest=digest, tail=_tail(model, batch))
        facts = {"rows": (None, count), "sha256": (None, digest.hexdigest())}
        record_changes([Written(model._meta.label_lower, batch, 1, facts)], actor=actor, verb="load")
    return batch, count


def copy_rows(statement: str, rows: Iterable[Sequence[Any]], *, digest: Digest, tail: str = "\n") -> int:
    """Copy ``rows`` by ``statement`` (COPY … FROM STDIN), each ended by ``tail``; add the bytes to ``digest``.

    Until the rows are all in, the connection takes nothing else: they must not come from a query of its own.
    """
    count = 0
    chunks = _chunks(rows, tail)
    first = list(islice(chunks, 1))  # whatever the rows ask of the database before they begin, they ask now
    wrapped = connection.wrap_database_errors
    with (
        connection.cursor() as cursor,
        wrapped,
        # A writer of its own thread: rows are made while the server stores those before them.
        cursor.copy(statement, writer=QueuedLibpqWriter(cursor.cursor)) as copy,
    ):
        for chunk in chain(first, chunks):
            payload = chunk.encode()
            digest.update(payload)
            copy.write(payload)
            count += chunk.count("\n")
    return count


def copy_statement(model: type[models.Model], columns: Sequence[str]) -> str:
    """Return the COPY statement for ``columns`` of ``model``, with ``batch`` where it has one."""
    quote = connection.ops.quote_name
    fields = model._meta.concrete_fields
    known = {name: str(f.column) for f in fields for name in (f.attname, f.name)}
    heads = [quote(known[name]) for name in columns] + (["batch"] if "batch" in known else [])
    return f"COPY {quote(model._meta.db_table)} ({', '.join(heads)}) FROM STDIN"


def _tail(model: type[models.Model], batch: UUID) -> str:
    return f"\t{batch}\n" if any(f.name == "batch" for f in model._meta.concrete_fields) else "\n"


def _chunks(rows: Iterable[Sequence[Any]], tail: str) -> Iterator[str]:
    """Return the rows as COPY text, some thousands at a time."""
    for some in _batches(rows):
        yield tail.join(["\t".join([cell(value) for value in row]) for row in some]) + tail


def _batches(rows: Iterable[Sequence[Any]]) -> Iterator[list[Sequence[Any]]]:
    source = iter(rows)
    while some := list(islice(source, CHUNK)):
        yield some
