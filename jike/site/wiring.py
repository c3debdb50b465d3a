"""The one dictionary from event to handlers, and everything else that is registered once at start."""

from collections.abc import Mapping, Sequence
from typing import Any

from procrastinate import App

from jike.foundation import jobs
from jike.foundation.events import Handler, register_handlers

__all__ = ["HANDLERS", "attach_jobs", "wire"]

HANDLERS: Mapping[type[Any], Sequence[Handler]] = {}
"""Event → the jobs that answer it; read this to know what follows from what."""


def wire() -> None:
    """Register handlers and contributions; called when every capability is loaded."""
    register_handlers(HANDLERS)


def attach_jobs(app: App) -> None:
    """Hand the declared jobs to procrastinate, once its Django app is ready."""
    jobs.attach(app)
