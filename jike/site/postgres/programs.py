"""PostgreSQL's own programs for dumping and restoring, run as a client of whichever database the site has."""

import os
import shutil
import subprocess
import tempfile
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import IO, Any, NoReturn

from jike.site.postgres.failure import DatabaseError
from jike.site.postgres.place import packaged_binaries

__all__ = ["dump", "restore"]

NEWEST_VERSION = 18
SETTINGS_OF_LATER_SERVERS = b"SET transaction_timeout "
LINES_OF_SETTINGS = 40


def dump(parameters: dict[str, str], target: Path, *, snapshot: str, server_version: int) -> None:
    """Write the public schema as `snapshot` sees it to `target` in the custom format.

    server_version is a number such as 180004; the carried pg_dump knows servers up to its own version.
    """
    if server_version // 10000 > NEWEST_VERSION:
        raise DatabaseError(
            f"The database is PostgreSQL {server_version // 10000}, newer than the {NEWEST_VERSION} whose pg_dump Jike "
            "carries: back it up with the server's own pg_dump."
        )
    run("pg_dump", parameters, "--format=custom", f"--snapshot={snapshot}", "--schema=public", "--no-owner",
        "--no-privileges", "--no-comments", f"--file={target}")  # fmt: skip


def restore(parameters: dict[str, str], source: Path) -> None:
    """Bring a dump back as its public schema, which must not be there, in one transaction.

    By way of psql, since pg_restore would send settings that a server older than itself does not know.
    """
    script = [
        str(packaged_binaries() / "pg_restore"),
        "--no-owner",
        "--no-privileges",
        "--file=-",
        str(source),
    ]
    psql = ("--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1")
    with tempfile.TemporaryFile() as told:
        reading = subprocess.Popen(script, stdout=subprocess.PIPE, stderr=told)
        writing = client(
            "psql", parameters, *psql, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=told
        )
        with reading, writing, suppress(BrokenPipeError):
            assert reading.stdout is not None
            assert writing.stdin is not None
            copy_script(reading.stdout, writing.stdin)
        if reading.returncode or writing.returncode:
            told.seek(0)
            refuse("pg_restore", told.read().decode(errors="replace"))


def copy_script(source: IO[bytes], target: IO[bytes]) -> None:
    """The settings that begin a script lose those of later servers; the data goes through untouched."""
    for line in islice(source, LINES_OF_SETTINGS):
        if not line.startswith(SETTINGS_OF_LATER_SERVERS):
            target.write(line)
    shutil.copyfileobj(source, target)


def run(program: str, parameters: dict[str, str], *options: str) -> None:
    running = client(program, parameters, *options, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    _, told = running.communicate()
    if running.returncode:
        refuse(program, told.decode(errors="replace"))


def client(
    program: str, parameters: dict[str, str], *options: str, **streams: Any
) -> subprocess.Popen[bytes]:
    from psycopg.conninfo import make_conninfo

    open_facts = {name: value for name, value in parameters.items() if name != "password" and value}
    # The password goes by environment: other users can read a command line.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    environment |= {"PGPASSWORD": parameters["password"], "LC_ALL": "C", "PGCLIENTENCODING": "UTF8"}
    command = [str(packaged_binaries() / program), *options, f"--dbname={make_conninfo(**open_facts)}"]
    return subprocess.Popen(command, env=environment, **streams)


def refuse(program: str, told: str) -> NoReturn:
    if "No space left on device" in told:
        raise DatabaseError(
            f"The disk became full while {program} was at work: free some space and try again."
        )
    raise DatabaseError(f"{program} failed: {' / '.join(told.strip().splitlines()[-3:])}")
