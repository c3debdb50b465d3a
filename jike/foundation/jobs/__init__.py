"""Background work: functions marked with `job`, kept and run by procrastinate in our own PostgreSQL.

`job` declares, `defer` inserts into the caller's transaction, `run_worker` runs what has committed. A job may run more
than once (a killed worker's jobs are taken up again), so each must leave the same result the second time.
"""

from jike.foundation.jobs.declaring import (
    Declared,
    declared_jobs,
    defer,
    defer_many,
    job,
    job_label,
    job_name,
)
from jike.foundation.jobs.reporting import Progress
from jike.foundation.jobs.running import attach
from jike.foundation.jobs.upkeep import clean_jobs
from jike.foundation.jobs.worker import run_worker

__all__ = [
    "Declared",
    "Progress",
    "attach",
    "clean_jobs",
    "declared_jobs",
    "defer",
    "defer_many",
    "job",
    "job_label",
    "job_name",
    "run_worker",
]
