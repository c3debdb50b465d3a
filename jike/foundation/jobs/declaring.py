"""Declaring jobs and deferring them: a lasting name for a function, and JSON arguments that fit its signature."""

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.utils.functional import Promise

__all__ = ["Declared", "declared_jobs", "defer", "defer_many", "job", "job_label", "job_name"]

Work = TypeVar("Work", bound=Callable[..., Any])
PROVIDED = frozenset({"progress", "timestamp"})
"""Parameters that the runner fills in where a job has them."""


@dataclass(frozen=True)
class Declared:
    """One job: its name, what people call it, its function, its queue, and when it runs by itself ("" for never)."""

    name: str
    label: str | Promise
    work: Callable[..., Any]
    queue: str
    cron: str

    @property
    def parameters(self) -> Mapping[str, inspect.Parameter]:
        """The function's parameters by name."""
        return inspect.signature(self.work).parameters


_jobs: dict[str, Declared] = {}


def job(
    name: str, *, label: str | Promise = "", queue: str = "default", cron: str = ""
) -> Callable[[Work], Work]:
    """Mark a function as a job under a lasting ``name`` (``capability.verb_noun``).

    A parameter ``progress`` receives a `Progress` to report through; ``timestamp`` the seconds since the epoch for
    which a scheduled run was due (0 when deferred by hand).

    Parameters
    ----------
    label
        What people read on the jobs page.
    cron
        Five fields in Asia/Shanghai; at most one run is made up for when no worker was there.
    """

    def mark(work: Work) -> Work:
        if name in _jobs and _jobs[name].work is not work:
            raise ValueError(f"two jobs are called {name!r}")
        _jobs[name] = Declared(name, label or name, work, queue, cron)
        work.job_name = name  # type: ignore[attr-defined]
        return work

    return mark


def job_name(work: Callable[..., Any]) -> str:
    """Return the name of a job function; TypeError for any other function."""
    name = getattr(work, "job_name", "")
    if name not in _jobs:
        raise TypeError(f"{work!r} is no job: mark it with @job")
    return str(name)


def job_label(name: str) -> str:
    """Return what people call the job; its name when no capability declares it any more."""
    return str(_jobs[name].label) if name in _jobs else name


def declared_jobs() -> tuple[Declared, ...]:
    """Return every job there is, by name."""
    return tuple(_jobs[name] for name in sorted(_jobs))


def defer(work: Callable[..., Any], *, key: str | None = None, **arguments: Any) -> int:
    """Insert a job into the current transaction and return its id.

    Parameters
    ----------
    key
        Jobs of the same key never run at the same time, and run in the order in which they were deferred.
    arguments
        JSON values only; pass uids as text and read the rows anew.

    Raises
    ------
    TypeError
        ``work`` is no job, or the arguments do not fit its signature or are no JSON.
    """
    from procrastinate.contrib.django import app

    name = job_name(work)
    check_arguments(name, arguments)
    return int(app.configure_task(name, lock=key, queue=_jobs[name].queue).defer(**arguments))


def defer_many(work: Callable[..., Any], given: Sequence[Mapping[str, Any]]) -> None:
    """Insert one job for each set of arguments, all in one statement; like `defer` otherwise."""
    from procrastinate.contrib.django import app

    name = job_name(work)
    for arguments in given:
        check_arguments(name, arguments)
    if given:
        app.configure_task(name, queue=_jobs[name].queue).batch_defer(*map(dict, given))


def check_arguments(name: str, arguments: Mapping[str, Any]) -> None:
    """Raise TypeError when the job ``name`` cannot be called with ``arguments``, before it is stored."""
    parameters = _jobs[name].parameters
    filled = {given: None for given in PROVIDED if given in parameters and given not in arguments}
    inspect.signature(_jobs[name].work).bind(**arguments, **filled)
    for given, value in arguments.items():
        if not _is_json(value):
            raise TypeError(f"{name} got {given}={value!r}, which is no JSON value; pass uids as text")


def _is_json(value: Any) -> bool:
    if isinstance(value, dict):
        return all(isinstance(key, str) and _is_json(one) for key, one in value.items())
    if isinstance(value, list):
        return all(map(_is_json, value))
    if isinstance(value, float):
        return value - value == 0
    return value is None or isinstance(value, str | int | bool)
