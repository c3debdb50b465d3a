"""The embedded PostgreSQL: who gets in, what survives, how several processes and users share the machine."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

import psutil
import psycopg
import pytest

from jike.site import config
from jike.site.postgres import DatabaseError, destroy, open_database, server, stop
from jike.site.postgres.place import Place, find_place, prepare, runtime_folder
from tests.site.conftest import server_ends

CHECKOUT = Path(__file__).parents[2]
AS_ROOT = os.geteuid() == 0
only_root = pytest.mark.skipif(not AS_ROOT, reason="needs root: acts as another user or mounts a small disk")
OPENING = """
from jike.site import config
from jike.site.postgres import open_database
import psycopg
database = open_database(config.load())
"""


def settings_for(home: Path) -> config.Config:
    return config.load({"JIKE_HOME": str(home)})


def cleared(home: Path) -> None:
    """Stop the server and remove its data, which for root may lie outside JIKE_HOME."""
    if home.is_dir():
        destroy(settings_for(home))
    shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="module")
def site():
    """A site of its own with a running server; a short path that the server's user may pass through."""
    home = Path(tempfile.mkdtemp(prefix="jike-test-")) / "home"
    home.parent.chmod(0o711)
    yield settings_for(home)
    cleared(home)
    home.parent.rmdir()


@pytest.fixture
def fresh_home():
    home = Path(tempfile.mkdtemp(prefix="jike-test-")) / "home"
    home.parent.chmod(0o711)
    yield home
    cleared(home)
    shutil.rmtree(home.parent)


@pytest.fixture
def process(fresh_home):
    """Starts other processes of Jike on the site of `fresh_home`; they talk over their standard streams."""
    started = []

    def start(program: str) -> subprocess.Popen:
        environment = {**os.environ, "JIKE_HOME": str(fresh_home), "PYTHONPATH": str(CHECKOUT)}
        pipes = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
        command = [sys.executable, "-c", OPENING + program]
        started.append(subprocess.Popen(command, env=environment, text=True, **pipes))
        return started[-1]

    yield start
    for child in started:
        child.kill()
        for stream in (child.stdin, child.stdout, child.stderr):
            stream.close()
        child.wait()


def leave(child: subprocess.Popen) -> int:
    """Let a process that waits for a line go on to its end."""
    child.stdin.write("\n")
    child.stdin.flush()
    return child.wait()


def one(connection: psycopg.Connection, query: str) -> object:
    return connection.execute(query).fetchone()[0]


def superuser(settings: config.Config) -> psycopg.Connection:
    return psycopg.connect(**{**open_database(settings).owner, "user": "postgres"})


def test_the_database_speaks_utf8_checks_its_pages_and_does_not_compile_queries(site):
    with psycopg.connect(**open_database(site).app) as connection:
        assert one(connection, "SHOW server_encoding") == "UTF8"
        assert one(connection, "SHOW data_checksums") == "on"
        assert one(connection, "SHOW jit") == "off"
        assert one(connection, "SELECT datlocale FROM pg_database WHERE datname = 'jike'") == "C.UTF-8"
        assert one(connection, "SELECT lower('ÄÖ')") == "äö"


def test_the_application_role_owns_nothing_and_makes_nothing(site):
    database = open_database(site)
    assert database.separated
    with psycopg.connect(**database.app) as connection:
        assert one(connection, "SELECT current_user::text") == "jike_app"
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("CREATE TABLE mine (id int)")
    with psycopg.connect(**database.app) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("SET ROLE jike_owner")


def test_the_owner_role_makes_tables_but_is_no_superuser(site):
    with psycopg.connect(**open_database(site).owner) as connection:
        connection.execute("CREATE TABLE made (id int)")
        assert one(connection, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user") is False
        connection.rollback()


def test_nothing_listens_on_the_network(site):
    with superuser(site) as connection:
        assert one(connection, "SHOW listen_addresses") == ""
        assert one(connection, "SHOW unix_socket_permissions") == "0700"


def test_socket_and_data_are_closed_to_others(site):
    place = find_place(site.home)
    open_database(site)
    for folder in (place.run, place.data):
        facts = folder.stat()
        assert (facts.st_uid, facts.st_mode & 0o777) == (place.user.pw_uid, 0o700)


@only_root
@pytest.mark.parametrize("role", ["postgres", "jike_owner", "jike_app", "nobody"])
def test_another_local_user_gets_in_as_nobody(site, role):
    folder = Path(open_database(site).app["host"])
    psql = find_psql()
    command = [
        "runuser",
        "-u",
        "nobody",
        "--",
        psql,
        "-h",
        folder,
        "-U",
        role,
        "-d",
        "jike",
        "-c",
        "SELECT 1",
    ]
    asking = {"capture_output": True, "text": True, "cwd": "/", "env": {**os.environ, "LC_ALL": "C"}}
    closed = subprocess.run(command, check=False, **asking)
    assert closed.returncode != 0
    assert "Permission denied" in closed.stderr
    # Even if somebody opened the folder and the socket, the server itself asks who is calling.
    folder.chmod(0o755)
    (folder / ".s.PGSQL.5432").chmod(0o777)
    try:
        opened = subprocess.run(command, check=False, **asking)
    finally:
        folder.chmod(0o700)
    assert opened.returncode != 0
    assert "authentication failed" in opened.stderr or "no pg_hba.conf entry" in opened.stderr


def find_psql() -> str:
    """A psql that every user can run."""
    for folder in ("/usr/bin", "/usr/lib/postgresql/15/bin"):
        if Path(folder, "psql").exists():
            return f"{folder}/psql"
    pytest.skip("needs a psql that every user may run: apt-get install postgresql-client")


WAITING = """
print((config.load().home / 'postgres' / 'postmaster.pid').read_text().split()[0], flush=True)
input()
"""


def test_ten_processes_starting_together_share_one_server(process):
    running = [process(WAITING) for _ in range(10)]
    assert len({child.stdout.readline() for child in running}) == 1
    assert [leave(child) for child in running] == [0] * 10


def test_the_last_process_to_leave_stops_the_server(fresh_home, process):
    first, second = process(WAITING), process(WAITING)
    for child in (first, second):
        child.stdout.readline()
    leave(first)
    assert server.running_socket(find_place(fresh_home)) is not None
    leave(second)
    assert server_ends(fresh_home)


def test_a_killed_process_does_not_keep_the_server_for_ever(fresh_home, process):
    killed, later = process(WAITING), process(WAITING)
    for child in (killed, later):
        child.stdout.readline()
    killed.kill()
    killed.wait()
    leave(later)
    assert server_ends(fresh_home)


def test_the_server_of_a_killed_process_is_stopped(fresh_home, process):
    only = process(WAITING)
    pid = int(only.stdout.readline())
    postmaster = psutil.Process(pid)
    only.kill()
    only.wait()
    gone, _ = psutil.wait_procs([postmaster], timeout=60)
    assert gone


WRITING = """
connection = psycopg.connect(**database.owner)
connection.execute("CREATE TABLE written (number int)")
connection.commit()
hanging = psycopg.connect(**database.owner)
hanging.execute("INSERT INTO written VALUES (-1)")
number = 0
while True:
    connection.execute("INSERT INTO written VALUES (%s)", [number])
    connection.commit()
    print(number, flush=True)
    number += 1
"""


def numbers_told(child: subprocess.Popen) -> list[int]:
    return [int(line) for line in child.stdout.read().split()]


def numbers_kept(settings: config.Config) -> list[int]:
    with psycopg.connect(**open_database(settings).owner) as connection:
        return [number for (number,) in connection.execute("SELECT number FROM written ORDER BY number")]


def test_what_was_committed_survives_the_killing_of_the_server(fresh_home, process):
    settings = settings_for(fresh_home)
    writer = process(WRITING)
    assert writer.stdout.readline() == "0\n"
    os.kill(server.running_pid(find_place(fresh_home)), signal.SIGKILL)
    told = numbers_told(writer)
    writer.wait()
    kept = numbers_kept(settings)
    assert kept == list(range(len(kept)))
    assert len(kept) - (told[-1] + 1 if told else 1) in (0, 1)


def test_what_a_killed_writer_left_open_vanishes(fresh_home, process):
    settings = settings_for(fresh_home)
    open_database(settings)
    writer = process(WRITING)
    assert writer.stdout.readline() == "0\n"
    writer.kill()
    told = numbers_told(writer)
    writer.wait()
    kept = numbers_kept(settings)
    assert kept == list(range(len(kept)))
    assert len(kept) - (told[-1] + 1 if told else 1) in (0, 1)


def test_a_stale_process_file_that_names_a_living_stranger_does_not_hinder_the_start(fresh_home):
    settings = settings_for(fresh_home)
    open_database(settings)
    place = find_place(fresh_home)
    lines = server.pid_file(place)
    stop(settings)
    (place.data / "postmaster.pid").write_text("\n".join([str(os.getpid()), *lines[1:]]))
    assert server.running_pid(place) is None
    with psycopg.connect(**open_database(settings).app) as connection:
        assert one(connection, "SELECT 1") == 1


def test_a_server_whose_socket_was_swept_away_is_started_anew(fresh_home):
    settings = settings_for(fresh_home)
    folder = Path(open_database(settings).app["host"])
    shutil.rmtree(folder)
    with psycopg.connect(**open_database(settings).app) as connection:
        assert one(connection, "SELECT 1") == 1


def test_two_sites_side_by_side_do_not_meet(site, fresh_home):
    other = settings_for(fresh_home)
    with psycopg.connect(**open_database(other).owner) as connection:
        connection.execute("CREATE TABLE only_there (id int)")
    with psycopg.connect(**open_database(site).owner) as connection:
        assert one(connection, "SELECT to_regclass('only_there')") is None
    assert open_database(other).app["host"] != open_database(site).app["host"]


def test_a_start_killed_half_way_is_finished_by_the_next(fresh_home):
    settings = settings_for(fresh_home)
    half = fresh_home / "postgres.making"
    half.mkdir()
    (half / "PG_VERSION").write_text("18\n")
    with psycopg.connect(**open_database(settings).app) as connection:
        assert one(connection, "SELECT current_database()::text") == "jike"


def test_data_of_another_version_is_left_alone_with_a_sentence(fresh_home):
    settings = settings_for(fresh_home)
    open_database(settings)
    stop(settings)
    place = find_place(fresh_home)
    (place.data / "PG_VERSION").write_text("14\n")
    with pytest.raises(DatabaseError, match=r"made by PostgreSQL 14.*jike restore"):
        open_database(settings)


def test_a_runtime_folder_that_others_may_enter_is_refused(fresh_home, tmp_path):
    settings_for(fresh_home)
    place = find_place(fresh_home)
    tmp_path.chmod(0o755)
    with pytest.raises(DatabaseError, match="closed to others"):
        prepare(Place(place.home, place.data, tmp_path, place.user, place.substituted))
    (tmp_path / "link").symlink_to(tmp_path)
    with pytest.raises(DatabaseError, match="closed to others"):
        prepare(Place(place.home, place.data, tmp_path / "link", place.user, place.substituted))


def test_the_socket_lies_in_the_session_folder_unless_that_is_too_long_or_not_ones_own(monkeypatch):
    def chosen(session: Path) -> Path:
        monkeypatch.setenv("XDG_RUNTIME_DIR", str(session))
        return runtime_folder(os.geteuid(), "0123456789ab")

    elsewhere = chosen(Path("/proc"))
    assert elsewhere.name == f"jike-{os.geteuid()}-0123456789ab"
    with tempfile.TemporaryDirectory() as folder:
        own, long = Path(folder), Path(folder) / ("x" * 80)
        long.mkdir(mode=0o700)
        assert chosen(own) == own / "jike-0123456789ab"
        assert chosen(long) == elsewhere


@only_root
def test_root_keeps_the_data_elsewhere_when_the_way_home_is_closed(tmp_path):
    tmp_path.chmod(0o700)
    home = tmp_path / "home"
    settings = settings_for(home)
    try:
        with psycopg.connect(**open_database(settings).app) as connection:
            assert one(connection, "SELECT 1") == 1
        assert (home / "postgres").resolve().parent == Path("/var/lib/jike-postgres")
        assert tmp_path.stat().st_mode & 0o777 == 0o700
    finally:
        cleared(home)


@only_root
def test_the_database_of_another_user_is_refused_with_a_sentence(fresh_home):
    settings = settings_for(fresh_home)
    (fresh_home / "postgres").mkdir(mode=0o700)
    os.chown(fresh_home / "postgres", pwd.getpwnam("nobody").pw_uid, -1)
    with pytest.raises(DatabaseError, match="kept by nobody: run jike as that user"):
        open_database(settings)
    (fresh_home / "postgres").rmdir()


@only_root
def test_a_full_disk_is_told_and_once_there_is_room_the_start_succeeds(fresh_home):
    fresh_home.mkdir(mode=0o711)
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64m,mode=0711", "tmpfs", fresh_home],
        capture_output=True,
        text=True,
    )
    if mounted.returncode != 0:
        pytest.skip(f"this system lets nobody mount a small disk: {mounted.stderr.strip()}")
    try:
        settings = settings_for(fresh_home)
        ballast = fresh_home / "ballast"
        ballast.write_bytes(bytes(40 * 1024 * 1024))
        with pytest.raises(DatabaseError, match="is full: free some space"):
            open_database(settings)
        ballast.unlink()
        with psycopg.connect(**open_database(settings).app) as connection:
            assert one(connection, "SELECT 1") == 1
        stop(settings)
    finally:
        subprocess.run(["umount", "--lazy", fresh_home], check=True)


@only_root
def test_an_ordinary_user_has_a_server_of_his_own(fresh_home):
    """A forked child becomes `nobody`: the interpreter itself may lie where that user can't start it."""
    fresh_home.mkdir()
    nobody = pwd.getpwnam("nobody")
    os.chown(fresh_home, nobody.pw_uid, nobody.pw_gid)
    if not all(startable_by_nobody(program) for program in (server_program(), sys.executable)):
        pytest.skip("PostgreSQL or Python is installed where ordinary users can't run it")
    receiving, sending = socket.socketpair()
    child = os.fork()
    if child == 0:
        os.setgroups([])
        os.setgid(nobody.pw_gid)
        os.setuid(nobody.pw_uid)
        sending.sendall(facts_of_own_server(fresh_home).encode())
        os._exit(0)
    sending.close()
    with receiving, receiving.makefile() as stream:
        told = stream.read()
    os.waitpid(child, 0)
    shutil.rmtree(fresh_home)
    assert told == f"jike_app {nobody.pw_uid} 700"


def startable_by_nobody(program: str) -> bool:
    try:
        tried = subprocess.run(
            [program, "--version"], user="nobody", capture_output=True, cwd="/", check=False
        )
    except PermissionError:
        return False
    return tried.returncode == 0


def server_program() -> str:
    from jike.site.postgres.place import packaged_binaries

    return str(packaged_binaries() / "postgres")


def facts_of_own_server(home: Path) -> str:
    settings = settings_for(home)
    try:
        database = open_database(settings)
        with psycopg.connect(**database.app) as connection:
            role = one(connection, "SELECT current_user::text")
        folder = Path(database.app["host"]).stat()
        stop(settings)
    except (DatabaseError, psycopg.Error) as error:
        return repr(error)
    return f"{role} {folder.st_uid} {folder.st_mode & 0o777:o}"
