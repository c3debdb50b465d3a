"""Imports that are cut off in the middle of a portion: killed, or left by the database. They go on without doubles."""

import os
import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
from django.db import OperationalError, connection

from jike.apps.customers.models import Customer
from jike.foundation import directory
from jike.foundation.errors import RuleBroken
from jike.foundation.exchange import importing, intake
from jike.foundation.jobs.reporting import Cancelled
from jike.foundation.models import Change, ImportRun, MatchKey, SearchEntry
from tests import databases
from tests.foundation.importing import HEADER, checked, mapped, new_rows, quiet, received, tallied, workbook
from tests.foundation.listed import a_world

ROWS, PORTION = 35, 10


@pytest.fixture(autouse=True)
def _folder(tmp_path, settings):
    settings.ATTACHMENTS_FOLDER = tmp_path


def started(monkeypatch) -> ImportRun:
    """Return an import of four portions that waits for its job."""
    world = a_world(customers=1)
    monkeypatch.setattr(intake, "PORTION", PORTION)
    content = workbook(HEADER, *new_rows(ROWS))
    run = checked(world.heads, mapped(world.heads, received(world.heads, content)))
    importing.start_run(run, actor=world.heads)
    return run


def cut_off(task: str, cut) -> None:
    """Run the import's job, and ``cut()`` when the third portion's rows are in and their history is not."""
    portions = []

    def told(done: int, total: int | None = None, sentence: str = "") -> None:
        portions.append(done)

    def watch(execute, sql, params, many, context):
        if len(portions) == 2 and "'foundation_change'" in sql:
            cut()
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        importing.run_import(task=task, progress=told)


def die_in_the_middle(task: str, folder: str) -> None:
    """What the process of the test runs."""
    from django.conf import settings

    settings.ATTACHMENTS_FOLDER, intake.PORTION = Path(folder), PORTION
    cut_off(task, lambda: os.kill(os.getpid(), signal.SIGKILL))


def goes_on(run: ImportRun) -> None:
    """Run the job again and see that every row is there once, with its history, search entry and keys."""
    kept = Customer.objects.filter(code__startswith="IM")
    assert kept.count() == 2 * PORTION
    importing.run_import(task=str(run.task), progress=quiet)
    run.refresh_from_db()
    assert tallied(run) == (ROWS, 0, 0, 0)
    ids = dict(kept.values_list("pk", "uid"))
    assert len(ids) == ROWS
    assert Change.objects.filter(uid__in=ids.values(), verb="add").count() == ROWS
    assert SearchEntry.objects.filter(uid__in=ids.values()).count() == ROWS
    assert MatchKey.objects.filter(record__in=list(ids)).values("record").distinct().count() == ROWS


def test_an_import_whose_worker_was_killed_goes_on_without_doubles(committed_db, monkeypatch, tmp_path):
    run = started(monkeypatch)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("JIKE_")} | {
        "JIKE_HOME": str(tmp_path / "home"),
        "DATABASE_URL": databases.address("app", committed_db),
    }
    program = (
        "import sys, django; django.setup(); from tests.foundation import test_import_broken_off as one; "
    )
    command = [sys.executable, "-c", f"{program} one.die_in_the_middle(*sys.argv[1:])", str(run.task)]
    ended = subprocess.run(
        [*command, str(tmp_path)], env=environment, cwd=Path(__file__).parents[2], check=False, timeout=120
    )
    assert ended.returncode == -signal.SIGKILL
    goes_on(run)


def test_an_import_that_the_database_left_goes_on_without_doubles(committed_db, monkeypatch):
    run = started(monkeypatch)

    def restart() -> None:
        session = connection.connection.info.backend_pid
        with psycopg.connect(**databases.parameters("app"), autocommit=True) as other:
            other.execute("SELECT pg_terminate_backend(%s, 10000)", [session])

    with pytest.raises(OperationalError):
        cut_off(str(run.task), restart)
    connection.close()
    goes_on(run)


def at_once(*tasks: str) -> list[Exception | None]:
    """Run these jobs at the same moment, over connections of their own; return what each ended with."""
    together = threading.Barrier(len(tasks))

    def run(task: str) -> Exception | None:
        together.wait()
        try:
            importing.run_import(task=task, progress=quiet)
        except (RuleBroken, Cancelled) as error:
            return error
        finally:
            connection.close()
        return None

    with ThreadPoolExecutor(len(tasks)) as both:
        return list(both.map(run, tasks))


def test_the_same_file_twice_at_the_same_moment_is_stored_once(committed_db, monkeypatch):
    first = started(monkeypatch)
    heads = directory.actor_of(first.person)
    second = checked(heads, mapped(heads, received(heads, workbook(HEADER, *new_rows(ROWS)))))
    importing.start_run(second, actor=heads)
    assert at_once(str(first.task), str(second.task)) == [None, None]
    first.refresh_from_db()
    second.refresh_from_db()
    found = [sum(both) for both in zip(tallied(first), tallied(second), strict=True)]
    assert found == [ROWS, 0, ROWS, 0]
    assert Customer.objects.filter(code__startswith="IM").count() == ROWS


def test_one_import_begun_twice_at_the_same_moment_stores_no_row_twice_and_goes_on(committed_db, monkeypatch):
    run = started(monkeypatch)
    at_once(str(run.task), str(run.task))
    run.refresh_from_db()
    if run.state != ImportRun.State.DONE:  # either got in the other's way, and says so: one begins it again
        importing.start_run(run, actor=directory.actor_of(run.person))
        importing.run_import(task=str(run.task), progress=quiet)
        run.refresh_from_db()
    assert tallied(run) == (ROWS, 0, 0, 0)
    assert Customer.objects.filter(code__startswith="IM").count() == ROWS
