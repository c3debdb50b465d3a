"""Regions, industries and size classes agree with their standards and with themselves."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jike.values import InvalidValue, Money
from jike.values.company_size import (
    FLOORS,
    Measure,
    Size,
    SizeIndustry,
    classify,
    size_industry,
    within_scope,
)
from jike.values.industries import divisions, divisions_of, industry, sections
from jike.values.regions import (
    Level,
    ancestors,
    children,
    descendants,
    find,
    full_name,
    provinces,
    region,
    regions,
)

SECTION_SIZES = {
    "A": 5, "B": 7, "C": 31, "D": 3, "E": 4, "F": 2, "G": 8, "H": 2, "I": 3, "J": 4,
    "K": 1, "L": 2, "M": 3, "N": 4, "O": 3, "P": 1, "Q": 2, "R": 5, "S": 6, "T": 1,
}  # fmt: skip


def test_there_are_20_sections_and_97_divisions() -> None:
    assert list(sections()) == list("ABCDEFGHIJKLMNOPQRST")
    assert list(divisions()) == [f"{number:02}" for number in range(1, 98)]
    assert {letter: len(divisions_of(letter)) for letter in sections()} == SECTION_SIZES


@pytest.mark.parametrize(
    ("code", "name", "section"),
    [
        ("01", "农业", "A"), ("12", "其他采矿业", "B"), ("13", "农副食品加工业", "C"),
        ("39", "计算机、通信和其他电子设备制造业", "C"),
        ("43", "金属制品、机械和设备修理业", "C"), ("44", "电力、热力生产和供应业", "D"),
        ("50", "建筑装饰、装修和其他建筑业", "E"),
        ("52", "零售业", "F"), ("58", "多式联运和运输代理业", "G"), ("61", "住宿业", "H"),
        ("65", "软件和信息技术服务业", "I"),
        ("66", "货币金融服务", "J"), ("70", "房地产业", "K"), ("72", "商务服务业", "L"),
        ("75", "科技推广和应用服务业", "M"),
        ("79", "土地管理业", "N"), ("82", "其他服务业", "O"), ("83", "教育", "P"), ("84", "卫生", "Q"),
        ("90", "娱乐业", "R"),
        ("96", "基层群众自治组织及其他组织", "S"), ("97", "国际组织", "T"),
    ],
)  # fmt: skip
def test_a_division_has_its_name_and_section(code: str, name: str, section: str) -> None:
    assert (industry(code).name, industry(code).section) == (name, section)


def test_every_industry_is_named_in_both_languages() -> None:
    for found in [*sections().values(), *divisions().values()]:
        assert found.name
        assert not found.name.isascii()
        assert found.english.isascii()
        assert found.english[:1].isupper()
    assert len({found.english for found in divisions().values()}) == 97


def test_an_unknown_industry_is_refused() -> None:
    for code in ("98", "00", "U", "1", ""):
        with pytest.raises(InvalidValue, match="GB/T 4754"):
            industry(code)


def test_there_are_34_provinces_and_every_region_hangs_on_one() -> None:
    assert len(provinces()) == 34
    for code, found in regions().items():
        assert code == found.code
        assert code.isdigit()
        assert len(code) == 6
        top = ancestors(code)[0] if found.parent else found
        assert top.level is Level.PROVINCE
        assert code[:2] == top.code[:2]


def test_the_tree_below_the_provinces_holds_every_region_once() -> None:
    below = [found.code for province in provinces() for found in descendants(province.code)]
    assert len(below) == len(set(below)) == len(regions()) - 34


def test_regions_know_those_above_and_below() -> None:
    assert full_name("440305") == "广东省深圳市南山区"
    assert full_name("110108") == "北京市海淀区"
    assert region("429004").level is Level.COUNTY
    assert region("429004").parent == "420000"
    assert children("441900") == []
    assert {found.name for found in children("460000")} >= {"海口市", "三亚市"}
    assert region("710000").name == "台湾省"


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("海淀", "110108"), ("广西", "450000"), ("新疆石河子", "659001"),
        ("深圳市", "440300"), ("广东深圳", "440300"), ("广东深圳南山", "440305"),
        ("chongqing", "500000"),
        ("cq", "500000"), ("zq", "500000"), ("xian", "610100"), ("shenz", "440300"), ("4403", "440300"),
    ],
)  # fmt: skip
def test_a_region_is_found_by_name_path_pinyin_and_code(typed: str, first: str) -> None:
    assert first in [found.code for found in find(typed)[:3]]


def test_same_names_are_all_found_and_nonsense_finds_nothing() -> None:
    assert [full_name(found.code)[:3] for found in find("鼓楼区")] == ["江苏省", "江苏省", "福建省", "河南省"]
    assert find("火星") == find("") == find("qqqq") == []


def test_an_unknown_region_is_refused() -> None:
    with pytest.raises(InvalidValue, match="GB/T 2260"):
        region("110103")


def test_both_measures_must_reach_a_class() -> None:
    result = classify(SizeIndustry.INDUSTRY, staff=1200, turnover=Money.parse("3亿"))
    assert result.size is Size.MEDIUM
    staff, turnover = result.reasons
    assert (staff.measure, staff.reaches, staff.floor, staff.next_floor, staff.decides) == (
        Measure.STAFF, Size.LARGE, 1000, None, False,
    )  # fmt: skip
    assert (turnover.value, turnover.reaches, turnover.floor, turnover.next_floor, turnover.decides) == (
        Decimal(30000), Size.MEDIUM, 2000, 40000, True,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "staff", "turnover", "assets", "size"),
    [
        (SizeIndustry.INDUSTRY, 1000, 40000, None, Size.LARGE),
        (SizeIndustry.INDUSTRY, 999, 40000, None, Size.MEDIUM),
        (SizeIndustry.INDUSTRY, 19, 40000, None, Size.MICRO),
        (SizeIndustry.CONSTRUCTION, None, 80000, 79999, Size.MEDIUM),
        (SizeIndustry.WHOLESALE, 5, 1000, None, Size.SMALL),
        (SizeIndustry.SOFTWARE, 300, 9999, None, Size.MEDIUM),
        (SizeIndustry.REAL_ESTATE_DEVELOPMENT, None, 200000, 9999, Size.MEDIUM),
        (SizeIndustry.LEASING_AND_BUSINESS, 100, None, 8000, Size.MEDIUM),
        (SizeIndustry.OTHER, 300, None, None, Size.LARGE),
        (SizeIndustry.OTHER, 9, None, None, Size.MICRO),
    ],
)
def test_the_floors_of_2017_decide(
    kind: SizeIndustry, staff: int | None, turnover: int | None, assets: int | None, size: Size
) -> None:
    money = [None if wan is None else Money(wan * 10_000) for wan in (turnover, assets)]
    assert classify(kind, staff=staff, turnover=money[0], assets=money[1]).size is size


def test_a_missing_measure_leaves_the_class_open_unless_it_is_micro() -> None:
    open_result = classify(SizeIndustry.INDUSTRY, staff=1200)
    assert (open_result.size, open_result.missing) == (None, (Measure.TURNOVER,))
    assert classify(SizeIndustry.INDUSTRY, staff=3).size is Size.MICRO
    assert classify(SizeIndustry.INDUSTRY).size is None


@given(st.sampled_from(SizeIndustry), st.integers(0, 3000), st.integers(0, 300000), st.integers(0, 200000))
def test_growth_never_lowers_the_class(kind: SizeIndustry, staff: int, turnover: int, assets: int) -> None:
    order = [Size.MICRO, Size.SMALL, Size.MEDIUM, Size.LARGE]
    money = [Money(wan * 10_000) for wan in (turnover, assets)]
    small = classify(kind, staff=staff, turnover=money[0], assets=money[1])
    grown = classify(kind, staff=staff * 2, turnover=money[0] * 2, assets=money[1] * 2)
    assert small.size is not None
    assert grown.size is not None
    assert order.index(small.size) <= order.index(grown.size)
    assert any(reason.decides for reason in small.reasons)


def test_every_division_has_size_rules() -> None:
    assert all(size_industry(code) in FLOORS for code in divisions())
    assert size_industry("39") is SizeIndustry.INDUSTRY
    assert size_industry("63") is SizeIndustry.INFORMATION_TRANSMISSION
    assert size_industry("83") is SizeIndustry.OTHER
    assert not within_scope("83")
    assert within_scope("65")


def test_negative_figures_are_refused() -> None:
    with pytest.raises(InvalidValue, match="cannot be negative"):
        classify(SizeIndustry.OTHER, staff=-1)
    with pytest.raises(InvalidValue, match="cannot be negative"):
        classify(SizeIndustry.INDUSTRY, turnover=Money(-1))
