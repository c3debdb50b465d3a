"""The queue's upkeep: jobs done go after a day, failed ones after a month, with their reports."""

import pytest
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from jike.foundation.jobs import clean_jobs
from jike.foundation.models import JobReport

pytestmark = pytest.mark.django_db


def a_job(status: str, *, ended_hours_ago: int) -> int:
    """Make a job whose last event lies so far back, with a report."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, args, status)"
            " VALUES ('default', 'test.any', '{}', %s::procrastinate_job_status) RETURNING id",
            [status],
        )
        number = int(cursor.fetchone()[0])
        cursor.execute("DELETE FROM procrastinate_events WHERE job_id = %s", [number])
        cursor.execute(
            "INSERT INTO procrastinate_events (job_id, type, at)"
            " VALUES (%s, 'deferred', now() - make_interval(hours => %s))",
            [number, ended_hours_ago],
        )
    JobReport.objects.create(job=number)
    return number


@pytest.mark.parametrize(
    ("status", "hours", "stays"),
    [
        ("succeeded", 23, True),
        ("succeeded", 25, False),
        ("cancelled", 25, False),
        ("failed", 29 * 24, True),
        ("failed", 31 * 24, False),
        ("aborted", 31 * 24, False),
        ("todo", 365 * 24, True),
        ("doing", 365 * 24, True),
    ],
)
def test_a_job_stays_as_long_as_somebody_may_ask_for_it(status, hours, stays):
    number = a_job(status, ended_hours_ago=hours)
    clean_jobs()
    assert ProcrastinateJob.objects.filter(pk=number).exists() is stays
    assert JobReport.objects.filter(job=number).exists() is stays
