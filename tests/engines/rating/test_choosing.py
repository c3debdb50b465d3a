"""Comparing many tariffs in one pass gives what rating each of them gives; mixes are the best there are."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import product
from pathlib import Path

import numpy as np
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from jike.engines import rating
from jike.engines.rating.comparing import Choice, break_even, compare
from jike.engines.rating.generator import Shape, generate
from jike.engines.rating.optimising import NoMix, Offer, cheapest_mix, most_profitable_mix

PREFIXES = ["0571", "010", "138", "1390571"]
NOW = rating.loads("""
name: now
zones: [{name: near, prefixes: ["0571", "138"]}, {name: far, prefixes: ["010", "1390571"]}]
items:
  - {name: near, service: voice, per: 60, minimum: 60, step: 6, rules: [{zones: [near], price: "0.15"}]}
  - {name: far, service: voice, per: 60, minimum: 60, step: 6, rules: [{zones: [far], price: "0.31"}]}
fees: [{name: rent, price: "5"}]
""")
FLAT = rating.loads("""
name: flat
items: [{name: calls, service: voice, per: 60, minimum: 60, step: 60, price: "0.07"}]
allowances: [{name: free, of: [calls], quantity: 600}]
fees: [{name: rent, price: "29"}]
""")
FIRST_COME = rating.loads("""
name: first come
items:
  - {name: calls, service: voice, per: 60, minimum: 60, step: 60, price: "0.09"}
  - {name: data, service: data, per: 1024, price: "0.01"}
allowances:
  - {name: pool, of: [calls], quantity: 900, pooled: true, spend: time}
  - {name: own, of: [data], quantity: 5000}
fees: [{name: rent, price: "15"}]
""")
BYTES = rating.loads("""
name: bytes
items: [{name: data, service: data, per: 1024, price: "0.29"}]
allowances: [{name: pool, of: [data], quantity: 30000, pooled: true, spend: time}]
""")
MONTHS = [rating.Month(2026, 2), rating.Month(2026, 3)]


@pytest.fixture(scope="module")
def duck() -> Iterator[rating.DuckDB]:
    with rating.DuckDB(threads=1, memory_mb=300) as backend:
        yield backend


@pytest.fixture(scope="module")
def choice(tmp_path_factory: pytest.TempPathFactory) -> Choice:
    folder = tmp_path_factory.mktemp("usage")
    first, _ = (generate(folder, month, Shape(2_000, 20, PREFIXES, members_each=7)) for month in MONTHS)
    usage = rating.together([rating.admit(files) for files in rating.months_in(folder).values()])
    return Choice([NOW, FLAT, FIRST_COME], usage, first, MONTHS)


def test_a_comparison_equals_the_bills_it_replaces(choice: Choice, duck: rating.DuckDB) -> None:
    found = compare(choice, backend=duck)[0]
    for t, tariff in enumerate(choice.tariffs):
        total = 0
        for month in MONTHS:
            files = [f for f in choice.usage.files if f"month={month}" in f]
            total += rating.rate(
                rating.Problem(tariff, rating.admit(files), choice.members, month), backend=duck
            ).total
        assert found.totals[t] == total
    assert found.now_and_then()[0] == ("now", found.totals[0], 0)
    assert found.best_single() == ["now", "flat", "first come"][int(found.totals.argmin())]
    best = found.member_totals[found.best_per_member(), np.arange(len(found.members))].sum()
    assert best <= found.member_totals.sum(axis=1).min()


def test_twice_the_usage_costs_what_records_twice_as_large_do_first_come_first_served(
    tmp_path: Path, duck: rating.DuckDB
) -> None:
    people = generate(tmp_path, MONTHS[1], Shape(500, 9, PREFIXES, members_each=4))
    small = tmp_path / "month=2026-03" / "usage-0000.parquet"
    table = pq.read_table(small)
    double = pc.multiply(table["quantity"], 2)
    at = table.schema.get_field_index("quantity")
    pq.write_table(table.set_column(at, "quantity", double), tmp_path / "double.parquet")
    one, two = (
        Choice([BYTES], rating.admit([f]), people, MONTHS[1:]) for f in (small, tmp_path / "double.parquet")
    )
    scaled, plain = compare(one, scales=[2_000], backend=duck)[0], compare(two, backend=duck)[0]
    assert (scaled.member_totals == plain.member_totals).all()
    assert 0 < plain.totals[0] > 2 * compare(one, backend=duck)[0].totals[0]


def test_more_use_makes_the_flat_tariff_worth_it(choice: Choice, duck: rating.DuckDB) -> None:
    even = break_even(choice, 1, most=2_560, backend=duck)
    assert even is not None
    under, over = (c.totals for c in compare(choice, scales=[even - 20, even], backend=duck))
    assert under[1] > under[0]
    assert over[1] <= over[0]


def test_usage_with_doubled_ids_is_not_compared(tmp_path: Path) -> None:
    table = pq.read_table(generated(tmp_path))
    pq.write_table(table, tmp_path / "twice.parquet")
    usage = rating.admit([generated(tmp_path), tmp_path / "twice.parquet"])
    with pytest.raises(rating.UsageRefused, match="record 1 occurs more than once"):
        rating.together([usage])


def generated(folder: Path) -> Path:
    generate(folder, MONTHS[1], Shape(50, 5, PREFIXES))
    return folder / "month=2026-03" / "usage-0000.parquet"


offers = st.integers(1, 4).flatmap(
    lambda members: st.tuples(
        *(st.lists(st.integers(0, 50), min_size=3 * members, max_size=3 * members) for _ in "pc")
    )
)


@settings(max_examples=20, deadline=None)
@given(offers, st.integers(0, 9_000), st.integers(0, 120))
def test_no_mix_is_better_than_the_one_chosen(
    numbers: tuple[list[int], list[int]], floor: int, rival: int
) -> None:
    prices, costs = (np.array(column, dtype=np.int64).reshape(3, -1) for column in numbers)
    offer = Offer(["now", "a", "b"], prices, costs)
    every = [np.array(mix) for mix in product(range(3), repeat=prices.shape[1])]
    at = np.arange(prices.shape[1])
    sums = [(int(prices[m, at].sum()), int(costs[m, at].sum())) for m in every]
    cheap = [p for p, c in sums if p * (10_000 - floor) >= c * 10_000]
    if cheap:
        assert cheapest_mix(offer, margin_floor=floor).price == min(cheap)
    else:
        with pytest.raises(NoMix, match="highest margin"):
            cheapest_mix(offer, margin_floor=floor)
    below = [p - c for p, c in sums if p <= rival]
    if below:
        assert most_profitable_mix(offer, rival_price=rival).margin == max(below)
    else:
        with pytest.raises(NoMix, match="cheapest mix costs"):
            most_profitable_mix(offer, rival_price=rival)


def test_the_same_seed_generates_the_same_usage(tmp_path: Path) -> None:
    for name in ("a", "b"):
        generate(tmp_path / name, MONTHS[1], Shape(500, 5, PREFIXES, peers=True))
    one, two = (
        pq.read_table(tmp_path / name / "month=2026-03" / "usage-0000.parquet") for name in ("a", "b")
    )
    assert one.equals(two)
    assert one.schema.names == rating.SCHEMA.names


def test_the_command_writes_whole_months_and_sums_agree(tmp_path: Path) -> None:
    from jike.site.commands.rate import rate

    plan = tmp_path / "plan.yaml"
    plan.write_text(
        'name: p\nitems: [{name: calls, service: voice, price: "0.01"}]\n'
        "allowances: [{name: free, of: [calls], quantity: 100, rolls_over: true}]\n",
        encoding="utf-8",
    )
    options = ["--tariff", plan, "--usage", tmp_path / "in", "--out", tmp_path / "out", "--itemised"]
    more = ["--generate", "300", "--generate-members", "4"]
    done = CliRunner().invoke(rate, [*map(str, options), *more])
    assert done.exit_code == 0, done.output
    assert "2026-03: 300 read" in done.output
    month = tmp_path / "out" / "month=2026-03"
    lines, paid = (
        pq.read_table(month / f"{name}.parquet")["charge"].to_pylist() for name in ("lines", "paid")
    )
    items = pq.read_table(month / "itemised")["charge"].to_pylist()
    assert sum(lines) == sum(paid) == sum(items) > 0
    assert not [p for p in (tmp_path / "out").iterdir() if p.name.startswith(".")]


def test_the_command_names_what_is_wrong(tmp_path: Path) -> None:
    from jike.site.commands.rate import rate

    plan = tmp_path / "plan.yaml"
    plan.write_text("name: p\nfess: []\n", encoding="utf-8")
    (tmp_path / "in" / "month=2026-03").mkdir(parents=True)
    pq.write_table(
        rating.table_of([rating.Member(1, 1, date(2026, 1, 1))]), tmp_path / "in" / "members.parquet"
    )
    options = ["--tariff", plan, "--usage", tmp_path / "in", "--out", tmp_path / "out"]
    done = CliRunner().invoke(rate, list(map(str, options)))
    assert done.exit_code == 1
    assert "plan.yaml: unknown key 'fess'; fees is meant?" in done.output
