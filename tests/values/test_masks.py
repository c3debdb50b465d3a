"""Masks cover: what is left suffices to recognise a value, never to use it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jike.values.masks import mask_identity_number, mask_mail, mask_name, mask_phone


@pytest.mark.parametrize(
    ("number", "masked"),
    [
        ("13812341234", "138****1234"),
        ("+8613812341234", "138****1234"),
        ("+861062771234", "106277****"),
        ("95588", "9****"),
        ("110", "***"),
        ("", ""),
    ],
)
def test_the_middle_of_a_number_is_covered(number: str, masked: str) -> None:
    assert mask_phone(number) == masked


def test_identity_numbers_names_and_addresses_are_covered() -> None:
    assert mask_identity_number("110101199003071234") == "110***********1234"
    assert mask_identity_number("E12345678") == "*********"
    assert mask_name("王小明") == "王**"
    assert mask_name("欧阳娜娜") == "欧阳**"
    assert mask_name("王") == "王*"
    assert mask_name("John Smith") == "J*** S****"
    assert mask_mail("wang.xm@example.com") == "w***@example.com"
    assert mask_mail("nobody") == "******"


@given(st.text(min_size=1, max_size=40))
def test_no_mask_shows_the_whole(value: str) -> None:
    for mask in (mask_phone, mask_identity_number, mask_mail):
        assert mask(value) != value or set(value) == {"*"} or value == "+86"
    assert not value.strip() or "*" in mask_name(value)
