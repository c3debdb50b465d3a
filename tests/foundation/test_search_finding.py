"""What is found by what somebody types: letters, pinyin, initials, codes, numbers, and in which order."""

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from jike.foundation.audit import changing
from jike.foundation.search import narrow
from jike.foundation.search.finding import find
from jike.values.rights import Breadth
from tests.foundation.searched import SEEING, a_customer, a_key_person, a_seeker, an_owner, titles
from tests.making import SYSTEM, a_post, a_role, a_unit, acting

pytestmark = pytest.mark.django_db


@pytest.fixture(params=["fetched", "walked"])
def frequent(request):
    """Answer each question both ways: as rare words are, and as frequent ones are."""
    return 10**9 if request.param == "fetched" else -1


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("广东岚屿科技有限公司", "岚屿"),
        ("广东岚屿科技有限公司", "公司"),
        ("广东岚屿科技有限公司", "屿科技有"),
        ("广东岚屿科技有限公司", "岚"),
        ("广东岚屿科技有限公司", "科技 广东"),
        ("广东岚屿科技有限公司", "gdly"),
        ("广东岚屿科技有限公司", "lykj"),
        ("广东岚屿科技有限公司", "ly"),
        ("广东岚屿科技有限公司", "GDLY"),
        ("广东岚屿科技有限公司", "guangdong"),
        ("广东岚屿科技有限公司", "guangdonglanyu"),
        ("广东岚屿科技有限公司", "guangdo"),
        ("广东岚屿科技有限公司", "gdlanyu"),
        ("广东岚屿科技有限公司", "lanykj"),
        ("广东岚屿科技有限公司", "keji"),
        ("广东岚屿科技有限公司", "广东ly"),
        ("广东岚屿科技有限公司", "岚屿 keji"),
        ("重庆岚屿银行", "chongqing"),
        ("重庆岚屿银行", "zhongqing"),
        ("重庆岚屿银行", "cqlyyh"),
        ("重庆岚屿银行", "zqlyyx"),
        ("重庆岚屿银行", "yinhang"),
        ("重庆岚屿银行", "yinxing"),
        ("绿岚女装", "lvlan"),
        ("绿岚女装", "lulan"),
        ("绿岚女装", "nvz"),
        ("西安屿川", "xian"),
        ("广州ABC网络", "abc"),
        ("广州ABC网络", "ＡＢＣ"),
        ("广州ABC网络", "gzabc"),
        ("广州ABC网络", "c网"),
        ("广州第301医院", "301"),
        ("买买提·艾力商行", "买提艾力"),
        ("岚屿（集团）公司", "岚屿(集团)"),
        ("岚屿😀传媒", "😀"),
        ("Café Éclair 岚屿", "cafe"),
        ("ｶﾞｽ岚屿", "ガス"),
    ],
)
def test_a_name_is_found_by(name, typed, frequent):
    unit = a_unit()
    a_customer(name, unit)
    a_customer("另外甲乙丙丁", unit)
    assert titles(typed, frequent=frequent) == [name]


@pytest.mark.parametrize(
    "typed", ["东广", "广科", "岚屿技", "dg", "dongguang", "gdkj", "lanyukeij", "岚屿 金融", "q岚"]
)
def test_a_name_is_not_found_by_what_it_does_not_hold(typed, frequent):
    a_customer("广东岚屿科技有限公司", a_unit())
    assert titles(typed, frequent=frequent) == []


def test_further_names_find_a_customer(frequent):
    a_customer("广东岚屿科技有限公司", a_unit(), short_name="鹭汀", name_en="Egret Bay")
    assert titles("鹭汀", frequent=frequent) == titles("egret", frequent=frequent) == ["广东岚屿科技有限公司"]


@pytest.mark.parametrize("typed", ["QT-2611-0382", "qt2611", "QT 2611", "ｑｔ２６", "qt"])
def test_a_code_is_found_by_its_beginning(typed, frequent):
    a_customer("岚屿", a_unit(), national_code="QT-2611-0382")
    assert titles(typed, frequent=frequent) == ["岚屿"]
    assert titles("2611-0382", frequent=frequent) == []


@pytest.mark.parametrize("typed", ["020 8610 0148", "02086100148", "+86 20 8610 0148", "86100148", "0148"])
def test_a_landline_is_found_with_and_without_its_area_code(typed, frequent):
    a_customer("岚屿", a_unit(), phone="020-86100148")
    assert titles(typed, frequent=frequent) == ["岚屿"]


@pytest.mark.parametrize("typed", ["13812342607", "+86 138 1234 2607", "2607", "342607", "1234-2607"])
def test_a_telephone_number_is_found_by_its_end(typed, frequent):
    a_customer("岚屿", a_unit(), phone="13812342607")
    assert titles(typed, frequent=frequent) == ["岚屿"]
    assert titles("1381234", frequent=frequent) == titles("607", frequent=frequent) == []


def test_exact_titles_come_first_then_beginnings_then_own_then_short_ones(frequent):
    unit = a_unit()
    person, _ = an_owner(unit)
    seeker = a_seeker(unit)
    for name in ("甲乙丙岚屿", "长长的名字里有岚屿", "岚屿港口", "岚屿", "甲岚屿"):
        a_customer(name, unit)
    own = a_customer("我的客户叫岚屿", unit, owner=person)
    ordered = ["岚屿", "岚屿港口", "甲岚屿", "甲乙丙岚屿", own.name, "长长的名字里有岚屿"]
    assert titles("岚屿", seeker, frequent=frequent) == ordered
    assert titles("ly", seeker, frequent=frequent) == ordered
    a_post(person, a_role({"customers.customer:view": Breadth.TEAM}))
    mine = [hit.title for hit in find("岚屿", acting(person), frequent=frequent)]
    assert mine == ["岚屿", "岚屿港口", own.name, "甲岚屿", "甲乙丙岚屿", "长长的名字里有岚屿"]


def test_what_was_typed_is_marked_and_the_context_stands_beside():
    customer = a_customer("广东岚屿科技", a_unit("海珠网格"), grade="A1")
    a_key_person("程岚", customer, job_title="信息部部长", phone="13812342607")
    assert [(hit.title, hit.spans) for hit in find("lan", a_seeker(customer.unit))] == [
        ("程岚", ((1, 2),)),
        ("广东岚屿科技", ((2, 3),)),
    ]
    by_title = {hit.title: hit.context for hit in find("岚 ", a_seeker(customer.unit))}
    assert by_title["广东岚屿科技"][0] == "海珠网格"
    assert by_title["程岚"][0] == "广东岚屿科技"
    assert [hit.spans for hit in find("科技 gd", a_seeker(customer.unit))] == [((0, 2), (4, 6))]


def test_no_kind_takes_all_the_places():
    unit = a_unit()
    customer = a_customer("岚岚岚岚岚岚岚岚岚岚", unit)
    for number in range(30):
        a_key_person(f"岚{number}", customer)
    found = titles("岚", a_seeker(unit))
    assert len(found) == 20
    assert customer.name in found


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " ",
        "'",
        "\\",
        "\\'; drop table foundation_searchentry; --",
        "a & b | !c:*",
        "<->",
        "%",
        "_",
        "\0岚",
        "\ud800",
        "岚" * 10_000,
        "a" * 10_000,
        "x y " * 3_000,
        "😀👨‍👩‍👧",
        "٠١٢٣",
        "ı İ ß ﷽",
        "\u202e岚",
        "(((((",
        "zhzhzhzhzhzhzhzhzhzh",
        "aoeaoeaoeaoeaoeaoe",
    ],
)
def test_hostile_input_finds_nothing_and_breaks_nothing(typed, frequent):
    customer = a_customer("%_名", a_unit())
    find(typed, a_seeker(customer.unit), frequent=frequent)
    list(narrow(type(customer).objects.all(), typed, a_seeker(customer.unit)))
    assert titles("%_名") == ["%_名"]


def test_a_list_is_narrowed_to_what_was_typed():
    unit = a_unit()
    first, _ = a_customer("广东岚屿", unit), a_customer("深圳岚屿", unit)
    rows = type(first).objects.all()
    seeker = a_seeker(unit)
    assert list(narrow(rows, "gdly", seeker)) == list(narrow(rows, "东岚屿", seeker)) == [first]
    assert narrow(rows, "岚屿", seeker).count() == 2
    assert not narrow(rows.filter(name="深圳岚屿"), "广东", seeker).exists()
    assert not narrow(rows, "", seeker).exists()


def test_the_palette_shows_groups_with_marks_context_and_ways_in():
    unit = a_unit("海珠网格")
    person, _ = an_owner(unit)
    a_post(person, a_role(dict.fromkeys(SEEING, Breadth.TEAM)))
    customer = a_customer("广东岚屿<b>", unit, grade="A1")
    a_key_person("程岚", customer)
    browser = Client()
    browser.force_login(person, backend=settings.AUTHENTICATION_BACKENDS[-1])
    page = browser.get(reverse("foundation:search"), {"q": "岚"}).content.decode()
    assert page.count('role="group"') == 2
    assert "广东<mark>岚</mark>屿&lt;b&gt;" in page
    assert f'href="{reverse("resource:record", args=["customers", customer.uid])}"' in page
    assert f'data-drawer="{reverse("resource:drawer", args=["customers", customer.uid])}"' in page
    assert '<span class="gr gr-A1">A1</span>' in page
    assert "海珠网格" in page
    with changing(customer, actor=SYSTEM):
        customer.unit = a_unit()
    assert browser.get(reverse("foundation:search"), {"q": "岚"}).content.decode().strip() == ""


def test_nobody_searches_before_signing_in():
    assert Client().get(reverse("foundation:search"), {"q": "岚"}).status_code in (302, 401)
