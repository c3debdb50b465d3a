"""The columnar execution of a whole month: gather cells in one pass, price lines, settle."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

import duckdb
import pyarrow as pa

from jike.engines.rating.backends import Backend, DuckDB
from jike.engines.rating.book import Book
from jike.engines.rating.cells import gathered, unrated
from jike.engines.rating.errors import AmountTooLarge
from jike.engines.rating.facts import Facts, facts_of
from jike.engines.rating.gathering import Gathering, People, partly_served
from jike.engines.rating.in_time import by_time, free_in_time
from jike.engines.rating.lines import Pricer, by_owner, spent
from jike.engines.rating.pricing import Pricing, owners_table, rooms
from jike.engines.rating.problem import Problem
from jike.engines.rating.reference import clipped
from jike.engines.rating.result import Result
from jike.engines.rating.settlement_columns import settle
from jike.engines.rating.tariff import Scope


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
    owners = owners_table(tariff, [facts], problem.carried)
    people = people_of(problem.members, problem.circles, [facts], book=book)
    cells = gathered(book, problem.usage, [facts], people=people, backend=backend, owners=owners)
    in_time = None
    if by_time(tariff):
        gathering = Gathering(book, problem.usage, people, backend=backend)
        pricing = Pricing(book, 0, backend, owners=backend.small(owners))
        in_time = free_in_time(pricing, gathering, gathering.records(), owners=owners)
    pricer = Pricer(tariff, owners)
    lines = pricer.of_cells(book, 0, cells, threads=backend.adds or 1, in_time=in_time)
    table = lines.table(owners)
    return Result(
        tariff=tariff,
        month=month,
        read=problem.usage.records,
        rated=int(lines.records.sum()),
        unrated=unrated(book, cells),
        usage=table.select(["owner", "customer", "item", "records", "units", "free", "charge"]),
        settled=settle(tariff, facts, by_owner(tariff, lines, owners.num_rows)),
        carried=carried_on(problem, facts, spent(tariff, lines, owners)),
    )


def carried_on(
    problem: Problem, facts: Facts, used: Mapping[int, Mapping[int, int]]
) -> dict[tuple[int, str], int]:
    """Return what is left of allowances that roll over: never more than this month's own units."""
    tariff, found = problem.tariff, {}
    room = rooms(tariff, facts, problem.carried)
    for n, allowance in enumerate(tariff.allowances):
        if not allowance.rolls_over:
            continue
        own, total = room[allowance.name]
        owners = facts.customer if allowance.scope is Scope.CUSTOMER else facts.member
        for owner, most, all_units in zip(owners.tolist(), own.tolist(), total.tolist(), strict=True):
            left = min(all_units - clipped(used[n].get(owner, 0), all_units), most)
            if left:
                found[owner, allowance.name] = left
    return found
