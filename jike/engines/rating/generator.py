"""Realistic usage at any size, the same for the same seed: for benchmarks, trials and demonstrations.

Calls follow the day (quiet nights, peaks before noon and in the evening, fewer at weekends), their lengths are
log-normal, some members use much more than others, and few destinations get most calls. One record in a thousand
is a credit. Files are written in time order, two million records each, so that memory stays small.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from jike.engines.rating.facts import MEMBERS
from jike.engines.rating.members import Month
from jike.engines.rating.tariff import Service
from jike.engines.rating.usage import SCHEMA, peer_code

FILE_ROWS = 2_000_000
GROUP_ROWS = 500_000
HOUR = 3_600_000_000
HOURLY = np.array(
    [2, 1, 1, 1, 1, 2, 4, 8, 12, 14, 14, 12, 10, 10, 12, 13, 13, 12, 12, 13, 12, 9, 6, 3], dtype=float
)
WEEKEND = 0.7
SERVICES = ((Service.VOICE, 0.62), (Service.MESSAGE, 0.13), (Service.DATA, 0.25))
FIRST_MEMBER = 13_800_000_000

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Shape:
    """How much usage, by whom, to where.

    Parameters
    ----------
    records, members
        Records in the month, and members who make them.
    members_each
        Members of one customer.
    prefixes
        Prefixes of the numbers called.
    seed
        The same seed gives the same files.
    peers
        Whether whole numbers are written too (larger files; only in-group and circle prices read them).
    """

    records: int
    members: int
    prefixes: Sequence[str]
    members_each: int = 50
    seed: int = 1
    peers: bool = False


def member_table(shape: Shape, month: Month) -> pa.Table:
    """Return members of customers 1, 2, …; one in a hundred begins or ends within the month."""
    draw = np.random.default_rng(shape.seed)
    numbers = np.arange(shape.members, dtype=np.int64) * 37 + FIRST_MEMBER
    first = (month.first - date(1970, 1, 1)).days
    ordered = first - draw.integers(30, 1_500, shape.members)
    begins = draw.random(shape.members) < 0.005
    ordered[begins] = first + draw.integers(0, month.days, begins.sum())
    until = first + draw.integers(0, month.days, shape.members)
    stays = (draw.random(shape.members) >= 0.005) | begins
    columns = [
        pa.array(numbers),
        pa.array(np.arange(shape.members, dtype=np.int64) // shape.members_each + 1),
        pa.array(ordered.astype("M8[D]")),
        pa.array(until.astype("M8[D]"), mask=stays),
        pa.array(numbers.astype(str)),
    ]
    return pa.table(columns, schema=MEMBERS)


def generate(
    folder: str | Path, month: Month, shape: Shape, *, progress: Callable[[int], None] = lambda done: None
) -> pa.Table:
    """Write `folder/month=YYYY-MM/usage-N.parquet` and return the members.

    Parameters
    ----------
    progress
        Called with the number of records written so far.
    """
    target = Path(folder) / f"month={month}"
    target.mkdir(parents=True, exist_ok=True)
    people = member_table(shape, month)
    draw = np.random.default_rng(shape.seed + 1)
    codes = np.array([peer_code(f"{prefix:5<7}") for prefix in shape.prefixes], dtype=np.int32)
    edges, weights = _hours(month)
    heavy = draw.gamma(0.8, 1.0, shape.members) + 0.05
    share = np.cumsum(heavy) / heavy.sum()
    for start in range(0, shape.records, FILE_ROWS):
        rows = min(FILE_ROWS, shape.records - start)
        ids = np.arange(start + 1, start + rows + 1, dtype=np.int64)
        times = _times(
            draw, edges, weights, part=(start / shape.records, (start + rows) / shape.records, rows)
        )
        who = people["member"].to_numpy()[np.searchsorted(share, draw.random(rows))]
        table = _records(draw, ids, who, times=times, codes=codes, shape=shape)
        name = target / f"usage-{start // FILE_ROWS:04d}.parquet"
        pq.write_table(table, name, compression="lz4", row_group_size=GROUP_ROWS)
        progress(start + rows)
    return people


def _hours(month: Month) -> tuple[Ints, Floats]:
    """Return the begin of each hour of the month and the share of usage before it."""
    begin, end = month.bounds("Asia/Shanghai")
    hours = np.arange(begin, end + 1, HOUR)
    weekday = (month.first.weekday() + np.arange(len(hours) - 1) // 24) % 7
    weights = np.tile(HOURLY, month.days) * np.where(weekday >= 5, WEEKEND, 1.0)
    return hours, np.r_[0.0, np.cumsum(weights) / weights.sum()]


def _times(
    draw: np.random.Generator, edges: Ints, weights: Floats, *, part: tuple[float, float, int]
) -> Ints:
    low, high, rows = part
    at = np.sort(draw.uniform(low, high, rows))
    seconds = np.interp(at, weights, edges / 1_000_000).astype(np.int64)
    return np.minimum(seconds * 1_000_000, edges[-1] - 1)


def _records(
    draw: np.random.Generator,
    ids: Ints,
    who: Ints,
    *,
    times: Ints,
    codes: npt.NDArray[np.int32],
    shape: Shape,
) -> pa.Table:
    rows = len(ids)
    kinds = np.array([int(s) for s, _ in SERVICES], dtype=np.int8)
    service = kinds[
        np.searchsorted(np.cumsum([p for _, p in SERVICES]), draw.random(rows).clip(0, 0.999_999))
    ]
    seconds = np.clip(draw.lognormal(4.3, 1.1, rows), 1, 14_400).astype(np.int64)
    kilobytes = np.clip(draw.lognormal(7.5, 1.8, rows), 1, 50_000_000).astype(np.int64)
    quantity = np.where(service == Service.VOICE, seconds, np.where(service == Service.DATA, kilobytes, 1))
    place = np.minimum((draw.pareto(1.1, rows) * len(codes) / 60).astype(np.int64), len(codes) - 1)
    calls = service == Service.VOICE
    peers = pa.nulls(rows, pa.string())
    if shape.peers:
        tails = draw.integers(1_000, 9_999, rows).astype(str)
        heads = np.array([f"{p:5<7}" for p in shape.prefixes])[place]
        peers = pa.array(np.char.add(heads, tails), mask=~calls)
    columns = [
        pa.array(ids),
        pa.array(who),
        pa.array(service),
        pa.array(times.astype("M8[us]")).cast(pa.timestamp("us")).cast(pa.timestamp("us", tz="UTC")),
        pa.array(quantity),
        pa.array(codes[place], mask=~calls),
        peers,
        pa.array(draw.random(rows) < 0.001),
    ]
    return pa.table(columns, schema=SCHEMA)
