"""Exports: what the list shows, with the reader's rights, in files that a spreadsheet can trust."""

import csv
import datetime as dt
import io
import zipfile
from decimal import Decimal
from xml.etree import ElementTree

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from jike.apps.customers.pages.resources import CUSTOMERS, KEY_PERSONS
from jike.apps.organisation.models import Post
from jike.foundation import background
from jike.foundation.audit import history_of, removing
from jike.foundation.audit.searching import Wanted, search_changes
from jike.foundation.errors import Refused
from jike.foundation.exchange import FileType, export_rows, order_export
from jike.foundation.exchange.cells import Column, Kind, clean, looks_like_formula
from jike.foundation.exchange.writing import About, writing
from jike.foundation.models import BackgroundTask, Change
from jike.foundation.resource.state import read_state
from jike.values.rights import Breadth
from tests.apps.customers.making import a_customer
from tests.foundation.listed import HOSTILE, a_contact, a_world, browser, someone, text_of
from tests.making import SYSTEM, a_unit, acting

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
NOW = dt.datetime(2026, 11, 23, 9, 30)  # noqa: DTZ001  cells hold the clock in China, without a zone
ABOUT = About("集团客户", "林经理", NOW)


@pytest.fixture(autouse=True)
def folder(tmp_path, settings):
    settings.ATTACHMENTS_FOLDER = tmp_path
    return tmp_path / "exports"


def quiet(done: int, total: int | None = None, sentence: str = "") -> None:
    """Take the place of the job's own report."""


def exported(resource, actor, file_type=FileType.CSV, uids=None, **address) -> bytes:
    """Order an export of the list at this address, run it, and return the file's bytes."""
    task = order_export(resource, read_state(resource, address, actor), file_type, actor=actor, uids=uids)
    export_rows(task=str(task.uid), progress=quiet)
    path, _name = background.result_of(task.uid, actor)
    return path.read_bytes()


def lines(content: bytes) -> list[list[str]]:
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def sheet(content: bytes, number: int = 1) -> list[dict[str, tuple[str, str]]]:
    """Return each row as column letter → (type, text) of its cells; formulas would show as type ``f``."""
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        root = ElementTree.fromstring(book.read(f"xl/worksheets/sheet{number}.xml"))  # noqa: S314  written by ourselves
    rows = []
    for row in root.iter(f"{MAIN}row"):
        cells = {}
        for cell in row.iter(f"{MAIN}c"):
            letters = cell.attrib["r"].rstrip("0123456789")
            kind = "f" if cell.find(f"{MAIN}f") is not None else cell.attrib.get("t", "n")
            cells[letters] = (kind, "".join(cell.itertext()))
        rows.append(cells)
    return rows


def write(path, file_type, columns, *rows) -> bytes:
    with writing(file_type, path, columns, about=ABOUT) as target:
        for row in rows:
            target.row(row)
    return path.read_bytes()


def column(kind: Kind = Kind.TEXT) -> Column:
    return Column("名称", kind, 10, lambda value: value)


@pytest.mark.django_db
def test_an_export_holds_the_list_as_shown():
    world = a_world()
    told = lines(exported(CUSTOMERS, world.heads, columns="name,owner", sort="-name_key"))
    names = [
        customer.name for customer in sorted(world.customers, key=lambda one: one.name_key, reverse=True)
    ]
    assert told[0] == ["Name", "Account manager"]
    assert [line[0] for line in told[1:]] == names
    assert {line[1] for line in told[1:]} == {"林经理", ""}


@pytest.mark.django_db
def test_filters_scope_and_chosen_rows_narrow_an_export():
    world = a_world()
    mine = [customer.name for customer in world.customers[::2]]
    assert sorted(line[0] for line in lines(exported(CUSTOMERS, world.managers))[1:]) == sorted(mine)
    found = lines(exported(CUSTOMERS, world.heads, where='[["name","contains","机场"]]'))
    assert [line[0] for line in found[1:]] == ["白云机场集团"]
    chosen = [world.customers[0].uid, world.customers[1].uid]
    assert len(lines(exported(CUSTOMERS, world.heads, uids=chosen))) == 3
    assert len(lines(exported(CUSTOMERS, world.managers, uids=chosen))) == 2


@pytest.mark.django_db
def test_a_sealed_field_stays_sealed_row_by_row():
    world = a_world()
    for number, customer in enumerate(world.customers[:2]):
        a_contact(customer, f"周{number}", phone=f"1380013800{number}")
    grants = {"customers.keyperson:view": Breadth.BELOW, "customers.customer:view": Breadth.BELOW}
    reader = acting(someone(grants, world.city, name="周查看"))
    told = exported(KEY_PERSONS, reader, columns="name,phone").decode()
    assert "周0" in told
    assert "138 0013 800" not in told
    open_to = acting(
        someone({**grants, "customers.keyperson:see_personal": Breadth.TEAM}, world.grids[0], name="开")
    )
    told = exported(KEY_PERSONS, open_to, columns="name,phone").decode()
    assert "138 0013 8000" in told
    assert "138 0013 8001" not in told


@pytest.mark.django_db
def test_rights_count_when_the_export_runs():
    world = a_world()
    actor = world.heads
    task = order_export(CUSTOMERS, read_state(CUSTOMERS, {}, actor), FileType.CSV, actor=actor)
    removing(Post.objects.get(person=world.head), actor=SYSTEM)
    with pytest.raises(Refused):
        export_rows(task=str(task.uid), progress=quiet)
    assert background.standing_of(task.uid, actor).state == "failed"


@pytest.mark.django_db
def test_an_export_is_recorded_with_who_what_and_how_many():
    world = a_world()
    actor = world.heads
    exported(CUSTOMERS, actor, columns="name,grade", where='[["name","contains","机场"]]')
    change = Change.objects.get(verb="export")
    assert (change.kind, change.actor) == ("customers.customer", actor.uid)
    (found,) = search_changes(Wanted(verb="export"), acting(someone({}, a_unit(), name="查")))
    assert found.values["rows"] == (None, 1)
    assert found.values["columns"] == (None, ["name", "grade"])
    assert "contains" in found.values["list"][1]
    assert history_of(world.customers[0], SYSTEM)[0].verb == "add"


@pytest.mark.django_db
@pytest.mark.parametrize("file_type", list(FileType))
def test_hostile_names_come_out_as_they_are_and_compute_nothing(file_type):
    world = a_world(customers=0)
    names = {a_customer(name, unit=world.grids[0]).name for name in HOSTILE}
    content = exported(CUSTOMERS, world.heads, file_type, columns="name")
    if file_type is FileType.CSV:
        told = [line[0] for line in lines(content)[1:]]
        assert not any(looks_like_formula(name) for name in told)
        assert {name.removeprefix("'") if name.startswith("'=") else name for name in told} == names
    else:
        cells = [row["A"] for row in sheet(content)[1:]]
        assert {kind for kind, _text in cells} == {"inlineStr"}
        assert {text for _kind, text in cells} == names


@given(st.text(max_size=300))
def test_no_text_becomes_a_formula_or_breaks_a_file(tmp_path_factory, text):
    plain = clean(text)
    place = tmp_path_factory.mktemp("written")
    (line,) = lines(write(place / "a.csv", FileType.CSV, [column()], [plain]))[1:]
    assert line[0] in (plain, f"'{plain}")
    assert not looks_like_formula(line[0])
    cells = sheet(write(place / "a.xlsx", FileType.XLSX, [column(), column()], [plain, "x"]))[1]
    assert cells["B"] == ("inlineStr", "x")
    assert not plain or cells["A"][0] == "inlineStr"


@pytest.mark.parametrize("first", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1+1"])
def test_what_begins_like_a_formula_gets_an_apostrophe_in_text_files(tmp_path, first):
    (line,) = lines(write(tmp_path / "a.csv", FileType.CSV, [column()], [first]))[1:]
    assert line == [f"'{first}"]


def test_the_librarys_own_markup_in_a_name_stays_text(tmp_path):
    name = "<r><t>x</t></r>"
    cells = sheet(write(tmp_path / "a.xlsx", FileType.XLSX, [column()], [name]))[1]
    assert cells == {"A": ("inlineStr", f"{name} ")}


def test_money_and_days_are_numbers_in_workbooks_and_plain_in_text(tmp_path):
    columns = [
        column(kind) for kind in (Kind.MONEY, Kind.PERCENT, Kind.DAY, Kind.MOMENT, Kind.NUMBER, Kind.MONEY)
    ]
    row = [Decimal("-1234567.80"), Decimal("37.5"), dt.date(2026, 11, 23), NOW, 10**16, Decimal("1e14")]
    cells = sheet(write(tmp_path / "a.xlsx", FileType.XLSX, columns, row))[1]
    assert [cells[letter] for letter in "ABCD"] == [
        ("n", "-1234567.80"),
        ("n", "0.375"),
        ("n", "46349"),
        ("n", "46349.39583333334"),
    ]
    assert [cells[letter] for letter in "EF"] == [
        ("inlineStr", "1" + "0" * 16),
        ("inlineStr", "1" + "0" * 14),
    ]
    (line,) = lines(write(tmp_path / "a.csv", FileType.CSV, columns, row))[1:]
    assert line[:4] == ["-1234567.80", "37.5%", "2026-11-23", "2026-11-23 09:30"]


def test_a_text_longer_than_a_cell_is_cut_where_one_sees_it(tmp_path):
    cells = sheet(write(tmp_path / "a.xlsx", FileType.XLSX, [column()], ["😀" * 20_000]))[1]
    assert cells["A"][1].endswith("…")
    assert len(cells["A"][1].encode("utf-16-le")) // 2 <= 32_767


@pytest.mark.django_db
def test_a_list_is_exported_from_its_page():
    world = a_world()
    client = browser(world.head)
    every = {"every": "1", "address": "columns=name,grade"}
    dialog = text_of(client.post(reverse("resource:export", args=["customers"]), every))
    assert "Export 6 records" in dialog
    assert "Text (.csv)" in dialog
    start = reverse("resource:export_start", args=["customers"])
    answer = client.post(start, {**every, "file_type": "xlsx"}, headers={"HX-Request": "true"})
    task = BackgroundTask.objects.get()
    assert reverse("foundation:task_watch", args=[task.uid]) in text_of(answer)
    assert "task centre" in answer["HX-Trigger"]
    export_rows(task=str(task.uid), progress=quiet)
    content = b"".join(client.get(reverse("foundation:task_file", args=[task.uid])).streaming_content)
    assert len(sheet(content)) == 7
    assert client.post(start, {"address": "", "file_type": "xlsx"}).status_code == 422
    assert client.post(start, {**every, "file_type": "exe"}).status_code == 422
    stranger = browser(someone({}, a_unit(), name="外人"))
    assert stranger.post(reverse("resource:export", args=["key-persons"]), every).status_code == 404
    assert stranger.post(start, every).status_code == 404
