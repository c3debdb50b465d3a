"""Itemised mode: every record in a Parquet file with its charge, or with the reason why it has none."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.dataset as ds

from jike.engines.rating.backends import Backend, DuckDB
from jike.engines.rating.book import Book
from jike.engines.rating.cells import cells_of, gathered, together
from jike.engines.rating.columnar import people_of, sums_guarded
from jike.engines.rating.errors import RatingError
from jike.engines.rating.facts import facts_of
from jike.engines.rating.gathering import Gathering
from jike.engines.rating.itemising import (
    by_time,
    direct_records,
    line_facts,
    ordered_records,
    output,
    priced_records,
    timed_records,
    timed_sums,
    with_unknown,
)
from jike.engines.rating.lines import Pricer, of_records
from jike.engines.rating.pricing import Pricing, owners_table
from jike.engines.rating.problem import Problem
from jike.engines.rating.tariff import Tariff
from jike.engines.rating.usage import Reason

DIRECT_FILE, ORDERED_FILE = "direct.parquet", "ordered.parquet"


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
        """Write the records in one or two files and count them."""
        self.folder.mkdir(parents=True, exist_ok=True)
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
        return self._counted(files)

    def _priced(self, records: Any) -> Any:
        return priced_records(self.pricing, self.gathering, records, every=True)

    def _timed(self, records: Any) -> Any:
        return timed_records(self.pricing, self.gathering, records)

    def _line_facts(self, records: Any) -> Any:
        backend, book, tariff, read = self.backend, self.book, self.tariff, self.problem.usage.records
        pricer = Pricer(tariff, self.owners)
        if by_time(tariff):
            sums = backend.arrow(self.gathering.sums(records, credits=True))
            cells = together([cells_of(sums, self.owners)], read)
            timed = timed_sums(self.pricing, self.gathering, records)
            lines = pricer.priced(of_records(backend.arrow(timed), tariff, self.owners))
        else:
            cells = gathered(
                book,
                self.problem.usage,
                [self.member_facts],
                people=self.people,
                backend=backend,
                owners=self.owners,
            )
            lines = pricer.of_cells(book, 0, cells, threads=backend.adds or 1)
        self.all_known = not cells.refused[Reason.UNKNOWN_MEMBER]
        return backend.keep(line_facts(self.pricing, backend.small(lines.table(self.owners))))

    def _counted(self, files: list[Path]) -> Itemised:
        read = self.backend.read([str(f) for f in files])
        counts = read.group_by("reason").agg(n=read.count(), charge=read.charge.sum())
        rows = {row["reason"]: row for row in self.backend.arrow(counts).to_pylist()}
        seen = sum(int(row["n"]) for row in rows.values())
        unrated = {Reason(number).name.lower(): int(row["n"]) for number, row in rows.items() if number}
        if self.problem.usage.records > seen:
            unrated[Reason.DUPLICATE_ID.name.lower()] = self.problem.usage.records - seen
        rated = rows.get(0, {"n": 0, "charge": 0})
        return Itemised(
            self.tariff,
            files,
            self.problem.usage.records,
            int(rated["n"]),
            unrated,
            int(rated["charge"] or 0),
        )
