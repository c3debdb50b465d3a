"""PostgreSQL's own programs for dumping and restoring, run as a client of whichever database the site has."""

import os
import subprocess
from pathlib import Path

from jike.site.postgres.failure import DatabaseError
from jike.site.postgres.place import packaged_binaries

__all__ = ["dump", "restore"]

NEWEST_VERSION = 18


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
    """Bring a dump back into an empty public schema, in one transaction."""
    run("pg_restore", parameters, "--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges",
        str(source))  # fmt: skip


def run(program: str, parameters: dict[str, str], *options: str) -> None:
    from psycopg.conninfo import make_conninfo

    open_facts = {name: value for name, value in parameters.items() if name != "password" and value}
    # The password goes by environment: other users can read a command line.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    environment |= {"PGPASSWORD": parameters["password"], "LC_ALL": "C"}
    command = [packaged_binaries() / program, *options, f"--dbname={make_conninfo(**open_facts)}"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        said = " / ".join(done.stderr.strip().splitlines()[-3:])
        if "No space left on device" in said:
            raise DatabaseError(
                f"The disk became full while {program} was writing: free some space and try again."
            )
        raise DatabaseError(f"{program} failed: {said}")
