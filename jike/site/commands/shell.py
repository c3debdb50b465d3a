"""`jike shell`: a Python prompt in the application's role, with every capability loaded."""

import code

import click

__all__ = ["shell"]


@click.command()
@click.option("-c", "--command", "source", help="Run this source and end.")
def shell(source: str | None) -> None:
    """Open a Python shell with Jike loaded; changes still go through actions."""
    from jike.site.commands.process import load_django

    load_django()
    names: dict[str, object] = {"__name__": "__main__"}
    if source is not None:
        exec(compile(source, "<command>", "exec"), names)  # noqa: S102 — running the operator's own source
        return
    code.interact(banner="Jike shell. Leave with Ctrl-D.", local=names, exitmsg="")
