"""Doing things as somebody: in a browser, and several at the same moment."""

import threading
from collections.abc import Callable, Sequence
from typing import Any

from django.conf import settings
from django.db import connection
from django.test import Client

from jike.apps.organisation.models import Person
from jike.foundation.errors import JikeError

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
