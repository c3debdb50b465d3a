"""`jike index`: the search index and the keys of doubles made anew, after an upgrade or a restore cut short."""

from functools import partial

import click

__all__ = ["index"]


@click.command()
def index() -> None:
    """Make the search index and the keys of doubles anew; searches and saves wait until it has ended."""
    from jike.site.commands.process import load_django

    load_django()
    from rich.progress import Progress

    from jike.foundation.matching import matched_models, rekey_all
    from jike.foundation.search.kinds import kinds
    from jike.foundation.search.rebuilding import index_every_kind

    rows = sum(kind.model._default_manager.filter(removed_at=None).count() for kind in kinds().values())
    with Progress(transient=True) as shown:
        task = shown.add_task("Indexing", total=rows)
        done = index_every_kind(lambda some: shown.advance(task, some))
        keyed = 0
        for model in matched_models():
            count = model._default_manager.filter(removed_at=None).count()
            again = shown.add_task(f"Keys of {model._meta.verbose_name_plural}", total=count)
            keyed += rekey_all(model, partial(shown.advance, again))
    click.echo(f"{done} records are indexed, {keyed} have keys by which doubles are found.")
