"""One mode of the rating benchmark, run as a process of its own; prints what it measured as one JSON object."""

from __future__ import annotations

import json
import os
import re
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq

from benchmarks.engines.rating_tariffs import candidates, tariff
from jike.engines import rating
from jike.engines.rating.comparing import Choice, compare
from jike.engines.rating.itemised import itemise

MARCH = rating.Month(2026, 3)
CORES = len(os.sched_getaffinity(0))
SCAN = """SELECT count(*), sum(id), sum(member), sum(service), max(epoch_us(start)), sum(quantity),
          sum(peer_code), max(peer), count(credit) FROM read_parquet(?)"""
GROUP = (
    """SELECT count(*) FROM (SELECT member, item, count(*), sum(units) FROM read_parquet(?) GROUP BY ALL)"""
)


def files(usage: Path) -> list[str]:
    """Return all usage files below a folder."""
    return [str(f) for part in rating.months_in(usage).values() for f in part]


def measured(work: Callable[[], Any]) -> dict[str, float]:
    """Return wall time, processor time and cores."""
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return {"seconds": time.perf_counter() - wall, "cpu": time.process_time() - cpu, "cores": CORES}


def peak() -> dict[str, float]:
    """Return the peak of this process's own memory; `ru_maxrss` would count that of the process it was forked from."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return {"peak_mb": int(re.findall(r"VmHWM:\s+(\d+) kB", status)[0]) / 1024}


def problem(usage: Path, *, tiers: bool = True) -> rating.Problem:
    """Return the benchmark's problem over a folder of usage."""
    return rating.Problem(
        tariff(tiers=tiers), rating.admit(files(usage)), pq.read_table(usage / "members.parquet"), MARCH
    )


def bill(usage: Path, _out: str, tiers: str) -> dict[str, float]:
    """Rate in bill mode once."""
    stated = problem(usage, tiers=bool(int(tiers)))
    return {**measured(lambda: rating.rate(stated)), **peak()}


def itemised(usage: Path, out: str, tiers: str) -> dict[str, float]:
    """Rate in itemised mode once."""
    stated = problem(usage, tiers=bool(int(tiers)))
    return {**measured(lambda: itemise(stated, out)), **peak()}


def speeds(usage: Path, out: str, repeats: str) -> dict[str, float]:
    """Scan, group and bill in turns, so that all see the same machine; medians."""
    names, charged = files(usage), [str(f) for f in Path(out).glob("*.parquet")]
    stated = problem(usage)
    runs: dict[str, list[dict[str, float]]] = {"scan": [], "group_by": [], "bill": [], "admission": []}
    for _ in range(int(repeats)):
        runs["scan"].append(measured(lambda: plain(SCAN, names)))
        runs["group_by"].append(measured(lambda: plain(GROUP, charged)))
        runs["bill"].append(measured(lambda: rating.rate(stated)))
        runs["admission"].append(measured(lambda: rating.admit(names)))
    found: dict[str, float] = {"cores": CORES}
    for name, all_runs in runs.items():
        found[name] = statistics.median(one["seconds"] for one in all_runs)
        found[f"{name}_cpu"] = statistics.median(one["cpu"] for one in all_runs)
    return found


def plain(query: str, names: list[str]) -> None:
    """Run a query in a DuckDB set as the engine sets it."""
    config = {"threads": CORES, "memory_limit": "2000MB", "preserve_insertion_order": False}
    with duckdb.connect(config=config) as connection:
        connection.execute(query, [names]).fetchall()


def records(names: list[str]) -> Iterator[rating.Record]:
    """Yield records of the files."""
    for name in names:
        for batch in pq.ParquetFile(name).iter_batches(50_000):
            columns = batch.to_pydict()
            columns["start"] = batch["start"].cast("int64").to_pylist()
            yield from map(rating.Record, *(columns[field] for field in rating.Record._fields))


def reference(usage: Path) -> dict[str, float]:
    """Rate a small folder of usage one by one."""
    every = list(records(files(usage)))
    rows = pq.read_table(usage / "members.parquet").to_pylist()
    people = [rating.Member(r["member"], r["customer"], r["ordered"], r["until"], r["number"]) for r in rows]
    plain_rating = rating.Reference(tariff(), people, MARCH, carried={})
    return measured(lambda: plain_rating.bill(every))


def compared(usage: Path, count: str, repeats: str) -> dict[str, float]:
    """Compare candidates over three months."""
    admitted = rating.together([rating.admit(part) for part in rating.months_in(usage).values()])
    months = [rating.Month.of(name) for name in rating.months_in(usage)]
    choice = Choice(candidates(int(count)), admitted, pq.read_table(usage / "members.parquet"), months)
    runs = [measured(lambda: compare(choice)) for _ in range(int(repeats))]
    return sorted(runs, key=lambda one: one["seconds"])[len(runs) // 2]


MODES: dict[str, Callable[..., dict[str, float]]] = {
    "bill": bill,
    "itemise": itemised,
    "speeds": speeds,
    "reference": reference,
    "compare": compared,
}

if __name__ == "__main__":
    print(json.dumps(MODES[sys.argv[1]](Path(sys.argv[2]), *sys.argv[3:])))
