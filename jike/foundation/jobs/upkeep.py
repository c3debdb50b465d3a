"""The queue's own upkeep: what is done or has failed long ago goes."""

from django.db import connection
from django.utils.translation import gettext_lazy as _

from jike.foundation.jobs.declaring import job

__all__ = ["clean_jobs"]

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
