"""The pass over the records for itemised mode without grouping or joining: each is charged at its place, and written.

What a record costs follows from its cell and from the way of its line (`ways.py`), both found by address. Records of
lines that must be put in order are laid aside; only they are sorted (`ordering.py`).
"""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from math import gcd, lcm
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from jike.engines.rating.amounts import INT64_ROOM, MICRO_PER_LI
from jike.engines.rating.book import Book, is_exact
from jike.engines.rating.cells import Cells
from jike.engines.rating.facts import Ints
from jike.engines.rating.lines import Lines
from jike.engines.rating.ordering import ROW, Buckets, OrderedLines, Rows
from jike.engines.rating.places import Placed, Places, values
from jike.engines.rating.usage import Reason
from jike.engines.rating.ways import FREE, ORDERED, volume_items, ways
from jike.engines.rating.writing import ChargedFile


@dataclass(frozen=True)
class Charged:
    """What became of the records: files of `ITEMISED`, counts by reason (0 for rated), and li."""

    files: list[Path]
    counts: Counter[int]
    charge: int


class Codes:
    """One small number for each place, from which, with the cell, a record's price follows.

    It is the band that prices all records of the line (0 where there is but one), or says that they are free, or that
    they must be put in order.
    """

    def __init__(self, book: Book, lines: Lines, cells: Cells, *, owners: pa.Table) -> None:
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
        at = np.flatnonzero(way == ORDERED)
        self.lines = OrderedLines(book, lines, at, owners=owners)
        number = np.zeros(len(way), dtype=np.int32)
        number[at] = np.arange(len(at), dtype=np.int32)
        key = lines.row * len(tariff.items) + lines.item
        item = np.array([results[0][0] for results in book.cells], dtype=np.int64)[cells.cell]
        rated = np.flatnonzero(item >= 0)
        place = (cells.row[rated] + 1) * len(book.cells) + cells.cell[rated]
        mine = cells.row[rated] * len(tariff.items) + item[rated]
        size = owners.num_rows * len(tariff.items), (owners.num_rows + 1) * len(book.cells)
        self.by_place, self.line = (
            _laid(values, key, mine, place=place, size=size) for values in (code, number)
        )


def _laid(values: Any, key: Ints, wanted: Ints, *, place: Ints, size: tuple[int, int]) -> Any:
    """Return what lines have by their keys as an array by place."""
    by_key, by_place = np.zeros(size[0], dtype=values.dtype), np.zeros(size[1], dtype=values.dtype)
    by_key[key] = values
    by_place[place] = by_key[wanted]
    return by_place


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
        """Write all records below `folder`; those to be put in order lie below `aside` for a while.

        Raises
        ------
        TooOdd
            Too many records are odd; the files are then not to be used.
        """
        pieces = self.places.pieces()
        # A list's iterator hands each piece to one thread only.
        shared = iter(pieces)
        buckets = Buckets(aside, self.codes.lines) if self.codes else None

        def work(n: int) -> tuple[ChargedFile, Ints]:
            counts = np.zeros(len(self.item), dtype=np.int64)
            with ChargedFile(folder / f"direct-{n}.parquet") as out:
                for piece in shared:
                    for batch in self.places.batches(piece):
                        counts += self._batch(batch, out, buckets)
            return out, counts

        try:
            with ThreadPoolExecutor(threads) as pool:
                parts = list(pool.map(work, range(max(min(threads, len(pieces)), 1))))
        finally:
            if buckets:
                buckets.close()
        ordered = buckets.charge(folder, threads=threads) if buckets else []
        files, counts = [out for out, _ in parts], sum((one for _, one in parts), np.zeros(1, dtype=np.int64))
        found = self._by_reason(counts)
        found[0] += sum(out.records for out in ordered)
        return Charged(
            [out.path for out in (*files, *ordered)], +found, sum(out.charge for out in (*files, *ordered))
        )

    def _by_reason(self, cells: Ints) -> Counter[int]:
        found = Counter[int]()
        for reason, count in zip(self.reason.tolist(), cells.tolist(), strict=True):
            found[reason] += count
        return found

    def _batch(self, batch: pa.RecordBatch, out: ChargedFile, buckets: Buckets | None) -> Ints:
        """Write the records of a batch, lay aside those to be put in order, and return the others' number by cell."""
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
        if code is not None and self.codes and buckets:
            free = np.where(code == self.codes.free, units, free)
            ordered = code == self.codes.ordered
            if ordered.any():
                buckets.put(self._aside(batch, placed, np.flatnonzero(ordered)))
                left_out = ordered if left_out is None else left_out | ordered
        columns = [values(batch.column("id")), values(batch.column("member")), units, free, charge]
        columns += [table.take(placed.cell) for table in (self.item, self.rule, self.reason)]
        cell = placed.cell
        if left_out is not None:
            keep = np.flatnonzero(~left_out)
            columns, cell = [column.take(keep) for column in columns], cell.take(keep)
        out.write(columns)
        return np.bincount(cell, minlength=len(self.item))

    def _units(self, placed: Placed) -> Ints:
        """Return billed units by the profile of each record's item; none where nothing is rated."""
        units = placed.units[0]
        for n, others in enumerate(placed.units[1:], 1):
            units = np.where(self.profile.take(placed.cell) == n, others, units)
        if not self.all_rated:
            units = np.where(self.item.take(placed.cell) < 0, 0, units)
        return units.astype(np.int64)

    def _aside(self, batch: pa.RecordBatch, placed: Placed, at: Ints) -> Rows:
        rows = np.empty(len(at), dtype=ROW)
        for name in ("start", "id"):
            rows[name] = values(batch.column(name)).take(at)
        rows["units"] = self._units(placed).take(at)
        rows["rule"] = self.rule.take(placed.cell.take(at))
        if self.codes:
            rows["line"] = self.codes.line.take(placed.place.take(at))
        return rows
