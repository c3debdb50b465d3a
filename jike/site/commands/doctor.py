"""`jike doctor`: one line for each thing that can be wrong, and what to do about it."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from jike.site.commands.checkup import Finding

__all__ = ["doctor"]

COLOURS = {"ok": "green", "warn": "yellow", "bad": "red"}


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def doctor(as_json: bool) -> None:
    """Check everything and say what to do; exit code 1 when something is bad."""
    worst = 0
    for finding in findings():
        worst = max(worst, list(COLOURS).index(finding.level))
        if as_json:
            click.echo(json.dumps(asdict(finding), ensure_ascii=False))
        else:
            level = click.style(f"{finding.level:<5}", fg=COLOURS[finding.level])
            click.echo(f"{level}{finding.name:<15}{finding.sentence}")
    raise SystemExit(1 if worst == len(COLOURS) - 1 else 0)


def findings() -> Iterator["Finding"]:
    """From the ground up; what needs something that is bad already is left out."""
    from jike.site import config
    from jike.site.commands.checkup import bad, system_findings

    try:
        settings = config.load()
    except config.ConfigError as error:
        for problem in error.problems:
            yield bad("configuration", problem)
        return
    yield from system_findings(settings)
    from jike.site.commands.checkup_database import database_findings

    reachable = True
    for finding in database_findings(settings):
        reachable = reachable and not (finding.name == "database" and finding.level == "bad")
        yield finding
    if reachable:
        from jike.site.commands.checkup_application import application_findings

        yield from application_findings(settings)
