"""Whoever is erased is gone from ledgers of members, custom fields and what people look for; files are looked at."""

import datetime as dt
import io
import zipfile
from uuid import uuid4

import pytest
import typst
import xlsxwriter
from django.urls import reverse

from jike.apps.customers.actions import (
    answer_request,
    ask_about_person,
    decide_file,
    enter_key_persons,
    erase_person,
    forget_person,
    settle_request,
)
from jike.apps.customers.actions.members import name_file, store_members
from jike.apps.customers.models import (
    FileToDecide,
    KeyPerson,
    Member,
    MemberBatch,
    MemberCheck,
    MemberFinding,
    MemberFormer,
    MemberSnapshot,
    MemberSnapshotLine,
)
from jike.apps.customers.queries import copied
from jike.apps.customers.rules import GRANTS, Line
from jike.apps.customers.rules.requests import FILES_READ
from jike.foundation import files
from jike.foundation.audit import changing
from jike.foundation.errors import Invalid, RuleBroken
from jike.foundation.files.storing import path_of
from jike.foundation.lines import LineEntry, LinesInvalid, Taken
from jike.foundation.models import Attachment, BackgroundTask, CustomField, SavedView
from jike.foundation.privacy.reading import read_words
from tests.apps.customers.making import a_customer, a_key_person
from tests.apps.customers.test_privacy import anywhere
from tests.doing import browser_of
from tests.making import SYSTEM, a_unit, someone_with

NAME, PHONE, MOBILE = "欧阳牧野", "+8613800138123", "13800138123"
DAY = dt.date(2026, 3, 1)
DOCX = (
    "<w:document><w:p><w:r><w:t>联系人：欧阳</w:t></w:r><w:r><w:t>牧野</w:t></w:r></w:p>"
    "<w:p><w:t>A&amp;B 公司</w:t></w:p></w:document>"
)
LETTER = (
    "From: =?utf-8?b?5qyn6Ziz54mn6YeO?= <m@example.com>\r\nTo: a@example.com\r\nSubject: x\r\n"
    "Content-Type: text/plain; charset=utf-8\r\n\r\n见附件\r\n"
)


def a_docx() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", DOCX)
    return made.getvalue()


def a_workbook() -> bytes:
    made = io.BytesIO()
    with xlsxwriter.Workbook(made) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, [NAME, int(MOBILE)])
    return made.getvalue()


def a_pdf(text: str) -> bytes:
    return typst.compile(text.encode())


@pytest.mark.parametrize(
    ("name", "kind", "content"),
    [
        ("便条.txt", "text/plain", f"请找{NAME}".encode("gb18030")),
        ("页.html", "text/html", f"<p>{NAME}</p>".encode()),
        ("信.eml", "text/plain", LETTER.encode()),
        ("函.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", a_docx()),
        ("表.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", a_workbook()),
    ],
)
def test_words_are_read_from_texts_mails_documents_and_workbooks(name, kind, content):
    words = read_words(content, name=name, kind=kind)
    assert words is not None
    assert NAME in words


def test_a_pdf_is_read_and_one_with_a_page_without_words_is_not():
    assert "Muye Ouyang" in (read_words(a_pdf("Muye Ouyang"), name="a.pdf", kind="application/pdf") or "")
    scanned = a_pdf("Words #pagebreak() #rect()")
    assert read_words(scanned, name="a.pdf", kind="application/pdf") is None


@pytest.mark.parametrize(
    "content", [b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 1 0 R>>\ntrailer<</Root 1 0 R>>", b"%PDF-"]
)
def test_a_broken_pdf_is_left_to_somebody_s_eyes(content):
    assert read_words(content, name="a.pdf", kind="application/pdf") is None


@pytest.fixture
def place(db, settings, tmp_path):
    """A key person whose telephone is a line of the customer, and files on the customer."""
    settings.ATTACHMENTS_FOLDER = tmp_path
    unit = a_unit()
    head, leading = someone_with(GRANTS["county_head"], at=unit)
    customer = a_customer(unit=unit)
    person = a_key_person(customer, NAME, phone=PHONE)
    return locals()


def a_file_of(place, kind, *, day, departments=("",)):
    """Store one file of members with the person's number and return it."""
    batch = name_file(kind, "成员.csv", actor=SYSTEM, person=uuid4(), day=day)
    line = Line(1, place["customer"].code, MOBILE, "", departments[0], "", None, None, "")
    stored = store_members(batch, [line], actor=SYSTEM)
    assert stored.done == 1
    return batch


def traced(place):
    """Let the number join and be changed, frozen and found."""
    a_file_of(place, MemberBatch.Kind.JOIN, day=DAY, departments=("财务",))
    a_file_of(place, MemberBatch.Kind.CHANGE, day=DAY, departments=("行政",))
    snapshot = MemberSnapshot.objects.create(taken_on=DAY, members=2, customers=1)
    numbers = [MOBILE, "13900139000"]
    MemberSnapshotLine.objects.create(snapshot=snapshot, customer=place["customer"], numbers=numbers)
    check = MemberCheck.objects.create(person=uuid4(), day=DAY)
    MemberFinding.objects.create(
        run=check, reason="prefix", number=MOBILE, batch=uuid4(), customer=place["customer"]
    )


def test_a_number_that_left_is_gone_from_members_snapshots_and_checks(place):
    traced(place)
    a_file_of(place, MemberBatch.Kind.LEAVE, day=dt.date(2026, 6, 1))
    told = forget_person(place["person"], actor=place["leading"])
    assert told["numbers"] == 4
    assert anywhere(MOBILE) == set()
    assert MemberSnapshotLine.objects.get().numbers == ["***", "13900139000"]


def test_a_line_of_the_company_today_stays_the_company_s(place):
    traced(place)
    forget_person(place["person"], actor=place["leading"])
    assert Member.objects.get().number == MOBILE
    assert MOBILE in MemberSnapshotLine.objects.get().numbers
    assert MemberFormer.objects.count() == 1


def test_a_copy_tells_where_the_number_stands_and_which_files_name_the_person(place):
    traced(place)
    files.attach(place["customer"], name="名单.txt", chunks=[NAME.encode()], actor=SYSTEM)
    files.attach(place["customer"], name="别的.txt", chunks=["无关".encode()], actor=SYSTEM)
    told = str(copied(place["person"], place["leading"]))
    assert told.count(MOBILE) >= 4
    assert "名单.txt" in told
    assert "别的.txt" not in told


def test_custom_texts_and_what_people_look_for_are_blotted(place):
    with changing(place["customer"], actor=SYSTEM) as row:
        row.custom = {"boss": f"{NAME}总", "budget": "12"}
    view = SavedView.objects.create(
        person=place["head"].uid, resource="customers", name="x", state={"q": [NAME]}
    )
    forget_person(place["person"], actor=place["leading"])
    assert anywhere(NAME) == set()
    place["customer"].refresh_from_db()
    view.refresh_from_db()
    assert (place["customer"].custom, view.state) == ({"boss": "***总", "budget": "12"}, {"q": ["***"]})


def test_files_that_name_the_person_or_cannot_be_read_wait_for_somebody_s_decision(
    place, django_capture_on_commit_callbacks
):
    for name, content in (
        (f"{NAME}.txt", b"nobody"),
        ("名单.txt", NAME.encode()),
        ("照片.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 32),
        ("别的.txt", "无关".encode()),
    ):
        files.attach(place["customer"], name=name, chunks=[content], actor=SYSTEM)
    asked = ask_about_person(actor=place["leading"], key_person=place["person"], asked="deletion")
    settle_request(asked, actor=place["leading"], outcome="已删除")
    rows = {row.file_name: row for row in FileToDecide.objects.all()}
    assert {name: row.found for name, row in rows.items()} == {
        "名单.txt": "names",
        "照片.png": "unread",
    }
    client = browser_of(place["head"])
    assert (
        "照片.png"
        in client.get(reverse("resource:record", args=["person-requests", asked.uid])).content.decode()
    )
    with pytest.raises(Invalid):
        decide_file(rows["名单.txt"], actor=place["leading"], request=asked, decision="kept")
    decide_file(
        rows["名单.txt"], actor=place["leading"], request=asked, decision="kept", reason="合同，法定保存"
    )
    listed = Attachment.objects.get(name="照片.png")
    address = reverse("customers:decide_file", args=[asked.uid, rows["照片.png"].uid])
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(address, {"decision": "erased"}).status_code == 302
    assert not Attachment.objects.filter(pk=listed.pk).exists()
    assert not path_of(listed.sha256).exists()
    with pytest.raises(RuleBroken):
        decide_file(rows["照片.png"], actor=place["leading"], request=asked, decision="erased")
    assert KeyPerson.objects.get().forgotten_at is not None


def test_around_very_many_files_a_task_reads_first_and_then_erases(place):
    files.attach(place["customer"], name="名单.txt", chunks=[NAME.encode()], actor=SYSTEM)
    clean = files.attach(place["customer"], name="别的.txt", chunks=["无关".encode()], actor=SYSTEM)
    same = {
        one.name: getattr(clean, one.name)
        for one in Attachment._meta.concrete_fields
        if one.name not in ("id", "uid")
    }
    Attachment.objects.bulk_create([Attachment(**same) for _ in range(FILES_READ)])
    asked = ask_about_person(actor=place["leading"], key_person=place["person"], asked="deletion")
    told = copied(place["person"], place["leading"])
    assert "名单.txt" not in str(told)
    assert "另有 2 个较早的文件只核对了文件名。" in str(told)
    task = answer_request(asked, actor=place["leading"], outcome="已删除")
    assert task is not None
    assert NAME not in str(task.order) + task.title
    asked.refresh_from_db()
    assert (asked.state, KeyPerson.objects.get().name) == ("open", NAME)
    seen = []
    erase_person(task=str(task.uid), progress=lambda done, total: seen.append((done, total)))
    task.refresh_from_db()
    assert (task.state, seen[-1]) == (BackgroundTask.State.DONE, (FILES_READ + 2, FILES_READ + 2))
    asked.refresh_from_db()
    assert (asked.state, KeyPerson.objects.get().name) == ("done", "***")
    assert [(one.file_name, one.found) for one in FileToDecide.objects.all()] == [("名单.txt", "names")]


def test_a_table_of_key_persons_takes_nobody_in_without_what_must_be_filled_in(place):
    known = LineEntry(place["person"].uid, {"job_title": "总工"}, place["person"].version)
    enter_key_persons(place["customer"], Taken([known]), actor=place["leading"])
    CustomField.objects.create(
        of_kind="customers.keyperson",
        label="方便联系的时间",
        data_key="hours",
        shape="text",
        required=True,
        position=1,
    )
    place["person"].refresh_from_db()
    known = LineEntry(place["person"].uid, {"job_title": "总监"}, place["person"].version)
    new = LineEntry(None, {"name": "尉迟川"})
    with pytest.raises(LinesInvalid, match="方便联系的时间"):
        enter_key_persons(place["customer"], Taken([known, new]), actor=place["leading"])
    enter_key_persons(place["customer"], Taken([known]), actor=place["leading"])
    place["person"].refresh_from_db()
    assert place["person"].job_title == "总监"
