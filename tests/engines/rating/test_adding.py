"""Records that are added and charged at their places come out as the reference says; what cannot be is grouped."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings

from jike.engines import rating
from jike.engines.rating import tariff as t
from jike.engines.rating.adding import added
from jike.engines.rating.book import Book
from jike.engines.rating.columnar import people_of
from jike.engines.rating.facts import facts_of
from jike.engines.rating.itemised import itemise
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


@settings(SETTINGS, max_examples=10)
@given(p.tariffs().map(summable), p.members(), p.records())
def test_records_charged_at_their_places_are_those_of_the_reference(
    duck: rating.DuckDB, tariff: t.Tariff, people: list[rating.Member], found: list[rating.Record]
) -> None:
    found = [one._replace(id=n if one.id is not None else None) for n, one in enumerate(found)]
    with tempfile.TemporaryDirectory() as folder:
        problem = p.stated(tariff, people, found, folder)
        assert_itemised_alike(problem, people, found, backend=duck)


def assert_itemised_alike(
    problem: rating.Problem,
    people: list[rating.Member],
    found: list[rating.Record],
    *,
    backend: rating.DuckDB | None = None,
) -> set[str]:
    """Compare with the reference and return the names of the files."""
    with tempfile.TemporaryDirectory() as folder:
        itemised = itemise(problem, folder, backend=backend)
        table, names = itemised.table().to_pylist(), {path.name for path in itemised.files}
        assert names == {path.name for path in Path(folder).iterdir()}
    plain = rating.Reference(problem.tariff, people, p.MONTH, carried=dict(problem.carried)).bill(found)
    assert itemised.unrated == plain.unrated
    assert {
        r["id"]: (r["member"], r["item"], r["rule"], r["units"], r["free"], r["charge"])
        for r in table
        if not r["reason"]
    } == {r.record.id: (r.record.member, r.item, r.rule, r.units, r.free, r.charge) for r in plain.rated}
    assert all((r["item"], r["units"], r["charge"]) == (-1, 0, 0) for r in table if r["reason"])
    assert itemised.charge == sum(line.charge for line in plain.usage.values())
    return names


MIXED = """
name: mixed
zones: [{name: near, prefixes: ["0571"]}, {name: far, prefixes: ["010"]}]
items:
  - {name: near, service: voice, per: 60, minimum: 60, step: 60, rules: [{zones: [near], price: "0.1"}]}
  - {name: far, service: voice, per: 60, minimum: 30, step: 30, rules: [{zones: [far], price: "0.3"}]}
  - name: messages
    service: message
    tiers: {kind: volume, bands: [{up_to: 3, price: "0.1"}, {up_to: 6, price: "0.08"}, {price: "0.07"}]}
  - {name: data, service: data, per: 50, minimum: 50, step: 50, price: "0.001", round: {to: li}}
"""
FREE = "allowances: [{name: free, of: [near], quantity: 200}]"


@pytest.mark.parametrize("more", ["", FREE])
@pytest.mark.parametrize("tiers", [True, False])
def test_each_way_of_a_line_charges_its_records_alike(tiers: bool, more: str, tmp_path: Path) -> None:
    tariff = rating.loads(MIXED + more)
    if not tiers:
        tariff = replace(tariff, items=tuple(i for i in tariff.items if not i.tiers))
    near, far, nowhere = (rating.peer_code(head) for head in ("0571", "010", "99"))
    calls = [(member, code, n) for member in (1, 2, 3, 4) for code in (near, far, nowhere) for n in range(3)]
    found = [
        rating.Record(n, member, 1, p.BEGIN + n * 10**9, 61 + 7 * n, code, credit=member == 2 and n % 5 == 0)
        for n, (member, code, _) in enumerate(calls)
    ]
    found += [rating.Record(100 + n, 1 + n % 2, 2, p.BEGIN + n, 1 + n % 2) for n in range(9)]
    found += [rating.Record(200 + n, 1 + n, 3, p.BEGIN + n, 10**11 + n) for n in range(3)]
    found += [rating.Record(None, 1, 3, p.BEGIN, 5), rating.Record(301, 1, 4, p.BEGIN, 5)]
    found += [rating.Record(302, 1, 3, p.BEGIN - 1, 5), rating.Record(303, 1, 3, p.BEGIN, 0)]
    people = [rating.Member(1, 1, date(2026, 1, 1)), rating.Member(2, 1, date(2026, 1, 1))]
    people.append(rating.Member(3, 2, date(2026, 3, 20)))
    problem = rating.Problem(tariff, p.admitted(found, str(tmp_path)), rating.table_of(people), p.MONTH)
    names = assert_itemised_alike(problem, people, found)
    ordered = {"ordered-0.parquet"} if tariff.running else set()
    assert names - {"direct-1.parquet"} == {"direct-0.parquet", "odd.parquet"} | ordered


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


def test_records_of_members_of_whom_none_is_served_are_all_refused(tmp_path: Path) -> None:
    later = [rating.Member(1, 1, date(2026, 4, 1)), rating.Member(2, 1, date(2026, 4, 2))]
    usage = p.admitted([rating.Record(n, n, 3, p.BEGIN, 5) for n in (1, 2, 3)], str(tmp_path))
    problem = rating.Problem(PLAN, usage, rating.table_of(later), p.MONTH)
    refused = {"member_not_active": 2, "unknown_member": 1}
    assert rating.rate(problem).unrated == itemise(problem, tmp_path / "out").unrated == refused


def test_numbers_are_found_in_blocks_far_apart_but_not_everywhere() -> None:
    keys = np.array([5, 13_800_000_000, 15_900_000_007])
    assert Lookup(keys).places(np.array([*keys, 6, -5, 2**62])).tolist() == [1, 2, 3, 0, 0, 0]
    with pytest.raises(TooSpread):
        Lookup(np.arange(1 << 19) * 2**24)
