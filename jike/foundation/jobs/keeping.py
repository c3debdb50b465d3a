"""The keeper: a thread of the worker that seals the change stream and takes up the jobs of workers that died.

It has a connection of its own and neither waits for jobs nor lets them wait. When the database goes away it tries again
with a new connection; several keepers do no harm, since each round takes only what no other has taken.
"""

import logging
import threading
from types import TracebackType
from typing import Self

from django.db import close_old_connections, connection, transaction
from django.utils.translation import gettext as _

from jike.foundation.audit import seal_pending
from jike.foundation.jobs.reporting import note_error
from jike.foundation.jobs.running import MAX_RETRIES

__all__ = ["Keeper", "take_up_abandoned_jobs"]

ROUND_SECONDS = 0.5
ROUNDS_BETWEEN_RESCUES = 10
log = logging.getLogger("jike.keeper")

ABANDONED = """
    SELECT job.id, job.attempts FROM procrastinate_jobs job
    LEFT JOIN procrastinate_workers worker ON worker.id = job.worker_id
    WHERE job.status = 'doing'
      AND (worker.id IS NULL OR worker.last_heartbeat < now() - make_interval(secs => %s))
    ORDER BY job.id FOR UPDATE OF job SKIP LOCKED"""


class Keeper:
    """Runs from entering to leaving the block; ``stopping`` ends it earlier."""

    def __init__(self, stopping: threading.Event, *, silent_seconds: float) -> None:
        self._outer, self._left = stopping, threading.Event()
        self._silent_seconds = silent_seconds
        self._thread = threading.Thread(target=self._keep, name="keeper", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._left.set()
        self._thread.join()

    def _keep(self) -> None:
        number = 0
        while not (self._left.wait(ROUND_SECONDS) or self._outer.is_set()):
            try:
                seal_pending()
                if number % ROUNDS_BETWEEN_RESCUES == 0:
                    take_up_abandoned_jobs(self._silent_seconds)
                number += 1
            except Exception:
                log.exception("sealing broke off and goes on with a new connection")
                connection.close()
                self._left.wait(1.0)
            close_old_connections()
        connection.close()


def take_up_abandoned_jobs(silent_seconds: float) -> int:
    """Let others run the jobs of workers silent for ``silent_seconds``; return how many there were.

    A job that has brought down its worker as often as jobs are tried is given up as failed.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(ABANDONED, [silent_seconds])
        abandoned = cursor.fetchall()
        for number, attempts in abandoned:
            log.warning("job %s was abandoned by its worker", number)
            if attempts < MAX_RETRIES:
                cursor.execute("SELECT procrastinate_retry_job_v2(%s, now(), NULL, NULL, NULL)", [number])
            else:
                cursor.execute("SELECT procrastinate_finish_job_v1(%s, 'failed', false)", [number])
                note_error(number, _("The worker died while it ran this job, each time."))
    return len(abandoned)
