"""`jike bench rating`: how fast the rating engine is, against a scan and a plain group-by of the same run.

Each mode runs in a process of its own (`rating_modes.py`), so that peaks of memory are its own. On a machine that
does other things too, wall time says little by itself: the ratios of one run, and the share of the cores that the
process got, are printed beside it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, Protocol

import pyarrow.parquet as pq

from benchmarks.engines.rating_tariffs import prefixes
from jike.engines.rating import Month
from jike.engines.rating.generator import Shape, generate

MARCH = Month(2026, 3)
QUARTER = [Month(2026, 1), Month(2026, 2), MARCH]
FEW = 200_000
COMPARED_MEMBERS, COMPARED_EACH, CANDIDATES = 5_000, 1_000, 20


class Report(Protocol):
    """What the bench tells its figures to."""

    def size(self, name: str, value: float | str) -> None:
        """State how much was worked on."""

    def figure(
        self, name: str, value: float, unit: str, *, goal: float | None = None, higher_is_better: bool = True
    ) -> None:
        """State one measurement."""


def run(
    report: Report,
    *,
    records: int = 20_000_000,
    members: int = 200_000,
    repeats: int = 3,
    large: int = 100_000_000,
    folder: str = "",
) -> None:
    """Measure all modes.

    Parameters
    ----------
    large
        Records of the run that must not need more memory; 0 leaves it out.
    folder
        Where usage is generated and kept for the next run; by default a temporary folder.
    """
    with tempfile.TemporaryDirectory(prefix="jike-bench-") as temporary:
        place = Path(folder or temporary)
        report.size("records", records)
        report.size("members", members)
        report.size("prefixes", len(prefixes()))
        report.size("repeats", repeats)
        report.size("load_before", round(os.getloadavg()[0], 1))
        usage = made(place, "usage", [MARCH], shape=Shape(records, members, prefixes()))
        _speeds(report, usage, records, repeats=repeats)
        _compared(report, place, repeats)
        if large:
            more = made(place, "large", [MARCH], shape=Shape(large, members, prefixes()))
            _memory(report, usage, more)
        report.figure("load after", os.getloadavg()[0], "runnable")


def made(place: Path, name: str, months: list[Month], *, shape: Shape) -> Path:
    """Return a folder with usage and members, generating it when it is not there yet."""
    target = place / f"{name}-{shape.records}"
    if not (target / "members.parquet").exists():
        for n, month in enumerate(months):
            part = Shape(shape.records, shape.members, shape.prefixes, seed=shape.seed)
            people = generate(target, month, part)
            if n == 0:
                pq.write_table(people, target / "members.parquet")
    return target


def mode(name: str, usage: Path, *options: object) -> dict[str, Any]:
    """Run one mode in a process of its own and return what it measured."""
    command = [sys.executable, "-m", "benchmarks.engines.rating_modes", name, str(usage), *map(str, options)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}: {done.stderr[-2000:]}")
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def _speeds(report: Report, usage: Path, records: int, *, repeats: int) -> None:
    with tempfile.TemporaryDirectory(dir=usage.parent) as out:
        tiers = mode("itemise", usage, out, 1)
    with tempfile.TemporaryDirectory(dir=usage.parent) as out:
        plain = mode(
            "itemise", usage, out, 0
        )  # leaves member and item in time order: what the group-by reads
        found = mode("speeds", usage, out, repeats)
    million = records / 1_000_000
    for name in ("scan", "group_by", "admission"):
        report.figure(name.replace("_", "-"), million / found[name], "M records/s")
    report.figure("bill mode", million / found["bill"], "M records/s", goal=10)
    report.figure("bill mode with admission", million / (found["bill"] + found["admission"]), "M records/s")
    report.figure("bill / scan", found["bill"] / found["scan"], "times")
    report.figure(
        "bill / group-by", found["bill"] / found["group_by"], "times", goal=1.6, higher_is_better=False
    )
    report.figure("bill / group-by, processor time", found["bill_cpu"] / found["group_by_cpu"], "times")
    report.figure("bill, share of the cores got", found["bill_cpu"] / found["bill"] / found["cores"], "of 1")
    report.figure(
        "bill, per second of both cores", million / (found["bill_cpu"] / found["cores"]), "M records/s"
    )
    for title, one, goal in (("itemised with tiers", tiers, 3), ("itemised without tiers", plain, 10)):
        report.figure(title, million / one["seconds"], "M records/s", goal=goal)
        report.figure(f"{title}, share of the cores got", one["cpu"] / one["seconds"] / one["cores"], "of 1")
        report.figure(
            f"{title}, per second of both cores", million / (one["cpu"] / one["cores"]), "M records/s"
        )
    few = made(usage.parent, "few", [MARCH], shape=Shape(FEW, FEW // 100, prefixes()))
    slow = mode("reference", few)
    report.figure("reference", FEW / slow["seconds"], "records/s", goal=100_000)
    report.figure("reference, per second of its core", FEW / slow["cpu"], "records/s")


def _compared(report: Report, place: Path, repeats: int) -> None:
    shape = Shape(COMPARED_MEMBERS * COMPARED_EACH, COMPARED_MEMBERS, prefixes(), members_each=5_000)
    usage = made(place, "quarter", QUARTER, shape=shape)
    found = mode("compare", usage, CANDIDATES, repeats)
    goal = 3.0
    report.figure(
        "comparison 20 × 5,000 × 3 months", found["seconds"], "s", goal=goal, higher_is_better=False
    )
    report.figure(
        "comparison, share of the cores got", found["cpu"] / found["seconds"] / found["cores"], "of 1"
    )
    report.figure("comparison, processor time / cores", found["cpu"] / found["cores"], "s")


def _memory(report: Report, usage: Path, large: Path) -> None:
    for title, name in (("bill", "bill"), ("itemised", "itemise")):
        peaks = []
        for one in (usage, large):
            with tempfile.TemporaryDirectory(dir=usage.parent) as out:
                found = mode(name, one, out, 1)
            peaks.append(found["peak_mb"])
            report.figure(
                f"{title} peak, {one.name}", found["peak_mb"], "MB", goal=3_000, higher_is_better=False
            )
            report.figure(f"{title} seconds, {one.name}", found["seconds"], "s")
        report.figure(f"{title} peak, large / small", peaks[1] / peaks[0], "times")


def main() -> int:
    """Run the bench by itself: `python -m benchmarks.engines.rating --json [KEY=VALUE …]`."""
    from jike.site.commands.report import Report as Lines

    options: dict[str, Any] = {}
    for word in sys.argv[1:]:
        key, sign, value = word.partition("=")
        if sign:
            options[key] = int(value) if value.isdecimal() else value
    report = Lines("rating", as_json="--json" in sys.argv)
    run(report, **options)
    report.close()
    return 1 if report.missed else 0


if __name__ == "__main__":
    sys.exit(main())
