"""`jike bench NAME`: measures what is promised. The measurements themselves lie in `benchmarks/` of a checkout."""

import sys
from importlib import import_module
from pathlib import Path

import click

from jike.site.commands.refusals import CommandRefused
from jike.site.config import CHECKOUT

__all__ = ["BENCHES", "bench"]

# Name → "module:function" below the checkout; each function is called as run(report, **options).
BENCHES = {
    "archive": "benchmarks.archive.run:run",
    "ground": "benchmarks.ground.run:run",
    "intake": "benchmarks.transfer.intake:run",
    "loop": "benchmarks.loop.run:run",
    "rating": "benchmarks.engines.rating:run",
    "screens": "benchmarks.screens.pages:run",
    "search": "benchmarks.screens.search:run",
}


@click.command()
@click.argument("name", required=False)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line instead of a table.")
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), help="Also write the JSON lines to FILE."
)
@click.option(
    "--option", "options", multiple=True, metavar="KEY=VALUE", help="Passed to the bench (sizes and such)."
)
def bench(name: str | None, as_json: bool, out: Path | None, options: tuple[str, ...]) -> None:
    """Measure speed; exit code 1 when a goal is missed. Without NAME the benches are listed."""
    from jike.site.commands.report import Report

    if name is None:
        click.echo("\n".join(BENCHES))
        return
    if name not in BENCHES:
        raise CommandRefused(f"There is no bench {name!r}; there are: {', '.join(BENCHES)}.")
    module, _, function = BENCHES[name].partition(":")
    # The wheel has no benches, and an installed command does not look into the checkout by itself.
    sys.path.insert(0, str(CHECKOUT))
    try:
        run = getattr(import_module(module), function)
    except ModuleNotFoundError as error:
        if not (error.name or "").startswith("benchmarks"):
            raise
        raise CommandRefused(
            f"The bench {name} needs a source checkout ({error.name} is not in the wheel): run it from there."
        ) from None
    report = Report(name, as_json=as_json)
    run(report, **dict(option_pair(text) for text in options))
    report.close()
    if out:
        out.write_text("".join(f"{line}\n" for line in report.lines), encoding="utf-8")
    if report.missed:
        raise SystemExit(1)


def option_pair(text: str) -> tuple[str, int | str]:
    key, sign, value = text.partition("=")
    if not sign or not key.isidentifier():
        raise CommandRefused(f"--option takes KEY=VALUE, not {text!r}.")
    return key, int(value) if value.isdecimal() else value
