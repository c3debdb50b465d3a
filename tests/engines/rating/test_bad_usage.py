"""No wrong total ever comes out silently: bad records are counted by reason, bad files refused by name."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from jike.engines import rating
from jike.engines.rating.usage import micros, table_of_records
from tests.engines.rating.portfolios import MONTH, admitted

PLAN = rating.loads("""
name: plain
zones: [{name: near, prefixes: ["0571"]}]
items:
  - {name: calls, service: voice, per: 60, minimum: 60, step: 6, rules: [{zones: [near], price: "0.15"}]}
  - {name: data, service: data, price: "0.001"}
largest: {voice: 86400}
""")
PEOPLE = [rating.Member(1, 1, date(2026, 1, 1)), rating.Member(2, 1, date(2026, 3, 10), date(2026, 3, 20))]
NEAR = rating.peer_code("057112345678")


def at(text: str) -> int:
    return micros(rating.instant(text))


NOON = at("2026-03-15T12:00:00+08:00")


@pytest.fixture(scope="module")
def duck() -> Iterator[rating.DuckDB]:
    with rating.DuckDB(threads=1, memory_mb=300) as backend:
        yield backend


def outcome(found: list[rating.Record], duck: rating.DuckDB, folder: Path) -> tuple[dict[str, int], int]:
    """Rate in both ways, which must agree, and return reasons and total."""
    plain = rating.Reference(PLAN, PEOPLE, MONTH, carried={}).bill(found)
    problem = rating.Problem(PLAN, admitted(found, str(folder)), rating.table_of(PEOPLE), MONTH)
    columns = rating.rate(problem, backend=duck)
    assert columns.unrated == plain.unrated
    assert columns.rated + sum(columns.unrated.values()) == columns.read == len(found)
    assert columns.total == sum(plain.lines.values())
    return columns.unrated, columns.total


def call(number: int, **changed: object) -> rating.Record:
    return rating.Record(number, 1, 1, NOON, 60, NEAR)._replace(**changed)


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"quantity": -1}, "negative_quantity"),
        ({"quantity": 0}, "zero_quantity"),
        ({"quantity": 86_401}, "quantity_too_large"),
        ({"quantity": None}, "missing_value"),
        ({"member": None}, "missing_value"),
        ({"start": None}, "missing_value"),
        ({"id": None}, "missing_value"),
        ({"service": 4}, "unknown_service"),
        ({"member": 77}, "unknown_member"),
        ({"member": -77}, "unknown_member"),
        ({"peer_code": None}, "no_zone"),
        ({"peer_code": rating.peer_code("0579")}, "no_zone"),
        ({"peer_code": -5}, "no_zone"),
        ({"member": 2, "start": at("2026-03-09T23:59:59+08:00")}, "member_not_active"),
        ({"member": 2, "start": at("2026-03-21T00:00:00+08:00")}, "member_not_active"),
        ({"start": at("2026-02-28T23:59:59+08:00")}, "outside_period"),
        ({"start": at("2026-04-01T00:00:00+08:00")}, "outside_period"),
    ],
)
def test_a_bad_record_is_counted_under_its_reason(
    changed: dict[str, object], reason: str, duck: rating.DuckDB, tmp_path: Path
) -> None:
    assert outcome([call(1), call(2, **changed)], duck, tmp_path) == ({reason: 1}, 150)


def test_month_ends_are_those_of_the_tariffs_time_zone(duck: rating.DuckDB, tmp_path: Path) -> None:
    first, last = at("2026-02-28T16:00:00+00:00"), at("2026-03-31T15:59:59.999999+00:00")
    assert outcome([call(1, start=first), call(2, start=last)], duck, tmp_path) == ({}, 300)


def test_one_copy_of_a_doubled_id_is_rated_whichever_file_comes_first(
    duck: rating.DuckDB, tmp_path: Path
) -> None:
    copies = [call(1, quantity=120), call(2), call(1, quantity=60), call(1, quantity=60)]
    for n, order in enumerate((copies, copies[::-1])):
        (tmp_path / str(n)).mkdir()
        assert outcome(order, duck, tmp_path / str(n)) == ({"duplicate_id": 2}, 300)


def test_a_credit_gives_back_what_the_use_cost(duck: rating.DuckDB, tmp_path: Path) -> None:
    assert outcome([call(1, quantity=61), call(2, quantity=61, credit=True)], duck, tmp_path) == ({}, 0)


def test_leap_seconds_and_leap_days_are_instants_like_others() -> None:
    assert rating.instant("2016-12-31T23:59:60Z") < rating.instant("2017-01-01T00:00:00Z")
    assert rating.Month(2024, 2).days == 29
    with pytest.raises(ValueError, match="offset"):
        rating.instant("2026-03-01T00:00:00")


def test_an_unbelievable_quantity_is_refused_at_load_with_the_record(tmp_path: Path) -> None:
    with pytest.raises(rating.AmountTooLarge, match="record 7: quantity 9,223,372,036,854,775,807"):
        admitted([call(6), call(7, quantity=2**63 - 1)], str(tmp_path))


def test_a_product_beyond_int64_is_refused_with_the_record(tmp_path: Path) -> None:
    dear = rating.loads("name: dear\nitems: [{name: data, service: data, price: '9000000'}]")
    usage = admitted([call(3, service=3, quantity=10**9)], str(tmp_path))
    with pytest.raises(rating.AmountTooLarge, match="record 3: .* price of data"):
        rating.Problem(dear, usage, rating.table_of(PEOPLE), MONTH)
    with pytest.raises(rating.AmountTooLarge, match="record 3"):
        rating.Reference(dear, PEOPLE, MONTH, carried={}).bill([call(3, service=3, quantity=10**9)])


def test_a_sum_beyond_int64_is_refused(duck: rating.DuckDB, tmp_path: Path) -> None:
    dear = rating.loads(
        "name: dear\nitems: [{name: data, service: data, price: '100000', round: {at: bill}}]"
    )
    many = [call(n, service=3, quantity=4 * 10**7) for n in range(4)]
    problem = rating.Problem(dear, admitted(many, str(tmp_path)), rating.table_of(PEOPLE), MONTH)
    with pytest.raises(rating.AmountTooLarge, match="int64"):
        rating.rate(problem, backend=duck)
    with pytest.raises(rating.AmountTooLarge, match="int64"):
        rating.Reference(dear, PEOPLE, MONTH, carried={}).bill(many)


def write(table: pa.Table, folder: Path, name: str = "a.parquet") -> Path:
    pq.write_table(table, folder / name)
    return folder / name


def test_a_truncated_file_is_refused_by_name(tmp_path: Path) -> None:
    whole = write(table_of_records([call(n) for n in range(1000)]), tmp_path)
    cut = tmp_path / "cut.parquet"
    cut.write_bytes(whole.read_bytes()[:-100])
    (tmp_path / "empty.parquet").touch()
    with pytest.raises(rating.UsageRefused) as caught:
        rating.admit([whole, cut, tmp_path / "empty.parquet"])
    assert [p.split(": ")[1].split(" (")[0] for p in caught.value.problems] == [
        "not a whole Parquet file"
    ] * 2
    assert "cut.parquet" in caught.value.problems[0]


def test_a_half_written_file_in_a_month_is_refused(tmp_path: Path) -> None:
    month = tmp_path / "month=2026-03"
    month.mkdir()
    (month / "usage.parquet.part").touch()
    with pytest.raises(
        rating.UsageRefused, match=r"usage.parquet.part: not a .parquet file; was it half written"
    ):
        rating.months_in(tmp_path)


@pytest.mark.parametrize(
    ("column", "values", "sentence"),
    [
        (
            "quantity",
            pa.array(["60", "sixty"]),
            "column quantity must be int64, not string; record 2 holds 'sixty'",
        ),
        ("quantity", pa.array([60.0, 1.5]), "column quantity must be int64, not double"),
        ("start", pa.array([1, 2]), "column start must be timestamp"),
        ("colour", pa.array([1, 2]), "unknown column 'colour'"),
    ],
)
def test_another_schema_is_refused_by_column(
    column: str, values: pa.Array, sentence: str, tmp_path: Path
) -> None:
    table = table_of_records([call(1), call(2)])
    place = table.schema.get_field_index(column)
    table = table.set_column(place, column, values) if place >= 0 else table.append_column(column, values)
    with pytest.raises(rating.UsageRefused) as caught:
        rating.admit([write(table, tmp_path)])
    assert sentence in caught.value.problems[0]


def test_a_missing_column_is_refused(tmp_path: Path) -> None:
    table = table_of_records([call(1)]).drop_columns(["credit"])
    with pytest.raises(rating.UsageRefused, match=r"column credit \(bool\) is missing"):
        rating.admit([write(table, tmp_path)])


def test_members_listed_twice_are_refused(tmp_path: Path) -> None:
    usage = admitted([call(1)], str(tmp_path))
    with pytest.raises(rating.UsageRefused, match="member 1 is listed twice"):
        rating.Problem(PLAN, usage, rating.table_of([PEOPLE[0], PEOPLE[0]]), MONTH)


def test_a_month_without_usage_still_bills_its_fees(duck: rating.DuckDB, tmp_path: Path) -> None:
    rent = rating.loads("name: rent\nfees: [{name: rent, price: '30'}]")
    problem = rating.Problem(rent, admitted([], str(tmp_path)), rating.table_of(PEOPLE[:1]), MONTH)
    assert rating.rate(problem, backend=duck).total == 30_000
