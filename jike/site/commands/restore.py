"""`jike restore FILE`: brings an archive back, compares every table and file with it, begins a new era of history."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from jike.site.commands.refusals import CommandRefused

if TYPE_CHECKING:
    from jike.site.commands.archive import Manifest
    from jike.site.config import Config
    from jike.site.postgres import Database

__all__ = ["restore"]

ASIDE = "before_restore"


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--replace", is_flag=True, help="Give up what this site holds now.")
def restore(file: Path, replace: bool) -> None:
    """Bring FILE back into an empty place (stop jike serve first)."""
    from jike.site import config
    from jike.site.commands import archive
    from jike.site.postgres import open_database
    from jike.site.postgres.verification import verify

    settings = config.load()
    manifest = archive.read_manifest(file)
    with tempfile.TemporaryDirectory(dir=settings.home, prefix=".restore-") as folder:
        unpacked = Path(folder)
        archive.unpack(file, manifest, unpacked)
        database = open_database(settings)
        verify(database)
        refuse_unknown_migrations(manifest)
        refuse_occupied(settings, database, replace=replace)
        with aside(database):
            load_dump(database, manifest, unpacked / archive.DUMP)
            put_files(unpacked / archive.FILES, settings.files)
        if (unpacked / archive.SECRET).exists() and not os.environ.get("JIKE_SECRET_KEY"):
            (unpacked / archive.SECRET).replace(settings.home / archive.SECRET)
    era = finish(settings, database)
    rows = sum(table.rows for table in manifest.tables.values())
    click.echo(
        f"Restored the backup of {manifest.created}: {len(manifest.tables)} tables with {rows} rows and "
        f"{len(manifest.files)} files, all the same as in the archive. History goes on in era {era}."
    )


def refuse_unknown_migrations(manifest: "Manifest") -> None:
    """A backup of a later Jike has tables this one does not understand."""
    from jike.site.commands.process import load_django

    load_django("owner")
    from django.db.migrations.loader import MigrationLoader

    known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
    unknown = sorted(set(manifest.migrations) - known)
    if unknown:
        raise CommandRefused(
            f"The backup was written by Jike {manifest.jike}, which is newer than this one (it knows {unknown[0]}): "
            "install that version first."
        )


def refuse_occupied(settings: "Config", database: "Database", *, replace: bool) -> None:
    """Nobody may be working here, and without --replace there may be nothing to lose."""
    from jike.site.postgres.verification import connect

    with connect(database.owner) as connection:
        row = connection.execute(
            "SELECT (SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid() AND usename IS NOT NULL"
            " AND coalesce(backend_type, 'client backend') = 'client backend'),"
            " (SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r')"
        ).fetchone()
    assert row is not None
    if row[0]:
        raise CommandRefused(
            f"{row[0]} connections work on this database: stop jike serve and other users first."
        )
    if not replace and (row[1] or any(settings.files.iterdir())):
        raise CommandRefused(
            "This site is not empty: restore into an empty JIKE_HOME, or give up what it holds with --replace."
        )


@contextmanager
def aside(database: "Database") -> Iterator[None]:
    """What was there is kept until the restore has succeeded, and comes back when it fails."""
    from jike.site.postgres.verification import connect

    def run(*statements: str) -> None:
        with connect(database.owner) as connection:
            for statement in statements:
                connection.execute(statement)

    run(
        f"DROP SCHEMA IF EXISTS {ASIDE} CASCADE",
        f"ALTER SCHEMA public RENAME TO {ASIDE}",
    )
    try:
        yield
    except BaseException:
        run("DROP SCHEMA IF EXISTS public CASCADE", f"ALTER SCHEMA {ASIDE} RENAME TO public")
        raise
    run(f"DROP SCHEMA {ASIDE} CASCADE")


def load_dump(database: "Database", manifest: "Manifest", dump: Path) -> None:
    from jike.site.commands.table_digests import differences, digests_of_sequences, digests_of_tables
    from jike.site.postgres import programs
    from jike.site.postgres.verification import connect

    programs.restore(database.owner, dump)
    with connect(database.owner) as connection:
        found = differences(manifest.tables, digests_of_tables(connection))
        if digests_of_sequences(connection) != manifest.sequences:
            found.append("The sequences stand elsewhere.")
    if found:
        raise CommandRefused("What was restored differs from the backup:\n" + "\n".join(found))


def put_files(source: Path, target: Path) -> None:
    """Files of before go away; those of the archive take their place."""
    for old in target.iterdir():
        shutil.rmtree(old) if old.is_dir() and not old.is_symlink() else old.unlink()
    for new in source.iterdir():
        shutil.move(new, target / new.name)


def finish(settings: "Config", database: "Database") -> Any:
    """Migrate what an older Jike wrote, grant the application its rights, and begin a new era of the change stream."""
    from django.db import connection

    from jike.foundation.audit import begin_new_era
    from jike.site import migrating
    from jike.site.commands.static_files import collect

    migrating.migrate(database.app["user"])
    collect(settings)
    return begin_new_era(connection)
