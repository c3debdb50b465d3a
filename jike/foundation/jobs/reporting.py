"""What running jobs say of themselves: progress, and the error of the last attempt."""

import time
from collections.abc import Callable

from django.db import transaction
from django.db.models.functions import Now

from jike.foundation.models.job_report import JobReport

__all__ = ["Cancelled", "Progress", "note_error"]

EVERY_SECONDS = 0.5
ERROR_LENGTH = 2000


class Cancelled(Exception):
    """Somebody asked the running job to end; raised where it reports its progress."""


class Progress:
    """Given to a job that has a parameter ``progress``: call it outside transactions with how much is done."""

    def __init__(self, job: int, cancelled: Callable[[], bool]) -> None:
        self._job, self._cancelled, self._written = job, cancelled, 0.0

    def __call__(self, done: int, total: int | None = None, sentence: str = "") -> None:
        """Write at most twice a second (the end always); raise `Cancelled` when somebody asked for it."""
        if self._cancelled():
            raise Cancelled
        now = time.monotonic()
        if now - self._written >= EVERY_SECONDS or done == total:
            self._written = now
            write(self._job, done=done, total=total, sentence=sentence[:400])


def note_error(job: int, error: str) -> None:
    """Keep the error of the job's last attempt; an empty one clears it."""
    write(job, error=error.replace("\0", "\N{REPLACEMENT CHARACTER}")[:ERROR_LENGTH])


def write(job: int, **values: object) -> None:
    with transaction.atomic():
        JobReport.objects.update_or_create(job=job, defaults={**values, "updated_at": Now()})
