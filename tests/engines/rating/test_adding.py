"""Sums that are added by address are those of the reference; what cannot be added so is grouped."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from hypothesis import given

from jike.engines import rating
from jike.engines.rating import tariff as t
from jike.engines.rating.adding import added
from jike.engines.rating.book import Book
from jike.engines.rating.columnar import people_of
from jike.engines.rating.facts import facts_of
from jike.engines.rating.lookups import Lookup, TooSpread
from jike.engines.rating.places import places_of
from jike.engines.rating.usage import table_of_records
from tests.engines.rating import portfolios as p
from tests.engines.rating.test_executions_agree import SETTINGS


@pytest.fixture(scope="module")
def duck() -> Iterator[rating.DuckDB]:
    with rating.DuckDB(threads=2, memory_mb=300) as backend:
        yield backend


def summable(tariff: t.Tariff) -> t.Tariff:
    """Return the tariff with one price an item, of the month's sum, the same for all parties."""
    items = []
    for item in tariff.items:
        rules = [replace(rule, parties=(), price=item.rules[0].price) for rule in item.rules]
        items.append(replace(item, rules=tuple(rules), whole=True))
    listed = tuple(replace(a, spend=t.Spend.LISTED) for a in tariff.allowances)
    return replace(tariff, items=tuple(items), allowances=listed)


@SETTINGS
@given(p.tariffs().map(summable), p.members(), p.records())
def test_added_bills_are_those_of_the_reference(
    duck: rating.DuckDB, tariff: t.Tariff, people: list[rating.Member], found: list[rating.Record]
) -> None:
    found = [one._replace(id=n if one.id is not None else None) for n, one in enumerate(found)]
    plain, columns = p.both(tariff, people, found, duck)
    assert columns.unrated == plain.unrated
    assert p.line_charges(columns) == plain.lines
    usage = {(u.records, u.units, u.free, u.charge, *key) for key, u in plain.usage.items()}
    assert {
        (r["records"], r["units"], r["free"], r["charge"], r["owner"], r["item"])
        for r in columns.usage.to_pylist()
    } == usage
    assert columns.carried == plain.carried


PLAN = rating.loads("""
name: bulk
items: [{name: data, service: data, per: 1000, price: "0.001", round: {to: li, at: bill}}]
""")
PEOPLE = [rating.Member(1, 1, date(2026, 1, 1)), rating.Member(2, 1, date(2026, 3, 10))]


@pytest.mark.parametrize("group", [500, 3_000])
def test_units_beyond_what_shares_a_number_with_the_count_are_kept_apart(group: int, tmp_path: Path) -> None:
    records = [rating.Record(n, 1, 3, p.END - 1, 10**12, credit=n % 3 == 0) for n in range(1, 3_000)]
    path = tmp_path / "usage.parquet"
    pq.write_table(table_of_records(records), path, row_group_size=group)
    result = rating.rate(rating.Problem(PLAN, rating.admit([path]), rating.table_of(PEOPLE), p.MONTH))
    assert result.usage.select(["records", "units"]).to_pylist() == [
        {"records": 2_999, "units": 1_001 * 10**12}
    ]


def test_records_that_are_surely_in_order_need_no_database(tmp_path: Path) -> None:
    records = [rating.Record(n, n, 3, p.BEGIN, 5) for n in (1, 2, 3)]
    usage = p.admitted(records, str(tmp_path))
    members = rating.table_of(PEOPLE)
    facts, book = [facts_of(PLAN, members, p.MONTH)], Book([PLAN], [p.MONTH])
    people = people_of(members, rating.circles_of(PEOPLE), facts, book=book)
    places = places_of(book, usage, facts, people=people)
    assert places is not None
    found = added(places, 1)
    assert found is not None
    assert (found.records.tolist(), found.inactive) == ([1], 1)
    assert found.odd["member"].to_pylist() == [3]


def test_numbers_are_found_in_blocks_far_apart_but_not_everywhere() -> None:
    keys = np.array([5, 13_800_000_000, 15_900_000_007])
    assert Lookup(keys).places(np.array([*keys, 6, -5, 2**62])).tolist() == [1, 2, 3, 0, 0, 0]
    with pytest.raises(TooSpread):
        Lookup(np.arange(1 << 19) * 2**24)
