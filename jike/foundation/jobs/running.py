"""How a declared job becomes procrastinate's task: when to try again, and what is noted of its errors.

Here stands one of the two broad excepts that the house allows: whatever a job raises is noted and logged, and then the
queue decides about the next attempt.
"""

import logging
from collections.abc import Callable
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from django.db import DatabaseError, InterfaceError
from django.utils import timezone
from procrastinate import App, JobContext, exceptions
from procrastinate.jobs import Job
from procrastinate.periodic import PeriodicTask
from procrastinate.retry import RetryDecision, RetryStrategy

from jike.foundation.errors import JikeError, Stale, Unavailable
from jike.foundation.jobs.declaring import Declared, check_arguments, declared_jobs
from jike.foundation.jobs.reporting import Cancelled, Progress, note_error

__all__ = ["MAX_RETRIES", "attach"]

CHINA = ZoneInfo("Asia/Shanghai")
MAX_RETRIES = 7
log = logging.getLogger("jike.jobs")


class WrongArguments(Exception):
    """The stored arguments no longer fit the function: the job waited across a new version."""


class PatientRetry(RetryStrategy):
    """4, 16, 64 … seconds between attempts, about six hours in all; a refusal by our own rules is final at once."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """Return when to try again, or None when trying again cannot help."""
        final = isinstance(exception, JikeError) and not isinstance(exception, Stale | Unavailable)
        if final or isinstance(exception, WrongArguments):
            return None
        return super().get_retry_decision(exception=exception, job=job)


class ChinaSchedule(PeriodicTask):
    """A schedule whose cron fields mean the clock in China, wherever the server stands."""

    @cached_property
    def croniter(self) -> Any:
        """Return the iterator over due times."""
        times = PeriodicTask.croniter.func(self)  # type: ignore[attr-defined]
        times.set_current(timezone.now().astimezone(CHINA), force=True)
        return times


def attach(app: App) -> None:
    """Register the declared jobs with ``app``; called once every capability is loaded."""
    for one in declared_jobs():
        retry = PatientRetry(max_attempts=MAX_RETRIES, exponential_wait=4)
        task = app.task(name=one.name, queue=one.queue, retry=retry, pass_context=True)(runner(one))
        if one.cron:
            schedule = ChinaSchedule(task=task, cron=one.cron, periodic_id=one.name, configure_kwargs={})
            app.periodic_registry.periodic_tasks[one.name, one.name] = schedule


def runner(one: Declared) -> Callable[..., None]:
    """Return the function that procrastinate calls with the job's context and arguments."""
    wants = one.parameters

    def run(context: JobContext, **arguments: Any) -> None:
        number = context.job.id
        assert number is not None
        timestamp = arguments.pop("timestamp", 0)
        given = {"timestamp": timestamp, "progress": Progress(number, context.should_abort)}
        try:
            fitting(one.name, arguments)
            one.work(**arguments, **{name: value for name, value in given.items() if name in wants})
        except Cancelled as asked:
            raise exceptions.JobAborted from asked
        except Exception as error:
            keep_error(number, error)
            raise
        if context.job.attempts:
            note_error(number, "")

    return run


def fitting(name: str, arguments: dict[str, Any]) -> None:
    """Raise `WrongArguments` unless the job can be called with what was stored for it."""
    try:
        check_arguments(name, arguments)
    except TypeError as error:
        raise WrongArguments(str(error)) from error


def keep_error(job: int, error: Exception) -> None:
    """Note why the attempt failed; when even that fails (the database is away), the log has it."""
    said = str(error) if isinstance(error, JikeError) else f"{type(error).__name__}: {error}"
    try:
        note_error(job, said)
    except (DatabaseError, InterfaceError):
        log.warning("the error of job %s could not be noted: %s", job, said)
