"""Usage files are admitted before they are rated: whole, of the schema, and within what int64 can price.

What the check learns (bounds and nulls of each column, doubled ids, the peer codes that occur) lets the columnar
execution leave out tests that no record can fail, without ever trusting a file it has not looked at.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from jike.engines.rating.amounts import INT64_ROOM
from jike.engines.rating.errors import AmountTooLarge, UsageRefused
from jike.engines.rating.tariff import Tariff
from jike.engines.rating.usage import LARGEST_QUANTITY, SCHEMA

BOUNDED = ("member", "service", "start", "quantity")
BATCH = 1_000_000


@dataclass(frozen=True)
class Bounds:
    """Smallest and largest value of a column and whether it has nulls; None where a file does not say."""

    low: Any
    high: Any
    nulls: bool


@dataclass
class Usage:
    """Admitted usage files of one or several months.

    Attributes
    ----------
    records
        How many records the files hold.
    bounds
        Bounds by column, over all files.
    codes
        Distinct peer codes.
    doubled
        Ids that occur more than once.
    """

    files: list[str]
    records: int
    bounds: dict[str, Bounds]
    codes: npt.NDArray[np.int64] = field(repr=False)
    doubled: npt.NDArray[np.int64] = field(repr=False)


@dataclass
class _File:
    records: int
    groups: list[dict[str, Bounds]]
    ids: list[tuple[int, int]]
    rising: bool
    codes: npt.NDArray[np.int64]


def months_in(folder: str | Path) -> dict[str, list[Path]]:
    """Return the Parquet files of each `month=YYYY-MM` folder.

    Raises
    ------
    UsageRefused
        There is no such folder, or something else lies in one (such as a half-written file).
    """
    found: dict[str, list[Path]] = {}
    problems = []
    for part in sorted(Path(folder).glob("month=*")):
        files = sorted(p for p in part.iterdir() if not p.name.startswith(("_", ".")))
        problems += [
            f"{p}: not a .parquet file; was it half written?" for p in files if p.suffix != ".parquet"
        ]
        found[part.name.removeprefix("month=")] = files
    if not found:
        problems.append(f"{folder}: no folder month=YYYY-MM")
    if problems:
        raise UsageRefused(problems)
    return found


def admit(files: Iterable[str | Path], *, threads: int = 2) -> Usage:
    """Look at every file and return what the rating may rely on.

    Raises
    ------
    UsageRefused
        A file is truncated or of another schema, or a column holds no whole numbers; file and column are named.
    AmountTooLarge
        A record's quantity is beyond 10^12; the record is named.
    """
    paths = [str(p) for p in files]
    problems: list[str] = []
    with ThreadPoolExecutor(threads) as pool:
        found = [f for f in pool.map(lambda p: _look(p, problems), paths) if f is not None]
    if problems:
        raise UsageRefused(sorted(problems))
    bounds = {name: _together([g[name] for f in found for g in f.groups]) for name in SCHEMA.names}
    usage = Usage(paths, sum(f.records for f in found), bounds, _codes(found), np.zeros(0, dtype=np.int64))
    if _may_repeat(found):
        usage.doubled = _doubled(paths)
    high = bounds["quantity"].high
    if usage.records and (high is None or high > LARGEST_QUANTITY):
        refuse_above(usage, LARGEST_QUANTITY, "is not believable")
    return usage


def together(months: Sequence[Usage]) -> Usage:
    """Return the usage of several months, each admitted by itself, as one.

    Ids need to be unique within their month only.

    Raises
    ------
    UsageRefused
        A month has doubled ids: which copy counts is decided by rating that month by itself.
    """
    for usage in months:
        if len(usage.doubled):
            raise UsageRefused(
                [f"{usage.files[0]}: record {usage.doubled[0]} occurs more than once in its month"]
            )
    bounds = {name: _together([usage.bounds[name] for usage in months]) for name in SCHEMA.names}
    codes = np.unique(np.concatenate([usage.codes for usage in months]))
    files = [name for usage in months for name in usage.files]
    return Usage(files, sum(usage.records for usage in months), bounds, codes, np.zeros(0, dtype=np.int64))


def check_prices(usage: Usage, tariffs: Sequence[Tariff]) -> None:
    """Refuse usage whose largest record, at the tariffs' highest price, would leave int64.

    Raises
    ------
    AmountTooLarge
        The record is named.
    """
    for item in {item for tariff in tariffs for item in tariff.items}:
        most = INT64_ROOM // max(item.top_price, 1) - item.minimum - 2 * item.step
        high = usage.bounds["quantity"].high
        if usage.records and (high is None or high > most):
            refuse_above(
                usage, most, f"does not fit into int64 at the price of {item.name}", service=int(item.service)
            )


def refuse_above(usage: Usage, most: int, why: str, *, service: int | None = None) -> None:
    """Name the first record whose quantity is above `most`."""
    for name in usage.files:
        for batch in pq.ParquetFile(name).iter_batches(BATCH, columns=["id", "quantity", "service"]):
            found = pc.greater(batch["quantity"], most)
            if service is not None:
                found = pc.and_(found, pc.equal(batch["service"], service))
            rows = batch.filter(pc.fill_null(found, False))
            if rows.num_rows:
                one = rows.slice(0, 1).to_pylist()[0]
                raise AmountTooLarge(f"{name}: record {one['id']}: quantity {one['quantity']:,} {why}")


def _look(name: str, problems: list[str]) -> _File | None:
    try:
        with pq.ParquetFile(name) as file:
            wrong = _schema_problems(name, file)
            if wrong:
                problems += wrong
                return None
            return _read(file)
    except (pa.ArrowInvalid, OSError) as error:
        problems.append(f"{name}: not a whole Parquet file ({str(error).splitlines()[0]})")
        return None


def _schema_problems(name: str, file: pq.ParquetFile) -> list[str]:
    schema = file.schema_arrow
    problems = [f"{name}: unknown column {n!r}" for n in schema.names if n not in SCHEMA.names]
    for wanted in SCHEMA:
        if wanted.name not in schema.names:
            problems.append(f"{name}: column {wanted.name} ({wanted.type}) is missing")
            continue
        kind = schema.field(wanted.name).type
        plain = kind.value_type if pa.types.is_dictionary(kind) else kind
        if plain != wanted.type:
            problems.append(
                f"{name}: column {wanted.name} must be {wanted.type}, not {plain}"
                + _first_wrong(file, wanted)
            )
    return problems


def _first_wrong(file: pq.ParquetFile, wanted: pa.Field) -> str:
    """Name the first record whose text is no number, when a column of numbers holds text."""
    kind = file.schema_arrow.field(wanted.name).type
    if (
        not (pa.types.is_string(kind) and pa.types.is_integer(wanted.type))
        or "id" not in file.schema_arrow.names
    ):
        return ""
    rows = file.read(columns=["id", wanted.name])
    number = pc.match_substring_regex(rows[wanted.name], r"^-?\d+$")
    bad = rows.filter(pc.fill_null(pc.invert(number), False)).slice(0, 1).to_pylist()
    return f"; record {bad[0]['id']} holds {bad[0][wanted.name]!r}" if bad else ""


def _read(file: pq.ParquetFile) -> _File:
    """Read ids and peer codes; take the bounds of the other columns from the file's own statistics."""
    last, rising, ids = None, True, []
    codes: list[Any] = []
    for batch in file.iter_batches(BATCH, columns=["id", "peer_code"]):
        numbers = batch["id"].drop_null().to_numpy(zero_copy_only=False)
        if len(numbers):
            rising &= (last is None or last < numbers[0]) and bool((numbers[1:] > numbers[:-1]).all())
            last = numbers[-1]
            ids.append((int(numbers.min()), int(numbers.max())))
        codes.append(pc.unique(batch["peer_code"].drop_null()))
    together = pa.chunked_array(codes, pa.int32()) if codes else pa.chunked_array([[]], pa.int32())
    span = [(min(i[0] for i in ids), max(i[1] for i in ids))] if ids else []
    distinct = pc.unique(together).to_numpy(zero_copy_only=False).astype(np.int64)
    return _File(file.metadata.num_rows, _bounds(file), span, bool(rising), distinct)


def _bounds(file: pq.ParquetFile) -> list[dict[str, Bounds]]:
    meta = file.metadata
    found = []
    for g in range(meta.num_row_groups):
        columns = [meta.row_group(g).column(c) for c in range(meta.num_columns)]
        found.append({column.path_in_schema: _bounds_of(column.statistics) for column in columns})
    return found


def _bounds_of(statistics: Any) -> Bounds:
    if statistics is None:
        return Bounds(None, None, True)
    nulls = not statistics.has_null_count or statistics.null_count > 0
    return (
        Bounds(statistics.min, statistics.max, nulls) if statistics.has_min_max else Bounds(None, None, nulls)
    )


def _together(parts: list[Bounds]) -> Bounds:
    known = bool(parts) and all(p.low is not None for p in parts)
    low = min(p.low for p in parts) if known else None
    high = max(p.high for p in parts) if known else None
    return Bounds(low, high, any(p.nulls for p in parts))


def _codes(found: list[_File]) -> npt.NDArray[np.int64]:
    return np.unique(np.concatenate([f.codes for f in found])) if found else np.zeros(0, dtype=np.int64)


def _may_repeat(found: list[_File]) -> bool:
    """Return whether ids could repeat: they do not where each file's rise and the files' ranges lie apart."""
    spans = sorted(span for f in found for span in f.ids)
    apart = all(a[1] < b[0] for a, b in pairwise(spans))
    return not (apart and all(f.rising for f in found))


def _doubled(files: list[str]) -> npt.NDArray[np.int64]:
    with duckdb.connect(config={"memory_limit": "1500MB", "preserve_insertion_order": False}) as connection:
        query = "SELECT id FROM read_parquet(?) WHERE id IS NOT NULL GROUP BY id HAVING count(*) > 1"
        found: dict[str, npt.NDArray[np.int64]] = connection.execute(query, [files]).fetchnumpy()
        return np.sort(np.asarray(found["id"], dtype=np.int64))
