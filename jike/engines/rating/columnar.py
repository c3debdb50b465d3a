"""The columnar execution of a whole month: gather cells in one pass, price lines, settle."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from jike.engines.rating.amounts import INT64_ROOM
from jike.engines.rating.backends import Backend, DuckDB
from jike.engines.rating.book import Book
from jike.engines.rating.errors import AmountTooLarge
from jike.engines.rating.facts import Facts, Ints, facts_of
from jike.engines.rating.gathering import Gathering, People, partly_served
from jike.engines.rating.itemising import by_time, timed_lines
from jike.engines.rating.pricing import Pricing, atoms, owners_table, rooms, sums_by_owner
from jike.engines.rating.problem import Problem
from jike.engines.rating.reference import clipped
from jike.engines.rating.result import Result
from jike.engines.rating.settlement_columns import settle
from jike.engines.rating.tariff import Scope, Tariff
from jike.engines.rating.usage import Reason


def people_of(members: pa.Table, circles: pa.Table, facts: Sequence[Facts], *, book: Book) -> People:
    """Return the tables that records may have to be joined with."""
    group = pa.table({name: members[name] for name in ("member", "customer", "number")})
    return People(partly_served(list(facts), book.months, book.time_zone), group, circles)


@contextmanager
def sums_guarded() -> Iterator[None]:
    """Turn the database's refusal of an int64 overflow into the engine's own.

    Raises
    ------
    AmountTooLarge
        Some product or sum does not fit.
    """
    try:
        yield
    except (duckdb.OutOfRangeException, duckdb.ConversionException) as error:
        raise AmountTooLarge(f"a sum does not fit into int64: {str(error).splitlines()[0]}") from error


def rate(problem: Problem, *, backend: Backend | None = None) -> Result:
    """Return the bill of a month, computed over columns.

    Parameters
    ----------
    backend
        Where to compute; by default DuckDB in this process, for this call only.

    Raises
    ------
    AmountTooLarge
        A sum does not fit into int64; no total is given.
    """
    if backend is None:
        with DuckDB() as own:
            return rate(problem, backend=own)
    with sums_guarded():
        try:
            return _rated(problem, backend)
        finally:
            backend.forget()


def _rated(problem: Problem, backend: Backend) -> Result:
    tariff, month = problem.tariff, problem.month
    book = Book([tariff], [month])
    facts = facts_of(tariff, problem.members, month)
    owners = backend.small(owners_table(tariff, [facts], problem.carried))
    gathering = Gathering(
        book,
        problem.usage,
        people_of(problem.members, problem.circles, [facts], book=book),
        backend=backend,
    )
    pricing = Pricing(book, 0, backend, owners=owners)
    if by_time(tariff):
        records = backend.keep(gathering.records())
        cells = backend.keep(gathering.sums(records))
        lines = backend.keep(timed_lines(pricing, gathering, records))
    else:
        cells = backend.keep(gathering.sums())
        lines = backend.keep(pricing.lines(cells))
    sums = backend.arrow(sums_by_owner(tariff, lines))
    check_lines(tariff, backend, lines, sums=sums)
    unrated, rated = outcome(problem, book, backend, cells=cells, lines=lines, owners=owners)
    usage = usage_columns(tariff, sums, [facts])[0]
    return Result(
        tariff=tariff,
        month=month,
        read=problem.usage.records,
        rated=rated,
        unrated=unrated,
        usage=backend.arrow(lines.select("owner", "customer", "item", "records", "units", "free", "charge")),
        settled=settle(tariff, facts, usage),
        carried=carried_on(problem, facts, backend, lines=lines),
    )


def check_lines(tariff: Tariff, backend: Backend, lines: Any, *, sums: pa.Table) -> None:
    """Refuse lines whose units, at their item's top price, would leave int64.

    Mostly the largest line of all fits at the highest price of all; only else are the items looked at one by one.
    """
    most = pc.max(sums["most"]).as_py() or 0
    beside = max((item.minimum + item.step for item in tariff.items), default=0)
    if (most + beside) * max((item.top_price for item in tariff.items), default=0) <= INT64_ROOM:
        return
    by_item = lines.group_by("item").agg(most=lines.units.abs().max(), **_shared_most(lines))
    for row in backend.arrow(by_item).to_pylist():
        item = tariff.items[row["item"]]
        most = max(row["most"], row.get("shared") or 0)
        if (most + item.minimum + item.step) * max(item.top_price, 1) > INT64_ROOM:
            raise AmountTooLarge(f"item {item.name}: {most:,} units at its price do not fit into int64")


def _shared_most(lines: Any) -> dict[str, Any]:
    return {"shared": (lines.before.abs() + lines.total.abs()).max()} if "total" in lines.columns else {}


def outcome(
    problem: Problem, book: Book, backend: Backend, *, cells: Any, lines: Any, owners: Any
) -> tuple[dict[str, int], int]:
    """Return how many records were not rated by reason, and how many were."""
    book_cells = book.cells
    rated = backend.arrow(lines.aggregate(n=lines.records.sum())).column("n")[0].as_py() or 0
    counts = _counts(backend, cells)
    found: dict[str, int] = {}

    def add(reason: Reason, records: int) -> None:
        if records:
            name = reason.name.lower()
            found[name] = found.get(name, 0) + records

    add(Reason.DUPLICATE_ID, problem.usage.records - sum(counts.values()))
    valid = {cell: n for cell, n in counts.items() if cell >= 0}
    known = valid
    if sum(valid.values()) != rated:
        known = _counts(backend, cells.filter(cells.cell >= 0).semi_join(owners, "owner"))
    add(Reason.UNKNOWN_MEMBER, sum(valid.values()) - sum(known.values()))
    for cell, records in [*known.items(), *((c, n) for c, n in counts.items() if c < 0)]:
        if cell < 0 or book_cells[cell][0][0] < 0:
            add(Reason(cell if cell < 0 else book_cells[cell][0][0]), records)
    return found, int(rated)


def _counts(backend: Backend, cells: Any) -> dict[int, int]:
    rows = backend.arrow(cells.group_by("cell").agg(n=cells.records.sum())).to_pylist()
    return {row["cell"]: int(row["n"]) for row in rows}


def usage_columns(tariff: Tariff, sums: pa.Table, facts: Sequence[Facts]) -> list[dict[str, Ints]]:
    """Return for each month the usage charges by atom, in the order of its facts."""
    from jike.engines.rating.gathering import MONTH_STRIDE

    owner = sums["owner"].to_numpy()
    order = np.argsort(owner)
    owner = owner[order]
    found: list[dict[str, Ints]] = []
    columns = {name: sums[f"a{n}"].to_numpy()[order] for n, name in enumerate(atoms(tariff))}
    for index, one in enumerate(facts):
        wanted = one.member + index * MONTH_STRIDE
        at = np.minimum(np.searchsorted(owner, wanted), max(len(owner) - 1, 0))
        hit = owner[at] == wanted if len(owner) else np.zeros(len(wanted), dtype=np.bool_)
        found.append(
            {n: np.where(hit, c[at], 0) if len(c) else np.zeros_like(wanted) for n, c in columns.items()}
        )
    return found


def carried_on(problem: Problem, facts: Facts, backend: Backend, *, lines: Any) -> dict[tuple[int, str], int]:
    """Return what is left of allowances that roll over: never more than this month's own units."""
    tariff, found = problem.tariff, {}
    rolling = [a for a in tariff.allowances if a.rolls_over]
    if not rolling:
        return {}
    room = rooms(tariff, facts, problem.carried)
    index = {item.name: n for n, item in enumerate(tariff.items)}
    for allowance in rolling:
        pooled = allowance.scope is Scope.CUSTOMER
        mine = lines.filter(lines.item.isin([index[name] for name in allowance.items]))
        used = dict(
            _used(
                backend,
                mine,
                "customer" if pooled else "owner",
                column=f"free{tariff.allowances.index(allowance)}",
            )
        )
        own, total = room[allowance.name]
        owners = facts.customer if pooled else facts.member
        for owner, most, all_units in zip(owners.tolist(), own.tolist(), total.tolist(), strict=True):
            left = min(all_units - clipped(used.get(owner, 0), all_units), most)
            if left:
                found[owner, allowance.name] = left
    return found


def _used(backend: Backend, lines: Any, by: str, *, column: str) -> Iterator[tuple[int, int]]:
    for row in backend.arrow(lines.group_by(by).agg(n=lines[column].sum())).to_pylist():
        yield row[by], int(row["n"])
