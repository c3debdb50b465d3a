"""Records of lines that must be put in order: laid by lines in buckets on disk, sorted and charged bucket by bucket.

How many records each line has is known beforehand, so that a bucket is never larger than what two threads can sort in
memory, however many records there are; the whole is never sorted.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Lock

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from jike.engines.rating.book import Book
from jike.engines.rating.facts import Ints
from jike.engines.rating.ladders import Ladders
from jike.engines.rating.lines import Lines, check_fit, clipped, running
from jike.engines.rating.writing import ChargedFile

BUCKET = 1 << 20
MOST_BUCKETS = 128
TIME_BITS = 42
ROW = np.dtype([("start", "i8"), ("id", "i8"), ("units", "i8"), ("line", "i4"), ("rule", "i4")])
Rows = npt.NDArray[np.void]


class OrderedLines:
    """Lines whose records must be put in order, numbered from 0; each lies wholly in one bucket.

    Parameters
    ----------
    at
        Which of the lines they are.
    """

    def __init__(self, book: Book, lines: Lines, at: Ints, *, owners: pa.Table) -> None:
        self.book, self.tariff = book, book.tariffs[0]
        self.ladders = Ladders(self.tariff.items, self.tariff.running)
        self.item, self.free = lines.item[at], lines.free[at]
        self.member = owners["owner"].to_numpy()[lines.row[at]]
        self.before = np.zeros_like(self.free) if lines.before is None else lines.before[at]
        self.total = (lines.chargeable if lines.total is None else lines.total)[at]
        records = lines.records[at]
        ends, size = np.cumsum(records), max(BUCKET, -(-int(records.sum()) // MOST_BUCKETS))
        self.bucket = ((ends - records) // size).astype(np.int16)
        self.buckets = int(self.bucket.max(initial=-1)) + 1

    def charged(self, rows: Rows) -> list[Ints]:
        """Return the columns of `ITEMISED` of all records of some lines, each with what it adds to its line's sum."""
        rows = rows[self._order(rows)]
        line, units = rows["line"].astype(np.int64), np.ascontiguousarray(rows["units"])
        item, after = self.item[line], running(units, line)
        free_after = clipped(after, self.free[line])
        reached = self.before[line] + after - free_after
        check_fit(self.tariff, item, np.abs(reached) + np.abs(self.total[line]))
        charge = self._charge(line, reached)
        first = np.flatnonzero(np.r_[True, line[1:] != line[:-1]])
        begins = self._charge(line[first], self.before[line[first]])
        free, added = _steps(free_after, first), _steps(charge, first)
        added[first] -= begins
        names = (np.ascontiguousarray(rows["id"]), self.member[line], units, free, added)
        return [
            *names,
            item.astype(np.int16),
            rows["rule"].astype(np.int16),
            np.zeros(len(line), dtype=np.int16),
        ]

    def _order(self, rows: Rows) -> Ints:
        """Return the order by line, start and id: by one number that holds line and time, where they fit."""
        line, when = rows["line"].astype(np.int64), rows["start"] - self.book.begin
        line -= line.min(initial=0)
        if (
            int(line.max(initial=0)).bit_length() + TIME_BITS > 63
            or int(when.max(initial=0)) >= 1 << TIME_BITS
        ):
            return np.lexsort((rows["id"], when, line))
        packed = (line << TIME_BITS) + when
        order = np.argsort(packed)
        packed = packed[order]
        same = np.flatnonzero(packed[1:] == packed[:-1])
        if len(same):
            tied = np.union1d(same, same + 1)
            mine = order[tied]
            order[tied] = mine[np.lexsort((rows["id"][mine], packed[tied]))]
        return order

    def _charge(self, line: Ints, units: Ints) -> Ints:
        """Return the charge of running sums of lines."""
        item, total, found = self.item[line], self.total[line], np.zeros_like(units)
        for (volume, mode), items in self.ladders.shapes.items():
            mine = np.flatnonzero(np.isin(item, items)) if len(self.ladders.shapes) > 1 else slice(None)
            found[mine] = self.ladders.charge(item[mine], units[mine], total[mine], volume=volume, mode=mode)
        return found


def _steps(sums: Ints, first: Ints) -> Ints:
    """Return what each running sum adds to the one before; the first of each line is whole."""
    found = np.diff(sums, prepend=np.int64(0))
    found[first] = sums[first]
    return found


class Buckets:
    """Files of records by bucket, filled by several threads."""

    def __init__(self, folder: Path, lines: OrderedLines) -> None:
        self.lines = lines
        self._paths = [folder / f"bucket-{n}" for n in range(lines.buckets)]
        self._files = [path.open("wb") for path in self._paths]
        self._lock = Lock()

    def put(self, rows: Rows) -> None:
        """Add records, each to the bucket of its line."""
        bucket = self.lines.bucket.take(rows["line"])
        ends = np.cumsum(np.bincount(bucket, minlength=len(self._files)))
        parts = np.split(rows[np.argsort(bucket, kind="stable")], ends[:-1])
        with self._lock:
            for file, part in zip(self._files, parts, strict=True):
                file.write(part.tobytes())

    def close(self) -> None:
        """Finish the files."""
        for file in self._files:
            file.close()

    def charge(self, folder: Path, *, threads: int) -> list[ChargedFile]:
        """Write the charged records below `folder`."""
        # A list's iterator hands each bucket to one thread only.
        shared = iter(self._paths)

        def work(n: int) -> ChargedFile:
            with ChargedFile(folder / f"ordered-{n}.parquet") as out:
                for path in shared:
                    out.write(self.lines.charged(np.fromfile(path, dtype=ROW)))
                    path.unlink()
            return out

        with ThreadPoolExecutor(threads) as pool:
            return list(pool.map(work, range(max(min(threads, len(self._paths)), 1))))
