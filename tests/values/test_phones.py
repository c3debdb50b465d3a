"""Telephone numbers are read as people write them and kept in one form."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jike.values import InvalidValue
from jike.values.mobile_prefixes import RANGES, Operator, number_range
from jike.values.phones import Phone, PhoneKind


@pytest.mark.parametrize(
    "text",
    [
        "13812345678",
        "138 1234 5678",
        "１３８-1234-5678",
        "+86 138 1234 5678",
        "0086 13812345678",
        "86-13812345678",
        "013812345678",
        "\u202d13812345678\u202c",
    ],
)
def test_a_mobile_number_has_one_normal_form(text: str) -> None:
    assert Phone.parse(text) == Phone("+8613812345678", PhoneKind.MOBILE)
    assert Phone.parse(text).display == "138 1234 5678"


@pytest.mark.parametrize(
    ("text", "e164", "kind", "display"),
    [
        ("010-62771234", "+861062771234", PhoneKind.LANDLINE, "010 6277 1234"),
        ("(021)62771234", "+862162771234", PhoneKind.LANDLINE, "021 6277 1234"),
        ("021–62771234", "+862162771234", PhoneKind.LANDLINE, "021 6277 1234"),
        ("400-800-1234", "+864008001234", PhoneKind.SERVICE, "400 800 1234"),
        ("8008101234", "+868008101234", PhoneKind.SERVICE, "800 810 1234"),
        ("95588", "+8695588", PhoneKind.SERVICE, "95588"),
        ("10086", "+8610086", PhoneKind.SERVICE, "10086"),
        ("1064812345678", "+861064812345678", PhoneKind.THINGS, "1064812345678"),
        ("+852 2345 6789", "+85223456789", PhoneKind.FOREIGN, "+852 2345 6789"),
    ],
)
def test_other_numbers_are_told_apart(text: str, e164: str, kind: PhoneKind, display: str) -> None:
    phone = Phone.parse(text)
    assert (phone.e164, phone.kind, phone.display) == (e164, kind, display)


@pytest.mark.parametrize(
    "text", ["0755-26771234-801", "0755 26771234转801", "075526771234 ext. 801", "0755-26771234#801"]
)
def test_an_extension_is_kept_apart(text: str) -> None:
    phone = Phone.parse(text)
    assert (phone.e164, phone.extension) == ("+8675526771234", "801")
    assert phone.display == "0755 2677 1234 转 801"
    assert str(phone) == "+8675526771234;ext=801"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("62771234", "phone.no_area_code"),
        ("12812345678", "phone.not_valid"),
        ("1381234567", "phone.not_valid"),
        ("138123456789", "phone.not_valid"),
        ("abc", "phone.not_a_number"),
        ("", "phone.not_a_number"),
        ("1" * 200, "phone.not_a_number"),
        ("138\0" + "12345678", "phone.not_a_number"),
        ("١٣٨١٢٣٤٥٦٧٨", "phone.not_a_number"),
    ],
)
def test_what_cannot_be_dialled_is_refused_with_its_reason(text: str, code: str) -> None:
    with pytest.raises(InvalidValue, match=r"telephone number|area code") as caught:
        Phone.parse(text)
    assert caught.value.code == code


@given(st.text(st.sampled_from("0123456789+-() 转#x"), max_size=20))
def test_any_text_is_a_number_or_refused_and_the_normal_form_is_stable(text: str) -> None:
    with suppress(InvalidValue):
        phone = Phone.parse(text)
        assert Phone.parse(phone.e164).e164 == phone.e164
        assert Phone.parse(phone.display) == phone


@pytest.mark.parametrize(
    ("number", "operator", "virtual"),
    [
        ("13812345678", Operator.MOBILE, False),
        ("13491234567", Operator.TELECOM, False),
        ("18612345678", Operator.UNICOM, False),
        ("19912345678", Operator.TELECOM, False),
        ("19212345678", Operator.BROADCAST, False),
        ("17012345678", Operator.TELECOM, True),
        ("17051234567", Operator.MOBILE, True),
        ("17091234567", Operator.UNICOM, True),
        ("17112345678", Operator.UNICOM, True),
        ("16212345678", Operator.TELECOM, True),
    ],
)
def test_a_range_belongs_to_an_operator(number: str, operator: Operator, virtual: bool) -> None:
    found = Phone.parse(number).range
    assert found is not None
    assert (found.operator, found.virtual) == (operator, virtual)


def test_the_four_digit_ranges_of_170_are_complete() -> None:
    assert all(f"170{digit}" in RANGES for digit in range(10))
    assert all(entry.operator in Operator and prefix == entry.prefix for prefix, entry in RANGES.items())


def test_a_number_outside_the_ranges_has_none() -> None:
    assert number_range("19412345678") is None
    assert number_range("1381234567") is None
    assert Phone.parse("010-62771234").range is None


@pytest.mark.parametrize("area", ["10", "20", "591", "755", "802", "400", "800", "950", "998"])
@given(subscriber=st.from_regex(r"[0-9]{7,8}", fullmatch=True))
def test_a_landline_in_its_usual_spelling_reads_like_any_other(area: str, subscriber: str) -> None:
    careful, usual = f"(0{area}) {subscriber}", (f"0{area}-{subscriber}", f"0{area}{subscriber}")
    assert all(read(spelled) == read(careful) for spelled in usual)


@given(st.from_regex(r"1[0-9]{10}", fullmatch=True))
def test_a_mobile_in_its_usual_spelling_reads_like_any_other(number: str) -> None:
    assert read(number) == read(f"+86 {number[:3]} {number[3:7]} {number[7:]}")


def read(text: str) -> Phone | None:
    with suppress(InvalidValue):
        return Phone.parse(text)
    return None
