"""Events: how a lower capability tells higher ones, without importing them.

An action publishes a frozen dataclass inside its transaction; that inserts one job per handler in the same transaction,
so that they commit or vanish together. Which handlers an event has is data, registered once at start by the site.
Handlers may run twice and must not mind.
"""

import dataclasses
import datetime as dt
import inspect
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import connection

from jike.foundation.jobs import defer_many, job_name

__all__ = ["Handler", "publish", "publish_many", "register_handlers"]

Handler = Callable[..., None]
"""A job (see `jike.foundation.jobs.job`) that takes the event's fields, as JSON values, as keyword arguments."""

_handlers: dict[type[Any], tuple[Handler, ...]] = {}


def register_handlers(wiring: Mapping[type[Any], Sequence[Handler]]) -> None:
    """Replace the wiring.

    Raises
    ------
    TypeError
        An event is no frozen dataclass, a handler is no job, or it does not take the event's fields: the start stops.
    """
    for event, handlers in wiring.items():
        if not (dataclasses.is_dataclass(event) and event.__dataclass_params__.frozen):  # type: ignore[attr-defined]
            raise TypeError(f"{event.__name__} must be a frozen dataclass to be an event")
        for handler in handlers:
            job_name(handler)
            inspect.signature(handler).bind(**{field.name: None for field in dataclasses.fields(event)})
    _handlers.clear()
    _handlers.update({event: tuple(handlers) for event, handlers in wiring.items()})


def publish(event: object) -> None:
    """Insert the jobs of the event's handlers; RuntimeError outside the transaction of the change it tells of."""
    publish_many([event])


def publish_many(events: Sequence[object]) -> None:
    """Publish several events, the jobs of each handler in one statement."""
    given: dict[Handler, list[dict[str, Any]]] = defaultdict(list)
    for event in events:
        if not connection.in_atomic_block:
            raise RuntimeError(
                f"{type(event).__name__} must be published inside the transaction of its change"
            )
        fields = dataclasses.fields(event)  # type: ignore[arg-type]
        arguments = {field.name: _plain(getattr(event, field.name)) for field in fields}
        for handler in _handlers.get(type(event), ()):
            given[handler].append(arguments)
    for handler, several in given.items():
        defer_many(handler, several)


def _plain(value: Any) -> Any:
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, tuple | list):
        return [_plain(one) for one in value]
    return value
