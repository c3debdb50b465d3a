"""`jike rate`: a tariff over folders of usage, month by month, into Parquet; needs no database."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import click
import pyarrow as pa
import pyarrow.parquet as pq

from jike.engines import rating
from jike.engines.rating.generator import Shape, generate
from jike.engines.rating.itemised import itemise

__all__ = ["MonthRated", "rate", "rate_folder"]

Progress = Callable[[str], None]
STEPS = ("admitted", "rated", "itemised", "written")


@dataclass(frozen=True)
class MonthRated:
    """What became of one month."""

    month: str
    read: int
    rated: int
    unrated: dict[str, int]
    total_li: int
    folder: Path

    def as_json(self) -> dict[str, object]:
        """Return the summary that is written beside the lines."""
        return {
            "month": self.month,
            "read": self.read,
            "rated": self.rated,
            "unrated": self.unrated,
            "total_li": self.total_li,
        }


def rate_folder(
    tariff: Path,
    usage: Path,
    out: Path,
    *,
    members: Path | None = None,
    circles: Path | None = None,
    itemised: bool = False,
    memory_mb: int = 2_000,
    progress: Progress = lambda step: None,
) -> list[MonthRated]:
    """Rate every month below `usage` and write its bill below `out`; what allowances leave over is carried on.

    A month's folder appears whole or not at all.

    Raises
    ------
    jike.engines.rating.RatingError
        The tariff or usage is refused; months already written stay.
    """
    plan = rating.load(tariff)
    people = pq.read_table(members or usage / "members.parquet").cast(rating.MEMBERS)
    found: list[MonthRated] = []
    carried: dict[tuple[int, str], int] = {}
    for name, files in rating.months_in(usage).items():
        problem = rating.Problem(
            plan,
            rating.admit(files),
            people,
            rating.Month.of(name),
            carried=carried,
            **({"circles": pq.read_table(circles)} if circles else {}),
        )
        progress(f"{name} {STEPS[0]}")
        with rating.DuckDB(memory_mb=memory_mb) as backend:
            result = rating.rate(problem, backend=backend)
        progress(f"{name} {STEPS[1]}")
        half = out / f".month={name}"
        shutil.rmtree(half, ignore_errors=True)
        half.mkdir(parents=True)
        if itemised:
            with rating.DuckDB(memory_mb=memory_mb) as backend:
                itemise(problem, half / "itemised", backend=backend)
        progress(f"{name} {STEPS[2]}")
        found.append(_written(result, half, out / f"month={name}"))
        carried = result.carried
        progress(f"{name} {STEPS[3]}")
    return found


def _written(result: rating.Result, half: Path, whole: Path) -> MonthRated:
    month = MonthRated(str(result.month), result.read, result.rated, result.unrated, result.total, whole)
    tables = {
        "lines": result.lines(),
        "paid": result.paid(),
        "taxes": result.taxes(),
        "totals": result.totals(),
    }
    rows = [{"owner": o, "allowance": a, "units": units} for (o, a), units in sorted(result.carried.items())]
    schema = pa.schema([("owner", pa.int64()), ("allowance", pa.string()), ("units", pa.int64())])
    tables["carried"] = pa.Table.from_pylist(rows, schema=schema)
    for name, table in tables.items():
        pq.write_table(table, half / f"{name}.parquet")
    (half / "summary.json").write_text(
        json.dumps(month.as_json(), ensure_ascii=False, indent=2), encoding="utf-8"
    )
    shutil.rmtree(whole, ignore_errors=True)
    half.rename(whole)
    return month


def _generated(tariff: Path, usage: Path, shape: tuple[int, int], *, month: str) -> None:
    """Write realistic usage for a tariff's prefixes, and its members."""
    plan = rating.load(tariff)
    prefixes = [prefix for zone in plan.zones for prefix in zone.prefixes] or ["0571", "138"]
    people = generate(usage, rating.Month.of(month), Shape(*shape, prefixes))
    pq.write_table(people, usage / "members.parquet")


@click.command()
@click.option("--tariff", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=True)
@click.option(
    "--usage", type=click.Path(file_okay=False, path_type=Path), required=True, help="Folders month=YYYY-MM."
)
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), required=True)
@click.option(
    "--members", type=click.Path(exists=True, path_type=Path), help="By default members.parquet in --usage."
)
@click.option(
    "--circles", type=click.Path(exists=True, path_type=Path), help="Calling circles (holder, circle_number)."
)
@click.option("--itemised", is_flag=True, help="Also write each record with its charge.")
@click.option(
    "--memory-mb", default=2_000, show_default=True, help="What may be held before data spills to disk."
)
@click.option("--generate", "records", type=click.IntRange(1), help="First write this many invented records.")
@click.option("--generate-members", default=1_000, show_default=True, type=click.IntRange(1))
@click.option("--generate-month", default="2026-03", show_default=True)
def rate(
    tariff: Path,
    usage: Path,
    out: Path,
    *,
    members: Path | None,
    circles: Path | None,
    itemised: bool,
    memory_mb: int,
    records: int | None,
    generate_members: int,
    generate_month: str,
) -> None:
    """Price usage by a tariff and write bills, month by month."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    try:
        if records:
            _generated(tariff, usage, (records, generate_members), month=generate_month)
        months = len(rating.months_in(usage))
        with Progress(*columns, transient=True) as bar:
            task = bar.add_task("", total=months * len(STEPS))
            found = rate_folder(
                tariff,
                usage,
                out,
                members=members,
                circles=circles,
                itemised=itemised,
                memory_mb=memory_mb,
                progress=lambda step: bar.update(task, advance=1, description=step),
            )
    except (rating.RatingError, FileNotFoundError, pa.ArrowInvalid, ValueError) as error:
        raise click.ClickException(str(error)) from error
    for month in found:
        click.echo(
            f"{month.month}: {month.read:,} read, {month.rated:,} rated, {rating.yuan(month.total_li)} yuan"
        )
        for reason, count in sorted(month.unrated.items()):
            click.echo(f"  not rated, {reason.replace('_', ' ')}: {count:,}")
