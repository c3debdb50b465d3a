"""Files in and out at size: customers from a workbook, members by the million, an export of twenty columns.

Beside each transfer a browser looks at the list of customers, as its users go on doing.
"""

import datetime as dt
import random
import statistics
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import xlsxwriter

__all__ = ["run"]

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
LOOK_EVERY = 0.2


def run(
    report: Any,
    *,
    customers: int = 100_000,
    members: int = 1_000_000,
    exported: int = 100_000,
    **_others: Any,
) -> None:
    """Measure with so many rows of each."""
    from benchmarks.ground.people import make_organisation
    from benchmarks.ground.served import PASSWORD, served, sign_in
    from benchmarks.scratch import scratch_database

    report.size("customers imported", customers)
    report.size("members joined and left", members)
    report.size("rows exported", exported)
    with scratch_database() as name, tempfile.TemporaryDirectory() as folder:
        from django.conf import settings
        from django.utils import timezone

        from jike.apps.organisation.models import Person

        settings.ATTACHMENTS_FOLDER, settings.EXPORT_RELEASE_ROWS = Path(folder), 0
        organisation = make_organisation(report)
        person = Person.objects.get(pk=organisation.people[0])
        person.set_password(PASSWORD)
        Person.objects.filter(pk=person.pk).update(
            password=person.password, must_change_password=False, password_set_at=timezone.now()
        )
        with served(name) as (address, _process):
            browser, _time = sign_in(address, person.staff_no)
            with looking(browser, f"{address}/customers/") as times:
                _import(report, person, customers, folder=Path(folder))
                _members(report, person, members, folder=Path(folder))
                _export(report, person, exported)
        found = statistics.quantiles(times, n=20)[-1] * 1000
        report.figure("list of customers meanwhile, p95", found, "ms", goal=150, higher_is_better=False)


@contextmanager
def looking(browser: Any, address: str) -> Iterator[list[float]]:
    """Look at a page again and again while the block runs; give how long each look took, in seconds."""
    times: list[float] = []
    ended = threading.Event()

    def look() -> None:
        while not ended.wait(LOOK_EVERY):
            begin = time.perf_counter()
            browser.open(address).read()
            times.append(time.perf_counter() - begin)

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield times
    finally:
        ended.set()
        thread.join()


def _import(report: Any, person: Any, rows: int, *, folder: Path) -> None:
    from jike.apps.customers.pages.resources import CUSTOMERS
    from jike.foundation.directory import actor_of
    from jike.foundation.exchange.unattended import How, read_in, take_in

    path, actor = folder / "customers.xlsx", actor_of(person.uid)
    if actor is None:
        raise LookupError("the bench's person cannot sign in")
    _write_customers(path, rows)
    begin = time.perf_counter()
    with path.open("rb") as content:
        run = read_in(CUSTOMERS, path.name, content, how=How(), actor=actor)
    read = time.perf_counter()
    take_in(run, CUSTOMERS, actor=actor, dry_run=True)
    checked = time.perf_counter()
    tally = take_in(run, CUSTOMERS, actor=actor)
    ended = time.perf_counter()
    if tally.created != rows:
        raise LookupError(f"{tally.counts()}: {run.problems[:3]}")
    report.figure("workbook read, columns recognised", rows / (read - begin), "rows/s")
    report.figure("checked, with near doubles", rows / (checked - read), "rows/s")
    report.figure("stored, with history and search index", rows / (ended - checked), "rows/s")
    report.figure(
        "customers imported, read and stored", rows / (ended - checked + read - begin), "rows/s", goal=5000
    )
    report.figure("customers imported, with the check before", rows / (ended - begin), "rows/s")


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


def _members(report: Any, person: Any, rows: int, *, folder: Path) -> None:
    from jike.apps.customers import actions, queries
    from jike.apps.customers.models import Customer
    from jike.foundation.directory import actor_of

    actor, path = actor_of(person.uid), folder / "members.csv"
    if actor is None:
        raise LookupError("the bench's person cannot sign in")
    codes = list(Customer.objects.values_list("code", flat=True)[:5_000])
    with path.open("w", encoding="utf-8") as lines:
        lines.write("客户编码,手机号码,短号,部门,合约,合约到期\n")
        for row in range(rows):
            number = f"{(138, 139, 150, 187)[row % 4]}{row:08}"
            lines.write(
                f"{codes[row % len(codes)]},{number},6{row % 1000:03},信息部,集团V网套餐,2027-06-30\n"
            )
    for kind, said in (("join", "members joined"), ("leave", "members left")):
        begin = time.perf_counter()
        with path.open("rb") as content:
            batch = actions.receive_members(kind, path.name, content, actor=actor, day=dt.date(2026, 11, 1))
        stored = actions.store_members(batch, queries.member_lines(batch), actor=actor)
        if stored.done != rows:
            raise LookupError(f"{stored}")
        report.figure(said, rows / (time.perf_counter() - begin), "rows/s", goal=20_000)


def _export(report: Any, person: Any, rows: int) -> None:
    from jike.apps.customers.models import Customer
    from jike.apps.customers.pages.resources import CUSTOMERS
    from jike.foundation.directory import actor_of
    from jike.foundation.exchange import FileType, export_rows, order_export
    from jike.foundation.resource.state import read_state

    actor = actor_of(person.uid)
    if actor is None or Customer.objects.count() < rows:
        raise LookupError("there are fewer customers than are to be exported")
    state = read_state(CUSTOMERS, {"columns": ",".join(EXPORTED), "scope": "all"}, actor)
    for file_type in FileType:
        begin = time.perf_counter()
        task = order_export(CUSTOMERS, state, file_type, actor=actor)
        export_rows(task=str(task.uid), progress=lambda done, total=None, sentence="": None)
        spent = time.perf_counter() - begin
        goal = 25 if rows == 100_000 else None
        report.figure(
            f"export of {rows:,} × 20 as .{file_type}", spent, "s", goal=goal, higher_is_better=False
        )
