"""The foundation's own scheduled jobs: keeping the queue small, and verifying the history every night."""

import logging

from django.db import connection
from django.utils.translation import gettext_lazy as _

from jike.foundation.audit.verdicts import verify_and_record
from jike.foundation.jobs.declaring import job
from jike.foundation.jobs.reporting import Progress
from jike.foundation.scope import system_actor

__all__ = ["clean_jobs", "verify_history"]

log = logging.getLogger("jike.history")
KEEP_DONE = "1 day"
KEEP_FAILED = "30 days"
CLEAN = """
    DELETE FROM procrastinate_jobs job
    WHERE job.status = ANY (%s::procrastinate_job_status[]) AND NOT EXISTS (
        SELECT 1 FROM procrastinate_events event WHERE event.job_id = job.id AND event.at > now() - %s::interval)"""
CLEAN_REPORTS = """
    DELETE FROM foundation_jobreport report
    WHERE NOT EXISTS (SELECT 1 FROM procrastinate_jobs job WHERE job.id = report.job)"""


@job("foundation.clean_jobs", label=_("Clean up finished jobs"), cron="40 * * * *")
def clean_jobs() -> None:
    """Remove jobs done for a day and jobs failed for a month."""
    with connection.cursor() as cursor:
        cursor.execute(CLEAN, [["succeeded", "cancelled"], KEEP_DONE])
        cursor.execute(CLEAN, [["failed", "aborted"], KEEP_FAILED])
        cursor.execute(CLEAN_REPORTS)


@job("foundation.verify_history", label=_("Verify the history of changes"), cron="0 4 * * *")
def verify_history(*, progress: Progress) -> None:
    """Verify every sealed change and record the outcome; anybody who may see the history finds it there."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(sum(rows), 0) FROM foundation_seal")
        total = int(cursor.fetchone()[0])
    verdict = verify_and_record(
        actor=system_actor("foundation.verify_history"),
        progress=lambda done: progress(min(done, total - 1), total),
    )
    if verdict.finding:
        log.critical("the history of changes was altered: %s", verdict.finding.sentence)
    progress(total, total, verdict.finding.sentence if verdict.finding else "")
