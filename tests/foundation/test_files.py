"""Attachments: judged by content, durable before their row, stored once, with the rights of their record."""

import errno
import os
import subprocess
import threading
import zipfile
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from jike.foundation.audit import history_of
from jike.foundation.errors import Invalid, NotFound, Refused, TooLarge, Unavailable
from jike.foundation.files import (
    attach,
    attachment,
    attachments_of,
    clean_file_name,
    detach,
    open_attachment,
    reattach,
    storing,
    sweep_files,
)
from jike.foundation.files.naming import LONGEST
from jike.foundation.files.sniffing import content_type
from jike.foundation.models import Attachment
from jike.values.rights import Breadth
from tests.making import SYSTEM, a_person, a_unit, someone_with

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00"
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
EXE = b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff\x00\x00"
CHANGES = {"organisation.unit:view": Breadth.ALL, "organisation.unit:change": Breadth.ALL}


@pytest.fixture(autouse=True)
def folder(tmp_path, settings):
    settings.ATTACHMENTS_FOLDER = tmp_path
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path
    settings.ATTACHMENT_BYTES_MAX = 1024 * 1024
    return tmp_path


def stored(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def put(unit, content=PDF, name="合同.pdf", actor=SYSTEM):
    return attach(unit, name=name, chunks=[content], actor=actor)


@pytest.mark.django_db
def test_a_file_is_kept_by_its_content_and_recorded(folder):
    unit = a_unit()
    row = put(unit)
    assert (row.name, row.content_type, row.size_bytes) == ("合同.pdf", "application/pdf", len(PDF))
    assert stored(folder) == [row.sha256]
    with open_attachment(row) as source:
        assert source.read() == PDF
    assert [entry.verb for entry in history_of(row, SYSTEM)] == ["attach"]


@pytest.mark.django_db
def test_the_same_content_is_stored_once_and_stays_while_anybody_has_it(folder):
    unit = a_unit()
    first, second = put(unit), put(unit, name="copy.pdf")
    assert stored(folder) == [first.sha256]
    assert attachments_of(unit).count() == 2
    detach(first.uid, actor=SYSTEM)
    sweep_files()
    assert stored(folder) == [second.sha256]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("invoice.pdf", EXE),
        ("run.exe", b"plain text"),
        ("tool", b"\x7fELF\x02\x01\x01" + b"\0" * 20),
        ("notes.txt", b"#!/bin/sh\nrm -rf /"),
        ("macro.vbs", b"MsgBox 1"),
        ("photo.png", PDF),
        ("contract.pdf", b"just text"),
        ("table.xlsx", b"<html><script>alert(1)</script>"),
        ("empty.txt", b""),
    ],
)
def test_programs_contradictions_and_nothing_are_refused(folder, name, content):
    unit = a_unit()
    with pytest.raises(Invalid):
        put(unit, content, name)
    assert stored(folder) == []
    assert not attachments_of(unit).exists()


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("a.png", PNG, "image/png"),
        ("a.txt", "客户资料".encode(), "text/plain"),
        ("a.csv", "客户,金额".encode("gb18030"), "text/csv"),
        ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'>", "image/svg+xml"),
        ("a.txt", b"\xef\xbb\xbf  <!DOCTYPE html><html>", "text/html"),
        ("a.txt", b"<?xml version='1.0'?><!-- c --><svg>", "image/svg+xml"),
        ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "application/msword"),
        ("a.bin", b"\x00\x01\x02\x03\xff\xfe", "application/octet-stream"),
        ("MZ.txt", "MZ 客户".encode(), "text/plain"),
    ],
)
def test_the_content_says_what_a_file_is(name, content, kind):
    assert content_type(content, name) == kind


@pytest.mark.django_db
def test_a_zip_bomb_is_stored_and_never_opened(folder):
    bomb = BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zeros", b"\0" * 50_000_000)
    row = put(a_unit(), bomb.getvalue(), "bomb.zip")
    assert row.content_type == "application/zip"
    assert row.size_bytes < 100_000


@pytest.mark.django_db
def test_a_file_beyond_the_limit_is_refused_and_leaves_nothing(folder):
    with pytest.raises(TooLarge):
        attach(a_unit(), name="a.txt", chunks=(b"x" * 300_000 for _ in range(5)), actor=SYSTEM)
    assert stored(folder) == []


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\x\\合同.docx", "合同.docx"),
        ("inv\u202efdp.exe", "invfdp.exe"),
        ("a\0b.pdf", "ab.pdf"),
        ("  ..  ", "file"),
        ("con.txt", "_con.txt"),
        ('a<b>:"|?*.txt', "a_b______.txt"),
        ("长" * 300 + ".pdf", "长" * (LONGEST - 4) + ".pdf"),
        ("", "file"),
        ("a\r\nSet-Cookie: x.txt", "a Set-Cookie_ x.txt"),
    ],
)
def test_a_name_keeps_only_what_one_sees(given, kept):
    assert clean_file_name(given) == kept


@given(st.text(max_size=400))
def test_any_name_becomes_a_safe_one(name):
    kept = clean_file_name(name)
    assert 0 < len(kept) <= LONGEST
    assert kept == clean_file_name(kept)
    assert not set(kept) & set('/\\\0\n\r"<>:|?*\u202e')
    assert kept.strip(". ") == kept


@pytest.mark.django_db
def test_who_may_not_change_the_record_attaches_nothing(folder):
    home = a_unit()
    _, reader = someone_with({"organisation.unit:view": Breadth.ALL}, at=home)
    with pytest.raises(Refused):
        put(home, actor=reader)
    row = put(home)
    with pytest.raises(Refused):
        detach(row.uid, actor=reader)
    assert attachment(row.uid, reader)[0] == row
    assert stored(folder) == [row.sha256]


@pytest.mark.django_db
def test_a_removed_file_comes_back_with_the_same_rights():
    home = a_unit()
    _, keeper = someone_with(CHANGES, at=home)
    row = put(home, actor=keeper)
    detach(row.uid, actor=keeper)
    with pytest.raises(NotFound):
        attachment(row.uid, keeper)
    reattach(row.uid, actor=keeper)
    assert attachment(row.uid, keeper)[0].removed_at is None


@pytest.mark.django_db
def test_bytes_without_a_row_are_swept_and_unfinished_ones_after_a_day(folder):
    row = put(a_unit())
    orphan = storing.receive([b"nobody wants me"])
    storing.place(orphan)
    old, fresh = storing.receive([b"old"]), storing.receive([b"fresh"])
    os.utime(old.path, (1, 1))
    sweep_files()
    sweep_files()
    assert stored(folder) == sorted([row.sha256, fresh.path.name])


def test_many_at_once_store_one_content_and_a_row_each(committed_db, folder):
    unit = a_unit()
    gate = threading.Barrier(6)

    def upload(_: int) -> str:
        gate.wait()
        try:
            return put(unit, PDF + b"x" * 100_000).sha256
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as threads:
        (digest,) = set(threads.map(upload, range(6)))
    assert attachments_of(unit).count() == 6
    assert stored(folder) == [digest]


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root: mounts a small disk")
def test_a_full_disk_is_a_sentence_and_leaves_no_half_file(db, tmp_path, settings):
    small = tmp_path / "small"
    small.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(small)], capture_output=True
    )
    if mounted.returncode:
        pytest.skip("this machine does not let us mount")
    try:
        settings.ATTACHMENTS_FOLDER = settings.FILE_UPLOAD_TEMP_DIR = small
        unit = a_unit()
        with pytest.raises(Unavailable, match="满|full"):
            attach(unit, name="a.txt", chunks=(b"x" * 50_000 for _ in range(10)), actor=SYSTEM)
        assert stored(small) == []
        assert not Attachment.objects.exists()
    finally:
        subprocess.run(["umount", str(small)], check=True)


def test_a_disk_that_fails_otherwise_is_a_sentence_too():
    assert "full" not in str(storing.disk_failure(OSError(errno.EROFS, "read-only")))


@pytest.fixture
def browser(db, settings):
    home = a_unit()
    person, _ = someone_with(CHANGES, at=home)
    client = Client()
    client.force_login(person, backend=settings.AUTHENTICATION_BACKENDS[-1])
    return client, home


def posted(client, unit, name, content):
    address = reverse("foundation:attachments", args=["organisation.unit", unit.uid])
    return client.post(address, {"file": SimpleUploadedFile(name, content)}, headers={"HX-Request": "true"})


def test_an_upload_is_listed_and_downloaded_but_never_run(browser):
    client, home = browser
    page = posted(client, home, "图.svg", b"<svg onload='x()'></svg>")
    assert "图.svg" in page.content.decode()
    row = attachments_of(home).get()
    answer = client.get(reverse("foundation:attachment", args=[row.uid]), {"show": "1"})
    assert b"".join(answer.streaming_content) == b"<svg onload='x()'></svg>"
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    answer.close()


def test_a_record_with_many_files_shows_the_newest_and_how_many_more_there_are(browser):
    client, home = browser
    for number in range(52):
        put(home, name=f"{number}.pdf")
    shown = client.get(reverse("foundation:attachments", args=["organisation.unit", home.uid]))
    assert [row.name for row, *_ in shown.context["files"]] == [
        f"{number}.pdf" for number in range(51, 1, -1)
    ]
    assert shown.context["further"] == 2


def test_a_picture_may_be_shown_in_place(browser):
    client, home = browser
    posted(client, home, "a.png", PNG)
    answer = client.get(
        reverse("foundation:attachment", args=[attachments_of(home).get().uid]), {"show": "1"}
    )
    assert answer["Content-Type"] == "image/png"
    assert answer["Content-Disposition"].startswith("inline")
    answer.close()


def test_a_pdf_is_shown_by_the_browsers_own_viewer(browser):
    client, home = browser
    posted(client, home, "a.pdf", PDF)
    answer = client.get(
        reverse("foundation:attachment", args=[attachments_of(home).get().uid]), {"show": "1"}
    )
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("inline")
    assert answer["Content-Security-Policy"] == "default-src 'none'"
    answer.close()


def a_document(body: str) -> bytes:
    """Return a Word file with ``body`` in it."""
    written = BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("_rels/.rels", "<Relationships/>")
        archive.writestr("word/document.xml", body)
    return written.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "shown"),
    [
        ("a.txt", "<b>走访</b>纪要".encode(), "&lt;b&gt;走访&lt;/b&gt;纪要"),
        ("b.csv", "名称,数量".encode("gb18030"), "名称,数量"),
        ("c.png", PNG, "<img"),
        ("d.docx", a_document("<w:t>扩容方案</w:t>"), "扩容方案"),
        ("e.docx", a_document("<w:p/>"), "这里无法显示"),
    ],
)
def test_texts_and_pictures_are_previewed_in_a_dialog(browser, name, content, shown):
    client, home = browser
    page = posted(client, home, name, content).content.decode()
    address = reverse("foundation:attachment_preview", args=[attachments_of(home).get().uid])
    assert address in page
    assert shown in client.get(address).content.decode()


def test_what_could_run_is_not_previewed(browser):
    client, home = browser
    page = posted(client, home, "a.html", b"<html><script>alert(1)</script></html>").content.decode()
    address = reverse("foundation:attachment_preview", args=[attachments_of(home).get().uid])
    assert address not in page
    assert client.get(address).status_code == 404


def test_an_upload_beyond_the_limit_is_refused_with_a_sentence(browser, folder):
    client, home = browser
    answer = posted(client, home, "a.txt", b"x" * 3_000_000)
    assert answer.status_code == 413
    assert "1 MB" in answer.content.decode()
    assert stored(folder) == []


def test_a_form_without_a_file_is_refused(browser):
    client, home = browser
    address = reverse("foundation:attachments", args=["organisation.unit", home.uid])
    assert client.post(address).status_code == 422


def test_a_file_of_a_record_one_may_not_see_is_not_there(browser, settings):
    _, home = browser
    row = put(home)
    stranger = Client()
    stranger.force_login(a_person(home), backend=settings.AUTHENTICATION_BACKENDS[-1])
    for name in ("attachment", "attachment_remove"):
        address = reverse(f"foundation:{name}", args=[row.uid])
        assert stranger.get(address).status_code == (404 if name == "attachment" else 405)
        assert stranger.post(address).status_code == (405 if name == "attachment" else 404)
    address = reverse("foundation:attachments", args=["organisation.unit", home.uid])
    assert stranger.get(address).status_code == 404
    assert posted(stranger, home, "a.pdf", PDF).status_code == 404
    assert attachments_of(home).count() == 1


def test_a_file_whose_bytes_are_gone_is_a_sentence(browser, folder):
    client, home = browser
    row = put(home)
    storing.path_of(row.sha256).unlink()
    assert client.get(reverse("foundation:attachment", args=[row.uid])).status_code == 503
