"""Looking at the queue and stepping in: counts, lists, workers, schedules; retry and cancel, which are recorded."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from procrastinate.contrib.django.models import ProcrastinateJob, ProcrastinateWorker

from jike.foundation.audit.gate import may_write
from jike.foundation.audit.stream import Written, record_changes
from jike.foundation.errors import NotFound, RuleBroken
from jike.foundation.jobs.declaring import declared_jobs, job_label
from jike.foundation.jobs.worker import SILENT_SECONDS
from jike.foundation.models import JobReport
from jike.foundation.scope import Actor, Permission, declare_permission, require_permission
from jike.values.rights import Domain

__all__ = [
    "RUN_JOBS",
    "VIEW_JOBS",
    "JobRow",
    "State",
    "cancel_job",
    "counts",
    "job_with",
    "jobs_in",
    "last_runs",
    "living_workers",
    "retry_job",
]

KIND = "foundation.job"
VIEW_JOBS = declare_permission(
    Permission(f"{KIND}:view", gettext_lazy("Background jobs"), gettext_lazy("View"), Domain.SYSTEM)
).name
RUN_JOBS = declare_permission(
    Permission(
        f"{KIND}:run", gettext_lazy("Background jobs"), gettext_lazy("Retry and cancel"), Domain.SYSTEM
    )
).name


class State(StrEnum):
    """What the page sorts jobs by."""

    WAITING = "waiting"
    RUNNING = "running"
    FAILED = "failed"
    DONE = "done"


STATUSES: Mapping[State, tuple[str, ...]] = {
    State.WAITING: ("todo",),
    State.RUNNING: ("doing",),
    State.FAILED: ("failed", "aborted"),
    State.DONE: ("succeeded", "cancelled"),
}


@dataclass(frozen=True)
class JobRow:
    """One job as the page shows it; times are None where the event has not happened."""

    id: int
    name: str
    label: str
    arguments: Mapping[str, Any]
    status: str
    attempts: int
    due: dt.datetime | None
    deferred_at: dt.datetime | None
    changed_at: dt.datetime | None
    report: JobReport | None

    @property
    def percent(self) -> int | None:
        """How far the job is, where it says so."""
        if self.report is None or not self.report.total:
            return None
        return min(100, 100 * self.report.done // self.report.total)


def counts() -> dict[State, int]:
    """Return how many jobs are in each state."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT status::text, count(*) FROM procrastinate_jobs GROUP BY status")
        found = dict(cursor.fetchall())
    return {state: sum(found.get(status, 0) for status in statuses) for state, statuses in STATUSES.items()}


def jobs_in(state: State, *, before: int | None = None, limit: int = 50) -> list[JobRow]:
    """Return the jobs in ``state``, newest first, those with an id below ``before``."""
    rows = ProcrastinateJob.objects.filter(status__in=STATUSES[state])
    if before is not None:
        rows = rows.filter(pk__lt=before)
    return _rows(list(rows.order_by("-pk")[:limit]))


def job_with(number: int) -> JobRow:
    """Return the job, or NotFound once it was cleaned up."""
    found = _rows(list(ProcrastinateJob.objects.filter(pk=number)))
    if not found:
        raise NotFound(_("This job is no longer there."))
    return found[0]


def _rows(jobs: Sequence[ProcrastinateJob]) -> list[JobRow]:
    reports = JobReport.objects.in_bulk([job.pk for job in jobs])
    times = _times([job.pk for job in jobs])
    return [
        JobRow(
            id=job.pk,
            name=job.task_name,
            label=job_label(job.task_name),
            arguments=job.args,
            status=job.status,
            attempts=job.attempts,
            due=job.scheduled_at,
            deferred_at=times.get(job.pk, (None, None))[0],
            changed_at=times.get(job.pk, (None, None))[1],
            report=reports.get(job.pk),
        )
        for job in jobs
    ]


def _times(jobs: Sequence[int]) -> dict[int, tuple[dt.datetime, dt.datetime]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT job_id, min(at) FILTER (WHERE type = 'deferred'), max(at) FILTER (WHERE type <> 'scheduled')"
            " FROM procrastinate_events WHERE job_id = ANY(%s) GROUP BY job_id",
            [list(jobs)],
        )
        return {job: (first, last) for job, first, last in cursor.fetchall()}


def living_workers() -> int:
    """Return how many workers were heard of lately."""
    since = timezone.now() - dt.timedelta(seconds=SILENT_SECONDS)
    return ProcrastinateWorker.objects.filter(last_heartbeat__gte=since).count()


def last_runs() -> list[tuple[str, str, dt.datetime | None]]:
    """Return each scheduled job's label, its cron fields (clock of China) and when it fell due last."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT periodic_id, max(defer_timestamp) FROM procrastinate_periodic_defers GROUP BY periodic_id"
        )
        due = {name: dt.datetime.fromtimestamp(stamp, dt.UTC) for name, stamp in cursor.fetchall()}
    return [(str(one.label), one.cron, due.get(one.name)) for one in declared_jobs() if one.cron]


def retry_job(number: int, *, actor: Actor) -> None:
    """Let a failed job run again now; needs the right to run jobs, and is recorded."""
    with transaction.atomic():
        if _locked_status(number, actor) != "failed":
            raise RuleBroken(_("Only a failed job can be run again; this one is not."))
        _step_in("SELECT procrastinate_retry_job_v2(%s, now(), NULL, NULL, NULL)", number)
        _record(number, actor=actor, verb="retry")


def cancel_job(number: int, *, actor: Actor) -> None:
    """Take a waiting job out of the queue, or ask a running one to end where it next reports its progress."""
    with transaction.atomic():
        if _locked_status(number, actor) not in ("todo", "doing"):
            raise RuleBroken(_("This job has already ended."))
        _step_in("SELECT procrastinate_cancel_job_v1(%s, true, false)", number)
        _record(number, actor=actor, verb="cancel")


def _locked_status(number: int, actor: Actor) -> str:
    may_write(actor)
    require_permission(actor, RUN_JOBS)
    job = ProcrastinateJob.objects.select_for_update().filter(pk=number).first()
    if job is None:
        raise NotFound(_("This job is no longer there."))
    return str(job.status)


def _step_in(statement: str, number: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, [number])


def _record(number: int, *, actor: Actor, verb: str) -> None:
    """Jobs are no records and have no uid: their number takes its place."""
    facts = {"job": (None, job_with(number).name)}
    record_changes([Written(KIND, UUID(int=number), 1, facts)], actor=actor, verb=verb)
