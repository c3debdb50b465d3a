"""Making, choosing and dropping the databases of the tests."""

import fcntl
import hashlib
import itertools
import os
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from psycopg import sql

from jike.site.migrating import grant_application_role, leave_room_for_edits
from jike.site.postgres import open_database

PACKAGE = Path(__file__).parents[1] / "jike"
MIGRATED_BY = ("django", "django-allauth", "django-axes", "procrastinate")
_count = itertools.count(1)


def counted() -> int:
    """Return the next number of a database of this process."""
    return next(_count)


def own_name() -> str:
    """Return the name of this test process's database."""
    return f"jike_test_{os.getpid()}"


def parameters(role: str = "owner", name: str | None = None) -> dict[str, Any]:
    """Return libpq parameters for ``role`` (owner or app) and database ``name`` (default: the one in use)."""
    return {**getattr(open_database(settings.CONFIG), role), "dbname": name or current()}


def address(role: str, name: str) -> str:
    """Return the database as an address, for a process of its own (DATABASE_URL, DATABASE_OWNER_URL)."""
    known = parameters(role, name)
    return f"postgresql://{known['user']}@/{name}?host={known['host']}&port={known['port']}"


def current() -> str:
    """Return the name of the database in use."""
    return str(connections["default"].settings_dict["NAME"])


def use(name: str, role: str = "app") -> None:
    """Point Django's connection at database ``name`` as ``role``."""
    connection = connections["default"]
    connection.close()
    connection.close_pool()
    connection.settings_dict["NAME"] = name
    connection.settings_dict["USER"] = getattr(open_database(settings.CONFIG), role)["user"]


def create(name: str) -> str:
    """Create database ``name`` as a copy of the migrated template."""
    template = migrated_template()
    with server() as cursor:
        drop_left_over(cursor)
        # A killed run may have left one under a process id that is ours now.
        cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        cursor.execute(statement.format(sql.Identifier(name), sql.Identifier(template)))
    return name


def drop(name: str) -> None:
    """Drop database ``name``; PostgreSQL waits some seconds for connections that are just ending.

    Not WITH (FORCE): the owner may not end the application's connections, and one just closed can still be there.
    """
    connections["default"].close()
    connections["default"].close_pool()
    with server() as cursor:
        cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))


@contextmanager
def server() -> Iterator[psycopg.Cursor[Any]]:
    """Give a cursor of the owner outside any database of ours."""
    with psycopg.connect(**parameters("owner", "postgres"), autocommit=True) as link, link.cursor() as cursor:
        yield cursor


def migrated_template() -> str:
    """Return the template's name, migrating it first when the migrations are new."""
    name = f"jike_template_{fingerprint()}"
    with (settings.CONFIG.home / "template.lock").open("w") as lock, server() as cursor:
        fcntl.flock(lock, fcntl.LOCK_EX)
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        if cursor.fetchone() is None:
            migrate_template(cursor, name)
    return name


def migrate_template(cursor: psycopg.Cursor[Any], name: str) -> None:
    """Build the template under another name and rename it when whole."""
    building = sql.Identifier(f"{name}_building")
    cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(building))
    cursor.execute(sql.SQL("CREATE DATABASE {}").format(building))
    before = current()
    use(f"{name}_building", role="owner")
    call_command("migrate", verbosity=0, interactive=False)
    leave_room_for_edits()
    grant_application_role(open_database(settings.CONFIG).app["user"])
    use(before)
    cursor.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(building, sql.Identifier(name)))


def fingerprint() -> str:
    """Return a digest of everything that shapes the schema."""
    digest = hashlib.sha256(repr([version(name) for name in MIGRATED_BY]).encode())
    for path in sorted([*PACKAGE.rglob("migrations/*.py"), PACKAGE / "site" / "migrating.py"]):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def drop_left_over(cursor: psycopg.Cursor[Any]) -> None:
    """Drop the databases of test processes that were killed."""
    cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE 'jike_test_%'")
    for (name,) in cursor.fetchall():
        if not Path(f"/proc/{name.split('_')[2]}").exists():
            cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
