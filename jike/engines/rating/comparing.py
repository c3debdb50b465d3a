"""Many tariffs over the same usage in one pass: now against then, best for each member, best for all, and why.

All candidates are compiled into one rate book. The records are read once; what follows is priced from the sums of
each member, month and cell. Only candidates with allowances spent in time order go back to the records that these
cover, to see who came first (`in_time.py`). Service days are those under the present tariff; nothing is carried
between months.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pyarrow as pa

from jike.engines.rating.admission import Usage, check_prices
from jike.engines.rating.amounts import INT64_ROOM
from jike.engines.rating.backends import Backend, DuckDB
from jike.engines.rating.book import Book
from jike.engines.rating.cells import COUNTS, Cells, gathered
from jike.engines.rating.checks import check
from jike.engines.rating.columnar import people_of, sums_guarded
from jike.engines.rating.errors import AmountTooLarge
from jike.engines.rating.facts import Facts, Ints, check_members, distinct, facts_of
from jike.engines.rating.gathering import Gathering
from jike.engines.rating.in_time import PER_MILLE, FreeInTime, by_time, free_in_time, timed_items
from jike.engines.rating.lines import Pricer, by_owner
from jike.engines.rating.members import Month
from jike.engines.rating.pricing import Pricing, owners_table
from jike.engines.rating.problem import no_circles
from jike.engines.rating.settlement_columns import settle
from jike.engines.rating.tariff import Tariff


@dataclass(frozen=True)
class Choice:
    """Tariffs to choose from, the first being the present one, and the usage to judge them by.

    Raises
    ------
    TariffInvalid, UsageRefused, AmountTooLarge, ValueError
        A part is not sound.
    """

    tariffs: Sequence[Tariff]
    usage: Usage
    members: pa.Table
    months: Sequence[Month]
    circles: pa.Table = field(default_factory=no_circles)

    def __post_init__(self) -> None:
        check_members(self.members)
        check_prices(self.usage, self.tariffs)
        names = [tariff.name for tariff in self.tariffs]
        if not names or len(set(names)) != len(names):
            raise ValueError("the tariffs to compare need names of their own")
        for tariff in self.tariffs:
            check(tariff)


@dataclass(frozen=True)
class Comparison:
    """Totals in li of every member under every tariff, over all months together.

    Attributes
    ----------
    names
        The tariffs; the first is the present one.
    members
        Members in the order of the columns.
    member_totals
        Shape (tariffs, members): a member's own lines, without its customer's lines.
    totals
        Shape (tariffs,): what all customers pay, with their own fees and adjustments.
    """

    names: list[str]
    members: Ints
    member_totals: Ints
    totals: Ints

    def now_and_then(self) -> list[tuple[str, int, int]]:
        """Return for each tariff its total and the difference to the present one."""
        return [
            (name, int(total), int(total - self.totals[0]))
            for name, total in zip(self.names, self.totals, strict=True)
        ]

    def best_single(self) -> str:
        """Return the tariff with the lowest total; the earlier one of equals."""
        return self.names[int(self.totals.argmin())]

    def best_per_member(self) -> Ints:
        """Return the index of the cheapest tariff of each member; the earlier one of equals."""
        return self.member_totals.argmin(axis=0)


def compare(
    choice: Choice, *, scales: Sequence[int] = (PER_MILLE,), backend: Backend | None = None
) -> list[Comparison]:
    """Return one comparison for each scale of usage, in per mille (1000 is the usage as it was).

    Units of each member, month and cell of the rate book are scaled, cut down to whole units; the number and the
    order of records stay.

    Examples
    --------
    ``compare(choice, scales=[800, 1000, 1200])`` shows what a fifth less or more usage would change.
    """
    if backend is None:
        with DuckDB() as own:
            return compare(choice, scales=scales, backend=own)
    with sums_guarded():
        try:
            return _Comparing(choice, backend).run(scales)
        finally:
            backend.forget()


class _Comparing:
    """One pass over the records, and everything priced from its sums."""

    def __init__(self, choice: Choice, backend: Backend) -> None:
        self.choice, self.backend = choice, backend
        self.tariffs = [replace(tariff, effect=choice.tariffs[0].effect) for tariff in choice.tariffs]
        self.book = Book(self.tariffs, choice.months)
        self.facts: list[Facts] = [
            facts_of(self.tariffs[0], choice.members, month) for month in choice.months
        ]
        people = people_of(choice.members, choice.circles, self.facts, book=self.book)
        self.owners = [owners_table(tariff, self.facts, {}) for tariff in self.tariffs]
        self.gathering = Gathering(self.book, choice.usage, people, backend=backend)
        self.in_order: Any = None
        self.cells = gathered(
            self.book, choice.usage, self.facts, people=people, backend=backend, owners=self.owners[0]
        )
        self.members = distinct(np.concatenate([one.member for one in self.facts]))

    def run(self, scales: Sequence[int]) -> list[Comparison]:
        """Price every tariff at every scale."""
        names = [tariff.name for tariff in self.tariffs]
        found = []
        for scale in scales:
            cells = self.cells if scale == PER_MILLE else self._scaled(scale)
            rows = [self._priced(t, cells, scale) for t in range(len(names))]
            member_totals = np.stack([members for members, _ in rows])
            totals = np.array([total for _, total in rows], dtype=np.int64)
            found.append(Comparison(names, self.members, member_totals, totals))
        return found

    def _scaled(self, scale: int) -> Cells:
        """Return the sums scaled, cut towards zero."""

        def scaled(column: Ints) -> Ints:
            if int(np.abs(column).max(initial=0)) * scale > INT64_ROOM:
                raise AmountTooLarge(f"usage at {scale} per mille does not fit into int64")
            return np.sign(column) * (np.abs(column) * scale // PER_MILLE)

        sums = {n: column if n in COUNTS else scaled(column) for n, column in self.cells.sums.items()}
        return replace(self.cells, sums=sums)

    def _free_in_time(self, t: int, scale: int) -> FreeInTime | None:
        """Return what allowances spent in time order make free; the records they may cover are kept at first use."""
        if not by_time(self.tariffs[t]):
            return None
        if self.in_order is None:
            timed = [set(timed_items(tariff)) for tariff in self.tariffs]
            cells = [
                cell
                for cell, results in enumerate(self.book.cells)
                if any(i in items for (i, _), items in zip(results, timed, strict=True))
            ]
            records = self.gathering.records()
            self.in_order = self.backend.keep(records.filter(records.cell.isin(cells)))
        pricing = Pricing(self.book, t, self.backend, owners=self.backend.small(self.owners[t]))
        return free_in_time(pricing, self.gathering, self.in_order, owners=self.owners[t], scale=scale)

    def _priced(self, t: int, cells: Cells, scale: int) -> tuple[Ints, int]:
        """Return each member's total and the sum of all bills under one tariff."""
        tariff, owners, threads = self.tariffs[t], self.owners[t], self.backend.adds or 1
        in_time = self._free_in_time(t, scale)
        lines = Pricer(tariff, owners).of_cells(self.book, t, cells, threads=threads, in_time=in_time)
        charges = by_owner(tariff, lines, owners.num_rows)
        members, total, first = np.zeros(len(self.members), dtype=np.int64), 0, 0
        for facts in self.facts:
            rows = slice(first, first + len(facts.member))
            settled = settle(tariff, facts, {name: column[rows] for name, column in charges.items()})
            members[np.searchsorted(self.members, facts.member)] += settled.member_totals
            total += int(settled.customer_totals.sum())
            first = rows.stop
        return members, total


def break_even(
    choice: Choice, candidate: int, *, most: int = 8_000, backend: Backend | None = None
) -> int | None:
    """Return the smallest scale of usage (per mille, to 1 %) from which a candidate costs no more than now.

    None if it still costs more at `most`. The difference is taken to shrink as usage grows, as it does when the
    candidate has the higher fee and the lower prices; where it does not, the answer is one crossing of several.
    """
    if backend is None:
        with DuckDB() as own:
            return break_even(choice, candidate, most=most, backend=own)
    two = replace(choice, tariffs=[choice.tariffs[0], choice.tariffs[candidate]])

    with sums_guarded():
        try:
            comparing = _Comparing(two, backend)

            def dearer(scale: int) -> bool:
                now, then = comparing.run([scale])[0].totals
                return bool(then > now)

            if dearer(most):
                return None
            low, high = 0, most
            while high - low > PER_MILLE // 100:
                middle = (low + high) // 2
                low, high = (middle, high) if dearer(middle) else (low, middle)
            return high
        finally:
            backend.forget()
