"""`jike worker`: runs background jobs from the database until it is told to stop."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from procrastinate import App, JobContext
    from procrastinate.worker import Worker

    from jike.site.config import Config

__all__ = ["worker"]

GRACE_SECONDS = 20
RESCUE_SECONDS = 30


@click.command()
@click.option("--parent", type=int, hidden=True, help="End when this process does.")
def worker(parent: int | None) -> None:
    """Run the job worker alone (the database must be up to date)."""
    from jike.site import config
    from jike.site.commands.process import die_with_parent, load_django

    if parent:
        die_with_parent(parent)
    settings = config.load()
    load_django()
    asyncio.run(work(settings))


async def work(settings: Config) -> None:
    from procrastinate.contrib.django import app
    from procrastinate.contrib.django.django_connector import DjangoConnector

    # One line for each job would drown the log.
    logging.getLogger("procrastinate").setLevel(logging.WARNING)
    assert isinstance(app.connector, DjangoConnector)
    with app.replace_connector(app.connector.get_worker_connector()) as running:
        async with running.open_async():
            rescuing = asyncio.create_task(rescue_for_ever(running))
            await running.run_worker_async(
                concurrency=settings.job_concurrency,
                shutdown_graceful_timeout=GRACE_SECONDS,
                task_middleware=[with_fresh_connection],
            )
            rescuing.cancel()


async def rescue_for_ever(app: App) -> None:
    """Queue again what a worker that was killed had begun; jobs are idempotent."""
    while True:
        for stalled in await app.job_manager.get_stalled_jobs():
            await app.job_manager.retry_job(stalled)
        await asyncio.sleep(RESCUE_SECONDS)


def with_fresh_connection(call_next: Callable[[], Any], context: JobContext, worker: Worker) -> Any:
    """A job begins with a connection that works and leaves none behind, also after the database was away."""
    from django.db import close_old_connections

    close_old_connections()
    try:
        return call_next()
    finally:
        close_old_connections()
