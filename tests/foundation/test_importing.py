"""Imports: what a file's rows become, that nothing is lost or stored twice, and that all of it can be taken back."""

import io

import pytest
from django.urls import reverse

from jike.apps.customers.models import Customer
from jike.apps.customers.pages.resources import KEY_PERSONS
from jike.foundation import background
from jike.foundation.audit import changing
from jike.foundation.errors import NotFound, RuleBroken
from jike.foundation.exchange import importing, intake, uploads
from jike.foundation.models import BackgroundTask, Change, ImportRun
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
from tests.foundation.listed import HOSTILE, a_world, browser, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _folder(tmp_path, settings):
    settings.ATTACHMENTS_FOLDER = tmp_path


def test_columns_are_recognised_by_their_headings_below_a_title():
    world = a_world()
    run = received(world.heads, workbook(HEADER, *new_rows(2), title=("2026 年客户清单",)))
    assert run.header == 1
    assert run.columns == {"0": "code", "1": "name", "2": "phone", "3": "industry", "4": "region"}
    assert run.key == "code"


@pytest.mark.parametrize(
    ("encoding", "mark"), [("utf-8-sig", ","), ("gb18030", ","), ("utf-16", "\t"), ("utf-8", ";")]
)
def test_text_is_read_in_every_usual_encoding(encoding: str, mark: str):
    world = a_world()
    run = received(world.heads, text(HEADER, *new_rows(1), encoding=encoding, mark=mark), "客户.csv")
    assert uploads.staged_of(run).first(2)[1][1] == "闽江0号制造有限公司"


def test_a_check_stores_nothing_and_says_what_would_happen():
    world = a_world()
    before = Customer.objects.count()
    run = checked(world.heads, mapped(world.heads, received(world.heads, workbook(HEADER, *new_rows(3)))))
    assert (run.state, Customer.objects.count()) == ("checked", before)
    assert tallied(run) == (3, 0, 0, 0)


def test_rows_are_created_updated_or_left_as_they_are():
    world = a_world()
    old, same = world.customers[0], world.customers[1]
    rows = [
        *new_rows(2),
        (old.code, "", "020-88886666", "", ""),
        (same.code, same.name, "", "", ""),
    ]
    run = imported(world.heads, mapped(world.heads, received(world.heads, workbook(HEADER, *rows))))
    assert tallied(run) == (2, 1, 1, 0)
    old.refresh_from_db()
    assert (old.name, old.phone) == (world.customers[0].name, "+862088886666")
    made = Customer.objects.get(code="IM00001")
    assert (made.industry, made.region, made.owner) == ("C36", "350102", world.head)
    assert {change.request for change in Change.objects.filter(uid=made.uid)} == {run.uid}


def test_every_problem_is_named_by_row_and_column_and_stops_no_other_row():
    world = a_world()
    rows = [
        ("IM1", "好的有限公司", "", "汽车制造业", "350102"),
        ("IM2", "地区不对有限公司", "", "", "火星市"),
        ("IM3", "行业不对有限公司", "", "魔法业", "鼓楼区"),
        ("IM1", "编码重复有限公司", "", "", ""),
    ]
    run = imported(world.heads, mapped(world.heads, received(world.heads, workbook(HEADER, *rows))))
    assert tallied(run) == (1, 0, 0, 3)
    assert [(row, column) for row, column, _sentence in run.problems] == [
        (3, "行政区划"),
        (4, "所属行业"),
        (4, "行政区划"),
        (5, "customer code"),
    ]
    path, name = background.result_of(run.task, world.heads)
    assert (path.read_bytes()[:2], name.endswith(".xlsx")) == (b"PK", True)


def test_numbers_that_excel_has_damaged_are_refused_not_stored():
    world = a_world()
    rows = [("IM1", "长号有限公司", 123456789012345678, "", "")]
    run = imported(world.heads, mapped(world.heads, received(world.heads, workbook(HEADER, *rows))))
    assert tallied(run) == (0, 0, 0, 1)
    assert "1.23456789012346e+17" in run.problems[0][2]


def test_hostile_names_are_stored_as_they_are_written_or_refused_with_a_sentence():
    world = a_world()
    rows = [(f"IM{n}", name, "", "", "") for n, name in enumerate(HOSTILE)]
    run = imported(world.heads, mapped(world.heads, received(world.heads, workbook(HEADER, *rows))))
    created, _updated, _unchanged, refused = tallied(run)
    assert created + refused == len(HOSTILE)
    assert set(Customer.objects.filter(code__startswith="IM").values_list("name", flat=True)) <= set(HOSTILE)


def test_an_import_that_broke_off_goes_on_without_doubles(monkeypatch):
    world = a_world()
    monkeypatch.setattr(intake, "PORTION", 10)
    run = checked(world.heads, mapped(world.heads, received(world.heads, workbook(HEADER, *new_rows(35)))))
    importing.start_run(run, actor=world.heads)
    portions = []

    def broken(done: int, total: int | None = None, sentence: str = "") -> None:
        portions.append(done)
        if len(portions) == 2:
            raise RuntimeError("the worker is gone")

    with pytest.raises(RuntimeError):
        importing.run_import(task=str(run.task), progress=broken)
    assert Customer.objects.filter(code__startswith="IM").count() == 20
    importing.run_import(task=str(run.task), progress=quiet)
    run.refresh_from_db()
    assert Customer.objects.filter(code__startswith="IM").count() == 35
    assert tallied(run) == (35, 0, 0, 0)


def test_an_import_is_undone_but_for_what_was_edited_since():
    world = a_world()
    old = world.customers[0]
    rows = [*new_rows(3), (old.code, "", "020-88886666", "", "")]
    run = imported(world.heads, mapped(world.heads, received(world.heads, workbook(HEADER, *rows))))
    edited = Customer.objects.get(code="IM00001")
    with changing(edited, actor=world.heads):
        edited.short_name = "闽江"
    importing.start_undo(run, actor=world.heads)
    importing.undo_import(task=str(run.task), progress=quiet)
    run.refresh_from_db()
    old.refresh_from_db()
    assert (run.state, run.counts["removed"], run.counts["reverted"], run.counts["kept"]) == (
        "undone",
        2,
        1,
        1,
    )
    assert (old.phone, edited.short_name) == (world.customers[0].phone, "闽江")
    standing = Customer.objects.filter(code__startswith="IM", removed_at=None)
    assert list(standing.values_list("code", flat=True)) == ["IM00001"]


def test_modes_keep_new_rows_or_old_ones_out():
    world = a_world()
    rows = [*new_rows(1), (world.customers[0].code, "", "020-88886666", "", "")]
    only_new = imported(
        world.heads, mapped(world.heads, received(world.heads, workbook(HEADER, *rows)), mode="create")
    )
    assert tallied(only_new) == (1, 0, 0, 1)
    only_old = imported(
        world.heads, mapped(world.heads, received(world.heads, workbook(HEADER, *rows)), mode="update")
    )
    assert tallied(only_old) == (0, 1, 1, 0)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("客户.pdf", b"%PDF"),
        ("客户.xlsx", b"not a workbook"),
        ("客户.xlsx", b"PK\x03\x04half"),
        ("客户.csv", b""),
        ("客户.csv", b"a,b\x00c\n1,2,3"),
        ("客户.csv", b"\xff\xfe\x00"),
    ],
)
def test_what_is_no_table_is_refused_with_a_sentence_and_not_kept(name: str, content: bytes, tmp_path):
    world = a_world(customers=1)
    with pytest.raises(RuleBroken, match=r"\w{3}"):
        received(world.heads, io.BytesIO(content), name)
    assert not list((tmp_path / "imports").iterdir())


def test_others_do_not_see_an_import_and_those_without_rights_have_none():
    world = a_world()
    run = received(world.heads, workbook(HEADER, *new_rows(1)))
    client = browser(world.manager)
    address = reverse("resource:import_run", args=["customers", run.uid])
    assert client.get(address).status_code == 404
    with pytest.raises(NotFound):
        uploads.run_of(run.uid, KEY_PERSONS, world.heads)


def test_the_pages_lead_from_the_file_to_the_result():
    world = a_world()
    client = browser(world.head)
    content = workbook(HEADER, *new_rows(2))
    content.name = "客户.xlsx"
    sent = client.post(reverse("resource:import", args=["customers"]), {"file": content})
    assert sent.status_code == 302
    shown = text_of(client.get(sent["Location"]))
    assert "客户名称" in shown
    assert "闽江0号制造有限公司" in shown
    run = ImportRun.objects.get()
    data = {f"column-{column}": name for column, name in run.columns.items()} | {
        "mode": "both",
        "key": "code",
    }
    assert (
        client.post(reverse("resource:import_columns", args=["customers", run.uid]), data).status_code == 302
    )
    task = BackgroundTask.objects.get(kind="exchange.check_import")
    importing.check_import(task=str(task.uid), progress=quiet)
    assert "This is what would happen" in text_of(client.get(sent["Location"]))
    client.post(reverse("resource:import_act", args=["customers", run.uid]), {"act": "run"})
    task = BackgroundTask.objects.get(kind="exchange.run_import")
    importing.run_import(task=str(task.uid), progress=quiet)
    assert "This is what happened" in text_of(client.get(sent["Location"]))
    assert Customer.objects.filter(code__startswith="IM").count() == 2


def test_rows_pasted_from_a_spreadsheet_are_a_file_like_any_other():
    world = a_world()
    client = browser(world.head)
    rows = "\n".join("\t".join(row) for row in [HEADER, *new_rows(1)])
    sent = client.post(reverse("resource:import", args=["customers"]), {"pasted": rows})
    assert sent.status_code == 302
    assert ImportRun.objects.get().columns["1"] == "name"
