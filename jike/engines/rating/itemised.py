"""Itemised mode: every record in Parquet files with its charge, or with the reason why it has none.

On files of this machine records are charged at their places (`charging.py`). Where that does not apply, the backend
does it (`itemising.py`).
"""

from __future__ import annotations

import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.dataset as ds

from jike.engines.rating.backends import Backend, DuckDB
from jike.engines.rating.book import Book
from jike.engines.rating.cells import Cells, gathered
from jike.engines.rating.charging import Charged, Charging, Codes
from jike.engines.rating.columnar import people_of, sums_guarded
from jike.engines.rating.errors import RatingError
from jike.engines.rating.facts import facts_of
from jike.engines.rating.gathering import Gathering
from jike.engines.rating.in_time import by_time, free_in_time
from jike.engines.rating.itemising import (
    direct_records,
    ordered_records,
    output,
    priced_records,
    timed_records,
    with_unknown,
)
from jike.engines.rating.lines import Lines, Pricer
from jike.engines.rating.places import Places, TooOdd, places_of
from jike.engines.rating.pricing import Pricing, owners_table
from jike.engines.rating.problem import Problem
from jike.engines.rating.tariff import Tariff
from jike.engines.rating.usage import Reason
from jike.engines.rating.ways import line_facts

DIRECT_FILE, ORDERED_FILE, ODD_FILE = "direct.parquet", "ordered.parquet", "odd.parquet"


@dataclass(frozen=True)
class Itemised:
    """Where the records are, and what became of them.

    The files hold id, member, item and rule (indices in the tariff; -1 when not rated), units, free, charge in li,
    and reason (0 or a `Reason`). Copies of an id are only counted.
    """

    tariff: Tariff
    files: list[Path]
    read: int
    rated: int
    unrated: dict[str, int]
    charge: int

    def __post_init__(self) -> None:
        if self.rated + sum(self.unrated.values()) != self.read:
            raise RatingError(f"{self.rated} records rated and {self.unrated} not, but {self.read} read")

    def table(self) -> pa.Table:
        """Return all records."""
        return ds.dataset([str(f) for f in self.files]).to_table()


def itemise(problem: Problem, folder: str | Path, *, backend: Backend | None = None) -> Itemised:
    """Write each record's charge below `folder` and return what became of them.

    Raises
    ------
    AmountTooLarge
        A sum does not fit into int64; the files are then not to be used.
    """
    if backend is None:
        with DuckDB() as own:
            return itemise(problem, folder, backend=own)
    with sums_guarded():
        try:
            return _Run(problem, Path(folder), backend).run()
        finally:
            backend.forget()


class _Run:
    """One run, so that its tables need not be handed around."""

    def __init__(self, problem: Problem, folder: Path, backend: Backend) -> None:
        self.problem, self.folder, self.backend = problem, folder, backend
        self.tariff = problem.tariff
        self.book = Book([self.tariff], [problem.month], fine=True)
        self.member_facts = facts_of(self.tariff, problem.members, problem.month)
        self.owners = owners_table(self.tariff, [self.member_facts], problem.carried)
        self.people = people_of(problem.members, problem.circles, [self.member_facts], book=self.book)
        self.gathering = Gathering(self.book, problem.usage, self.people, backend=backend)
        self.pricing = Pricing(self.book, 0, backend, owners=backend.small(self.owners))
        self.all_known = False

    def run(self) -> Itemised:
        """Write the records and count them."""
        self.folder.mkdir(parents=True, exist_ok=True)
        if self.backend.adds and not by_time(self.tariff):
            try:
                return self._by_place() or self._by_backend()
            except TooOdd:
                for half in [*self.folder.glob("direct-*.parquet"), *self.folder.glob("ordered-*.parquet")]:
                    half.unlink()
        return self._by_backend()

    def _by_place(self) -> Itemised | None:
        """Charge records at their places; None where they have none."""
        facts = [self.member_facts]
        places = places_of(self.book, self.problem.usage, facts, people=self.people, ids=True)
        if places is None:
            return None
        codes = None
        if self.tariff.running:
            lines, cells = self._lines(places)
            codes = Codes(self.book, lines, cells, owners=self.owners)
            del lines, cells
            places.odd()
        with tempfile.TemporaryDirectory(prefix=".aside-", dir=self.folder) as aside:
            charged = Charging(places, codes).run(self.folder, Path(aside), threads=self.backend.adds)
        more = self._odd_ones(places.odd())
        return self._counted(charged.files, more, charged)

    def _odd_ones(self, odd: pa.Table) -> list[Path]:
        """Write the records that were put aside as odd, each with its reason.

        Raises
        ------
        TooOdd
            One of them is rated after all, so that the others' order is not theirs.
        """
        if not odd.num_rows:
            return []
        gathering = Gathering(self.book, self.problem.usage, self.people, backend=self.backend, only=odd)
        every = priced_records(self.pricing, gathering, gathering.records(), every=True)
        every = self.backend.keep(output(with_unknown(every, self.pricing.owners)))
        if self.backend.arrow(every.filter(every.reason == 0).count().as_table())[0][0].as_py():
            raise TooOdd
        self.backend.write(every, self.folder / ODD_FILE)
        return [self.folder / ODD_FILE]

    def _by_backend(self) -> Itemised:
        """Let the backend charge the records, in one or two files."""
        records = self.gathering.records()
        if by_time(self.tariff):
            records = self.backend.keep(records)
        facts = self._line_facts(records) if self.tariff.running else None
        every = self._priced(records)
        if not self.all_known:
            every = with_unknown(every, self.pricing.owners)
        direct = direct_records(self.pricing, every, facts)
        files = [self.folder / DIRECT_FILE]
        self.backend.write(output(direct), files[0])
        if facts is not None:
            files.append(self.folder / ORDERED_FILE)
            rated = (
                self._timed(records)
                if by_time(self.tariff)
                else priced_records(self.pricing, self.gathering, records)
            )
            self.backend.write(output(ordered_records(self.pricing, rated, facts)), files[1])
        return self._counted([], files)

    def _priced(self, records: Any) -> Any:
        return priced_records(self.pricing, self.gathering, records, every=True)

    def _timed(self, records: Any) -> Any:
        return timed_records(self.pricing, self.gathering, records)

    def _lines(self, places: Places | None = None, *, records: Any = None) -> tuple[Lines, Cells]:
        cells = gathered(
            self.book,
            self.problem.usage,
            [self.member_facts],
            people=self.people,
            backend=self.backend,
            owners=self.owners,
            places=places,
        )
        in_time = None
        if by_time(self.tariff) and records is not None:
            in_time = free_in_time(self.pricing, self.gathering, records, owners=self.owners)
        pricer = Pricer(self.tariff, self.owners)
        threads = self.backend.adds or 1
        return pricer.of_cells(self.book, 0, cells, threads=threads, in_time=in_time), cells

    def _line_facts(self, records: Any) -> Any:
        lines, cells = self._lines(records=records)
        self.all_known = not cells.refused[Reason.UNKNOWN_MEMBER]
        return self.backend.small(line_facts(self.tariff, lines, self.owners))

    def _counted(self, written: list[Path], others: list[Path], charged: Charged | None = None) -> Itemised:
        """Count what is in other files than those that `charged` has counted already."""
        found, charge = Counter(charged.counts if charged else {}), charged.charge if charged else 0
        if others:
            read = self.backend.read([str(f) for f in others])
            counts = read.group_by("reason").agg(n=read.count(), charge=read.charge.sum())
            for row in self.backend.arrow(counts).to_pylist():
                found[row["reason"]] += int(row["n"])
                charge += int(row["charge"] or 0)
        found[Reason.DUPLICATE_ID] += self.problem.usage.records - found.total()
        rated = found.pop(0, 0)
        unrated = {Reason(number).name.lower(): n for number, n in found.items() if n}
        return Itemised(self.tariff, [*written, *others], self.problem.usage.records, rated, unrated, charge)
