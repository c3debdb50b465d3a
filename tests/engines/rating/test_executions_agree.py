"""The columnar execution says what the reference says, to the last li, on random tariffs and usage."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from jike.engines import rating
from jike.engines.rating import tariff as t
from jike.engines.rating.itemised import itemise
from tests.engines.rating import portfolios as p

SETTINGS = settings(
    max_examples=20,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[
        HealthCheck.too_slow,
        HealthCheck.filter_too_much,
        HealthCheck.function_scoped_fixture,
    ],
)


@pytest.fixture(scope="module")
def duck() -> Iterator[rating.DuckDB]:
    with rating.DuckDB(threads=1, memory_mb=300) as backend:
        yield backend


@SETTINGS
@given(p.tariffs(), p.members(), p.records())
def test_bills_are_the_same_to_the_last_unit(
    duck: rating.DuckDB, tariff: t.Tariff, people: list[rating.Member], found: list[rating.Record]
) -> None:
    plain, columns = p.both(tariff, people, found, duck)
    assert columns.unrated == plain.unrated
    assert (columns.read, columns.rated) == (plain.read, len(plain.rated))
    assert p.line_charges(columns) == plain.lines
    usage = {(u.records, u.units, u.free, u.charge, *key) for key, u in plain.usage.items()}
    assert {
        (r["records"], r["units"], r["free"], r["charge"], r["owner"], r["item"])
        for r in columns.usage.to_pylist()
    } == usage
    assert p.rows(columns.paid()) == {(*key, charge) for key, charge in plain.paid.items()}
    assert p.rows(columns.taxes()) == {(*key, *value) for key, value in plain.taxes.items()}
    assert columns.carried == plain.carried
    assert columns.total == sum(plain.lines.values()) == sum(plain.paid.values())


@SETTINGS
@given(p.tariffs(), p.members(), p.records())
def test_items_are_the_same_and_sum_to_the_bill(
    duck: rating.DuckDB, tariff: t.Tariff, people: list[rating.Member], found: list[rating.Record]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        problem = p.stated(tariff, people, found, folder)
        itemised = itemise(problem, f"{folder}/out", backend=duck)
        table = itemised.table().to_pylist()
    plain = rating.Reference(tariff, people, p.MONTH, carried=dict(problem.carried)).bill(found)
    assert itemised.unrated == plain.unrated
    assert {
        r["id"]: (r["member"], r["item"], r["rule"], r["units"], r["free"], r["charge"])
        for r in table
        if not r["reason"]
    } == {r.record.id: (r.record.member, r.item, r.rule, r.units, r.free, r.charge) for r in plain.rated}
    assert itemised.charge == sum(line.charge for line in plain.usage.values())
