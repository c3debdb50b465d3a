"""The worker as a process of its own: runs, retries, reports, seals, survives kills and a lost database."""

import datetime as dt
from pathlib import Path

import psycopg
import pytest
from django.db import connection, transaction
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob, ProcrastinateWorker

from jike.apps.organisation.models import Unit
from jike.foundation.audit import sealing_lag_seconds, verify
from jike.foundation.jobs import defer
from jike.foundation.jobs.keeping import take_up_abandoned_jobs
from jike.foundation.models import Change, JobReport, Seal
from tests import databases
from tests.foundation import working
from tests.foundation.conftest import until
from tests.making import a_unit

pytestmark = pytest.mark.usefixtures("committed_db")


def status(number: int) -> str:
    return str(ProcrastinateJob.objects.values_list("status", flat=True).get(pk=number))


def lines(path: Path) -> list[str]:
    return path.read_text().split() if path.exists() else []


def units_made() -> list[str]:
    return sorted(Unit.objects.filter(code__startswith="STEP-").values_list("code", flat=True))


def silence_workers() -> None:
    """As if the heartbeats of all workers had stopped a minute ago."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 minute'")


def test_a_committed_job_runs_once(start_worker, tmp_path):
    start_worker()
    path = tmp_path / "lines"
    with transaction.atomic():
        number = defer(working.write_line, path=str(path), line="ran")
    until(lambda: status(number) == "succeeded")
    assert lines(path) == ["ran"]


def test_what_a_job_defers_vanishes_with_its_transaction(start_worker, tmp_path):
    start_worker()
    path = tmp_path / "lines"
    number = defer(working.defer_and_break, path=str(path))
    until(lambda: status(number) == "failed")
    assert not ProcrastinateJob.objects.filter(task_name="test.write_line").exists()


def test_a_failing_job_is_tried_again_later_and_says_why(start_worker, tmp_path):
    start_worker()
    path = tmp_path / "lines"
    before = timezone.now()
    number = defer(working.fail, path=str(path))
    row = until(lambda: ProcrastinateJob.objects.filter(pk=number, status="todo", attempts__gt=0).first())
    assert row.scheduled_at - before >= dt.timedelta(seconds=4)
    assert JobReport.objects.get(job=number).error == "ConnectionError: the other side is away"
    until(lambda: len(lines(path)) >= 2)


def test_a_refusal_by_our_own_rules_fails_at_once(start_worker):
    start_worker()
    number = defer(working.refuse)
    until(lambda: status(number) == "failed")
    assert JobReport.objects.get(job=number).error == "It is closed."


def test_a_job_whose_arguments_no_longer_fit_fails_at_once_and_stops_nothing(start_worker, tmp_path):
    start_worker()
    number = defer(working.write_line, path=str(tmp_path / "lines"), line="x")
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, args) VALUES"
            " ('default', 'test.write_line', '{\"wrong\": 1}'), ('default', 'test.gone', '{}') RETURNING id"
        )
        wrong = cursor.fetchone()[0]
    until(lambda: status(wrong) == "failed")
    assert JobReport.objects.get(job=wrong).error.startswith("WrongArguments: missing")
    until(lambda: ProcrastinateJob.objects.filter(task_name="test.gone", status="failed").exists())
    until(lambda: status(number) == "succeeded")


def test_a_job_reports_how_far_it_is(start_worker):
    start_worker()
    number = defer(working.count_to, total=3)
    until(lambda: status(number) == "succeeded")
    report = JobReport.objects.get(job=number)
    assert (report.done, report.total, report.sentence) == (3, 3, "3/3")


def test_a_running_job_that_reports_can_be_cancelled(start_worker, tmp_path):
    from procrastinate.contrib.django import app

    start_worker()
    path = tmp_path / "lines"
    number = defer(working.run_until_cancelled, path=str(path))
    until(lambda: lines(path))
    app.job_manager.cancel_job_by_id(number, abort=True)
    until(lambda: status(number) == "aborted")


def test_the_job_of_a_killed_worker_is_taken_up_by_another(start_worker, tmp_path):
    path = tmp_path / "lines"
    number = defer(working.hang_once, path=str(path))
    first = start_worker()
    until(lambda: lines(path) == ["first"])
    first.kill()
    first.wait()
    silence_workers()
    start_worker()
    until(lambda: status(number) == "succeeded")
    assert lines(path) == ["first", "second"]


def test_a_worker_killed_while_it_writes_loses_only_what_was_not_committed(start_worker, tmp_path):
    path = tmp_path / "lines"
    number = defer(working.write_in_steps, path=str(path), steps=3)
    worker = start_worker()
    until(lambda: lines(path) == ["halfway"])
    worker.kill()
    worker.wait()
    assert units_made() == ["STEP-0", "STEP-1"]
    assert Change.objects.filter(kind="organisation.unit").count() == 2
    silence_workers()
    start_worker()
    until(lambda: status(number) == "succeeded")
    assert units_made() == ["STEP-0", "STEP-1", "STEP-2"]
    assert Change.objects.filter(kind="organisation.unit").count() == 3
    until(lambda: sealing_lag_seconds() == 0)
    assert verify().sound


def test_the_jobs_of_a_living_worker_are_left_alone(start_worker, tmp_path):
    path = tmp_path / "lines"
    defer(working.hang_once, path=str(path))
    worker = start_worker()
    until(lambda: lines(path) == ["first"])
    assert take_up_abandoned_jobs(20) == 0
    worker.kill()


def test_a_job_that_always_kills_its_worker_is_given_up(start_worker, tmp_path):
    path = tmp_path / "lines"
    number = defer(working.kill_worker, path=str(path))
    worker = start_worker()
    until(lambda: worker.poll() is not None)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET attempts = 7 WHERE id = %s", [number])
    silence_workers()
    take_up_abandoned_jobs(20)
    assert status(number) == "failed"
    assert JobReport.objects.get(job=number).error


def test_a_worker_seals_what_is_written(start_worker):
    start_worker()
    a_unit()
    until(lambda: Seal.objects.exists() and sealing_lag_seconds() == 0)
    assert sum(Seal.objects.values_list("rows", flat=True)) == Change.objects.count()


def test_a_worker_outlives_the_loss_of_every_connection(start_worker, tmp_path):
    worker = start_worker()
    until(ProcrastinateWorker.objects.exists)
    path = tmp_path / "lines"
    defer(working.write_line, path=str(path), line="before")
    until(lambda: lines(path) == ["before"])
    connection.close()
    with psycopg.connect(**databases.parameters("app"), autocommit=True) as other:
        other.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid() AND usename = current_user"
        )
    connection.close()
    connection.close_pool()
    a_unit()
    defer(working.write_line, path=str(path), line="after")
    until(lambda: lines(path) == ["before", "after"])
    until(lambda: sealing_lag_seconds() == 0)
    assert worker.poll() is None


def test_a_stopped_worker_lets_its_job_end_and_leaves(start_worker, tmp_path):
    worker = start_worker()
    path = tmp_path / "lines"
    defer(working.write_line, path=str(path), line="ran")
    until(lambda: lines(path))
    worker.stdin.close()
    assert worker.wait(60) == 0
    assert not ProcrastinateWorker.objects.exists()
