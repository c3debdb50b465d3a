"""Rows by the million: copies of the one row that the actions made, so that every column is as they leave it.

Indexes and foreign keys are taken away before and laid again afterwards, which checks all rows at once; that is the
owner's business, so the rows come through a connection of its own.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import psycopg

from tests import databases

__all__ = ["Copies", "copy_rows", "owner_cursor", "tidy"]

Cursor = psycopg.Cursor[Any]


@dataclass(frozen=True)
class Copies:
    """How a table's first row becomes ``count`` rows; ``changed`` maps columns to SQL over ``n``, ``c`` and ``place``.

    ``n`` counts the rows from 1, ``c`` is the number of the row's customer (1 to ``customers``), ``place`` the post of
    that customer's account manager (``owner_id``, ``unit_id``), ``first`` the ids of the rows that were made first.
    """

    table: str
    count: int
    changed: Mapping[str, str] = field(default_factory=dict)


@contextmanager
def owner_cursor(database: str) -> Iterator[Cursor]:
    """Give a cursor of the schema's owner in ``database``."""
    known = databases.parameters("owner", database)
    with psycopg.connect(**known, autocommit=True) as link, link.cursor() as cursor:
        cursor.execute("SET maintenance_work_mem = '512MB'")
        cursor.execute("SET synchronous_commit = off")
        yield cursor


def copy_rows(cursor: Cursor, copies: Copies, *, customers: int, first: Mapping[str, int]) -> None:
    """Copy the table's first row; its sequence goes on behind the copies."""
    table = copies.table
    own = {"id": f"(SELECT max(id) FROM {table}) + n", "uid": "gen_random_uuid()", **copies.changed}
    columns = _columns(cursor, table)
    if strangers := sorted(set(copies.changed) - set(columns)):
        raise LookupError(f"{table} has no {', '.join(strangers)}")
    values = ", ".join(own.get(name, f'one."{name}"') for name in columns)
    quoted = ", ".join(f'"{name}"' for name in columns)
    places = ", ".join(f"{number} AS {name}" for name, number in first.items())
    with _bare(cursor, table):
        cursor.execute(
            f"INSERT INTO {table} ({quoted}) SELECT {values}"
            f" FROM (SELECT * FROM {table} ORDER BY id LIMIT 1) AS one, (SELECT {places}) AS first,"
            f" generate_series(1::bigint, {copies.count}) AS n"
            f" CROSS JOIN LATERAL (SELECT 1 + (n - 1) % {customers} AS c) AS numbered"
            f" JOIN bench_place AS place ON place.number = c % (SELECT count(*) FROM bench_place)"
        )
    if "id" in columns:
        cursor.execute(
            f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))"
        )


def tidy(cursor: Cursor, *tables: str) -> None:
    """Do what autovacuum would have done by the time such a province is at work."""
    for table in tables:
        cursor.execute(f"VACUUM (ANALYZE) {table}")


def _columns(cursor: Cursor, table: str) -> list[str]:
    cursor.execute(
        "SELECT column_name FROM information_schema.columns WHERE table_name = %s AND is_generated = 'NEVER'"
        " ORDER BY ordinal_position",
        [table],
    )
    return [name for (name,) in cursor.fetchall()]


@contextmanager
def _bare(cursor: Cursor, table: str) -> Iterator[None]:
    """Take foreign keys, unique constraints and indexes away, the primary key apart, and lay them again at the end."""
    cursor.execute(
        "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE conrelid = %s::regclass AND contype IN ('f', 'u') ORDER BY contype DESC",
        [table],
    )
    constraints = cursor.fetchall()
    for name, _definition in constraints:
        cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
    cursor.execute(
        "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index"
        " WHERE indrelid = %s::regclass AND NOT indisprimary",
        [table],
    )
    indexes = cursor.fetchall()
    for name, _definition in indexes:
        cursor.execute(f"DROP INDEX {name}")
    yield
    for _name, definition in indexes:
        cursor.execute(definition)
    for name, definition in constraints:
        cursor.execute(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}')
