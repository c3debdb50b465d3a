"""Filters: every operator of every look, nested, with what lies below, and never a way to sealed values."""

import datetime as dt
import json
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from jike.apps.customers.actions import move_customer
from jike.apps.customers.models import Customer, KeyPerson
from jike.apps.customers.pages.resources import CUSTOMERS, KEY_PERSONS
from jike.foundation.audit import maintain_columns
from jike.foundation.errors import Invalid
from jike.foundation.resource.attributes import Look
from jike.foundation.resource.chips import chips_of
from jike.foundation.resource.filtering import dump, operators_for, parse
from jike.foundation.resource.listing import matching
from jike.foundation.resource.state import ListState, read_state
from jike.values.rights import Breadth
from tests.foundation.listed import SYSTEM, World, a_contact, a_world, browser, someone, text_of
from tests.making import acting

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 23)
FACTS = {
    "a": {"region": "440106", "industry": "C36", "staff_count": 20, "importance": "vip", "sensitive": True},
    "b": {"region": "440100", "industry": "C17", "staff_count": 300, "next_step_on": dt.date(2026, 11, 20)},
    "c": {
        "region": "440300",
        "industry": "I65",
        "short_name": "Acme 50%",
        "established": dt.date(2001, 2, 3),
    },
    "d": {"region": "110101", "next_step_on": dt.date(2026, 12, 3), "phone": "020-83331234"},
}
"""Customer → what is known of it; the rest is empty."""


@pytest.fixture
def world() -> World:
    return a_world(customers=0)


def known(world: World) -> dict[str, Customer]:
    """Make the customers of FACTS: a and b in the first grid with the account manager, c and d in the second."""
    from tests.apps.customers.making import a_customer

    made = {}
    for name, facts in FACTS.items():
        mine = name in "ab"
        owner, unit = (world.manager, world.grids[0]) if mine else (None, world.grids[1])
        made[name] = a_customer(name, unit=unit, owner=owner, **facts)
    rows = [(made["a"].pk, Decimal("1000.00"), 55), (made["b"].pk, Decimal("-20.50"), 80)]
    columns = ("id", "monthly_revenue", "health")
    maintain_columns(Customer, columns, rows, actor=SYSTEM, permission="customers.customer:change")
    return made


def found(world: World, raw: object) -> str:
    """Return the names of the customers that the filter finds for the head."""
    actor = world.heads
    state = read_state(CUSTOMERS, {"where": json.dumps(raw)}, actor)
    rows = matching(CUSTOMERS, state, actor, today=TODAY)
    return "".join(sorted(rows.values_list("name", flat=True)))


FOUND: list[tuple[Any, str]] = [
    (["name", "contains", "A"], "a"),
    (["name", "is", "b"], "b"),
    (["name", "filled"], "abcd"),
    (["short_name", "starts", "acme"], "c"),
    (["short_name", "contains", "50%"], "c"),
    (["short_name", "contains", "50_"], ""),
    (["short_name", "empty"], "abd"),
    (["monthly_revenue", "gte", "0.1万"], "a"),
    (["staff_count", "gte", "20"], "ab"),
    (["staff_count", "gt", 20], "b"),
    (["staff_count", "lte", "1,000"], "ab"),
    (["staff_count", "lt", 20], ""),
    (["staff_count", "is", 300], "b"),
    (["staff_count", "between", ["10", "300"]], "ab"),
    (["staff_count", "empty"], "cd"),
    (["staff_count", "filled"], "ab"),
    (["monthly_revenue", "lt", "0"], "b"),
    (["monthly_revenue", "gte", "999.99"], "a"),
    (["health", "lt", 60], "a"),
    (["health", "empty"], "cd"),
    (["health", "lt", 10**14], "ab"),
    (["next_step_on", "before", "2026-11-23"], "b"),
    (["next_step_on", "after", "0d"], "d"),
    (["next_step_on", "on", "-3d"], "b"),
    (["next_step_on", "between", ["-7d", "+7d"]], "b"),
    (["next_step_on", "between", ["-7d", "30d"]], "bd"),
    (["next_step_on", "empty"], "ac"),
    (["established", "on", "2001-02-03"], "c"),
    (["importance", "in", ["vip", "ordinary"]], "abcd"),
    (["importance", "not_in", ["vip"]], "bcd"),
    (["loyalty", "empty"], ""),
    (["credit", "empty"], "abcd"),
    (["sensitive", "is", "true"], "a"),
    (["sensitive", "is", False], "bcd"),
    (["region", "under", ["440000"]], "abc"),
    (["region", "under", ["440100"]], "ab"),
    (["region", "under", ["440106", "110101"]], "ad"),
    (["region", "under", "440300"], "c"),
    (["industry", "under", ["C"]], "ab"),
    (["industry", "under", ["C36"]], "a"),
    (["industry", "empty"], "d"),
    (["owner", "empty"], "cd"),
    (["owner", "filled"], "ab"),
    (["any", ["name", "is", "a"], ["all", ["region", "under", ["11"]], ["name", "is", "d"]]], "ad"),
    ([["name", "filled"], ["any", ["name", "is", "a"], ["name", "is", "b"]]], "ab"),
    (["all", ["any", ["name", "is", "a"]], ["staff_count", "is", 20]], "a"),
    (["any"], "abcd"),
    ([], "abcd"),
]
"""Filter → the customers it finds."""


def test_a_filter_finds_what_its_words_say(world: World):
    known(world)
    assert [(raw, found(world, raw)) for raw, _ in FOUND] == FOUND


def test_units_people_and_groups_are_filtered_with_what_lies_below(world: World):
    made = known(world)
    move_customer(made["b"], actor=SYSTEM, parent=made["a"])
    move_customer(made["c"], actor=SYSTEM, parent=made["b"])
    first, second = (str(unit.uid) for unit in world.grids)
    assert found(world, ["unit", "under", [str(world.city.uid)]]) == "abcd"
    assert found(world, ["unit", "under", [first]]) == "ab"
    assert found(world, ["unit", "in", [second]]) == "cd"
    assert found(world, ["unit", "not_in", [second]]) == "ab"
    assert found(world, ["parent", "under", [str(made["a"].uid)]]) == "bc"
    assert found(world, ["owner", "in", [str(world.manager.uid)]]) == "ab"
    assert found(world, ["owner", "not_in", [str(world.manager.uid)]]) == "cd"
    assert found(world, ["owner", "in", ["me"]]) == ""


def test_me_is_whoever_reads_the_link(world: World):
    known(world)
    actor = world.managers
    state = read_state(CUSTOMERS, {"where": '[["owner","in",["me"]]]'}, actor)
    assert set(matching(CUSTOMERS, state, actor, today=TODAY).values_list("name", flat=True)) == {"a", "b"}
    with pytest.raises(Invalid):
        parse('["parent","in",["me"]]', CUSTOMERS, actor)


def test_every_operator_that_is_offered_is_understood(world: World):
    values = {
        Look.NUMBER: "1", Look.MONEY: "1", Look.PERCENT: "1", Look.HEALTH: "1", Look.DATE: "0d", Look.YES_NO: "true",
        Look.LINK: str(uuid4()), Look.TREE: str(uuid4()), Look.REGION: "44", Look.INDUSTRY: "C",
    }  # fmt: skip
    for resource in (CUSTOMERS, KEY_PERSONS):
        rights = ("customer:view", "keyperson:view", "keyperson:see_personal")
        actor = acting(someone({f"customers.{right}": Breadth.ALL for right in rights}, world.city))
        for name in {*resource.columns, *resource.more_columns, *resource.filters}:
            one = resource.attributes[name]
            if one.look is Look.TREND:
                continue
            value = values.get(one.look, next(iter(one.choices), "x"))
            for operator in operators_for(one):
                raw = [name, operator, [value, value] if operator == "between" else value]
                where = parse(json.dumps(raw), resource, actor)
                assert matching(resource, ListState(where=where), actor, today=TODAY).count() >= 0


def test_a_filter_reads_back_from_its_address_as_it_was(world: World):
    raw = [["name", "contains", "”<&"], ["any", ["staff_count", "gte", 3], ["all", ["region", "empty"]]]]
    where = parse(json.dumps(raw), CUSTOMERS, world.heads)
    assert json.loads(dump(where)) == raw
    assert parse(dump(where), CUSTOMERS, world.heads) == where
    alternatives = parse(json.dumps(["any", *raw]), CUSTOMERS, world.heads)
    assert parse(dump(alternatives), CUSTOMERS, world.heads) == alternatives


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
    | st.sampled_from(["any", "all", "name", "health", "owner", "region", "next_step_on", "in", "is", "under", "me"]),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=12,
)  # fmt: skip
CONDITION = st.tuples(
    st.sampled_from([*CUSTOMERS.columns, *CUSTOMERS.more_columns, *CUSTOMERS.filters]),
    st.sampled_from(["is", "in", "not_in", "under", "contains", "gte", "between", "before", "on", "empty"]),
    JSON,
).map(list)


@settings(max_examples=200)
@given(raw=JSON | CONDITION | st.lists(CONDITION, max_size=3))
def test_hostile_json_finds_rows_or_says_why_not(world: World, raw: object):
    actor = world.heads
    try:
        where = parse(json.dumps(raw), CUSTOMERS, actor)
    except Invalid as error:
        str(error).encode()
        return
    state = ListState(where=where)
    assert matching(CUSTOMERS, state, actor, today=TODAY).count() == 0
    assert all(chip.field for chip in chips_of(CUSTOMERS, state, actor))


MEANINGLESS = [
        "{", "[" * 5000, '["name"]', '["nothing","is","x"]', '["name","is","' + "x" * 999 + '"]',
        '["staff_count","gte","' + "9" * 5000 + '"]', '["staff_count","gte",' + "9" * 5000 + "]",
        '["health","is","80.5"]', '["name","is","\\u0000"]', '["name","is","\\ud800"]', '["\\ud800","is","x"]',
        '["owner","in",["x"]]', '["next_step_on","on","2026-02-30"]', '["sensitive","is","perhaps"]',
        json.dumps(["any", *[["name", "is", "x"]] * 41]), json.dumps(["owner", "in", ["me"] * 501]),
        json.dumps(["all", ["all", ["all", ["all", ["all", ["name", "filled"]]]]]]), '["importance","in",["huge"]]',
]  # fmt: skip


def test_what_cannot_be_meant_gives_a_sentence(world: World):
    understood = []
    for text in MEANINGLESS:
        try:
            parse(text, CUSTOMERS, world.heads)
        except Invalid as error:
            str(error).encode()
        else:
            understood.append(text)
    assert understood == []


def test_such_an_address_opens_the_plain_list_under_the_sentence(world: World):
    known(world)
    where = '["health","is","80.5"]'
    page = browser(world.head).get(reverse("resource:list", args=["customers"]), {"where": where})
    assert page.status_code == 200
    assert "“80.5” does not fit" in text_of(page)
    assert len(page.context["rows"]) == 4


def test_a_filter_on_a_sealed_field_is_refused(world: World):
    a_contact(known(world)["a"], "陈某", phone="13800138000")
    client = browser(world.head)
    where = '[["phone","contains","1380"]]'
    page = client.get(reverse("resource:list", args=["key-persons"]), {"where": where})
    assert "sealed for you" in page.context["problem"]
    assert "phone" not in [name for name, _ in client.get("/key-persons/filter/").context["names"]]
    assert "1380" not in text_of(client.get(reverse("resource:list", args=["key-persons"])))


def test_a_filter_on_a_field_sealed_on_some_rows_finds_only_the_others(world: World):
    """Who reads the numbers of their own customers' people must not guess those of others by filtering."""
    made = known(world)
    mine, other = (a_contact(made[name], f"陈{name}", phone="13800138000") for name in "ac")
    grants = {f"customers.{kind}:view": Breadth.ALL for kind in ("customer", "keyperson")}
    reader = someone({**grants, "customers.keyperson:see_personal": Breadth.TEAM}, world.grids[0])
    actor = acting(reader)

    def people(raw: list[object]) -> set[KeyPerson]:
        state = read_state(KEY_PERSONS, {"where": json.dumps(raw)}, actor)
        return set(matching(KEY_PERSONS, state, actor, today=TODAY))

    assert people(["name", "filled"]) == {mine, other}
    assert people(["phone", "contains", "1380"]) == {mine}
    assert people(["phone", "filled"]) == {mine}
    assert people(["phone", "empty"]) == set()


def test_chips_speak_and_take_their_condition_away(world: World):
    known(world)
    raw = [
        ["name", "contains", "a"], ["next_step_on", "after", "-1d"], ["region", "under", ["440100"]],
        ["sensitive", "is", "false"], ["owner", "in", ["me", str(world.manager.uid)]], ["staff_count", "gte", "20"],
        ["any", ["name", "is", "a"], ["name", "is", "b"]],
    ]  # fmt: skip
    page = browser(world.head).get(reverse("resource:list", args=["customers"]), {"where": json.dumps(raw)})
    chips = page.context["chips"]
    values = ["a", "1 day ago", "广州市", "no", "me, 林经理", "20", "2 conditions"]
    assert [chip.value for chip in chips] == values
    assert "sensitive" not in chips[3].without
    assert "staff_count" in chips[3].without


def test_a_chip_does_not_name_a_row_that_is_hidden(world: World):
    made = known(world)
    stranger = someone(
        {"customers.keyperson:view": Breadth.OWN, "customers.customer:view": Breadth.OWN}, world.city
    )
    where = json.dumps([["customer", "in", [str(made["a"].uid)]]])
    page = browser(stranger).get(reverse("resource:list", args=["key-persons"]), {"where": where})
    assert [chip.value for chip in page.context["chips"]] == ["hidden"]


def test_the_builder_adds_drops_and_applies_rows(world: World):
    known(world)
    client, address = browser(world.head), reverse("resource:filter", args=["customers"])
    rows = {"row": ["0", "1"], "name-0": "importance", "operator-0": "in", "value-0": ["vip"], "group-0": "0",
            "name-1": "region", "operator-1": "under", "value-1": ["440000"], "group-1": "1"}  # fmt: skip
    assert [len(rows) for _, rows in client.post(address, {**rows, "add": "1"}).context["groups"]] == [2, 1]
    assert [len(rows) for _, rows in client.post(address, {**rows, "group": "1"}).context["groups"]] == [
        1,
        1,
        2,
    ]
    assert [len(rows) for _, rows in client.post(address, {**rows, "beside": "1"}).context["groups"]] == [
        1,
        2,
    ]
    assert [len(rows) for _, rows in client.post(address, {**rows, "drop": "1"}).context["groups"]] == [1]
    renewed = client.post(address, {**rows, "renew": "0"}).context["groups"][0][1][0]
    assert renewed["line"].values == ()
    applied = client.post(address, {**rows, "apply": "1"})
    path = json.loads(applied["HX-Location"])["path"]
    assert [row.values[0] for row, *_ in client.get(path).context["rows"]] == ["a"]
    assert len(client.get(address + path[path.index("?") :]).context["groups"]) == 2


def test_the_builder_opens_on_every_condition_that_is_offered(world: World):
    client, address = browser(world.head), reverse("resource:filter", args=["customers"])
    conditions = [
        ["monthly_revenue", "between", ["1", "1.5万"]], ["arrears", "gte", 10], ["health", "lt", "60"],
        ["next_step_on", "on", "0d"], ["established", "after", "2001-02-03"], ["staff_count", "gt", "20"],
        ["sensitive", "is", "true"], ["grade", "in", ["A1"]], ["region", "under", ["440000"]],
        ["industry", "under", ["C36"]], ["owner", "in", ["me"]], ["credit_code", "starts", "9144"],
    ]  # fmt: skip
    for condition in conditions:
        answer = client.get(address, {"where": json.dumps([condition])})
        assert answer.status_code == 200, condition


ODD: list[dict[str, Any]] = [
        {"beside": "x"}, {"beside": "9" * 5000}, {"drop": "x"}, {"renew": "77"}, {"apply": "1"}, {"row": ["x", "0"]},
        {"row": "0", "name-0": "phone_of_nobody", "operator-0": "is", "value-0": "x", "apply": "1"},
        {"row": "0", "name-0": "owner", "operator-0": "in", "value-0": "no-uid"},
        {"row": "0", "name-0": "owner", "operator-0": "in", "value-0": "no-uid", "apply": "1"},
        {"row": "0", "name-0": "staff_count", "operator-0": "between", "value-0": "1", "apply": "1"},
        {"row": "0", "name-0": "name", "operator-0": "gte", "value-0": "1", "group-0": "٣", "apply": "1"},
]  # fmt: skip


def test_the_builder_stands_odd_input(world: World):
    client, address = browser(world.head), reverse("resource:filter", args=["customers"])
    assert {client.post(address, posted).status_code for posted in ODD} <= {200, 204}
