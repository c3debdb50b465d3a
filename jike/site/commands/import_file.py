"""`jike import`: a file into a list, in somebody's name and with that person's rights; refusals are told by row."""

from pathlib import Path

import click

from jike.site.commands.refusals import CommandRefused

__all__ = ["import_"]

SHOWN = 20


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--resource", "slug", required=True, help="The list, by its address: customers, key-persons …")
@click.option(
    "--as", "number", required=True, help="Staff number of the person in whose name rows are stored."
)
@click.option("--mapping", default="", help="A mapping that the person has kept by this name.")
@click.option("--sheet", default="", help="A sheet of the workbook; the first visible one without it.")
@click.option("--mode", type=click.Choice(["both", "create", "update"]), help="What the import may do.")
@click.option("--key", default="", help="The field by which existing records are recognised.")
@click.option("--dry-run", is_flag=True, help="Check every row and store none.")
@click.option(
    "--refused",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write refused rows with their reasons to this .xlsx.",
)
def import_(
    file: Path,
    *,
    slug: str,
    number: str,
    mapping: str,
    sheet: str,
    mode: str | None,
    key: str,
    dry_run: bool,
    refused: Path | None,
) -> None:
    """Import FILE into a list; exit code 1 when rows were refused."""
    from jike.site.commands.process import load_django

    load_django()
    from rich.progress import Progress

    from jike.foundation.customising import customised
    from jike.foundation.errors import JikeError
    from jike.foundation.exchange.running import done_sentence, write_refused
    from jike.foundation.exchange.unattended import How, read_in, resource_named, take_in
    from jike.foundation.resource.registry import all_resources

    try:
        resource = customised(resource_named(slug, dict(all_resources())))
        actor = _actor(number)
        how = How(mapping=mapping, sheet=sheet, mode=mode or "", key=key)
        with file.open("rb") as content, Progress(transient=True) as shown:
            bar = shown.add_task("Importing")
            run = read_in(resource, file.name, content, how=how, actor=actor)
            tally = take_in(
                run,
                resource,
                actor=actor,
                dry_run=dry_run,
                report=lambda done, total: shown.update(bar, completed=done, total=total),
            )
    except JikeError as error:
        raise CommandRefused(
            str(error) or "Nothing was imported: the right or the mapping is missing."
        ) from error
    click.echo(f"{tally.read:,} read: {done_sentence(tally)}")
    for row, column, sentence in run.problems[:SHOWN]:
        click.echo(f"  row {row}{f', {column}' if column else ''}: {sentence}", err=True)
    if refused and write_refused(run, resource, refused, author=actor.name):
        click.echo(f"The refused rows are in {refused}.")
    if tally.refused:
        raise SystemExit(1)


def _actor(number: str):  # type: ignore[no-untyped-def]
    from jike.foundation.directory import actor_of, people_called

    found = [one for one in people_called(number, limit=20) if one.number == number]
    actor = actor_of(found[0].uid) if found else None
    if actor is None:
        raise CommandRefused(f"Nobody who may sign in has the staff number {number}.")
    return actor
