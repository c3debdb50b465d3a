"""`jike backup FILE`: database, files and secret key in one archive, consistent while people go on working."""

import tempfile
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import click

from jike.site.commands.refusals import CommandRefused
from jike.site.config import Config

__all__ = ["backup", "write_backup"]


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--verify", is_flag=True, help="Prove it: restore into an empty place and compare every table and file."
)
def backup(file: Path, verify: bool) -> None:
    """Write database, files and secret key into FILE; Jike may go on serving meanwhile.

    The archive holds everything a site knows: keep it as you keep the site.
    """
    from jike.site import config

    settings = config.load()
    file = file.resolve()
    if file.exists():
        raise CommandRefused(f"{file} is there already: name another file or remove it.")
    if not file.parent.is_dir():
        raise CommandRefused(f"There is no folder {file.parent}: make it first.")
    manifest = write_backup(settings, file)
    rows = sum(table.rows for table in manifest.tables.values())
    click.echo(f"{file}: {len(manifest.tables)} tables, {rows} rows, {len(manifest.files)} files.")
    if verify:
        prove(file)


def write_backup(settings: Config, file: Path) -> Any:
    """Write the archive and return its manifest. Raises DatabaseError, CommandRefused or OSError (full disk)."""
    from jike.site.commands import archive
    from jike.site.commands.table_digests import digests_of_sequences, digests_of_tables
    from jike.site.postgres import open_database
    from jike.site.postgres.programs import dump
    from jike.site.postgres.verification import connect, facts_of

    database = open_database(settings)
    facts = facts_of(database.owner)
    with tempfile.TemporaryDirectory(dir=file.parent, prefix=".jike-backup-") as folder:
        dumped = Path(folder) / archive.DUMP
        with connect(database.owner) as connection:
            connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            row = connection.execute("SELECT pg_export_snapshot()").fetchone()
            assert row is not None
            dump(database.owner, dumped, snapshot=row[0], server_version=facts.version)
            tables, sequences = digests_of_tables(connection), digests_of_sequences(connection)
            migrations = applied_migrations(connection, tables)
        parts = {archive.DUMP: dumped}
        if (settings.home / archive.SECRET).is_file():
            parts[archive.SECRET] = settings.home / archive.SECRET
        manifest = archive.Manifest(
            jike=version("jike"),
            created=datetime.now(UTC).isoformat(timespec="seconds"),
            server=facts.version_text,
            migrations=migrations,
            tables=tables,
            sequences=sequences,
            dump=archive.digest_of_file(dumped),
            files={
                str(path.relative_to(settings.files)): archive.digest_of_file(path)
                for path in archive.stored_files(settings.files)
            },
        )
        archive.write_archive(file, manifest, parts=parts, files=settings.files)
    return manifest


def applied_migrations(connection: Any, tables: dict[str, Any]) -> list[str]:
    if "django_migrations" not in tables:
        raise CommandRefused(
            "There is nothing to back up: this database holds no Jike yet (jike migrate makes one)."
        )
    rows = connection.execute("SELECT app || '.' || name FROM django_migrations ORDER BY 1").fetchall()
    return [name for (name,) in rows]


def prove(file: Path) -> None:
    """Restore into an empty JIKE_HOME with a server of its own; the restore itself compares everything."""
    from jike.site import config
    from jike.site.commands.process import run_command
    from jike.site.postgres import destroy

    with tempfile.TemporaryDirectory(prefix="jike-verify-") as folder:
        home = Path(folder) / "home"
        elsewhere = {"JIKE_HOME": str(home), "JIKE_FILES": "", "DATABASE_URL": "", "DATABASE_OWNER_URL": ""}
        try:
            code = run_command("restore", str(file), environ=elsewhere)
        finally:
            destroy(config.load({"JIKE_HOME": str(home)}))
    if code:
        raise CommandRefused(f"The backup {file} could not be restored: do not rely on it.")
    click.echo("Verified: restored into an empty place, every table and file is the same.")
