"""The pass over the records for itemised mode without grouping or joining: each is charged at its place, and written.

What a record costs follows from its cell and from the way of its line (`ways.py`), both found by address. Records of
lines that must be put in order are written aside; only they are sorted (`itemising.py`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from math import gcd, lcm
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from jike.engines.rating.amounts import INT64_ROOM, MICRO_PER_LI
from jike.engines.rating.book import Book, is_exact
from jike.engines.rating.cells import Cells
from jike.engines.rating.facts import Ints
from jike.engines.rating.lines import Lines
from jike.engines.rating.places import Placed, Places, values
from jike.engines.rating.usage import Reason
from jike.engines.rating.ways import FREE, ORDERED, volume_items, ways

ITEMISED = pa.schema(
    [(name, pa.int64()) for name in ("id", "member", "units", "free", "charge")]
    + [(name, pa.int16()) for name in ("item", "rule", "reason")]
)
ASIDE = pa.schema(
    [("start", pa.int64())]
    + [(name, pa.int64()) for name in ("id", "member", "units")]
    + [(name, pa.int16()) for name in ("item", "rule")]
)
REPEATING = ["free", "item", "rule", "reason"]
RISING = {"id": "DELTA_BINARY_PACKED"}
LOW = 32


@dataclass(frozen=True)
class Charged:
    """What became of the records: files of `ITEMISED` and of `ASIDE`, counts by reason (0 for rated), and li."""

    files: list[Path]
    aside: list[Path]
    counts: Counter[int]
    charge: int


class Codes:
    """One small number for each place, from which, with the cell, a record's price follows.

    It is the band that prices all records of the line (0 where there is but one), or says that they are free, or that
    they must be put in order.
    """

    def __init__(self, book: Book, lines: Lines, cells: Cells, *, owners: int) -> None:
        tariff = book.tariffs[0]
        volume = volume_items(tariff)
        self.bands = max([len(tariff.items[n].bands) for n in volume], default=1)
        self.free, self.ordered = self.bands, self.bands + 1
        way = ways(tariff, lines)
        code = np.zeros(len(way), dtype=np.int8)
        for n in volume:
            ends = [band.up_to or 0 for band in tariff.items[n].bands[:-1]]
            mine = np.flatnonzero(lines.item == n)
            code[mine] = np.searchsorted(ends, np.abs(lines.chargeable[mine]))
        code[way == FREE], code[way == ORDERED] = self.free, self.ordered
        by_line = np.zeros(owners * len(tariff.items), dtype=np.int8)
        by_line[lines.row * len(tariff.items) + lines.item] = code
        item = np.array([results[0][0] for results in book.cells], dtype=np.int64)[cells.cell]
        rated = np.flatnonzero(item >= 0)
        row = cells.row[rated]
        self.by_place = np.zeros((owners + 1) * len(book.cells), dtype=np.int8)
        self.by_place[(row + 1) * len(book.cells) + cells.cell[rated]] = by_line[
            row * len(tariff.items) + item[rated]
        ]


class Charging:
    """Tables of one pass: what records of a cell are, and what they cost."""

    def __init__(self, places: Places, codes: Codes | None) -> None:
        self.places, self.codes, self.book = places, codes, places.book
        tariff = self.book.tariffs[0]
        size = len(self.book.cells) + 1
        self.item, self.rule, self.reason, self.profile = np.zeros((4, size), dtype=np.int16)
        self.item[-1], self.rule[-1], self.reason[-1] = -1, -1, Reason.MEMBER_NOT_ACTIVE
        self.width = codes.bands + 2 if codes else 1
        prices, by = np.zeros((size, self.width), dtype=object), np.ones(size, dtype=object)
        for cell, ((i, r), *_) in enumerate(self.book.cells):
            if i < 0:
                self.item[cell], self.rule[cell], self.reason[cell] = -1, -1, i
                continue
            item = tariff.items[i]
            self.item[cell], self.rule[cell] = i, r
            self.profile[cell] = self.book.profiles[item.service].index((item.minimum, item.step))
            prices[cell, : max(self.width - 2, 1)] = item.rules[r].price or 0
            if item.name in tariff.running:
                each = [band.price if is_exact(item, band.price) else 0 for band in item.bands]
                each = each[: max(self.width - 2, 1)]
                prices[cell, : len(each)] = each
            by[cell] = item.per * MICRO_PER_LI
        self._lay_out_prices(prices, by)
        self.all_rated = not (self.item[:-1] < 0).any()

    def _lay_out_prices(self, prices: Any, by: Any) -> None:
        """Bring all prices to one denominator where they then fit, since dividing by one number is far faster."""
        one = lcm(*(b // gcd(b, *row) for b, row in zip(by, prices.tolist(), strict=True)))
        together = prices * one // by[:, None]
        if int(together.max()) * self.places.largest <= INT64_ROOM:
            self.by: int | Ints = one
            prices = together
        else:
            self.by = by.astype(np.int64)
        self.price: Ints = prices.astype(np.int64).reshape(-1)

    def run(self, folder: Path, aside: Path, *, threads: int) -> Charged:
        """Write all records below `folder`, and those to be put in order below `aside`.

        Raises
        ------
        TooOdd
            Too many records are odd; the files are then not to be used.
        """
        pieces = self.places.pieces()
        # A list's iterator hands each piece to one thread only.
        shared = iter(pieces)

        def work(n: int) -> Charged:
            names = folder / f"direct-{n}.parquet", aside / f"aside-{n}.parquet"
            with _written(*names, len(self.item)) as out:
                for piece in shared:
                    for batch in self.places.batches(piece):
                        self._batch(batch, out)
            return Charged([out.file], [out.aside], self._by_reason(out.cells), out.charge)

        with ThreadPoolExecutor(threads) as pool:
            parts = list(pool.map(work, range(max(min(threads, len(pieces)), 1))))
        return Charged(
            [file for part in parts for file in part.files],
            [file for part in parts for file in part.aside],
            sum((part.counts for part in parts), Counter[int]()),
            sum(part.charge for part in parts),
        )

    def _by_reason(self, cells: Ints) -> Counter[int]:
        found = Counter[int]()
        for reason, count in zip(self.reason.tolist(), cells.tolist(), strict=True):
            found[reason] += count
        return +found

    def _batch(self, batch: pa.RecordBatch, out: _Out) -> None:
        placed = self.places.placed(batch)
        at, code = placed.cell, None
        if self.codes is not None:
            code = self.codes.by_place.take(placed.place)
            at = at * np.int32(self.width) + code
        units = self._units(placed)
        charge = units * self.price.take(at)
        if isinstance(self.by, int):
            charge //= self.by
        else:
            charge //= self.by.take(placed.cell)
        free = np.zeros(len(units), dtype=np.int64)
        left_out = placed.odd
        if code is not None and self.codes is not None:
            free = np.where(code == self.codes.free, units, free)
            ordered = code == self.codes.ordered
            if ordered.any():
                self._aside(batch, placed, np.flatnonzero(ordered), out=out)
                left_out = ordered if left_out is None else left_out | ordered
        columns = [values(batch.column("id")), values(batch.column("member")), units, free, charge]
        columns += [table.take(placed.cell) for table in (self.item, self.rule, self.reason)]
        cell = placed.cell
        if left_out is not None:
            keep = np.flatnonzero(~left_out)
            columns, cell = [column.take(keep) for column in columns], cell.take(keep)
        out.write(columns, np.bincount(cell, minlength=len(self.item)))

    def _units(self, placed: Placed) -> Ints:
        """Return billed units by the profile of each record's item; none where nothing is rated."""
        units = placed.units[0]
        for n, others in enumerate(placed.units[1:], 1):
            units = np.where(self.profile.take(placed.cell) == n, others, units)
        if not self.all_rated:
            units = np.where(self.item.take(placed.cell) < 0, 0, units)
        return units.astype(np.int64)

    def _aside(self, batch: pa.RecordBatch, placed: Placed, at: Ints, *, out: _Out) -> None:
        columns = [values(batch.column(name)).take(at) for name in ("start", "id", "member")]
        cell = placed.cell.take(at)
        columns += [self._units(placed).take(at), self.item.take(cell), self.rule.take(cell)]
        out.put_aside.write_batch(pa.record_batch(columns, schema=ASIDE))


class _Out:
    """Files of one thread, and what was written to them: records by cell, and li."""

    def __init__(self, file: Path, aside: Path, cells: int) -> None:
        self.file, self.aside = file, aside
        self.cells: Ints = np.zeros(cells, dtype=np.int64)
        self.charge = 0
        # Numbers that hardly repeat are neither looked up in a dictionary nor packed: both cost more than all else.
        self.charged = pq.ParquetWriter(
            file, ITEMISED, compression="none", use_dictionary=REPEATING, column_encoding=RISING
        )
        self.put_aside = pq.ParquetWriter(aside, ASIDE, compression="none", use_dictionary=["item", "rule"])

    def write(self, columns: list[Any], cells: Ints) -> None:
        """Write records by column, and count them."""
        charge = columns[4]
        # In two halves, so that no sum of a batch leaves int64.
        self.charge += (int((charge >> LOW).sum()) << LOW) + int((charge & ((1 << LOW) - 1)).sum())
        self.cells += cells
        self.charged.write_batch(pa.record_batch(columns, schema=ITEMISED))

    def close(self) -> None:
        """Finish the files."""
        self.charged.close()
        self.put_aside.close()


@contextmanager
def _written(file: Path, aside: Path, cells: int) -> Iterator[_Out]:
    out = _Out(file, aside, cells)
    try:
        yield out
    finally:
        out.close()
