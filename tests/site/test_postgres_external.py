"""A PostgreSQL run by others, named by DATABASE_URL: Debian's 15 in a private cluster, and what is refused."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import psycopg
import pytest

from jike.site import config
from jike.site.postgres import DatabaseError, django_database, open_database, stop
from jike.site.postgres.verification import complaints, facts_of, verify

BINARIES = Path("/usr/lib/postgresql/15/bin")
ROLES = """
CREATE ROLE site_owner LOGIN PASSWORD 'own er';
CREATE ROLE site_app LOGIN PASSWORD 'ap:p';
CREATE DATABASE site OWNER site_owner ENCODING 'UTF8' TEMPLATE template0;
CREATE DATABASE latin OWNER site_owner ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0
"""


def run_as_postgres(*command: object) -> None:
    identity = {"user": "postgres", "group": "postgres", "extra_groups": []} if os.geteuid() == 0 else {}
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd="/", **identity)


@pytest.fixture(scope="module")
def cluster():
    """The socket folder of a running private cluster of PostgreSQL 15 that asks for passwords."""
    if not BINARIES.is_dir():
        pytest.skip("PostgreSQL 15 is not installed: apt-get install --no-install-recommends postgresql-15")
    folder = Path(tempfile.mkdtemp(prefix="jike-pg15-"))
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
    data = folder / "data"
    run_as_postgres(BINARIES / "initdb", "-D", data, "--username=postgres", "--auth=trust", "--no-sync")
    run_as_postgres(
        BINARIES / "pg_ctl", "-D", data, "-w", "-l", folder / "log", "-o", f"-h '' -k {folder}", "start"
    )
    try:
        with psycopg.connect(
            host=str(folder), user="postgres", dbname="postgres", autocommit=True
        ) as connection:
            for statement in ROLES.split(";"):
                connection.execute(statement)
        (data / "pg_hba.conf").write_text("local all postgres trust\nlocal all all scram-sha-256\n")
        run_as_postgres(BINARIES / "pg_ctl", "-D", data, "reload")
        yield folder
    finally:
        run_as_postgres(BINARIES / "pg_ctl", "-D", data, "-w", "-m", "immediate", "stop")
        shutil.rmtree(folder)


def settings_for(home: Path, app: str, owner: str = "") -> config.Config:
    addresses = {"DATABASE_URL": app} | ({"DATABASE_OWNER_URL": owner} if owner else {})
    return config.load({"JIKE_HOME": str(home), **addresses})


def address(cluster: Path, user: str, database: str = "site") -> str:
    password = {"site_owner": "own%20er", "site_app": "ap%3Ap", "postgres": ""}[user]
    return f"postgresql://{user}:{password}@/{database}?host={cluster}"


def test_both_roles_of_an_external_server_are_used(cluster, tmp_path):
    settings = settings_for(tmp_path, address(cluster, "site_app"), address(cluster, "site_owner"))
    database = open_database(settings)
    assert not database.embedded
    assert database.separated
    verify(database)
    assert facts_of(database.owner).version // 10000 == 15
    assert not facts_of(database.app).may_create
    assert not (tmp_path / "postgres").exists()
    assert stop(settings) is False


def test_one_address_serves_as_both_roles(cluster, tmp_path):
    database = open_database(settings_for(tmp_path, address(cluster, "site_owner")))
    assert not database.separated
    verify(database)


def test_another_encoding_is_refused(cluster, tmp_path):
    database = open_database(settings_for(tmp_path, address(cluster, "site_owner", "latin")))
    with pytest.raises(DatabaseError, match="encoded in LATIN1; Jike needs"):
        verify(database)


def test_a_superuser_as_the_application_is_refused(cluster, tmp_path):
    app, owner = address(cluster, "postgres"), address(cluster, "site_owner")
    assert any("superuser" in told for told in complaints(open_database(settings_for(tmp_path, app, owner))))


def test_an_owner_who_may_not_make_tables_is_told_the_grant(cluster, tmp_path):
    database = open_database(settings_for(tmp_path, address(cluster, "site_app")))
    assert complaints(database) == [
        "The role site_app may not make tables: GRANT CREATE, USAGE ON SCHEMA public TO site_app."
    ]


def test_a_wrong_password_is_one_sentence(cluster, tmp_path):
    wrong = address(cluster, "site_app").replace("ap%3Ap", "guess")
    with pytest.raises(
        DatabaseError, match=r"can't be reached as site_app: .*password authentication failed"
    ):
        verify(open_database(settings_for(tmp_path, wrong)))


def test_a_server_that_is_away_is_one_sentence(tmp_path):
    away = f"postgresql://u:p@/site?host={tmp_path}"
    with pytest.raises(DatabaseError, match="can't be reached as u"):
        verify(open_database(settings_for(tmp_path / "home", away)))


def test_two_roles_of_different_databases_are_refused(tmp_path):
    settings = settings_for(tmp_path, "postgresql://a:x@h/one", "postgresql://b:x@h/two")
    with pytest.raises(DatabaseError, match="must name the same server"):
        open_database(settings)


def test_further_parameters_of_the_address_reach_the_driver(tmp_path):
    database = open_database(
        settings_for(tmp_path, "postgresql://a:x@db.example.com/one?sslmode=verify-full")
    )
    entry = django_database(database.app, pool_size=3)
    assert entry["HOST"] == "db.example.com"
    assert entry["PORT"] == "5432"
    assert entry["OPTIONS"]["sslmode"] == "verify-full"
    assert entry["OPTIONS"]["pool"]["max_size"] == 3
    assert "jit=off" in entry["OPTIONS"]["options"]
