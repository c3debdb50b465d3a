"""The pass over the records for bill mode without grouping: each record is added at its place (`places.py`).

A hash table of millions of groups misses the cache at each record and moves when it grows. Here the sums lie in one
array, and a record costs a few lookups and one addition.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Lock

import numpy as np
import pyarrow as pa

from jike.engines.rating.facts import Ints
from jike.engines.rating.places import ROWS, Flags, Placed, Places, TooOdd


@dataclass(frozen=True)
class Added:
    """Sums by owner and cell, and the records that were left over.

    Attributes
    ----------
    place
        Index of the owner × cells + cell, ascending; the other columns have one entry for each.
    records, units
        How many records, and their billed units by profile.
    credited
        Whether a record gave something back.
    inactive
        Records of members who were not served when they were made.
    odd
        Records for `gathering.py`, of the schema of usage; their ids mean nothing.
    """

    place: Ints
    records: Ints
    units: list[Ints]
    credited: Flags
    inactive: int
    odd: pa.Table


def added(places: Places, threads: int) -> Added | None:
    """Return the sums of all records; None where too many are odd."""
    pieces = places.pieces()
    sums = Sums(places.size, places.profiles, places.usage.records)

    def add(piece: tuple[str, int]) -> None:
        for batch in places.batches(piece):
            sums.add(places.placed(batch))

    try:
        with ThreadPoolExecutor(max(min(threads, len(pieces)), 1)) as pool:
            list(pool.map(add, pieces))
    except TooOdd:
        return None
    return sums.added(places.odd(), len(places.book.cells))


class Sums:
    """Sums of all threads by place.

    The first profile's units and the number of records share one number, so that a record touches memory once; they
    are poured apart before either could reach into the other, mostly never.
    """

    def __init__(self, size: int, profiles: int, records: int) -> None:
        self.bits = records.bit_length()
        self.full = 1 << (62 - self.bits)
        self.packed = np.zeros(size, dtype=np.int64)
        self.others = [np.zeros(size, dtype=np.int64) for _ in range(profiles - 1)]
        self.poured: tuple[Ints, Ints] | None = None
        self.credited = np.zeros(size, dtype=np.bool_)
        self.units = self.inactive = 0
        self.lock = Lock()

    def add(self, batch: Placed) -> None:
        """Add a batch."""
        place, units = batch.place, batch.units
        size = int(np.abs(units[0]).sum(dtype=np.int64))
        ones = units[0].astype(np.int64)
        ones <<= self.bits
        ones += 1
        with self.lock:
            self.inactive += batch.inactive
            self.credited[place[batch.credit]] = True
            if self.units + size >= self.full:
                self._pour()
            if size >= self.full and self.poured:
                np.add.at(self.poured[0], place, 1)
                np.add.at(self.poured[1], place, units[0])
            else:
                np.add.at(self.packed, place, ones)
                self.units += size
            for sums, one in zip(self.others, units[1:], strict=True):
                np.add.at(sums, place, one)

    def _pour(self) -> None:
        if self.poured is None:
            self.poured = np.zeros_like(self.packed), np.zeros_like(self.packed)
        records, units = self.poured
        for at in range(0, len(self.packed), ROWS):
            part = slice(at, at + ROWS)
            records[part] += self.packed[part] & (1 << self.bits) - 1
            units[part] += self.packed[part] >> self.bits
        self.packed[:] = 0
        self.units = 0

    def added(self, odd: pa.Table, first: int) -> Added:
        """Return the sums of the places from `first` on where records are."""
        if self.poured:
            self._pour()
        there = np.flatnonzero((self.poured[0] if self.poured else self.packed)[first:]) + first
        if self.poured:
            records, units = (sums.take(there) for sums in self.poured)
        else:
            units = self.packed.take(there)
            records = units & (1 << self.bits) - 1
            units >>= self.bits
        every = [units, *(sums.take(there) for sums in self.others)]
        credited = self.credited.take(there)
        there -= first
        return Added(there, records, every, credited, self.inactive, odd)
