"""Two spellings of one company meet; two companies stay two."""

from collections import defaultdict
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jike.engines.matching import (
    LIKELY,
    POSSIBLE,
    Party,
    Reason,
    block_keys,
    compare,
    generated_truth,
    parts_of,
    profile_of,
)

FIRST = "福州闽江数据科技有限公司"
TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs",)), max_size=40)
NAMES = st.lists(
    st.sampled_from([*"福州市闽江一二十第ＡbC12（）()有限公司分集团数据科技北京 ·"]), max_size=24
).map("".join)


def weighed(one: str, other: str, **details):
    return compare(profile_of(Party(companies=(one,))), profile_of(Party(companies=(other,), **details)))


@pytest.mark.parametrize(
    "other",
    [
        "福建省福州市闽江数据科技有限责任公司",
        "闽江数据科技（福州）有限公司",
        "閩江數據科技(福州)有限公司",
        "福州闽江数据 科技股份有限公司",
        "福州闵江数据科技有限公司",
        "福州闽江数据有限公司",
    ],
)
def test_one_company_written_otherwise_is_met_and_taken_for_one(other):
    keys = [set(block_keys(profile_of(Party(companies=(name,))))) for name in (FIRST, other)]
    assert keys[0] & keys[1]
    assert weighed(FIRST, other).score >= POSSIBLE


@pytest.mark.parametrize(
    ("other", "reason"),
    [
        ("厦门闽江数据科技有限公司", Reason.OTHER_REGION),
        ("福州闽江数据科技有限公司鼓楼分公司", Reason.OTHER_BRANCH),
        ("福州闽江物业管理有限公司", Reason.SAME_BRAND),
        ("福州长乐数据科技有限公司", Reason.OTHER_NAME),
    ],
)
def test_another_company_is_told_apart_with_a_reason(other, reason):
    match = weighed(FIRST, other)
    assert match.score < POSSIBLE
    assert reason in match.reasons


def test_numerals_compare_in_either_writing():
    assert weighed("福州一二三数据有限公司", "福州123数据有限公司").score >= LIKELY


def test_a_credit_code_decides_what_names_leave_open():
    first = profile_of(Party(companies=(FIRST,), codes=("91350100M000100Y43",)))
    renamed = profile_of(Party(companies=("福州远航软件有限公司",), codes=("91350100m000100y43",)))
    another = profile_of(Party(companies=(FIRST,), codes=("914403001922038216",)))
    assert compare(first, renamed).score >= POSSIBLE
    assert Reason.OTHER_CODE in compare(first, another).reasons
    assert compare(first, another).score < POSSIBLE


def test_people_of_one_customer_meet_by_the_sound_of_their_names():
    first = profile_of(Party(people=("单晓伟",), within="7"))
    match = compare(first, profile_of(Party(people=("单小伟",), within="7")))
    assert match.reasons == (Reason.SAME_SOUND,)
    assert match.score >= POSSIBLE
    assert set(block_keys(first)) & set(block_keys(profile_of(Party(people=("单小伟",), within="7"))))
    assert not set(block_keys(first)) & set(block_keys(profile_of(Party(people=("单小伟",), within="8"))))


def test_mail_hosts_of_everybody_name_no_company():
    assert not profile_of(Party(domains=("qq.com",))).domains
    assert profile_of(Party(domains=("https://www.minjiang.com.cn/index",))).domains == {"minjiang.com.cn"}


@pytest.mark.parametrize(
    ("name", "brand"),
    [
        ("武汉中联储金融服务有限公司", "中联储"),
        ("环球航运青岛有限公司", "环球"),
        ("湖南启程人力资源有限公司", "启程"),
        ("中国工商银行股份有限公司福州分行", "工商"),
        ("昆山金山软件有限公司", "金山"),
    ],
)
def test_the_brand_is_taken_out_of_a_registered_name(name, brand):
    assert parts_of(name).brand == brand


@given(TEXTS | NAMES, TEXTS | NAMES)
@settings(max_examples=300, deadline=None)
def test_any_texts_compare_the_same_in_either_order(one, other):
    assert weighed(one, other) == weighed(other, one)
    assert 0 <= weighed(one, other).score <= 100


@given(TEXTS | NAMES)
@settings(max_examples=300, deadline=None)
def test_any_text_meets_itself(name):
    profile = profile_of(Party(companies=(name,)))
    assert block_keys(profile) == block_keys(profile)
    if profile.sound:
        assert block_keys(profile)
    assert Reason.OTHER_NAME not in compare(profile, profile).reasons


def test_generated_doubles_are_found_and_strangers_are_not():
    truth = generated_truth(3_000, seed=11)
    profiles = [profile_of(party) for party in truth.parties]
    blocks = defaultdict(list)
    for place, profile in enumerate(profiles):
        for key in block_keys(profile):
            blocks[key].append(place)
    met = {pair for places in blocks.values() for pair in combinations(places, 2)}
    found = {pair for pair in met if compare(profiles[pair[0]], profiles[pair[1]]).score >= POSSIBLE}
    right = len(found & truth.doubles)
    assert right / len(found) >= 0.95
    assert right / len(truth.doubles) >= 0.90
    assert len(met) < len(profiles) * 3
