"""`run_worker`: the process (or thread) that runs jobs, and the keeper beside it that seals the change stream.

Both outlive a restart of the database: whatever breaks is logged, and they begin anew until they are asked to stop.
"""

import asyncio
import contextlib
import logging
import signal
import threading
from concurrent.futures import ThreadPoolExecutor
from types import FrameType
from typing import Any

from django.conf import settings
from django.db import connection
from procrastinate import App
from procrastinate.contrib.django import DjangoApp
from procrastinate.psycopg_connector import PsycopgConnector

from jike.foundation.jobs.keeping import Keeper
from jike.foundation.jobs.running import attach

__all__ = ["HEARTBEAT_SECONDS", "SILENT_SECONDS", "run_worker"]

HEARTBEAT_SECONDS = 5.0
SILENT_SECONDS = 20.0
"""A worker not heard of for so long is taken for dead; its jobs go to others."""
POLL_SECONDS = 2.0
STOP_SECONDS = 0.2
AGAIN_SECONDS = 1.0
MAKE_UP_SECONDS = 24 * 3600
"""A scheduled run that fell due so long ago while no worker was there is made up for, once."""
log = logging.getLogger("jike.worker")


def run_worker(stop: threading.Event | None = None, *, concurrency: int | None = None) -> None:
    """Run jobs until ``stop`` is set, then let running ones end and return.

    Parameters
    ----------
    stop
        Without it SIGTERM and SIGINT end the worker; then this must be the main thread.
    concurrency
        How many jobs run at a time; ``settings.JOB_CONCURRENCY`` by default. Each takes a connection while it runs, and
        the keeper one more.
    """
    count = concurrency or settings.JOB_CONCURRENCY
    stopping = stop or threading.Event()
    with contextlib.ExitStack() as held:
        if stop is None:
            held.enter_context(stopped_by_signals(stopping))
        held.enter_context(Keeper(stopping, silent_seconds=SILENT_SECONDS))
        while not stopping.is_set():
            try:
                asyncio.run(work(worker_app(), stopping, count))
            except Exception:
                log.exception("the worker broke off and begins anew in %s s", AGAIN_SECONDS)
            stopping.wait(AGAIN_SECONDS)


def worker_app() -> App:
    """Return an app of its own for the worker, with connections of its own.

    The app that `defer` uses keeps Django's connection, so that a job's jobs commit or vanish with its changes.
    """
    parameters = connection.get_connection_params()
    for unknown in ("cursor_factory", "context"):
        parameters.pop(unknown, None)
    connector = PsycopgConnector(kwargs=parameters, min_size=1, max_size=4, timeout=10.0)
    app = DjangoApp(connector=connector, periodic_defaults={"max_delay": MAKE_UP_SECONDS})
    attach(app)
    return app


async def work(app: App, stopping: threading.Event, concurrency: int) -> None:
    """Run jobs until asked to stop or until the queue cannot be reached."""
    loop = asyncio.get_running_loop()
    loop.set_default_executor(ThreadPoolExecutor(max_workers=concurrency + 2, thread_name_prefix="job"))
    async with app.open_async():
        options: dict[str, Any] = {
            "concurrency": concurrency,
            "install_signal_handlers": False,
            "fetch_job_polling_interval": POLL_SECONDS,
            "update_heartbeat_interval": HEARTBEAT_SECONDS,
            "stalled_worker_timeout": SILENT_SECONDS,
        }
        running = asyncio.create_task(app.run_worker_async(**options))
        while not running.done() and not stopping.is_set():
            await asyncio.wait({running}, timeout=STOP_SECONDS)
        running.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await running


@contextlib.contextmanager
def stopped_by_signals(stopping: threading.Event) -> Any:
    """Set ``stopping`` on SIGTERM and SIGINT while the block runs."""

    def stop(number: int, frame: FrameType | None) -> None:
        stopping.set()

    before = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
