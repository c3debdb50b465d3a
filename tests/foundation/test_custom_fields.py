"""Custom fields where people meet them: lists, filters, forms, edits in place and of many, history, files, programs."""

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

import pytest
from django.urls import reverse
from django.utils.translation import override

from jike.apps.customers.models import Customer, KeyPerson
from jike.apps.customers.pages.resources import CUSTOMERS
from jike.foundation.customising import customised
from jike.foundation.customising.defining import add_field, change_field, remove_field, restore_field
from jike.foundation.errors import Invalid, Refused, RuleBroken
from jike.foundation.exchange import uploads
from jike.foundation.models import Change, CustomField
from jike.foundation.resource.bulk import apply_edits
from jike.foundation.resource.editing import change_fields
from jike.foundation.resource.listing import exact_count, matching, page_of, totals_of
from jike.foundation.resource.state import read_state
from tests.foundation.importing import imported, text
from tests.foundation.listed import SYSTEM, World, a_world, browser, text_of
from tests.foundation.test_exporting import exported, lines
from tests.foundation.test_resource_api import RIGHTS, a_token

pytestmark = pytest.mark.django_db
KIND, TODAY = "customers.customer", dt.date(2026, 3, 1)


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    """Sentences are compared in English, whatever language a test before this left in force."""
    with override("en"):
        yield


def a_field(label: str, shape: str, **details: Any) -> CustomField:
    """Define a field of customers."""
    return add_field(actor=SYSTEM, of_kind=KIND, label=label, shape=shape, **details)


@pytest.fixture
def world() -> World:
    made = a_world()
    a_field("云预算", "money", label_en="Cloud budget", data_key="budget")
    a_field("机房面积", "number", label_en="Room area", data_key="area", decimals=1)
    a_field("专线到期", "date", label_en="Line ends", data_key="ends", section="线路", section_en="Lines")
    a_field("机房等级", "choice", label_en="Room class", data_key="room", options="甲 | Best\n乙 | Good")
    a_field("上云顾问", "person", label_en="Adviser", data_key="adviser")
    a_field("专线用途", "text", label_en="Use", data_key="purpose")
    a_field(
        "每平米预算",
        "formula",
        label_en="Per metre",
        data_key="per",
        formula="云预算 / 机房面积",
        result="money",
    )
    return made


def stored(customer: Customer, **values: Any) -> None:
    """Set custom fields by key."""
    given = {f"custom.{key}": value for key, value in values.items()}
    change_fields(customised(CUSTOMERS), customer, given, actor=SYSTEM, version=None)


def found(world: World, where: list[Any], sort: str = "", actor: Any = None) -> list[str]:
    """Return the names that a list filtered so shows."""
    resource = customised(CUSTOMERS)
    asked = {"where": json.dumps([where] if where else []), "sort": sort}
    state = read_state(resource, asked, actor or world.heads)
    return [row.values[0] for row in page_of(resource, state, actor or world.heads, today=TODAY).rows]


def test_values_come_back_as_they_were_given(world: World):
    first = world.customers[0]
    stored(
        first,
        budget=Decimal("1234.50"),
        area=Decimal(20),
        ends=dt.date(2027, 1, 2),
        room="甲",
        adviser=world.head,
    )
    first.refresh_from_db()
    known = customised(CUSTOMERS).attributes
    assert first.custom == {
        "budget": "1234.5",
        "area": "20",
        "ends": "2027-01-02",
        "room": "甲",
        "adviser": world.head.pk,
    }
    told = {
        key: known[f"custom.{key}"].of(first)
        for key in ("budget", "ends", "room", "adviser", "per", "purpose")
    }
    assert told == {
        "budget": Decimal("1234.5"),
        "ends": dt.date(2027, 1, 2),
        "room": "甲",
        "adviser": world.head,
        "per": Decimal("61.73"),
        "purpose": None,
    }


def test_lists_filter_sort_and_sum_by_custom_fields(world: World):
    names = [customer.name for customer in world.customers]
    for place, customer in enumerate(world.customers[:4]):
        stored(
            customer, budget=Decimal(100 * (place + 1)), area=Decimal(place), room="甲" if place % 2 else "乙"
        )
        stored(
            customer, ends=dt.date(2026, 3, 1 + 10 * (place % 3)), adviser=world.head if place == 2 else None
        )
    cases: list[tuple[list[Any], list[str]]] = [
        (["custom.budget", "gt", 200], names[2:4]),
        (["custom.budget", "between", [100, 200]], names[:2]),
        (["custom.area", "lt", "1.5"], names[:2]),
        (["custom.ends", "after", "5d"], names[1:3]),
        (["custom.room", "in", ["甲"]], [names[1], names[3]]),
        (["custom.room", "not_in", ["甲"]], [names[0], names[2]]),
        (["custom.adviser", "in", [str(world.head.uid)]], [names[2]]),
        (["custom.adviser", "in", ["me"]], [names[2]]),
        (["custom.budget", "empty"], names[4:]),
        (["custom.per", "gte", 150], names[1:3]),
        (["custom.per", "empty"], [names[0], *names[4:]]),
    ]
    for where, expected in cases:
        assert sorted(found(world, where)) == sorted(expected), where
    assert found(world, ["custom.budget", "filled"], "-custom.budget") == names[3::-1]
    assert found(world, [], "custom.per")[:3] == [names[3], names[2], names[1]]
    resource = customised(CUSTOMERS)
    state = read_state(resource, {}, world.heads)
    rows = matching(resource, state, world.heads, today=TODAY)
    assert (totals_of(resource, rows, resource.totals) or {})["custom.budget"] == 1000
    assert exact_count(rows) == 6


def test_pages_of_a_list_sorted_by_a_custom_field_follow_each_other(world: World):
    for place, customer in enumerate(world.customers[:4]):
        stored(customer, budget=Decimal(place))
    resource, seen, at = customised(CUSTOMERS), [], ""
    while True:
        state = read_state(resource, {"sort": "-custom.budget", "size": "25", "at": at}, world.heads)
        page = page_of(resource, state, world.heads, today=TODAY)
        seen += [row.values[0] for row in page.rows]
        at = page.after.write() if page.after else ""
        if not at:
            break
    assert seen[:4] == [one.name for one in world.customers[3::-1]]
    assert len(seen) == 6


def test_the_record_page_shows_edits_and_explains_custom_fields(world: World):
    client, first = browser(world.manager), world.customers[0]
    stored(first, budget=Decimal(500), area=Decimal(0))
    page = text_of(client.get(reverse("resource:record", args=["customers", first.uid])))
    assert [
        words for words in ("Cloud budget", "500.00", "divided by zero", "Lines") if words not in page
    ] == []
    address = reverse("resource:fact", args=["customers", first.uid, "custom.area"])
    assert 'name="custom.area"' in text_of(client.get(address))
    assert client.post(address, {"custom.area": "12.5", "version": first.version}).status_code == 200
    first.refresh_from_db()
    assert first.custom["area"] == "12.5"
    assert client.post(address, {"custom.area": "wide", "version": first.version}).status_code == 422
    assert (
        client.get(reverse("resource:fact", args=["customers", first.uid, "custom.per"])).status_code == 404
    )
    form = client.get(reverse("resource:change", args=["customers", first.uid]))
    assert 'name="custom.room"' in text_of(form)
    assert 'name="custom.per"' not in text_of(form)


def test_history_tells_custom_fields_one_by_one_and_brings_one_back(world: World):
    client, first = browser(world.manager), world.customers[0]
    stored(first, budget=Decimal(1), room="甲")
    stored(first, budget=Decimal(2), adviser=world.head)
    tab = text_of(client.get(reverse("resource:tab", args=["customers", first.uid, "history"])))
    for words in ("Cloud budget", "1.00", "2.00", "Adviser"):
        assert words in tab
    change = Change.objects.filter(uid=first.uid, fields__contains=["custom"]).latest("id")
    back = reverse("resource:bring_back", args=["customers", first.uid])
    assert client.post(back, {"change": change.pk, "field": "custom.budget"}).status_code == 302
    first.refresh_from_db()
    assert first.custom == {"budget": "1", "room": "甲", "adviser": world.head.pk}


def test_an_edit_of_many_sets_one_field_and_is_taken_back_whole(world: World):
    for customer in world.customers:
        stored(customer, purpose="视频")
    client = browser(world.head)
    posted = {
        "field": "custom.room",
        "custom.room": "乙",
        "row": [str(one.uid) for one in world.customers[:3]],
    }
    answer = client.post(reverse("resource:bulk_edit", args=["customers"]), posted)
    assert answer.status_code == 200
    assert list(Customer.objects.order_by("pk").values_list("custom", flat=True))[2:4] == [
        {"purpose": "视频", "room": "乙"},
        {"purpose": "视频"},
    ]
    client.post(json.loads(answer["HX-Trigger"])["toast"]["undo"])
    assert set(map(str, Customer.objects.values_list("custom", flat=True))) == {"{'purpose': '视频'}"}


def test_a_field_of_heads_is_neither_seen_nor_set_by_managers(world: World):
    with pytest.raises(RuleBroken):
        change_field(CustomField.objects.get(data_key="budget"), actor=SYSTEM, see="assign", change="assign")
    remove_field(CustomField.objects.get(data_key="per"), actor=SYSTEM)
    change_field(CustomField.objects.get(data_key="budget"), actor=SYSTEM, see="assign", change="assign")
    first, manager = world.customers[0], world.managers
    stored(first, budget=Decimal(777))
    client = browser(world.manager)
    page = text_of(client.get(reverse("resource:record", args=["customers", first.uid])))
    assert "777.00" not in page
    assert "777.00" not in text_of(
        client.get(reverse("resource:tab", args=["customers", first.uid, "history"]))
    )
    assert "777.00" in text_of(
        browser(world.head).get(reverse("resource:record", args=["customers", first.uid]))
    )
    with pytest.raises(Invalid):
        found(world, ["custom.budget", "gt", 1], actor=manager)
    with pytest.raises(Refused):
        change_fields(
            customised(CUSTOMERS), first, {"custom.budget": Decimal(1)}, actor=manager, version=None
        )
    outcome = apply_edits(customised(CUSTOMERS), {first.pk: {"custom.budget": Decimal(1)}}, actor=manager)
    assert "Cloud budget" in outcome.refused[first.pk] or "云预算" in outcome.refused[first.pk]
    told = client.get("/api/customers").json()["items"]
    assert all("budget" not in one["custom"] or one["custom"]["budget"] is None for one in told)


def test_programs_read_and_write_custom_fields(world: World):
    client = browser(world.head)
    head = {
        "headers": {"Authorization": f"Bearer {a_token(world, RIGHTS)}"},
        "content_type": "application/json",
    }
    first = world.customers[0]
    answer = client.patch(
        f"/api/customers/{first.uid}", {"custom": {"budget": "12.5万", "room": "甲"}}, **head
    )
    assert answer.status_code == 200, answer.content
    assert answer.json()["custom"] == {
        **dict.fromkeys(("area", "ends", "adviser", "purpose", "per")),
        "budget": "125000.00",
        "room": "甲",
    }
    wrong = client.patch(f"/api/customers/{first.uid}", {"custom": {"room": "丙", "nothing": 1}}, **head)
    assert wrong.status_code == 422
    where = urlencode({"where": json.dumps([["custom.budget", "gt", 1]])})
    assert [one["name"] for one in client.get(f"/api/customers?{where}").json()["items"]] == [first.name]


def test_a_field_renamed_keeps_its_values(world: World):
    stored(world.customers[0], budget=Decimal(5))
    change_field(
        CustomField.objects.get(data_key="budget"),
        actor=SYSTEM,
        label="上云预算",
        label_en="Budget for clouds",
    )
    assert found(world, ["custom.budget", "is", 5]) == [world.customers[0].name]
    with pytest.raises(Invalid):
        change_field(CustomField.objects.get(data_key="budget"), actor=SYSTEM, data_key="other")


def test_a_type_changes_only_when_every_value_has_a_meaning_in_it(world: World):
    field = CustomField.objects.get(data_key="purpose")
    for customer, words in zip(world.customers, ("1,200", "12.5万", "很多"), strict=False):
        stored(customer, purpose=words)
    with pytest.raises(Invalid, match="很多"):
        change_field(field, actor=SYSTEM, shape="money")
    stored(world.customers[2], purpose=None)
    change_field(CustomField.objects.get(data_key="purpose"), actor=SYSTEM, shape="money")
    assert found(world, ["custom.purpose", "gte", 1200], "-custom.purpose") == [
        one.name for one in world.customers[1::-1]
    ]
    change_field(CustomField.objects.get(data_key="purpose"), actor=SYSTEM, shape="text")
    assert Customer.objects.get(pk=world.customers[1].pk).custom == {"purpose": "125,000.00"}


@pytest.mark.parametrize(
    ("details", "field"),
    [
        ({"shape": "formula", "formula": "self_made + 1", "data_key": "self_made"}, "formula"),
        ({"shape": "formula", "formula": "__import__('os')"}, "formula"),
        ({"shape": "formula", "formula": "purpose + 1"}, "formula"),
        ({"shape": "formula", "formula": "ends", "result": "money"}, "formula"),
        ({"shape": "choice"}, "options"),
        ({"shape": "text", "data_key": "name"}, "data_key"),
        ({"shape": "text", "data_key": "budget"}, ""),
        ({"shape": "text", "data_key": "Wrong Key"}, "data_key"),
        ({"shape": "text", "see": "no_such_act"}, "see"),
    ],
)
def test_a_definition_that_cannot_work_is_refused(world: World, details: Mapping[str, Any], field: str):
    with pytest.raises(Invalid) as refused:
        a_field("新字段", **details)
    assert field in refused.value.fields


def test_formulas_never_come_to_need_each_other(world: World):
    second = a_field("再算", "formula", data_key="again", formula="per * 2")
    assert found(world, ["custom.again", "empty"])
    with pytest.raises(Invalid, match="itself"):
        change_field(CustomField.objects.get(data_key="per"), actor=SYSTEM, formula="again + 1")
    with pytest.raises(RuleBroken, match="again|再算"):
        remove_field(CustomField.objects.get(data_key="per"), actor=SYSTEM)
    with pytest.raises(RuleBroken):
        change_field(CustomField.objects.get(data_key="area"), actor=SYSTEM, shape="text")
    remove_field(second, actor=SYSTEM)
    remove_field(CustomField.objects.get(data_key="per"), actor=SYSTEM)


def test_a_field_put_away_disappears_and_comes_back_with_its_values(world: World):
    stored(world.customers[0], purpose="会议")
    field = CustomField.objects.get(data_key="purpose")
    remove_field(field, actor=SYSTEM)
    assert "custom.purpose" not in customised(CUSTOMERS).attributes
    with pytest.raises(Invalid):
        a_field("别的", "number", data_key="purpose")
    restore_field(field, actor=SYSTEM)
    assert found(world, ["custom.purpose", "contains", "会"]) == [world.customers[0].name]


def test_a_required_field_is_asked_for(world: World):
    change_field(CustomField.objects.get(data_key="purpose"), actor=SYSTEM, required=True)
    client, first = browser(world.manager), world.customers[0]
    address = reverse("resource:fact", args=["customers", first.uid, "custom.purpose"])
    answer = client.post(address, {"custom.purpose": "", "version": first.version})
    assert answer.status_code == 422


def test_an_export_carries_custom_fields(world: World, tmp_path, settings):
    settings.ATTACHMENTS_FOLDER = tmp_path
    stored(world.customers[0], budget=Decimal("88.80"), area=Decimal(2))
    rows = lines(
        exported(
            customised(CUSTOMERS), world.heads, columns="name,custom.budget,custom.per", sort="-custom.budget"
        )
    )
    assert rows[0] == ["Name", "云预算", "每平米预算"] or rows[0][1:] == ["Cloud budget", "Per metre"]
    assert rows[1] == [world.customers[0].name, "88.80", "44.40"]


def test_a_file_fills_custom_fields(world: World, tmp_path, settings):
    settings.ATTACHMENTS_FOLDER = tmp_path
    header = ("客户编码", "客户名称", "云预算", "Room class", "上云顾问")
    good = ("IM1", "闽江制造有限公司", "12.5万", "甲", "何主任")
    content = text(header, good, ("IM2", "闽江二厂有限公司", "很多", "甲", ""))
    resource = customised(CUSTOMERS)
    run = uploads.receive(resource, "客户.csv", content, actor=world.heads)
    uploads.map_columns(run, resource, dict(run.columns), actor=world.heads, mode="both", key="code")
    imported(world.heads, run)
    made = Customer.objects.get(code="IM1")
    assert made.custom == {"budget": "125000", "room": "甲", "adviser": world.head.pk}
    assert not Customer.objects.filter(code="IM2").exists()


def test_new_records_lack_no_required_field_however_they_come(world: World, tmp_path, settings):
    settings.ATTACHMENTS_FOLDER = tmp_path
    change_field(CustomField.objects.get(data_key="room"), actor=SYSTEM, required=True)
    add_field(of_kind="customers.keyperson", label="饭量", data_key="meal", required=True, actor=SYSTEM)
    client = browser(world.head)
    given = {"name": "闽江四厂有限公司", "unit": str(world.customers[0].unit.uid)}
    form = client.post(reverse("resource:add", args=["customers"]), given)
    assert (form.status_code, "custom.room" in form.context["form"].errors) == (422, True)
    token = {"Authorization": f"Bearer {a_token(world, RIGHTS)}"}
    refused = client.post("/api/customers", given, headers=token, content_type="application/json")
    assert (refused.status_code, "custom.room" in refused.json()["fields"]) == (422, True)
    header = ("客户编码", "客户名称", "Room class", "关键人姓名", "关键人饭量")
    content = text(
        header,
        ("IM1", "闽江制造有限公司", "甲", "单晓伟", "两碗"),
        ("IM2", "闽江二厂有限公司", "", "", ""),
        ("IM3", "闽江三厂有限公司", "甲", "林知夏", ""),
    )
    resource = customised(CUSTOMERS)
    run = uploads.receive(resource, "客户.csv", content, actor=world.heads)
    uploads.map_columns(run, resource, dict(run.columns), actor=world.heads, mode="both", key="code")
    imported(world.heads, run)
    made = set(Customer.objects.filter(code__startswith="IM").values_list("code", flat=True))
    people = dict(KeyPerson.objects.filter(customer__code__startswith="IM").values_list("name", "custom"))
    assert (made, people) == ({"IM1", "IM3"}, {"单晓伟": {"meal": "两碗"}})


def test_lists_of_very_many_rows_are_not_sorted_by_custom_fields(world: World, monkeypatch):
    assert "custom.budget" in customised(CUSTOMERS).sorts
    monkeypatch.setattr("jike.foundation.customising.completing.MOST_SORTED", -2)
    assert "custom.budget" not in customised(CUSTOMERS).sorts
    page = browser(world.head).get("/customers/", {"sort": "custom.budget", "columns": "name,custom.budget"})
    assert page.status_code == 200
