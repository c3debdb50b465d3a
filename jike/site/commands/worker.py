"""`jike worker`: runs background jobs and seals the history until it is told to stop."""

import click

__all__ = ["worker"]


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
    from jike.foundation.jobs import run_worker

    run_worker(concurrency=settings.job_concurrency)
