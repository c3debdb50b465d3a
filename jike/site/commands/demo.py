"""`jike demo`: from nothing to a served site with demo data; may be cut short and called again."""

import os
import sys

import click

__all__ = ["demo"]


@click.command()
@click.option("--scale", default="demo", show_default=True, help="demo, S, M, L or archive.")
@click.option("--serve/--no-serve", "serving", default=True, help="Serve it afterwards.")
def demo(scale: str, serving: bool) -> None:
    """Prepare everything, load demo data and serve it; prints the address and the names to sign in with."""
    from jike.site import config
    from jike.site.commands.process import command_line, load_django, run_command
    from jike.site.commands.refusals import CommandRefused
    from jike.site.commands.web import require_port
    from jike.site.postgres import open_database

    os.environ["JIKE_DEMO"] = "1"
    settings = config.load()
    if serving and settings.port:
        require_port(settings.host, settings.port)
    click.echo(
        f"Preparing the database in {settings.home} …" if settings.embedded else "Preparing the database …"
    )
    open_database(settings)
    if code := run_command("migrate"):
        raise SystemExit(code)
    load_django()
    from jike.foundation.errors import JikeError
    from jike.site.demo import sign_ins

    try:
        load_with_progress(scale)
    except JikeError as error:
        raise CommandRefused(str(error)) from error
    table = [(one.name, one.password, one.role) for one in sign_ins()]
    for name, password, role in [("Sign in as", "password", "role"), *table] if table else []:
        click.echo(f"  {name:<16}{password:<20}{role}")
    if serving:
        # A fresh process: this one's memory is full of what loading took.
        sys.stdout.flush()
        line = command_line("serve", "--no-migrate")
        os.execv(line[0], line)  # noqa: S606 — there is nothing for a shell to do


def load_with_progress(scale: str) -> None:
    """A bar with the time left on a terminal; a line for each step elsewhere."""
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    from jike.site.demo import load

    console = Console()
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    shown = ""
    with Progress(*columns, TimeRemainingColumn(), console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task("Demo data", total=None)

        def progress(title: str, done: int, total: int) -> None:
            nonlocal shown
            bar.update(task, description=title or "Demo data", completed=done, total=total)
            if title != shown and not console.is_terminal:
                click.echo(f"  {title}" if title else f"  Demo data loaded: {total} rows.")
            shown = title

        load(scale, progress)
