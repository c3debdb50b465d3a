"""Background work: functions marked with `job`, kept and run by procrastinate in our own PostgreSQL.

A job is deferred inside the caller's transaction and runs only after it commits. It may run more than once (a killed
worker's jobs are taken up again), so each must leave the same result the second time.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from procrastinate import App, RetryStrategy

__all__ = ["Schedule", "attach", "declared_jobs", "defer", "job", "job_name"]

Work = TypeVar("Work", bound=Callable[..., Any])
RETRY = RetryStrategy(max_attempts=8, exponential_wait=4)
"""4, 16, 64 … seconds between attempts: about nine hours in all, then the job is shown as failed."""


@dataclass(frozen=True)
class Schedule:
    """One declared job: its name, its function, its queue, and when it runs by itself (cron) or only when deferred."""

    name: str
    work: Callable[..., Any]
    queue: str
    cron: str


_jobs: dict[str, Schedule] = {}


def job(name: str, *, queue: str = "default", cron: str = "") -> Callable[[Work], Work]:
    """Mark a function as a job under a lasting ``name`` (``capability.verb_noun``).

    Parameters
    ----------
    cron
        Five fields in Asia/Shanghai; the function then also gets ``timestamp``, seconds since the epoch.
    """

    def mark(work: Work) -> Work:
        if name in _jobs and _jobs[name].work is not work:
            raise ValueError(f"two jobs are called {name!r}")
        _jobs[name] = Schedule(name, work, queue, cron)
        work.job_name = name  # type: ignore[attr-defined]
        return work

    return mark


def job_name(work: Callable[..., Any]) -> str:
    """Return the name of a job function; TypeError for any other function."""
    name = getattr(work, "job_name", "")
    if name not in _jobs:
        raise TypeError(f"{work!r} is no job: mark it with @job")
    return str(name)


def declared_jobs() -> tuple[Schedule, ...]:
    """Return every job there is, by name."""
    return tuple(_jobs[name] for name in sorted(_jobs))


def attach(app: App) -> None:
    """Register the declared jobs with procrastinate; the site calls it once all capabilities are loaded."""
    for one in declared_jobs():
        task = app.task(name=one.name, queue=one.queue, retry=RETRY, pass_context=False)(one.work)
        if one.cron:
            app.periodic(cron=one.cron, periodic_id=one.name)(task)


def defer(work: Callable[..., Any], *, key: str | None = None, **arguments: Any) -> int:
    """Insert a job into the current transaction and return its id.

    Parameters
    ----------
    key
        Jobs of the same key never run at the same time.
    arguments
        JSON values only; pass uids as text and read the rows anew.
    """
    from procrastinate.contrib.django import app

    return int(app.configure_task(job_name(work), lock=key).defer(**arguments))
