"""Events: how a lower capability tells higher ones, without importing them.

An action publishes a frozen dataclass inside its transaction; that inserts one job per handler in the same transaction,
so that they commit or vanish together. Which handlers an event has is data, registered once at start by the site.
Handlers may run twice and must not mind.
"""

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from jike.foundation.jobs import defer, job_name

__all__ = ["Handler", "publish", "register_handlers"]

Handler = Callable[..., None]
"""A job (see `jike.foundation.jobs.job`) that takes the event's fields as keyword arguments."""

_handlers: dict[type[Any], tuple[Handler, ...]] = {}


def register_handlers(wiring: Mapping[type[Any], Sequence[Handler]]) -> None:
    """Replace the wiring; an event that is no frozen dataclass, or a handler that is no job, stops the start."""
    for event, handlers in wiring.items():
        if not (dataclasses.is_dataclass(event) and event.__dataclass_params__.frozen):  # type: ignore[attr-defined]
            raise TypeError(f"{event.__name__} must be a frozen dataclass to be an event")
        for handler in handlers:
            job_name(handler)
    _handlers.clear()
    _handlers.update({event: tuple(handlers) for event, handlers in wiring.items()})


def publish(event: object) -> None:
    """Insert the jobs of the event's handlers; must be called inside the transaction of the change it tells of."""
    arguments = {field.name: _plain(getattr(event, field.name)) for field in dataclasses.fields(event)}  # type: ignore[arg-type]
    for handler in _handlers.get(type(event), ()):
        defer(handler, **arguments)


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, UUID) else value
