"""What names a person is taken out of texts, however it is written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jike.values.blotting import BLOT, Words

WORDS = Words.of(["王小明", "wang@example.com", "x"], ["+8613800138000", "12"])


@pytest.mark.parametrize(
    "text",
    [
        "王小明来电",
        "13800138000",
        "+86 138 0013 8000",
        "86-138-0013-8000",
        "（138）00138000",
        "写给 WANG@Example.com",
    ],
)
def test_every_way_of_writing_is_found_and_taken_out(text):
    assert WORDS.name(text)
    assert BLOT in WORDS.blotted(text)
    assert not WORDS.name(WORDS.blotted(text))


@pytest.mark.parametrize("text", ["王小二", "138001380001", "x 12", "", "example.com"])
def test_others_stay(text):
    assert not WORDS.name(text)
    assert WORDS.blotted(text) == text


@given(st.text(), st.text())
def test_what_stands_around_stays(before, after):
    told = Words.of(["\u738b\u5c0f\u660e"], ()).blotted(f"{before}\u738b\u5c0f\u660e{after}")
    assert told.replace(BLOT, "") == f"{before}{after}".replace("\u738b\u5c0f\u660e", "").replace(BLOT, "")


def test_nobody_is_named_by_nothing():
    assert not Words.of(["", " ", "a"], ["", "123"])
    assert Words().blotted("abc") == "abc"
