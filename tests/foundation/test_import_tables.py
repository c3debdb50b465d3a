"""Tables as people send them: what is read of each, and what is refused with a sentence before anything is kept."""

import contextlib
import datetime as dt
import io
import zipfile
from decimal import Decimal
from pathlib import Path

import pytest
import xlsxwriter
from django.utils import translation

from jike.foundation.errors import RuleBroken
from jike.foundation.exchange.error_cells import ErrorCell
from jike.foundation.exchange.staging import Staged, stage
from jike.foundation.exchange.tables import Damaged, header_place, read_table, sheet_names
from tests.foundation.binary_books import compound, xls, xlsb


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def workbook(path: Path, fill, **options) -> Path:
    """Write a workbook that ``fill(book, sheet)`` fills."""
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, **options}) as book:
        fill(book, book.add_worksheet("客户"))
    return path


def staged(path: Path, sheet: str = "") -> Staged:
    return stage(path.with_suffix(".rows"), read_table(path, path.name, sheet=sheet), [])


def rows_of(path: Path) -> list[tuple]:
    return list(staged(path).rows())


def text(tmp_path: Path, content: bytes, name: str = "表.csv") -> Path:
    path = tmp_path / name
    path.write_bytes(content)
    return path


def test_cells_keep_their_kind_when_they_are_kept(tmp_path):
    def fill(book, sheet):
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_row(0, 0, ["a", 5, 2.5, True, 123456789012345678])
        sheet.write_datetime(0, 5, dt.date(2026, 11, 23), day)

    row = rows_of(workbook(tmp_path / "a.xlsx", fill))[0]
    assert row == ("a", 5, Decimal("2.5"), True, Damaged("1.23456789012346e+17"), dt.date(2026, 11, 23))


def test_errors_of_excel_are_told_apart_from_empty_cells(tmp_path):
    def fill(book, sheet):
        sheet.write_row(0, 0, ["编码", "名称"])
        for row in range(1, 3_000):
            sheet.write_row(row, 0, [f"K{row}", "长" * 60])
        sheet.write_formula(2_500, 0, "=1/0", None, "#DIV/0!")
        sheet.write_formula(2_999, 1, "=NA()", None, "#N/A")
        sheet.write_string(2_998, 1, "#REF!")

    rows = rows_of(workbook(tmp_path / "a.xlsx", fill))
    assert rows[2_500][0] == ErrorCell("#DIV/0!")
    assert rows[2_999] == ("K2999", ErrorCell("#N/A"))
    assert rows[2_998][1] == ErrorCell("#REF!")
    assert sum(isinstance(cell, ErrorCell) for row in rows for cell in row) == 3


def test_errors_of_old_and_binary_workbooks_are_told_apart_too(tmp_path):
    shown = (12, ErrorCell("#DIV/0!"), ErrorCell("#N/A"))
    assert rows_of(xls(tmp_path / "a.xls")) == [shown]
    assert [row for row in rows_of(xlsb(tmp_path / "a.xlsb")) if any(row)] == [shown]


def test_a_compound_file_whose_sectors_run_in_a_circle_ends(tmp_path):
    path = xls(tmp_path / "a.xls")
    content = bytearray(path.read_bytes())
    content[512 + 4 * 4 : 512 + 4 * 5] = (2).to_bytes(4, "little")
    path.write_bytes(content)
    with contextlib.suppress(RuleBroken):
        rows_of(path)


def test_formulas_are_read_as_what_they_show(tmp_path):
    path = workbook(tmp_path / "a.xlsx", lambda book, sheet: sheet.write_formula(0, 0, "=1+1", None, 2))
    assert rows_of(path) == [(2,)]


def test_what_merged_cells_show_stands_in_each_of_their_rows(tmp_path):
    def fill(book, sheet):
        sheet.write_row(0, 0, ["单位", "名称"])
        sheet.merge_range(1, 0, 3, 0, "天河")
        for row in (1, 2, 3, 4):
            sheet.write(row, 1, f"客户{row}")

    assert [row[0] for row in rows_of(workbook(tmp_path / "a.xlsx", fill))] == [
        "单位",
        "天河",
        "天河",
        "天河",
        None,
    ]


def test_of_headings_merged_over_several_rows_the_last_names_the_columns(tmp_path):
    def fill(book, sheet):
        sheet.merge_range(0, 0, 1, 3, "客户台账")
        sheet.merge_range(2, 0, 3, 0, "客户编码")
        sheet.merge_range(2, 1, 3, 1, "客户名称")
        sheet.merge_range(2, 2, 2, 3, "联系方式")
        sheet.write_row(3, 2, ["联系电话", "联系地址"])
        sheet.write_row(4, 0, ["K1", "闽江", "0591-87654321", "鼓楼区1号"])

    found = staged(workbook(tmp_path / "a.xlsx", fill)).first(20)
    assert header_place(found) == 3
    assert found[3] == ("客户编码", "客户名称", "联系电话", "联系地址")


def test_a_row_that_happens_to_repeat_a_heading_is_no_heading(tmp_path):
    found = staged(text(tmp_path, "编码,等级\nK1,等级\n".encode()))
    assert header_place(found.first(20)) == 0


def test_hidden_sheets_are_not_offered_while_there_is_a_visible_one(tmp_path):
    def fill(book, sheet):
        sheet.write(0, 0, "看得见")
        book.add_worksheet("隐藏").hide()

    path = workbook(tmp_path / "a.xlsx", fill)
    assert sheet_names(path, path.name) == ["客户"]


def test_macros_are_never_looked_at(tmp_path):
    plain = workbook(tmp_path / "a.xlsx", lambda book, sheet: sheet.write(0, 0, "名称"))
    path = plain.rename(tmp_path / "a.xlsm")
    with zipfile.ZipFile(path, "a") as packed:
        packed.writestr("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0 Auto_Open")
    assert rows_of(path) == [("名称",)]


def test_dates_as_text_and_as_serials_both_arrive(tmp_path):
    def fill(book, sheet):
        sheet.write_string(0, 0, "2016/5/1")
        sheet.write_number(0, 1, 42491, book.add_format({"num_format": "yyyy/m/d"}))
        sheet.write_number(0, 2, 42491)

    assert rows_of(workbook(tmp_path / "a.xlsx", fill)) == [("2016/5/1", dt.date(2016, 5, 1), 42491)]


@pytest.mark.parametrize("columns", [301, 16_384])
def test_too_many_columns_are_refused(tmp_path, columns: int):
    path = workbook(tmp_path / "a.xlsx", lambda book, sheet: sheet.write(0, columns - 1, "x"))
    with pytest.raises(RuleBroken, match="300"):
        read_table(path, path.name)


def test_a_sheet_may_reach_to_its_last_row(tmp_path):
    def fill(book, sheet):
        sheet.write(0, 0, "编码")
        sheet.write(1_048_575, 0, "K1")

    found = staged(workbook(tmp_path / "a.xlsx", fill))
    assert (found.length, found.first(1, start=1_048_575)) == (1_048_576, [("K1",)])


def test_a_file_that_grows_beyond_measure_is_refused(tmp_path):
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b"0" * 50_000_000)
    with pytest.raises(RuleBroken, match="unpacked"):
        read_table(path, path.name)


def test_a_file_that_lies_about_its_size_is_refused(tmp_path):
    path = workbook(tmp_path / "a.xlsx", lambda book, sheet: sheet.write(0, 0, "名称" * 3_000))
    content = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as packed:
        part = packed.getinfo("xl/sharedStrings.xml")
    told = part.file_size.to_bytes(4, "little")
    while (place := content.find(told)) >= 0:
        content[place : place + 4] = (100).to_bytes(4, "little")
    path.write_bytes(content)
    with pytest.raises(RuleBroken, match=r"unpacked|damaged"):
        read_table(path, path.name)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("编码,名称\nK1,闽江\n".encode("gb18030") + "K2,珠江制造\n".encode(), "Line 3"),
        (b"a,b\x00c\n", "characters"),
        (b'a,b\n"1,2\n', "nothing|quotation|table"),
        (b"", "nothing"),
    ],
)
def test_text_that_cannot_be_trusted_is_refused(tmp_path, content: bytes, said: str):
    path = text(tmp_path, content)
    if said.startswith("nothing|"):
        assert rows_of(path)[0] == ("a", "b")
        return
    with pytest.raises(RuleBroken, match=said):
        rows_of(path)


def test_gb18030_that_is_chinese_throughout_is_no_mixture(tmp_path):
    assert rows_of(text(tmp_path, "名称,简称\n联通,联通\n".encode("gb18030")))[1] == ("联通", "联通")


def test_a_workbook_with_a_password_is_refused(tmp_path):
    # An encrypted workbook is a compound file that holds EncryptedPackage instead of a workbook.
    streams = {"EncryptedPackage": b"\x01" * 5_000, "EncryptionInfo": b"\x04\x00\x04\x00"}
    path = compound(tmp_path / "密.xlsx", streams)
    with pytest.raises(RuleBroken, match="password"):
        read_table(path, path.name)


def test_a_compound_file_that_is_no_workbook_is_refused(tmp_path):
    path = compound(tmp_path / "信.xls", {"WordDocument": b"x"})
    with pytest.raises(RuleBroken, match="damaged"):
        read_table(path, path.name)


def test_headings_may_be_missing_or_come_twice(tmp_path):
    found = staged(text(tmp_path, "编码,,名称,名称\nK1,x,甲,乙\n".encode()))
    assert header_place(found.first(20)) == 0
    assert found.first(1)[0] == ("编码", None, "名称", "名称")


def test_rows_are_read_from_any_place_on(tmp_path):
    content = io.BytesIO()
    content.write("编码\n".encode())
    content.write(b"".join(f"K{n}\n".encode() for n in range(5_000)))
    found = staged(text(tmp_path, content.getvalue()))
    assert found.first(2, start=4_999) == [("K4998",), ("K4999",)]
