"""Imports beyond plain rows: values said once, mappings kept, key persons beside customers, files that meet."""

import io
import os
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from python_calamine import CalamineWorkbook

from jike.apps.customers.models import Customer, KeyPerson
from jike.apps.customers.pages.resources import CUSTOMERS
from jike.foundation.audit import changing
from jike.foundation.customising import customised
from jike.foundation.errors import NotFound, RuleBroken
from jike.foundation.exchange import (
    importing,
    intake,
    running,
    saved_mappings,
    translating,
    unattended,
    uploads,
)
from jike.foundation.exchange.folder import DONE, take_in_folder
from jike.foundation.matching import rekey_all
from jike.foundation.models import Change, ImportRun, MatchKey, SearchEntry
from jike.foundation.search.rebuilding import index_all
from tests.foundation.importing import (
    HEADER,
    checked,
    imported,
    mapped,
    new_rows,
    quiet,
    received,
    tallied,
    text,
    workbook,
)
from tests.foundation.listed import a_world, browser, text_of

pytestmark = pytest.mark.django_db
WITH_PEOPLE = ("客户编码", "客户名称", "关键人姓名", "关键人职务")


@pytest.fixture(autouse=True)
def _folder(tmp_path, settings):
    settings.ATTACHMENTS_FOLDER = tmp_path


def test_an_unknown_value_is_said_once_and_remembered():
    world = a_world(customers=0)
    rows = [
        ("IM1", "穗城制造有限公司", "", "造车的", "穗城"),
        ("IM2", "穗城物流有限公司", "", "汽车制造业", "穗城"),
    ]
    run = checked(world.heads, mapped(world.heads, received(world.heads, workbook(HEADER, *rows))))
    assert tallied(run) == (0, 0, 0, 2)
    assert {
        (one.name, one.text, one.rows) for one in translating.unknown_values(run, CUSTOMERS, world.heads)
    } == {
        ("industry", "造车的", 1),
        ("region", "穗城", 2),
    }
    said = {"region": {"穗城": "440100"}, "industry": {"造车的": ""}}
    translating.translate(run, CUSTOMERS, said, actor=world.heads)
    run = imported(world.heads, run)
    assert tallied(run) == (2, 0, 0, 0)
    first = Customer.objects.get(code="IM1")
    assert (first.region, first.industry) == ("440100", "")
    again = received(world.heads, workbook(HEADER, ("IM3", "穗城食品有限公司", "", "", "穗城")))
    assert tallied(imported(world.heads, mapped(world.heads, again))) == (1, 0, 0, 0)


def test_a_value_stands_only_for_what_its_column_can_hold():
    world = a_world(customers=0)
    run = received(world.heads, workbook(HEADER, ("IM1", "穗城制造有限公司", "", "", "穗城")))
    checked(world.heads, mapped(world.heads, run))
    with pytest.raises(RuleBroken):
        translating.translate(run, CUSTOMERS, {"region": {"穗城": "999999"}}, actor=world.heads)


def test_a_mapping_kept_by_name_reads_the_next_file():
    world = a_world(customers=0)
    header = ("甲", "乙")
    run = received(world.heads, workbook(header, ("IM1", "闽江制造有限公司")))
    uploads.map_columns(
        run, CUSTOMERS, {"0": "code", "1": "name"}, actor=world.heads, mode="create", key="code"
    )
    saved_mappings.save_mapping(run, header, "月报")
    content = workbook(("乙", "甲"), ("珠江制造有限公司", "IM2"))
    how = unattended.How(mapping="月报")
    run = unattended.read_in(CUSTOMERS, "客户.xlsx", content, how=how, actor=world.heads)
    assert (run.columns, run.mode, run.key) == ({"0": "name", "1": "code"}, "create", "code")
    with pytest.raises(NotFound):
        uploads.apply_saved(received(world.managers, workbook(header, ("a", "b"))), "月报")


def test_key_persons_come_in_the_rows_of_their_customers():
    world = a_world(customers=1)
    old = world.customers[0]
    rows = [
        ("IM1", "闽江制造有限公司", "王建国", "信息部主任"),
        ("IM1", "闽江制造有限公司", "李梅", ""),
        (old.code, "", "赵敏", "总经理"),
        ("IM2", "珠江制造有限公司", "", ""),
    ]
    run = mapped(world.heads, received(world.heads, workbook(WITH_PEOPLE, *rows)))
    assert run.columns["2"] == "key-persons:name"
    run = imported(world.heads, run)
    assert tallied(run) == (2, 0, 2, 0)
    assert run.counts["related"]["created"] == 3
    found = KeyPerson.objects.values_list("customer__code", "name", "job_title")
    assert set(found) == {("IM1", "王建国", "信息部主任"), ("IM1", "李梅", ""), (old.code, "赵敏", "总经理")}
    again = imported(world.heads, mapped(world.heads, received(world.heads, workbook(WITH_PEOPLE, *rows))))
    assert again.counts["related"].get("created", 0) == 0
    importing.start_undo(run, actor=world.heads)
    importing.undo_import(task=str(run.task), progress=quiet)
    assert not KeyPerson.objects.filter(removed_at=None).exists()
    assert not Customer.objects.filter(code__startswith="IM", removed_at=None).exists()


def test_errors_of_excel_are_refused_by_row_and_column_and_leave_what_is_stored():
    world = a_world(customers=1)
    old = world.customers[0]
    run = received(world.heads, workbook(HEADER, (old.code, "#REF!", "", "", "")))
    run = imported(world.heads, mapped(world.heads, run))
    assert tallied(run) == (0, 0, 0, 1)
    row, column, sentence = run.problems[0]
    assert (row, column) == (2, "客户名称")
    assert "#REF!" in sentence


def test_the_same_file_twice_makes_no_doubles_and_two_files_meet_row_by_row():
    world = a_world(customers=0)
    content = workbook(HEADER, *new_rows(5))
    first = checked(world.heads, mapped(world.heads, received(world.heads, content)))
    content.seek(0)
    second = checked(world.heads, mapped(world.heads, received(world.heads, content)))
    other = [(f"IM{n:05}", "", "020-88886666", "", "") for n in range(3)]
    third = checked(world.heads, mapped(world.heads, received(world.heads, workbook(HEADER, *other))))
    for run in (first, second, third):
        importing.start_run(run, actor=world.heads)
    for run in (first, second, third):
        importing.run_import(task=str(run.task), progress=quiet)
        run.refresh_from_db()
    assert [tallied(run) for run in (first, second, third)] == [(5, 0, 0, 0), (0, 0, 5, 0), (0, 3, 0, 0)]
    assert Customer.objects.filter(code__startswith="IM").count() == 5


def test_a_long_file_that_another_process_helps_with_is_stored_as_any_other(monkeypatch):
    world = a_world(customers=0)
    monkeypatch.setattr(intake, "PORTION", 25)
    rows = [*new_rows(60), ("IM9", "坏的有限公司", "", "魔法业", "")]
    run = checked(world.heads, mapped(world.heads, received(world.heads, workbook(HEADER, *rows))))
    alone = run.counts["doubles"]
    monkeypatch.setattr(running, "LONG", 10)
    imported(world.heads, run)
    assert (tallied(run), run.counts["doubles"]) == ((60, 0, 0, 1), alone)
    kept = sorted(MatchKey.objects.values_list("key", "record"))
    entries = sorted(SearchEntry.objects.values_list("uid", "names", "codes", "tokens", "context"))
    rekey_all(Customer)
    index_all(Customer)
    assert kept == sorted(MatchKey.objects.values_list("key", "record"))
    assert entries == sorted(SearchEntry.objects.values_list("uid", "names", "codes", "tokens", "context"))


def test_a_key_that_came_before_a_break_is_known_after_it(monkeypatch):
    world = a_world(customers=0)
    monkeypatch.setattr(intake, "PORTION", 2)
    rows = [*new_rows(4), new_rows(1)[0], ("IM9", "坏的有限公司", "", "魔法业", "")]
    run = checked(world.heads, mapped(world.heads, received(world.heads, workbook(HEADER, *rows))))
    importing.start_run(run, actor=world.heads)

    def broken(done: int, total: int | None = None, sentence: str = "") -> None:
        raise RuntimeError("the worker is gone")

    with pytest.raises(RuntimeError):
        importing.run_import(task=str(run.task), progress=broken)
    importing.run_import(task=str(run.task), progress=quiet)
    run.refresh_from_db()
    assert tallied(run) == (4, 0, 0, 2)
    assert [row for row, _column, _sentence in run.problems] == [6, 7]


def test_an_undo_lists_what_somebody_edited_since():
    world = a_world(customers=0)
    run = imported(world.heads, mapped(world.heads, received(world.heads, workbook(HEADER, *new_rows(2)))))
    edited = Customer.objects.get(code="IM00001")
    with changing(edited, actor=world.heads):
        edited.short_name = "闽江"
    importing.start_undo(run, actor=world.heads)
    importing.undo_import(task=str(run.task), progress=quiet)
    run.refresh_from_db()
    assert run.counts["kept_rows"] == [[str(edited.uid), str(edited)]]


def test_possible_doubles_are_told_by_the_check_and_refused_by_nothing():
    world = a_world(customers=2)
    rows = [("IM1", "番禺制造（广州）有限公司", "", "", "")]
    run = checked(world.heads, mapped(world.heads, received(world.heads, workbook(HEADER, *rows))))
    assert tallied(run) == (1, 0, 0, 0)
    assert run.counts["doubles"] == len(run.counts["double_rows"])


def test_possible_doubles_are_counted_by_a_run_that_nobody_checked():
    world = a_world(customers=0)
    rows = [
        ("IM1", "闽江数据科技（福州）有限公司", "", "", ""),
        ("IM2", "福州闽江数据科技有限公司", "", "", ""),
    ]
    run = mapped(world.heads, received(world.heads, workbook(HEADER, *rows)))
    tally = unattended.take_in(run, CUSTOMERS, actor=world.heads)
    assert (tally.created, tally.doubles) == (2, 1)
    [[number, uid, like, score]] = run.counts["double_rows"]
    assert (number, uid, like) == (3, "", _("row %(row)s") % {"row": 2})
    assert score > 90


def test_a_check_leaves_nothing_behind_not_even_in_history_and_index():
    world = a_world(customers=1)
    before = [one.objects.count() for one in (Customer, Change, SearchEntry, MatchKey)]
    rows = [*new_rows(30), (world.customers[0].code, "", "020-88886666", "", "")]
    run = checked(world.heads, mapped(world.heads, received(world.heads, workbook(HEADER, *rows))))
    assert tallied(run) == (30, 1, 0, 0)
    assert [one.objects.count() for one in (Customer, Change, SearchEntry, MatchKey)] == before
    world.customers[0].refresh_from_db()
    assert world.customers[0].phone != "+862088886666"


def test_a_wrong_check_character_is_told_and_stored_and_a_wrong_alphabet_refused():
    world = a_world(customers=0)
    header = ("客户编码", "客户名称", "统一社会信用代码")
    odd, wrong = "91350211M0000XUF46", "91350211M0000XUFI6"
    rows = [("IM1", "甲江有限公司", odd), ("IM2", "乙江有限公司", wrong), ("IM3", "丙江有限公司", "")]
    run = imported(world.heads, mapped(world.heads, received(world.heads, workbook(header, *rows))))
    assert tallied(run) == (2, 0, 0, 1)
    assert [row for row, _column, _sentence in run.problems] == [3]
    assert [row for row, _column, _sentence in run.counts["doubts"]] == [2]
    assert Customer.objects.get(code="IM1").credit_code == odd


def test_a_template_names_its_columns_and_offers_choices():
    world = a_world(customers=0)
    client = browser(world.head)
    answer = client.get(reverse("resource:import_template", args=["customers"]))
    book = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(answer.streaming_content)))
    titles = book.get_sheet_by_index(0).to_python()[0]
    filled = workbook(titles, ["x"] * len(titles))
    run = uploads.receive(customised(CUSTOMERS), "filled.xlsx", filled, actor=world.heads)
    assert len(run.columns) == len(titles)


def test_files_laid_into_the_folder_come_to_rest_beside_their_result(tmp_path, settings):
    world = a_world(customers=0)
    root = tmp_path / "inbox"
    (root / "customers").mkdir(parents=True)
    settings.IMPORT_FOLDER, settings.IMPORT_PERSON = root, world.head.staff_no
    rows = [*new_rows(2), ("IM9", "坏的有限公司", "", "魔法业", "")]
    for name, content in (("好.csv", text(HEADER, *rows).getvalue()), ("坏.csv", b"a,b\x00")):
        path = root / "customers" / name
        path.write_bytes(content)
        os.utime(path, (0, 0))
    take_in_folder(progress=quiet)
    assert Customer.objects.filter(code__startswith="IM").count() == 2
    assert sorted(one.name[18:] for one in (root / "customers" / DONE).iterdir()) == [
        "坏.csv",
        "坏.csv.txt",
        "好.csv",
        "好.csv.txt",
        "好.refused.xlsx",
    ]
    take_in_folder(progress=quiet)
    assert ImportRun.objects.count() == 1


def test_a_file_that_still_grows_waits(tmp_path, settings):
    world = a_world(customers=0)
    (tmp_path / "inbox" / "customers").mkdir(parents=True)
    settings.IMPORT_FOLDER, settings.IMPORT_PERSON = tmp_path / "inbox", world.head.staff_no
    path = Path(tmp_path / "inbox" / "customers" / "客户.csv")
    path.write_bytes(text(HEADER, *new_rows(1)).getvalue())
    take_in_folder(progress=quiet)
    assert path.exists()


def test_the_page_of_a_check_offers_to_say_what_values_mean():
    world = a_world(customers=0)
    with translation.override("en"):
        run = received(world.heads, workbook(HEADER, ("IM1", "穗城制造有限公司", "", "", "穗城")))
        checked(world.heads, mapped(world.heads, run))
    client = browser(world.head)
    address = reverse("resource:import_run", args=["customers", run.uid])
    assert "Values that are not recognised" in text_of(client.get(address))
    values = reverse("resource:import_values", args=["customers", run.uid])
    assert client.post(values, {"value-0": "440100"}).status_code == 302
    run.refresh_from_db()
    assert (run.state, run.values) == ("checking", {"region": {"穗城": "440100"}})
