"""Sums of usage by owner (member and month) and cell of the book, whichever way they were made.

On files of this machine the records are added at their places (`adding.py`); what is odd there, and everything where
that does not apply, is grouped by the backend (`gathering.py`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from jike.engines.rating.adding import Added, added
from jike.engines.rating.admission import Usage
from jike.engines.rating.backends import Backend
from jike.engines.rating.book import Book
from jike.engines.rating.facts import Facts, Ints
from jike.engines.rating.gathering import Gathering, People
from jike.engines.rating.places import Places, places_of
from jike.engines.rating.usage import Reason

COUNTS = ("records", "credits")


@dataclass(frozen=True)
class Cells:
    """Sums, ordered by owner; one entry for each owner and cell with records.

    Attributes
    ----------
    row
        Index of the owner in the table of owners.
    sums
        Columns: `records`, perhaps `credits` (how many gave something back, or 1 for some), billed units by profile
        (`u0` …), charges of items rounded record by record (`c0` …).
    refused
        Records that no tariff rates, by reason.
    """

    row: Ints
    cell: Ints
    sums: dict[str, Ints]
    refused: Counter[Reason]

    def __getitem__(self, at: slice | Ints) -> Cells:
        """Return some of the sums."""
        sums = {name: column[at] for name, column in self.sums.items()}
        return Cells(self.row[at], self.cell[at], sums, self.refused)


def gathered(
    book: Book,
    usage: Usage,
    facts: Sequence[Facts],
    *,
    people: People,
    backend: Backend,
    owners: pa.Table,
    places: Places | None = None,
) -> Cells:
    """Return the sums of all records; `places`, where they are known already, save laying them out."""
    if backend.adds and places is None:
        places = places_of(book, usage, facts, people=people)
    found = added(places, backend.adds) if places else None
    gathering = Gathering(book, usage, people, backend=backend, only=found.odd if found else None)
    parts = []
    if found is None or found.odd.num_rows:
        parts.append(cells_of(backend.arrow(gathering.sums(credits=True)), owners))
    if found:
        parts.insert(0, _of_added(found, len(book.cells)))
    return together(parts, usage.records)


def cells_of(sums: pa.Table, owners: pa.Table) -> Cells:
    """Return the sums that `Gathering.sums` gives, as Arrow, by the rows of the owners."""
    columns = {name: sums[name].to_numpy() for name in sums.column_names}
    owner, cell = columns.pop("owner"), columns.pop("cell")
    refused = Counter[Reason]()
    for reason in Reason:
        refused[reason] = int(columns["records"][cell == int(reason)].sum())
    known = owners["owner"].to_numpy()
    order = np.argsort(known, kind="stable")
    at = np.minimum(np.searchsorted(known[order], owner), max(len(known) - 1, 0))
    rated = cell >= 0
    there = rated & (known[order][at] == owner) if len(known) else np.zeros(len(owner), dtype=np.bool_)
    refused[Reason.UNKNOWN_MEMBER] += int(columns["records"][rated & ~there].sum())
    row = order[at[there]] if len(known) else at[there]
    return _sorted(row, cell[there], {n: c[there] for n, c in columns.items()}, refused=+refused)


def _sorted(row: Ints, cell: Ints, sums: dict[str, Ints], *, refused: Counter[Reason]) -> Cells:
    order = np.lexsort((cell, row))
    return Cells(row[order], cell[order], {n: c[order] for n, c in sums.items()}, refused)


def _of_added(found: Added, cells: int) -> Cells:
    row, cell = np.divmod(found.place, cells)
    sums = {"records": found.records, "credits": found.credited.astype(np.int64)}
    sums |= {f"u{n}": units for n, units in enumerate(found.units)}
    return Cells(row, cell, sums, Counter({Reason.MEMBER_NOT_ACTIVE: found.inactive}))


def together(parts: Sequence[Cells], read: int) -> Cells:
    """Return parts as one; the records that are missing to `read` are copies of an id."""
    first = parts[0]
    for part in parts[1:]:
        refused = first.refused + part.refused
        if len(part.row):
            sums = {n: np.concatenate([c, part.sums[n]]) for n, c in first.sums.items()}
            row, cell = np.concatenate([first.row, part.row]), np.concatenate([first.cell, part.cell])
            first = _summed(_sorted(row, cell, sums, refused=refused))
        else:
            first = Cells(first.row, first.cell, first.sums, refused)
    seen = int(first.sums["records"].sum()) + first.refused.total()
    return Cells(
        first.row, first.cell, first.sums, first.refused + Counter({Reason.DUPLICATE_ID: read - seen})
    )


def _summed(cells: Cells) -> Cells:
    """Return cells that occur twice as one."""
    new = np.r_[True, (cells.row[1:] != cells.row[:-1]) | (cells.cell[1:] != cells.cell[:-1])]
    starts = np.flatnonzero(new)
    sums = {n: np.add.reduceat(c, starts) for n, c in cells.sums.items()}
    return Cells(cells.row[starts], cells.cell[starts], sums, cells.refused)


def unrated(book: Book, cells: Cells) -> dict[str, int]:
    """Return how many records the book's first tariff does not rate, by reason."""
    found = Counter(cells.refused)
    counts = np.zeros(len(book.cells), dtype=np.int64)
    np.add.at(counts, cells.cell, cells.sums["records"])
    for cell, results in enumerate(book.cells):
        if results[0][0] < 0:
            found[Reason(results[0][0])] += int(counts[cell])
    return {reason.name.lower(): n for reason, n in found.items() if n}
