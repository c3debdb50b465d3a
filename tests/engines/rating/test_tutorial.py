"""Every worked example of the tutorial comes out as its page says, by both executions, in both languages."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from jike.engines import rating
from jike.engines.rating.reading import money, ratio
from jike.engines.rating.usage import micros
from tests.engines.rating.portfolios import MONTH, admitted

PAGES = Path(__file__).parents[3] / "docs" / "reference"


def examples() -> Iterator[tuple[str, str, str]]:
    for page in ("rating.md", "rating.zh-CN.md"):
        for title, block in re.findall(r"## ([^\n]+)\n[^`]*?```yaml\n(.*?)```", text_of(page), re.S):
            yield page, title, block


def text_of(page: str) -> str:
    return (
        (PAGES / page)
        .read_text(encoding="utf-8")
        .replace("`next_month`", "")
        .replace("`band_kind: volume`", "")
    )


def record(number: int, row: dict[str, Any]) -> rating.Record:
    peer = row.get("number")
    return rating.Record(
        number,
        row["member"],
        int(rating.Service[row["service"].upper()]),
        micros(rating.instant(row["start"])),
        row["quantity"],
        rating.peer_code(peer) if peer else None,
        peer,
        row.get("credit", False),
    )


@pytest.fixture(scope="module")
def duck() -> Iterator[rating.DuckDB]:
    with rating.DuckDB(threads=1, memory_mb=300) as backend:
        yield backend


@pytest.mark.parametrize("block", [pytest.param(b, id=t) for page, t, b in examples() if page == "rating.md"])
def test_the_page_tells_the_bill(block: str, duck: rating.DuckDB, tmp_path: Path) -> None:
    page = yaml.safe_load(block)
    tariff = rating.loads(yaml.safe_dump(page["tariff"], allow_unicode=True))
    people = [rating.Member(**{**m, "circle": tuple(m.get("circle", ()))}) for m in page["members"]]
    found = [record(n, row) for n, row in enumerate(page.get("usage", ()))]
    carried = {(c["owner"], c["allowance"]): c["units"] for c in page.get("carried", ())}
    bill = rating.Reference(tariff, people, MONTH, carried=carried).bill(found)
    assert not bill.unrated
    lines: dict[str, int] = defaultdict(int)
    for (_, _, name), charge in bill.lines.items():
        lines[name] += charge
    assert dict(lines) == {name: money(text) for name, text in page["bill"].items()}
    paid: dict[str, int] = defaultdict(int)
    for (_, _, payer, _), charge in bill.paid.items():
        paid[payer] += charge
    if "paid" in page:
        assert dict(paid) == {payer: money(text) for payer, text in page["paid"].items()}
    if "taxes" in page:
        rates = {ratio(rate): tuple(map(money, sums)) for rate, sums in page["taxes"].items()}
        assert {rate: sums for (_, member, rate), sums in bill.taxes.items() if member} == rates
    problem = rating.Problem(
        tariff,
        admitted(found, str(tmp_path)),
        rating.table_of(people),
        MONTH,
        rating.circles_of(people),
        carried,
    )
    assert rating.rate(problem, backend=duck).total == sum(bill.lines.values())


def test_the_lines_of_python_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (code,), (same,) = (
        re.findall(r"```python\n(.*?)```", (PAGES / page).read_text(encoding="utf-8"), re.S)
        for page in ("rating.md", "rating.zh-CN.md")
    )
    assert code == same
    monkeypatch.chdir(tmp_path)
    exec(code, {})  # noqa: S102 - the page's own lines


def test_both_pages_hold_the_same_examples() -> None:
    blocks = {
        name: [block for page, _, block in examples() if page == name]
        for name in ("rating.md", "rating.zh-CN.md")
    }
    assert blocks["rating.md"] == blocks["rating.zh-CN.md"]
    assert len(blocks["rating.md"]) == 29
