"""Starting and stopping the embedded server: safe when many processes start at once and after any of them is
killed.
"""

import atexit
import os
import shlex
import shutil
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

from jike.site.config import CHECKOUT
from jike.site.postgres import holding
from jike.site.postgres.failure import DatabaseError, sentence_about
from jike.site.postgres.place import Place, find_place, prepare, reachable_binaries
from jike.site.postgres.tuning import server_settings

PORT = "5432"
MAJOR_VERSION = "18"
PATIENCE_SECONDS = 60
ROLES = ("postgres", "jike_owner", "jike_app")
# Nothing of the caller's environment (PGDATA, PGHOST, LC_ALL …) may steer the server.
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}


def ensure_running(place: Place) -> Path:
    """The folder of the running server's socket; starts the server when needed. Raises DatabaseError."""
    try:
        if holding.hold(place.home):
            atexit.register(leave, place.home)
        folder = running_socket(place)
        if folder is None:
            with holding.starting(place.home):
                folder = running_socket(place) or start(place)
    except OSError as error:
        raise DatabaseError(sentence_about(str(error), place.data)) from error
    return folder


def leave(home: Path) -> None:
    """The last process to use the server stops it."""
    if not home.is_dir():
        return
    # Found anew: the first start decides where the data lies.
    place = find_place(home)
    with holding.starting(place.home), holding.leaving(place.home) as last:
        if last and running_pid(place) is not None:
            shut_down(place)
            sweep(place)


def stop(place: Place) -> bool:
    """Stop the server whoever uses it; True when one was running."""
    with holding.starting(place.home):
        if running_pid(place) is None:
            return False
        shut_down(place)
        sweep(place)
        return True


def destroy(place: Place) -> None:
    """Stop the server and delete everything that is its own, also what root keeps outside JIKE_HOME."""
    with holding.starting(place.home):
        if running_pid(place) is not None:
            shut_down(place)
        sweep(place)
        shutil.rmtree(place.data, ignore_errors=True)
        link = place.home / "postgres"
        if link.is_symlink():
            link.unlink()


def sweep(place: Place) -> None:
    """Take the socket's folder away, empty now."""
    with suppress(OSError):
        place.run.rmdir()


def pid_file(place: Place) -> list[str]:
    """Lines of postmaster.pid: process, data, start time, port, socket folder, address, memory, status."""
    try:
        return (place.data / "postmaster.pid").read_text(encoding="utf-8").splitlines()
    except (FileNotFoundError, NotADirectoryError):
        return []


def running_pid(place: Place) -> int | None:
    """The server's process id; None when there is none or the number belongs to some other program by now."""
    lines = pid_file(place)
    if not lines or not lines[0].isdigit():
        return None
    pid = int(lines[0])
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return None
    except PermissionError:
        return None
    name = Path(f"/proc/{pid}/comm")
    if name.exists() and "postgres" not in name.read_text(encoding="utf-8"):
        return None
    return pid


def running_socket(place: Place) -> Path | None:
    """The folder of the socket when the server is ready and its socket is still there."""
    lines = pid_file(place)
    if len(lines) < 8 or lines[7].strip() != "ready" or running_pid(place) is None:
        return None
    folder = Path(lines[4])
    return folder if (folder / f".s.PGSQL.{PORT}").is_socket() else None


def start(place: Place) -> Path:
    """Start under the starting lock, making the data folder, roles and database when they are absent."""
    if running_pid(place) is not None:
        # It runs but does not answer: its socket was swept away, or it is still starting or stopping.
        shut_down(place)
    check_version(place)
    place = prepare(place)
    if not (place.data / "PG_VERSION").exists():
        initialise(place)
    write_access_rules(place)
    launch(place)
    complete(place)
    appoint_guardian(place.home)
    return place.run


def appoint_guardian(home: Path) -> None:
    """Start a guardian that outlives this process and belongs to no terminal."""
    program = (
        f"import sys; sys.path.insert(0, {str(CHECKOUT)!r})\n"
        f"from jike.site.postgres.guardian import watch; watch({str(home)!r})"
    )
    silence = [(os.POSIX_SPAWN_OPEN, stream, os.devnull, os.O_RDWR, 0) for stream in range(3)]
    os.posix_spawn(
        sys.executable, [sys.executable, "-c", program], os.environ, file_actions=silence, setsid=True
    )


def check_version(place: Place) -> None:
    mark = place.data / "PG_VERSION"
    if mark.exists() and mark.read_text(encoding="ascii").strip() != MAJOR_VERSION:
        found = mark.read_text(encoding="ascii").strip()
        raise DatabaseError(
            f"{place.data} was made by PostgreSQL {found}, but this Jike carries {MAJOR_VERSION}: write a "
            "backup with the Jike that made it (jike backup FILE), then restore it here into an empty "
            "JIKE_HOME (jike restore FILE)."
        )


def run_program(place: Place, command: list[str | os.PathLike[str]]) -> subprocess.CompletedProcess[str]:
    """Run a program of PostgreSQL as the server's user, away from the caller's folder and terminal."""
    return subprocess.run(
        command,
        env=ENVIRONMENT,
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        start_new_session=True,
        umask=0o077,
        **place.identity(),
    )


def initialise(place: Place) -> None:
    """Make the cluster beside its final place and move it there whole: a killed start leaves no half."""
    draft = place.data.with_name(place.data.name + ".making")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(mode=0o700)
    if place.substituted:
        os.chown(draft, place.user.pw_uid, place.user.pw_gid)
    options = ["--username=postgres", "--auth=reject", "--data-checksums"]
    options += [
        "--encoding=UTF8",
        "--locale=C.UTF-8",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
    ]
    done = run_program(place, [reachable_binaries(place) / "initdb", *options, "--pgdata", draft])
    if done.returncode != 0:
        shutil.rmtree(draft, ignore_errors=True)
        raise DatabaseError(sentence_about(done.stdout, place.data))
    draft.rename(place.data)


def write_access_rules(place: Place) -> None:
    """Only the operating system user who runs Jike gets in, over the socket, as one of the three roles."""
    keeper = "root" if place.substituted else place.user.pw_name
    heading = "# Written by Jike at each start.\n"
    access = f"{heading}local all {','.join(ROLES)} peer map=keeper\n"
    names = heading + "".join(f'keeper "{keeper}" {role}\n' for role in ROLES)
    for name, content in (("pg_hba.conf", access), ("pg_ident.conf", names)):
        path = place.data / name
        path.unlink(missing_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(content)
        if place.substituted:
            os.chown(path, place.user.pw_uid, place.user.pw_gid, follow_symlinks=False)


def pg_ctl(place: Place, action: str, *options: str) -> subprocess.CompletedProcess[str]:
    program = reachable_binaries(place) / "pg_ctl"
    fixed = ["--wait", f"--timeout={PATIENCE_SECONDS}", "--silent", f"--pgdata={place.data}"]
    return run_program(place, [program, action, *fixed, *options])


def launch(place: Place) -> None:
    settings = server_settings(place.run)
    options = " ".join(shlex.quote(f"--{name.replace('_', '-')}={value}") for name, value in settings.items())
    log = place.data / "server.log"
    if log.exists():
        log.replace(place.data / "server.log.before")
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        log.unlink(missing_ok=True)
        done = pg_ctl(place, "start", f"--log={log}", f"--options={options}")
        if done.returncode == 0:
            return
        told = done.stdout + (log.read_text(encoding="utf-8", errors="replace") if log.exists() else "")
        # After kill -9 of the postmaster its children take a moment to let go of the shared memory.
        if "pre-existing shared memory block" not in told or time.monotonic() > deadline:
            raise DatabaseError(sentence_about(told, place.data))
        time.sleep(0.2)


def shut_down(place: Place) -> None:
    """Roll back what is open and write everything to disk; if that hangs, stop hard and let the log be
    replayed.
    """
    for mode in ("fast", "immediate"):
        if pg_ctl(place, "stop", f"--mode={mode}").returncode == 0 or running_pid(place) is None:
            return
    pid = running_pid(place)
    raise DatabaseError(f"PostgreSQL, process {pid}, does not stop: see {place.data / 'server.log'}.")


def complete(place: Place) -> None:
    """Roles and database, each made when absent: a start interrupted half-way is finished by the next."""
    import psycopg

    def connect(database: str) -> psycopg.Connection:
        return psycopg.connect(
            host=str(place.run), port=PORT, user="postgres", dbname=database, autocommit=True
        )

    with connect("postgres") as connection:
        roles = {name for (name,) in connection.execute("SELECT rolname FROM pg_roles")}
        for role, rights in (("jike_owner", "LOGIN CREATEDB"), ("jike_app", "LOGIN")):
            if role not in roles:
                connection.execute(f"CREATE ROLE {role} {rights}")
        if not connection.execute("SELECT FROM pg_database WHERE datname = 'jike'").fetchall():
            connection.execute("CREATE DATABASE jike OWNER jike_owner")
        connection.execute("REVOKE ALL ON DATABASE jike FROM PUBLIC")
        connection.execute("GRANT CONNECT, TEMPORARY ON DATABASE jike TO jike_app")
    with connect("jike") as connection:
        connection.execute("ALTER SCHEMA public OWNER TO jike_owner")
