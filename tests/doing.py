"""Doing things as somebody: in a browser, several at the same moment, and what may well be refused."""

import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.test import Client

from jike.apps.organisation.models import Person
from jike.foundation.audit import history_of
from jike.foundation.errors import JikeError
from jike.foundation.models import Record
from tests.making import SYSTEM

PATIENCE_SECONDS = 60


def browser_of(person: Person) -> Client:
    """Return a browser in which the person is signed in."""
    client = Client()
    client.force_login(person, backend=settings.AUTHENTICATION_BACKENDS[-1])
    return client


def together(*acts: Callable[[], object]) -> Sequence[Any]:
    """Run the acts at the same moment, each in a thread with a connection of its own; return results or refusals."""
    start, answers = threading.Barrier(len(acts)), [None] * len(acts)

    def run(place: int) -> None:
        start.wait(timeout=PATIENCE_SECONDS)
        try:
            answers[place] = acts[place]()
        except JikeError as refusal:
            answers[place] = refusal
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=PATIENCE_SECONDS)
    return answers


def attempted(row: Record, act: Callable[[Any], object], *, table: Mapping[Any, Collection[Any]]) -> bool:
    """Let ``act`` be done to the row as stored, tell whether it was, and hold it to what is true either way.

    The state follows ``table``; what is refused leaves no trace, and every version is told in the history.
    """
    model: Any = type(row)
    stored = model.objects.get(pk=row.pk)
    state, version, told = stored.state, stored.version, len(history_of(stored, SYSTEM))
    try:
        with transaction.atomic():
            act(stored)
    except JikeError:
        moved = False
    else:
        moved = True
    now = model.objects.get(pk=row.pk)
    steps = now.version - version
    assert moved or (now.state, steps) == (state, 0), "what was refused left a trace"
    assert len(history_of(now, SYSTEM)) - told == steps
    assert now.state == state or now.state in table[state], f"from {state} to {now.state}"
    return moved
