"""`jike doctor`: what is well is said to be well, and each trouble is named with its remedy."""

import psycopg
import pytest

from jike.site.postgres import open_database
from tests.site.conftest import Site, server_ends

NOT_THE_SITES = ("translations", "disk", "disk of files", "memory", "jobs", "sealing")
"""What depends on the machine, on the checkout, or on what other tests left in the shared site."""


def owner_runs(site: Site, statement: str) -> None:
    with psycopg.connect(**open_database(site.settings).owner) as connection:
        connection.execute(statement)


def test_a_migrated_site_is_well_but_for_the_worker(migrated_site):
    # A worker that another test killed counts as alive for some seconds.
    owner_runs(migrated_site, "DELETE FROM procrastinate_workers")
    code, said = migrated_site.jike("doctor")
    assert code == 0
    assert [line.split()[0] for line in said.splitlines()].count("ok") >= 12
    checks = migrated_site.doctor()
    assert checks["worker"] == ("warn", "No job worker is alive: start jike serve (or jike worker).")
    assert {name for name, (level, _) in checks.items() if level != "ok"} <= {"worker", *NOT_THE_SITES}


def test_a_database_that_is_down_is_told_and_the_rest_is_still_checked(empty_site):
    settings = {"DATABASE_URL": "postgresql://u:p@127.0.0.1:1/site"}
    code, said = empty_site.jike("doctor", **settings)
    assert code == 1
    assert "Traceback" not in said
    checks = empty_site.doctor(**settings)
    assert checks["database"][0] == "bad"
    assert "DATABASE_URL" in checks["database"][1]
    assert checks["disk"][0] == "ok"
    assert "migrations" not in checks


def test_each_mistake_of_configuration_is_a_line(empty_site):
    code, said = empty_site.jike("doctor", JIKE_PORT="x", JIKE_DEBUG="y")
    assert code == 1
    assert [line.split()[:2] for line in said.splitlines()] == [["bad", "configuration"]] * 2


def test_a_site_without_tables_is_told_to_migrate(empty_site):
    checks = empty_site.doctor()
    assert checks["migrations"] == ("bad", checks["migrations"][1])
    assert "jike migrate" in checks["migrations"][1]
    assert "jike migrate" in checks["static files"][1]


def test_a_right_too_many_on_the_history_is_found(migrated_site):
    owner_runs(migrated_site, "GRANT DELETE ON foundation_change TO jike_app")
    try:
        level, sentence = migrated_site.doctor()["history"]
    finally:
        owner_runs(migrated_site, "REVOKE DELETE ON foundation_change FROM jike_app")
    assert level == "bad"
    assert "DELETE on foundation_change" in sentence


def test_a_home_that_others_can_read_is_found(migrated_site):
    mode = migrated_site.home.stat().st_mode
    migrated_site.home.chmod(0o755)
    try:
        assert migrated_site.doctor()["privacy"][0] == "bad"
    finally:
        migrated_site.home.chmod(mode)


@pytest.mark.parametrize(
    ("settings", "name"),
    [
        ({"JIKE_HOST": "192.0.2.1"}, "transport"),
        ({"JIKE_DEBUG": "1"}, "debug"),
        ({"JIKE_WORKERS": "64", "JIKE_DB_POOL": "200"}, "connections"),
    ],
)
def test_a_doubtful_setting_is_told(migrated_site, settings, name):
    assert migrated_site.doctor(**settings)[name][0] in ("warn", "bad")


def test_the_doctor_leaves_no_server_behind(empty_site):
    assert empty_site.doctor()["database"][0] == "ok"
    assert server_ends(empty_site.home)
