"""A digest of every table, independent of row order, so that two databases can be compared row for row."""

from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import sql

__all__ = ["TableDigest", "differences", "digests_of_sequences", "digests_of_tables"]

TABLES = """
SELECT c.oid::regclass::text, n.nspname::text, c.relname::text
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'r' AND n.nspname = 'public' ORDER BY 1
"""
# Each row's text is hashed; the sums of both halves of the hashes identify the multiset of rows.
DIGEST = """
SELECT count(*), coalesce(sum(('x' || left(h, 16))::bit(64)::bigint::numeric), 0)::text,
       coalesce(sum(('x' || right(h, 16))::bit(64)::bigint::numeric), 0)::text
FROM (SELECT md5(t::text) AS h FROM {table} AS t) AS hashes
"""
# Text of a row must not depend on the session that asks.
SESSION = """
SET LOCAL TimeZone = 'UTC'; SET LOCAL DateStyle = 'ISO, MDY'; SET LOCAL IntervalStyle = 'postgres';
SET LOCAL extra_float_digits = 1; SET LOCAL bytea_output = 'hex'
"""


@dataclass(frozen=True)
class TableDigest:
    """How many rows a table has, and a digest of all of them."""

    rows: int
    digest: str


def digests_of_tables(connection: psycopg.Connection[Any]) -> dict[str, TableDigest]:
    """Table → digest, seen by the connection's current transaction."""
    connection.execute(SESSION)
    found = {}
    for name, schema, table in connection.execute(TABLES).fetchall():
        query = sql.SQL(DIGEST).format(table=sql.Identifier(schema, table))
        row = connection.execute(query).fetchone()
        assert row is not None
        found[str(name)] = TableDigest(row[0], f"{row[1]}:{row[2]}")
    return found


def digests_of_sequences(connection: psycopg.Connection[Any]) -> dict[str, int]:
    """Sequence → the last value given out; 0 when none was."""
    rows = connection.execute(
        "SELECT sequencename::text, coalesce(last_value, 0) FROM pg_sequences WHERE schemaname = 'public'"
    )
    return dict(rows.fetchall())


def differences(wanted: dict[str, TableDigest], there: dict[str, TableDigest]) -> list[str]:
    """A sentence for each table that is not the same in both."""
    found = []
    for name in sorted(wanted.keys() | there.keys()):
        one, other = wanted.get(name), there.get(name)
        if one is None or other is None:
            found.append(f"Table {name} is {'too many' if one is None else 'missing'}.")
        elif one.rows != other.rows:
            found.append(f"Table {name} has {other.rows} rows instead of {one.rows}.")
        elif one != other:
            found.append(f"Table {name} has {one.rows} rows, but some differ.")
    return found
