"""Files in and out at size: customers from a workbook, members by the million, an export of twenty columns.

Beside each transfer a browser looks at the list of customers, as its users go on doing.
"""

import datetime as dt
import json
import random
import statistics
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import xlsxwriter
from django.utils import timezone

from benchmarks.transfer import apart
from benchmarks.transfer.stored import Province

__all__ = ["bring_in", "members", "take_out"]

HEADINGS = (
    *("客户编码", "客户名称", "联系电话", "所属行业", "行政区划", "客户简称", "联系地址", "员工人数"),
    *("注册资本", "成立日期", "法定代表人", "税号"),
)
SYLLABLES = "华东恒信盛达瑞丰宏图金山银海泰和安康中联新世纪大成天宇建业兴隆百川万通博远德邦佳美凯旋明珠启航飞跃光辉鼎盛"
TRADES, FORMS = (
    ("科技", "制造", "物流", "贸易", "食品", "建材", "电子", "机械"),
    (
        "有限公司",
        "股份有限公司",
        "集团有限公司",
    ),
)
REGIONS, INDUSTRIES = ("440106", "440304", "440103", "440605"), ("汽车制造业", "食品制造业", "零售业", "C39")
EXPORTED = (
    *("name", "grade", "service_level", "health", "owner", "region", "industry", "monthly_revenue", "state"),
    *("next_step", "code", "credit_code", "short_name", "unit", "deputy", "parent", "arrears", "lines"),
    *("size_class", "reach"),
)


@contextmanager
def looked_at(report: Any, there: Province, during: str) -> Iterator[None]:
    """Serve the database and look at the list of customers in a process of its own while the block runs."""
    from benchmarks.ground.served import PASSWORD, served

    person = there.person
    person.set_password(PASSWORD)
    type(person)._default_manager.filter(pk=person.pk).update(
        password=person.password, must_change_password=False, password_set_at=timezone.now()
    )
    context = get_context("spawn")
    with (
        served(there.database) as (address, _process),
        ProcessPoolExecutor(1, mp_context=context) as eyes,
        context.Manager() as shared,
    ):
        ended, begun = shared.Event(), shared.Event()
        times = eyes.submit(apart.look, address, person.staff_no, there.database, signals=(begun, ended))
        begun.wait(60)
        try:
            yield
        finally:
            ended.set()
        found = statistics.quantiles(times.result(), n=20)[-1] * 1000
    report.figure(f"list of customers during {during}, p95", found, "ms", goal=150, higher_is_better=False)


def _actor(there: Province) -> Any:
    from jike.foundation.directory import actor_of

    actor = actor_of(there.person.uid)
    if actor is None:
        raise LookupError("the bench's person cannot sign in")
    return actor


def bring_in(report: Any, there: Province, sizes: Mapping[str, int]) -> None:
    """Import a workbook as a program does, doubles looked for on the way; then check another as a person does."""
    from jike.apps.customers.pages.resources import CUSTOMERS
    from jike.foundation.exchange.unattended import How, read_in, take_in

    rows, path, actor = sizes["imported"], there.folder / "customers.xlsx", _actor(there)
    _write_customers(path, rows)
    with looked_at(report, there, "an import"):
        begin = time.perf_counter()
        with path.open("rb") as content:
            run = read_in(CUSTOMERS, path.name, content, how=How(), actor=actor)
        read = time.perf_counter()
        take_in(run, CUSTOMERS, actor=actor, dry_run=True)
        checked = time.perf_counter()
        with path.open("rb") as content:
            run = read_in(CUSTOMERS, path.name, content, how=How(), actor=actor)
        again = time.perf_counter()
        tally = take_in(run, CUSTOMERS, actor=actor)
        ended = time.perf_counter()
    if tally.created != rows or tally.doubles is None:
        raise LookupError(f"{tally.counts()}: {run.problems[:3]}")
    report.figure("workbook read, columns recognised", rows / (read - begin), "rows/s")
    report.figure("checked beforehand, with near doubles", rows / (checked - read), "rows/s")
    report.figure("stored, with near doubles, history and search index", rows / (ended - again), "rows/s")
    report.figure("customers imported from end to end", rows / (ended - checked), "rows/s", goal=5000)
    report.figure("the same with the check beforehand", rows / (checked - begin + ended - again), "rows/s")


def _write_customers(path: Path, rows: int) -> None:
    chance = random.Random(7)
    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
        sheet, day = book.add_worksheet("客户"), book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_row(0, 0, HEADINGS)
        for row in range(1, rows + 1):
            short = "".join(chance.choices(SYLLABLES, k=5))
            name = short + chance.choice(TRADES) + chance.choice(FORMS)
            phone, place = (
                f"020-{chance.randrange(20_000_000, 89_999_999)}",
                f"天河区{short[:2]}路{row % 900}号",
            )
            words = (
                f"BN{row:07}",
                name,
                phone,
                chance.choice(INDUSTRIES),
                chance.choice(REGIONS),
                short,
                place,
            )
            sheet.write_row(row, 0, (*words, chance.randrange(5, 9_000), chance.randrange(10, 99_999) * 1000))
            sheet.write_number(row, 9, chance.randrange(35_000, 45_000), day)
            sheet.write_row(row, 10, (short[:3], f"{chance.randrange(10**14, 10**15)}"))


def members(report: Any, there: Province, sizes: Mapping[str, int]) -> None:
    """Let a file of members join, and then leave."""
    from jike.apps.customers.models import Customer

    rows, path = sizes["members"], there.folder / "members.csv"
    codes = list(Customer.objects.values_list("code", flat=True)[:5_000])
    with path.open("w", encoding="utf-8") as lines:
        lines.write("客户编码,手机号码,短号,部门,合约,合约到期\n")
        for row in range(rows):
            number = f"{(138, 139, 150, 187)[row % 4]}{row:08}"
            lines.write(
                f"{codes[row % len(codes)]},{number},6{row // len(codes):04},信息部,集团V网套餐,2027-06-30\n"
            )
    with looked_at(report, there, "members' files"):
        for kind, said in (("join", "members joined"), ("leave", "members left")):
            begin = time.perf_counter()
            _take_members(kind, path, rows, actor=_actor(there))
            report.figure(said, rows / (time.perf_counter() - begin), "rows/s", goal=20_000)


def _take_members(kind: str, path: Path, rows: int, *, actor: Any) -> None:
    from jike.apps.customers import actions, queries

    with path.open("rb") as content:
        batch = actions.receive_members(kind, path.name, content, actor=actor, day=dt.date(2026, 11, 1))
    stored = actions.store_members(batch, queries.member_lines(batch), actor=actor)
    if stored.done != rows:
        raise LookupError(f"{stored}")


def take_out(report: Any, there: Province, sizes: Mapping[str, int]) -> None:
    """Export the customers of one unit, as a workbook and as text."""
    from jike.apps.customers.pages.resources import CUSTOMERS
    from jike.foundation.exchange import FileType, export_rows, order_export
    from jike.foundation.resource.state import read_state

    rows, actor = sizes["exported"], _actor(there)
    where = json.dumps([["unit", "in", [str(there.exported)]]])
    state = read_state(CUSTOMERS, {"columns": ",".join(EXPORTED), "scope": "all", "where": where}, actor)
    goal = 25 if rows == 100_000 else None
    with looked_at(report, there, "exports"):
        for file_type in FileType:
            begin = time.perf_counter()
            task = order_export(CUSTOMERS, state, file_type, actor=actor)
            export_rows(task=str(task.uid), progress=lambda done, total=None, sentence="": None)
            spent = time.perf_counter() - begin
            task.refresh_from_db()
            if not task.file or f"{rows:,}" not in task.sentence:
                raise LookupError(f"{task.state}: {task.sentence}")
            what = f"export of {rows:,} × 20 as .{file_type}"
            report.figure(what, spent, "s", goal=goal, higher_is_better=False)
