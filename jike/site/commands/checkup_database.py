"""The checks of `jike doctor` that ask the database directly, so that they answer even when Django can't load."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import psycopg

from jike.site.commands.checkup import Finding, bad, fine, warning
from jike.site.config import Config
from jike.site.postgres import Database, DatabaseError, open_database
from jike.site.postgres.verification import complaints, connect, facts_of

__all__ = ["database_findings"]

CLOCK_SECONDS = 5
HEARTBEAT_SECONDS = 30
WAITING_SECONDS = 300
PRIVILEGES = ("UPDATE", "DELETE", "TRUNCATE")


def database_findings(config: Config) -> Iterator[Finding]:
    """Ends after the first bad finding when the database can't be reached at all."""
    try:
        database = open_database(config)
        found = complaints(database)
        facts = facts_of(database.app)
    except DatabaseError as error:
        yield bad("database", f"{error} Start it, or mend DATABASE_URL.")
        return
    kind = "embedded" if database.embedded else "external"
    yield from (bad("database", sentence) for sentence in found)
    if not found:
        yield fine("database", f"PostgreSQL {facts.version_text} ({kind}), {facts.encoding}, answers.")
    yield connections(config, facts.connections)
    yield roles(database)
    with connect(database.app, autocommit=True) as connection:
        yield clock(connection)
        if exists(connection, "foundation_change"):
            yield history(connection, database)
        if exists(connection, "procrastinate_workers"):
            yield from job_findings(connection)


def one(connection: psycopg.Connection[Any], query: str, *values: object) -> Any:
    row = connection.execute(query, values).fetchone()
    assert row is not None
    return row[0]


def exists(connection: psycopg.Connection[Any], table: str) -> bool:
    return one(connection, "SELECT to_regclass(%s) IS NOT NULL", table) is True


def connections(config: Config, allowed: int) -> Finding:
    wanted = config.workers * config.db_pool + config.job_concurrency + 8
    if wanted > allowed:
        return bad(
            "connections",
            f"{wanted} connections may be wanted, max_connections is {allowed}: lower JIKE_DB_POOL or JIKE_WORKERS.",
        )
    return fine("connections", f"Up to {wanted} of {allowed} are wanted.")


def roles(database: Database) -> Finding:
    if database.separated:
        return fine("roles", f"{database.app['user']} works, {database.owner['user']} owns.")
    return warning(
        "roles",
        f"{database.app['user']} both works and owns, so the history is protected by triggers only: make a second "
        "role and set DATABASE_OWNER_URL (docs/reference/operations.md).",
    )


def history(connection: psycopg.Connection[Any], database: Database) -> Finding:
    """The application's role may add to the history and read it, nothing else."""
    from jike.site.migrating import APPEND_ONLY

    held = [
        f"{privilege} on {table}"
        for table in APPEND_ONLY
        for privilege in PRIVILEGES
        if one(connection, "SELECT has_table_privilege(%s, %s)", table, privilege)
    ]
    if held and database.separated:
        return bad("history", f"{database.app['user']} holds {held[0]}: run jike migrate, which revokes it.")
    if held:
        return warning("history", "The role that works may alter history but for the triggers (see roles).")
    return fine("history", "The role that works can neither alter nor delete history.")


def clock(connection: psycopg.Connection[Any]) -> Finding:
    apart = abs((one(connection, "SELECT clock_timestamp()") - datetime.now(UTC)).total_seconds())
    if apart > CLOCK_SECONDS:
        return bad(
            "clock", f"This machine's clock and the database's are {apart:.0f} s apart: let NTP set both."
        )
    return fine("clock", "This machine and the database agree on the time.")


def job_findings(connection: psycopg.Connection[Any]) -> Iterator[Finding]:
    """Is somebody working, does something wait, did something fail."""
    alive = one(
        connection,
        "SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - make_interval(secs => %s)",
        HEARTBEAT_SECONDS,
    )
    if alive:
        yield fine("worker", f"{alive} job worker{'s' if alive > 1 else ''} alive.")
    else:
        yield warning("worker", "No job worker is alive: start jike serve (or jike worker).")
    overdue = one(
        connection,
        "SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo' AND coalesce(scheduled_at, now()) <= now()"
        " AND id IN (SELECT job_id FROM procrastinate_events WHERE at < now() - make_interval(secs => %s))",
        WAITING_SECONDS,
    )
    failed = one(connection, "SELECT count(*) FROM procrastinate_jobs WHERE status = 'failed'")
    if overdue:
        yield warning(
            "jobs",
            f"{overdue} jobs wait for over {WAITING_SECONDS // 60} minutes: raise JIKE_JOB_CONCURRENCY.",
        )
    elif failed:
        yield warning("jobs", f"{failed} jobs failed for good: see the page of jobs.")
    else:
        yield fine("jobs", "None overdue, none failed.")
