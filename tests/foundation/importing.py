"""How the tests of imports send, map, check and run a file."""

import io

import xlsxwriter

from jike.apps.customers.pages.resources import CUSTOMERS
from jike.foundation.exchange import importing, uploads
from jike.foundation.models import ImportRun
from jike.foundation.scope import Actor

__all__ = [
    "HEADER",
    "checked",
    "imported",
    "mapped",
    "new_rows",
    "quiet",
    "received",
    "tallied",
    "text",
    "workbook",
]

HEADER = ("客户编码", "客户名称", "联系电话", "所属行业", "行政区划")


def quiet(done: int, total: int | None = None, sentence: str = "") -> None:
    """Take the place of the job's own report."""


def workbook(*rows, title: tuple = ()) -> io.BytesIO:
    """Return a workbook of these rows, below a title where one is given."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True, "strings_to_formulas": False}) as book:
        sheet = book.add_worksheet("客户")
        for place, row in enumerate([*([title] if title else []), *rows]):
            sheet.write_row(place, 0, row)
    content.seek(0)
    return content


def text(*rows, encoding: str = "utf-8", mark: str = ",") -> io.BytesIO:
    """Return text of these rows."""
    return io.BytesIO("\r\n".join(mark.join(row) for row in rows).encode(encoding))


def received(actor: Actor, content: io.BytesIO, name: str = "客户.xlsx") -> ImportRun:
    """Send a file into the list of customers."""
    return uploads.receive(CUSTOMERS, name, content, actor=actor)


def mapped(actor: Actor, run: ImportRun, *, mode: str = "both", key: str = "code") -> ImportRun:
    """Take the columns as they are proposed."""
    uploads.map_columns(run, CUSTOMERS, dict(run.columns), actor=actor, mode=mode, key=key)
    return run


def checked(actor: Actor, run: ImportRun) -> ImportRun:
    """Let the job check the rows."""
    importing.start_check(run, actor=actor)
    importing.check_import(task=str(run.task), progress=quiet)
    run.refresh_from_db()
    return run


def imported(actor: Actor, run: ImportRun) -> ImportRun:
    """Let the jobs check and store the rows."""
    checked(actor, run)
    importing.start_run(run, actor=actor)
    importing.run_import(task=str(run.task), progress=quiet)
    run.refresh_from_db()
    return run


def new_rows(count: int) -> list[tuple[str, ...]]:
    """Return rows of customers that do not exist."""
    return [
        (f"IM{n:05}", f"闽江{n}号制造有限公司", "0591-87654321", "汽车制造业", "350102") for n in range(count)
    ]


def tallied(run: ImportRun) -> tuple[int, ...]:
    """Return created, updated, unchanged, refused, which add up to the rows read."""
    counts = run.counts
    found = tuple(counts[name] for name in ("created", "updated", "unchanged", "refused"))
    assert counts["read"] == sum(found), counts
    return found
