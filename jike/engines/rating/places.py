"""Where each record of usage belongs: the place of its owner (member and month) and cell, without search or grouping.

The sums of all owners × cells lie in one array, and a record finds its place there by a few lookups in tables. Only
records that are surely in order get one; the odd ones are put aside, and `gathering.py` says what is wrong with them.
Where places cannot be laid out so (too many owners or cells, doubled ids, prices by party, charges rounded record by
record), there are none. `adding.py` adds records up at their places, `charging.py` charges them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from jike.engines.rating.admission import Usage
from jike.engines.rating.amounts import INT64_ROOM
from jike.engines.rating.book import Book
from jike.engines.rating.facts import Facts, Ints, distinct
from jike.engines.rating.gathering import MINUTE, People, inexact
from jike.engines.rating.lookups import Lookup, TooSpread
from jike.engines.rating.usage import LARGEST_QUANTITY, SCHEMA, largest_quantity, micros

Flags = npt.NDArray[np.bool_]
Numbers = npt.NDArray[np.integer]

ROWS = 1 << 17
MOST_BYTES = 800_000_000
MOST_CODES = 1 << 27
MOST_ODD = 2_000_000
NEEDED = ("member", "service", "start", "quantity", "credit")


class TooOdd(Exception):
    """Too many records are not surely in order."""


@dataclass(frozen=True)
class Placed:
    """The records of a batch at their places.

    Attributes
    ----------
    place
        Owner (from 1) × cells + cell; 0 for records that have none.
    cell
        The cell; one beyond the last for records that have none.
    units
        Billed units by profile, below zero for credits, 0 for records without a place.
    odd
        Which records were put aside; None for none.
    inactive
        How many records are of members who were not served when they were made; they have no place and are not odd.
    """

    place: Numbers
    cell: Numbers
    units: list[Ints]
    credit: Flags
    odd: Flags | None
    inactive: int


def places_of(
    book: Book, usage: Usage, facts: Sequence[Facts], *, people: People, ids: bool = False
) -> Places | None:
    """Return the places of all owners in the order of `facts`; None where this way does not apply.

    With `ids`, the records are read with their numbers.
    """
    owners = sum(len(one.member) for one in facts)
    profiles = max((len(p) for p in book.profiles.values()), default=0)
    size = (owners + 1) * len(book.cells) * 8 * (profiles + 2)
    codes = usage.codes
    if (
        not book.cells
        or size > MOST_BYTES
        or (owners + 1) * len(book.cells) >= 2**31
        or len(usage.doubled)
        or book.uses_party
        or any(inexact(book, t) for t in range(len(book.tariffs)))
        or largest_units(book, usage) * usage.records >= INT64_ROOM
        or (len(codes) and int(codes.max()) - int(codes.min()) > MOST_CODES)
    ):
        return None
    try:
        return Places(book, usage, facts, people=people, ids=ids)
    except TooSpread:
        return None


def largest_units(book: Book, usage: Usage) -> int:
    """Return what no record's billed units exceed."""
    most = max((m + 2 * s for found in book.profiles.values() for m, s in found), default=0)
    return (usage.bounds["quantity"].high or 0) + most


class Places:
    """Tables from records to places, for one book and one set of usage files; used by several threads."""

    def __init__(
        self, book: Book, usage: Usage, facts: Sequence[Facts], *, people: People, ids: bool = False
    ) -> None:
        self.book, self.usage = book, usage
        self.profiles = max((len(p) for p in book.profiles.values()), default=0)
        self.members = distinct(np.concatenate([one.member for one in facts]))
        self.lookup = Lookup(self.members)
        self._lay_out_owners(facts, people)
        self._lay_out_cells()
        self._bound(ids)
        self.size = (self.owners + 1) * len(book.cells)
        self.largest = largest_units(book, usage)
        self._odd: list[pa.RecordBatch] = []
        self._odd_rows = 0
        self._lock = Lock()

    def _lay_out_owners(self, facts: Sequence[Facts], people: People) -> None:
        """Number the owners as in `facts`, from 1, and say when those are served who are not for a whole month.

        `base` is where an owner's cells begin: below zero for those not served throughout, 0 for nobody.
        """
        self.owners = sum(len(one.member) for one in facts)
        self.owner_of = np.zeros((len(facts), len(self.members) + 1), dtype=np.int32)
        self.begin = np.full(self.owners + 1, self.book.begin, dtype=np.int64)
        self.end = np.full(self.owners + 1, self.book.end, dtype=np.int64)
        first, partly, partly_served = 1, people.partly, np.zeros(self.owners + 1, dtype=np.bool_)
        index, one, begin, end = (partly[name].to_numpy() for name in ("index", "one", "begin", "end"))
        for month, found in enumerate(facts):
            numbers = np.arange(first, first + len(found.member), dtype=np.int32)
            self.owner_of[month][np.searchsorted(self.members, found.member) + 1] = numbers
            mine = np.flatnonzero((index == month) & bool(len(found.member)))
            at = np.minimum(np.searchsorted(self.members, one[mine]), len(self.members) - 1)
            owner = np.where(self.members[at] == one[mine], self.owner_of[month][at + 1], 0)
            mine, owner = mine[owner > 0], owner[owner > 0]
            self.begin[owner], self.end[owner] = begin[mine], end[mine]
            partly_served[owner] = True
            first += len(numbers)
        self.base = self.owner_of.astype(np.int32) * len(self.book.cells)
        self.base[partly_served[self.owner_of]] *= -1
        if len(facts) == 1:
            self.lookup.entries = self.base[0].take(self.lookup.entries)

    def _lay_out_cells(self) -> None:
        """Make one table from (service, zone, window) to the cell; services without a price have -1."""
        book, codes = self.book, self.usage.codes
        zones = book.zone_of_codes(codes)
        self.low_code = max(int(codes.min()) - 1, -(2**31)) if len(codes) else 0
        self.zones = np.zeros(int(codes.max()) - self.low_code + 1 if len(codes) else 1, dtype=np.int32)
        self.zones[codes - self.low_code] = zones
        self.zones[0] = book.no_zone
        shape = (256, int(book.zone_class.max()) + 1, int(book.slots.max()) + 1)
        cells = np.full(shape, -1, dtype=np.int32)
        for block in book.blocks:
            zone, window = np.ix_(np.arange(shape[1]), np.arange(shape[2]))
            cells[int(block.service)] = block.first + zone * block.by_zone + window * block.by_window
        self.zoned = any(block.by_zone for block in book.blocks)
        self.windowed = any(block.by_window for block in book.blocks)
        self.cells, self.slots = cells.reshape(-1), book.slots.astype(np.int32)
        self.by_service = shape[1] * shape[2]
        self.zones *= shape[2]
        self.most = np.full(256, -1, dtype=np.int64)
        for service in book.services:
            limits = (largest_quantity(tariff, service) for tariff in book.tariffs)
            self.most[int(service)] = min(*limits, LARGEST_QUANTITY)

    def _bound(self, ids: bool) -> None:
        """Say which tests no record can fail."""
        bounds, book = self.usage.bounds, self.book
        self.nulls = [name for name in ("id", *NEEDED) if bounds[name].nulls]
        start, quantity, service = bounds["start"], bounds["quantity"], bounds["service"]
        priced = [int(s) for s in book.services]
        self.sure_service = service.low is not None and set(range(service.low, service.high + 1)) <= set(
            priced
        )
        limit = min((int(self.most[s]) for s in priced), default=0)
        self.sure_quantity = self.sure_service and _within(quantity, 1, limit)
        known = start.low is not None and len(book.bounds) == 1
        self.sure_time = known and book.begin <= micros(start.low) and micros(start.high) < book.end
        most = max((m + 2 * s for found in book.profiles.values() for m, s in found), default=0)
        self.narrow = _within(quantity, -(2**31) + 1, 2**31 - 1 - most)
        self.columns = [
            *NEEDED,
            *(["peer_code"] if self.zoned else []),
            *(["id"] if ids or "id" in self.nulls else []),
        ]

    def pieces(self) -> list[tuple[str, int]]:
        """Return what can be read apart: files and their row groups."""
        names = self.usage.files
        return [(name, group) for name in names for group in range(pq.read_metadata(name).num_row_groups)]

    def batches(self, piece: tuple[str, int]) -> Iterator[pa.RecordBatch]:
        """Yield the records of a piece, few enough for the processor's cache."""
        name, group = piece
        with pq.ParquetFile(name) as file:
            yield from file.iter_batches(ROWS, row_groups=[group], columns=self.columns, use_threads=False)

    def odd(self) -> pa.Table:
        """Return the records put aside so far, of the schema of usage, and forget them."""
        rows, self._odd, self._odd_rows = self._odd, [], 0
        return _whole(pa.Table.from_batches(rows) if rows else None)

    def placed(self, batch: pa.RecordBatch) -> Placed:
        """Return where the records of a batch belong, and put the odd ones aside.

        Raises
        ------
        TooOdd
            More than two million records were put aside.
        """
        valid = None
        for name in self.nulls:
            there = batch.column(name).is_valid().to_numpy(zero_copy_only=False)
            valid = there if valid is None else valid & there
        member, service, start, quantity = (values(batch.column(name)) for name in NEEDED[:4])
        owner, simple, away = self._owner(member, start, valid)
        zone = None
        if self.zoned:
            code = values(batch.column("peer_code"), self.low_code)
            zone = self.zones.take(code - np.int32(self.low_code))
        cell = self._cell(service, start, zone)
        if not self.sure_service:
            simple = _and(simple, cell >= 0)
        if not self.sure_quantity:
            simple = _and(simple, (quantity >= 1) & (quantity <= self.most.take(service.view(np.uint8))))
        odd = self._put_aside(batch, simple)
        inactive = 0
        if len(away):
            simple = np.ones(len(owner), dtype=np.bool_) if simple is None else simple
            inactive = int(np.count_nonzero(simple[away]))
            simple[away] = False
        place = owner + cell
        credit = values(batch.column("credit"))
        units = self._units(service, quantity, credit)
        if simple is not None:
            place, units = np.where(simple, place, 0), [np.where(simple, one, 0) for one in units]
            cell = np.where(simple, cell, np.int32(len(self.book.cells)))
        return Placed(place, cell, units, credit, odd, inactive)

    def _owner(self, member: Ints, start: Ints, valid: Flags | None) -> tuple[Numbers, Flags | None, Numbers]:
        """Return where each record's owner's cells begin, which records have one, and whose is not served then."""
        found, simple = self.lookup.places(member), valid
        if len(self.book.bounds) > 1:
            begins, ends = np.array(self.book.bounds, dtype=np.int64).T
            month = max(int(np.searchsorted(begins, start.min(), side="right")) - 1, 0)
            if begins[month] <= start.min() and start.max() < ends[month]:
                found = self.base[month].take(found)
            else:
                months = np.maximum(np.searchsorted(begins, start, side="right") - 1, 0)
                simple = _and(simple, (start >= begins[0]) & (start < ends[months]))
                found = self.base[months, found]
        elif not self.sure_time:
            simple = _and(simple, (start >= self.book.begin) & (start < self.book.end))
        few = np.flatnonzero(found <= 0)
        if not len(few):
            return found, simple, few
        mine, now = -found[few] // len(self.book.cells), start[few]
        found[few] = -found[few]
        if not mine.all():
            simple = _and(simple, found > 0)
        return found, simple, few[(now < self.begin[mine]) | (now >= self.end[mine])]

    def _cell(self, service: Any, start: Ints, zone: Any) -> Numbers:
        at = service.view(np.uint8) * np.int32(self.by_service)
        if zone is not None:
            at += zone
        if self.windowed:
            slot = (start - self.book.begin) // (self.book.slot_minutes * MINUTE)
            at += self.slots.take(slot, mode="clip")
        return self.cells.take(at)

    def _units(self, service: Any, quantity: Ints, credit: Flags) -> list[Ints]:
        """Return the billed units of each profile, below zero for credits."""
        found = []
        quantity = quantity.astype(np.int32) if self.narrow else quantity
        for n in range(self.profiles):
            units: Any = None
            for kind, profiles in self.book.profiles.items():
                if n < len(profiles):
                    mine = billed_units(quantity, *profiles[n])
                    units = mine if units is None else np.where(service == int(kind), mine, units)
            found.append(units)
        back = np.flatnonzero(credit)
        if len(back):
            found = [np.array(one) if one is quantity else one for one in found]
            for one in found:
                one[back] = -one[back]
        return found

    def _put_aside(self, batch: pa.RecordBatch, simple: Flags | None) -> Flags | None:
        if simple is None or simple.all():
            return None
        odd = ~simple
        rows = batch.filter(pa.array(odd))
        with self._lock:
            self._odd.append(rows)
            self._odd_rows += rows.num_rows
            if self._odd_rows > MOST_ODD:
                raise TooOdd
        return odd


def _and(one: Flags | None, other: Flags) -> Flags:
    return other if one is None else one & other


def _within(bounds: Any, low: int, high: int) -> bool:
    return bounds.low is not None and low <= bounds.low and bounds.high <= high


def values(column: Any, instead: int = 0) -> Any:
    """Return the values of a column, with something else for nulls; instants as microseconds since 1970."""
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if pa.types.is_timestamp(column.type):
        column = column.view(pa.int64())
    if column.null_count:
        column = pc.fill_null(column, pa.scalar(instead).cast(column.type))
    return column.to_numpy(zero_copy_only=False)


def billed_units(quantity: Ints, minimum: int, step: int) -> Ints:
    """Return the units billed; `UsageItem.billed` for an array."""
    if minimum == step == 1:
        return quantity
    units = np.maximum(quantity, minimum)
    if step > 1:
        units -= minimum - (step - 1)
        units //= step
        units *= step
        units += minimum
    return units


def _whole(odd: pa.Table | None) -> pa.Table:
    """Return odd records with all columns of the schema."""
    if odd is None:
        return SCHEMA.empty_table()
    columns = []
    for wanted in SCHEMA:
        if wanted.name in odd.column_names:
            columns.append(odd[wanted.name].cast(wanted.type))
        elif wanted.name == "id":
            columns.append(pa.chunked_array([np.zeros(odd.num_rows, dtype=np.int64)]))
        else:
            columns.append(pa.nulls(odd.num_rows, wanted.type))
    return pa.table(columns, schema=SCHEMA)
