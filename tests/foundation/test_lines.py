"""A grid of lines: typed and pasted texts become rows set-wise, all or nothing, and nothing typed is lost."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.http import QueryDict
from django.urls import reverse

from jike.apps.customers.actions import change_key_person, enter_key_persons, remove_key_person
from jike.apps.customers.models import Customer, KeyPerson
from jike.apps.customers.pages.resources import CUSTOMERS
from jike.foundation.audit import history_of
from jike.foundation.lines import Lines, Sheet
from jike.foundation.lines.cells import Typed, read_column
from jike.foundation.models import Draft
from jike.foundation.resource.attributes import attribute_of
from jike.foundation.resource.registry import Contribution, panels_of, register
from jike.site.wiring import CONTRIBUTIONS, RESOURCES
from jike.values.rights import Breadth
from tests.foundation.listed import (
    HOSTILE,
    SYSTEM,
    World,
    a_contact,
    a_world,
    browser,
    hidden,
    someone,
    text_of,
)

pytestmark = pytest.mark.django_db
COLUMNS = ("name", "job_title", "department", "role", "attitude", "influence")


@pytest.fixture
def world() -> World:
    return a_world(customers=2)


def roster() -> Lines:
    return next(one for one in panels_of(CUSTOMERS) if isinstance(one, Lines))


def sent(
    *rows: tuple[str, ...], uids: tuple[str, ...] = (), versions: tuple[int, ...] = (), **more: Any
) -> dict:
    """Return a grid as a browser sends it: columns side by side."""
    told: dict[str, Any] = {
        f"roster.{name}": [row[place] for row in rows] for place, name in enumerate(COLUMNS)
    }
    told["roster.uid"] = [*uids, *[""] * (len(rows) - len(uids))]
    told["roster.version"] = [*map(str, versions), *["0"] * (len(rows) - len(versions))]
    return told | more


def posted(**data: Any) -> QueryDict:
    query = QueryDict(mutable=True)
    for name, values in data.items():
        query.setlist(name, values)
    return query


def address(customer: Customer, end: str = "") -> str:
    return reverse("resource:lines", args=["customers", customer.uid, "roster"]) + end


def names(customer: Customer) -> list[str]:
    return list(
        KeyPerson.objects.filter(customer=customer, removed_at=None)
        .order_by("id")
        .values_list("name", flat=True)
    )


CHEN = ("陈总", "总经理", "总经办", "Decides", "Attitude unknown", "High influence")
LI = ("李工", "工程师", "信息部", "handler", "unknown", "")


def test_rows_are_added_changed_and_taken_out_in_one_go(world: World) -> None:
    row, client = world.customers[0], browser(world.head)
    old, leaving = a_contact(row, "老王"), a_contact(row, "小赵")
    grid = sent(
        ("王主任", "主任", "", "handler", "unknown", "medium"), CHEN, uids=(str(old.uid),), versions=(1,)
    )
    assert client.post(address(row), {**grid, "roster.gone": [str(leaving.uid)]}).status_code == 302
    assert names(row) == ["王主任", "陈总"]
    assert KeyPerson.objects.get(name="陈总").role == "decider"
    assert history_of(old, SYSTEM)[0].values["name"] == ("老王", "王主任")
    assert KeyPerson.objects.get(pk=leaving.pk).removed_at is not None


def test_a_mistake_in_one_cell_stores_nothing_and_keeps_every_cell(world: World) -> None:
    row, client = world.customers[0], browser(world.head)
    answer = client.post(address(row), sent(CHEN, ("", "无名氏", "", "nonsense", "unknown", "high")))
    assert answer.status_code == 422
    assert names(row) == []
    page = text_of(answer)
    assert all(word in page for word in ("陈总", "无名氏", "nonsense"))
    problems = answer.context["content"]["sheet"].rows[1].problems
    assert set(problems) == {"name", "role"}


def test_what_the_database_or_the_action_refuses_names_the_row(world: World) -> None:
    row, client = world.customers[0], browser(world.head)
    person = a_contact(row, "老王")
    change_key_person(person, actor=SYSTEM, job_title="主任")
    grid = sent(("王某", "", "", "handler", "unknown", "medium"), uids=(str(person.uid),), versions=(1,))
    answer = client.post(address(row), grid)
    assert answer.status_code == 422
    assert "while you were editing" in text_of(answer)
    assert "王某" in text_of(answer)
    again = {**grid, "roster.version": [str(answer.context["content"]["sheet"].rows[0].version)]}
    assert client.post(address(row), again).status_code == 302
    assert names(row) == ["王某"]


def test_rows_that_others_added_meanwhile_stay(world: World) -> None:
    row = world.customers[0]
    a_contact(row, "别人加的")
    assert browser(world.head).post(address(row), sent(CHEN)).status_code == 302
    assert names(row) == ["别人加的", "陈总"]


def test_a_row_that_somebody_removed_meanwhile_keeps_what_was_typed(world: World) -> None:
    row, client = world.customers[0], browser(world.head)
    person = a_contact(row, "老王")
    remove_key_person(person, actor=SYSTEM)
    grid = sent(("王主任", "", "", "handler", "unknown", "medium"), uids=(str(person.uid),), versions=(1,))
    answer = client.post(address(row), grid)
    assert answer.status_code == 422
    assert "王主任" in text_of(answer)
    assert client.post(address(row), {**grid, "roster.uid": [""]}).status_code == 302


def test_empty_rows_do_not_count(world: World) -> None:
    row = world.customers[0]
    assert browser(world.head).post(address(row), sent(CHEN, ("",) * 6, (" ",) * 6)).status_code == 302
    assert names(row) == ["陈总"]


@pytest.mark.parametrize(
    "broken", [{"roster.name": ["x"]}, {"roster.version": []}, {"roster.uid": ["a", "b", "c"]}]
)
def test_a_grid_that_did_not_arrive_whole_changes_nothing(world: World, broken: dict) -> None:
    row = world.customers[0]
    a_contact(row, "老王")
    answer = browser(world.head).post(address(row), sent(CHEN, LI) | broken)
    assert answer.status_code == 422
    assert names(row) == ["老王"]


def test_rows_beyond_the_limit_are_refused(world: World) -> None:
    row = world.customers[0]
    answer = browser(world.head).post(address(row), sent(*[CHEN] * 301))
    assert answer.status_code == 422
    assert names(row) == []


def test_hostile_texts_stay_texts(world: World) -> None:
    row, client = world.customers[0], browser(world.head)
    short = [name[:50] for name in HOSTILE]
    grid = sent(*[(name, "", "", "handler", "unknown", "medium") for name in short])
    assert client.post(address(row), grid).status_code == 302
    page = client.get(reverse("resource:tab", args=["customers", row.uid, "roster"])).content.decode()
    assert "<script>alert" not in page
    assert len(names(row)) == len(short)


def test_whoever_may_only_look_sees_the_rows_and_no_inputs(world: World) -> None:
    row = world.customers[0]
    a_contact(row, "老王")
    reader = browser(
        someone({"customers.customer:view": Breadth.ALL, "customers.keyperson:view": Breadth.ALL}, world.city)
    )
    page = text_of(reader.get(reverse("resource:tab", args=["customers", row.uid, "roster"])))
    assert "老王" in page
    assert "roster.name" not in page
    assert reader.post(address(row), sent(CHEN)).status_code == 403
    stranger = browser(someone({"customers.customer:view": Breadth.ALL}, world.city))
    assert stranger.get(reverse("resource:tab", args=["customers", row.uid, "roster"])).status_code == 404
    assert browser(world.manager).post(address(world.customers[1]), sent(CHEN)).status_code == 404


def test_rows_are_worked_out_while_they_are_typed_and_nothing_is_stored(world: World) -> None:
    row = world.customers[0]
    told = (
        browser(world.head)
        .post(address(row, "check/"), sent(CHEN, ("", "x", "", "?", "unknown", "high")))
        .json()
    )
    assert [set(one["problems"]) for one in told["rows"]] == [set(), {"name", "role"}]
    assert told["places"] == [0, 1]
    assert names(row) == []


@pytest.fixture
def money_lines() -> Iterator[Lines]:
    """A grid with figures, sums and references, as quotes have: the customers below one, in its form."""
    lines = Lines(
        "units",
        "Subsidiaries",
        model=Customer,
        columns=("name", "registered_capital", "staff_count", "owner", "region", "size_class"),
        rows=lambda parent, actor: list(Customer.objects.filter(parent=parent).select_related("owner")),
        store=lambda parent, taken, *, actor: None,
        totals=("registered_capital", "staff_count"),
        looks={"region": "region"},
    )
    register(RESOURCES, [*CONTRIBUTIONS, Contribution(CUSTOMERS.kind, panels=(lines,))])
    yield lines
    register(RESOURCES, CONTRIBUTIONS)


def sheet_of(lines: Lines, world: World, **columns: list[str]) -> Sheet:
    count = len(columns["name"])
    given = {f"units.{name}": columns.get(name, [""] * count) for name in lines.typed}
    data = posted(**given, **{"units.uid": [""] * count, "units.version": ["0"] * count})
    return Sheet(lines, None, world.heads, data=data)


def test_figures_are_read_as_excel_writes_them_and_summed(world: World, money_lines: Lines) -> None:
    sheet = sheet_of(
        money_lines, world, name=["甲", "乙", "丙"], registered_capital=["1,234.50", "12.5万", "１００"],
        staff_count=["1,200", "30", "x"], region=["440106", "440100", ""],
    )  # fmt: skip
    assert sheet.totals == {"registered_capital": "126,334.50", "staff_count": "1230"}
    assert [set(row.problems) for row in sheet.rows] == [set(), set(), {"staff_count"}]


def test_a_pasted_name_or_number_becomes_the_row_it_names(world: World) -> None:
    owner = attribute_of(Customer, "owner")
    twins = [someone({}, world.city, name="王芳") for _ in range(2)]
    known = read_column(
        owner,
        [Typed("林经理"), Typed("王芳"), Typed("查无此人"), Typed("王芳", str(twins[1].uid)), Typed("")],
        world.heads,
    )
    assert [one.value for one in known] == [world.manager, None, None, twins[1], None]
    assert [bool(one.problem) for one in known] == [False, True, True, False, False]


def test_names_of_a_whole_column_are_looked_up_together(world: World, django_assert_max_num_queries) -> None:
    owner, actor = attribute_of(Customer, "owner"), world.heads
    with django_assert_max_num_queries(2):
        found = read_column(owner, [Typed("林经理"), Typed("何主任")] * 100, actor)
    assert len([one for one in found if one.value]) == 200


def test_a_rows_consequences_follow_the_models_own_rules(world: World, money_lines: Lines) -> None:
    answer = browser(world.head).post(
        reverse("resource:check_new_lines", args=["customers", "units"]),
        {"units.name": ["甲"], "units.registered_capital": ["1"], "units.staff_count": ["5"], "units.owner": ["林经理"],
         "units.region": [""], "units.uid": [""], "units.version": ["0"]},
    ).json()  # fmt: skip
    assert answer["rows"][0]["chosen"] == {"owner": str(world.manager.uid)}
    assert set(answer["rows"][0]["follows"]) == {"size_class"}
    assert answer["totals"]["registered_capital"] == "1.00"


def test_a_misspelt_column_stops_the_start() -> None:
    options: dict[str, Any] = {"model": KeyPerson, "rows": lambda *_: [], "store": enter_key_persons}
    with pytest.raises(LookupError, match="nmae"):
        _ = Lines("x", "x", columns=("nmae",), **options)
    with pytest.raises(LookupError, match="salary"):
        _ = Lines("x", "x", columns=("name",), totals=("salary",), **options)


def form_of(world: World, **more: Any) -> dict[str, Any]:
    return {"name": "珠江钢琴", "unit": str(world.grids[0].uid), "certificate_type": "licence", "reach": "local",
            "organisation_kind": "enterprise", "relation": "business", "importance": "ordinary",
            "loyalty": "potential", "ability": "unknown", **more}  # fmt: skip


@pytest.fixture
def in_form(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the customer's form show its key persons as a grid."""
    shown = roster()
    monkeypatch.setitem(shown.__dict__, "in_form", True)


@pytest.mark.usefixtures("in_form")
def test_a_new_record_and_its_rows_are_stored_together_or_not_at_all(world: World) -> None:
    client, add = browser(world.head), reverse("resource:add", args=["customers"])
    bad = client.post(add, form_of(world) | sent(CHEN, ("", "无名", "", "handler", "unknown", "high")))
    assert bad.status_code == 422
    assert all(word in text_of(bad) for word in ("珠江钢琴", "陈总", "无名"))
    assert not Customer.objects.filter(name="珠江钢琴").exists()
    late = client.post(add, form_of(world) | sent(("陈总" * 40, *CHEN[1:])))
    assert late.status_code == 422
    assert not Customer.objects.filter(name="珠江钢琴").exists()
    assert client.post(add, form_of(world) | sent(CHEN)).status_code == 302
    assert names(Customer.objects.get(name="珠江钢琴")) == ["陈总"]


@pytest.mark.usefixtures("in_form")
def test_the_draft_of_a_form_keeps_its_rows(world: World) -> None:
    client, add = browser(world.head), reverse("resource:add", args=["customers"])
    client.post(
        reverse("resource:draft", args=["customers"]),
        {"name": "打了一半", **sent(CHEN, ("半行", "", "", "", "", ""))},
    )
    page = text_of(client.get(add))
    assert all(word in page for word in ("打了一半", "陈总", "半行"))
    assert client.post(add, form_of(world) | sent(CHEN)).status_code == 302
    assert not Draft.objects.exists()


@pytest.mark.usefixtures("in_form")
def test_an_editor_of_the_rows_alone_does_not_disturb_the_form(world: World) -> None:
    row, client = world.customers[0], browser(world.head)
    edit = reverse("resource:change", args=["customers", row.uid])
    page = client.get(edit)
    form = page.context["form"]
    typed = {name: form[name].value() for name in form.fields}
    told = {name: "" if value is None else str(value) for name, value in typed.items() if value is not False}
    told |= {"version": hidden(page, "version"), "base": hidden(page, "base")}
    assert client.post(edit, told | sent(CHEN)).status_code == 302
    assert names(row) == ["陈总"]
    assert Customer.objects.get(pk=row.pk).version == row.version
