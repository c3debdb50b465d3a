"""`jike index`: the search index made anew, after an upgrade that says so or a restore that was cut short."""

import click

__all__ = ["index"]


@click.command()
def index() -> None:
    """Make the search index anew; searches and saves wait until it has ended."""
    from jike.site.commands.process import load_django

    load_django()
    from rich.progress import Progress

    from jike.foundation.search.kinds import kinds
    from jike.foundation.search.rebuilding import index_every_kind

    rows = sum(kind.model._default_manager.filter(removed_at=None).count() for kind in kinds().values())
    with Progress(transient=True) as shown:
        task = shown.add_task("Indexing", total=rows)
        done = index_every_kind(lambda some: shown.advance(task, some))
    click.echo(f"{done} records are indexed.")
