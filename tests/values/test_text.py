"""Text is stored clean: nothing unseen, nothing unstorable, nothing endless."""

import unicodedata
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jike.values import InvalidValue
from jike.values.text import clean_code, clean_line, clean_text, half_width


@pytest.mark.parametrize("character", ["\0", "\x01", "\x0b", "\x1b", "\x7f", "\x9f", "\ud800", "\ufffe"])
def test_characters_that_cannot_be_stored_are_refused(character: str) -> None:
    with pytest.raises(InvalidValue, match="cannot be stored") as caught:
        clean_text(f"a{character}b", limit=100)
    assert caught.value.params["character"] == f"{ord(character):04X}"


def test_direction_marks_and_zero_width_characters_vanish() -> None:
    assert clean_text("合\u202e同\u200b\u200f\ufeff.pdf\u2066\u3164\U000e0041", limit=100) == "合同.pdf"


def test_line_ends_become_one_kind_and_tabs_stay() -> None:
    assert clean_text("  一\r\n二\r三\u2028四\tA \n", limit=100) == "一\n二\n三\n四\tA"
    assert clean_line(" 中国\n 移动\t\u3000集团 ", limit=100) == "中国 移动 集团"


def test_letters_and_their_accents_become_one() -> None:
    assert clean_text("e\u0301", limit=1) == "é"
    assert clean_text("e\u200d\u0301", limit=1) == "é"


def test_too_long_a_text_is_refused_before_it_costs_time() -> None:
    assert clean_text("字" * 200, limit=200) == "字" * 200
    for length in (201, 10 * 1024 * 1024):
        for clean in (clean_text, clean_line, clean_code):
            with pytest.raises(InvalidValue, match="at most 200 fit"):
                clean("字" * length, limit=200)


@given(st.text(max_size=60))
def test_clean_text_stays_as_it_is(text: str) -> None:
    with suppress(InvalidValue):
        once = clean_text(text, limit=200)
        assert clean_text(once, limit=200) == once
        assert unicodedata.is_normalized("NFC", once)
        assert clean_line(clean_line(text, limit=200), limit=200) == clean_line(text, limit=200)


def test_codes_lose_width_case_and_spaces() -> None:
    assert clean_code(" ａｂ１２－３\u3000x ", limit=20) == "AB12-3X"
    assert half_width("（Ａ）　中") == "(A) 中"
