"""Chinese sorts by the right reading of whole names and is found by any reading of its characters."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypinyin import lazy_pinyin

from jike.values.pinyin import (
    initials,
    initials_variants,
    readings,
    sort_key,
    spelled_by,
    spelled_in_full,
    syllables,
)

MIXED = st.text(st.sampled_from("重庆银行长沙中国石化女绿A1 （）公司行乐"), max_size=12)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("重庆", "chong qing"),
        ("长沙银行", "chang sha yin hang"),
        ("成都长虹重机", "cheng du chang hong zhong ji"),
        ("厦门大厦", "xia men da sha"),
        ("绿地", "lv di"),
        ("ＡＢＣ中国 Ltd", "abc zhong guo ltd"),
        ("", ""),
    ],
)
def test_a_name_is_read_by_its_phrases(text: str, read: str) -> None:
    assert " ".join(syllables(text)) == read


def test_a_surname_is_read_as_one() -> None:
    assert syllables("单雄信", person=True) == ["shan", "xiong", "xin"]
    assert syllables("尉迟恭", person=True) == ["yu", "chi", "gong"]
    assert syllables("王小明", person=True) == ["wang", "xiao", "ming"]
    assert initials("曾国藩", person=True) == "zgf"


def test_names_sort_as_a_chinese_reader_expects() -> None:
    names = ["重庆银行", "安徽移动", "先锋", "西安", "长沙", "重庆", "北京", "123物流", "ABC公司"]
    assert sorted(names, key=sort_key) == [
        "123物流", "ABC公司", "安徽移动", "北京", "长沙", "重庆", "重庆银行", "西安", "先锋",
    ]  # fmt: skip


@given(MIXED, MIXED)
def test_a_sort_key_is_different_for_different_text_and_ends_in_it(a: str, b: str) -> None:
    assert (sort_key(a) == sort_key(b)) == (a == b)
    assert sort_key(a).endswith(a)


def test_initials_take_one_letter_a_character_and_other_runs_whole() -> None:
    assert initials("重庆银行") == "cqyh"
    assert initials("中国石化A1 (集团)") == "zgsha1jt"


def test_each_character_offers_all_its_readings() -> None:
    assert {"chong", "zhong"} <= set(readings("重")[0])
    assert {"hang", "xing"} <= set(readings("行")[0])
    assert {"lv", "lu"} <= set(readings("绿")[0])
    assert readings("a㐂") == [("a",), ("㐂",)]
    assert {"cq", "zq"} <= set(initials_variants("重庆"))
    assert len(initials_variants("行" * 30, limit=16)) == 16


@pytest.mark.parametrize("typed", ["cq", "zq", "CQ", "chongq", "cqyh", "cqyinh", "zhongqingyinxing", "c q"])
def test_a_name_is_found_however_its_pinyin_is_typed(typed: str) -> None:
    assert spelled_by("重庆银行", typed)


@pytest.mark.parametrize("typed", ["", "qc", "cqyhx", "chx", "重x"])
def test_other_letters_do_not_find_it(typed: str) -> None:
    assert not spelled_by("重庆银行", typed)


@given(MIXED)
def test_a_name_is_spelled_by_its_own_syllables(text: str) -> None:
    assert spelled_in_full(text.replace(" ", ""), "".join(syllables(text)))
    joined = "".join(syllables(text))
    assert not joined or spelled_by(text.replace(" ", ""), joined)


@given(st.text(st.sampled_from("重庆长沙银行单曾乐山和平成都大厦龘"), max_size=12))
def test_a_text_is_read_by_the_phrases_in_it(text: str) -> None:
    assert syllables(text) == lazy_pinyin(text)
