"""The list page and what belongs to it: saved views, columns, choices, the bin, hostile names, queries per page."""

import json
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from jike.apps.customers.actions import add_customers, change_customer
from jike.apps.customers.models import Customer, KeyPerson
from jike.apps.customers.pages.resources import CUSTOMERS
from jike.foundation.audit import changing_many
from jike.foundation.models import SavedView
from jike.values.rights import Breadth
from tests.apps.customers.making import a_customer
from tests.foundation.listed import (
    HOSTILE,
    NAMES,
    SYSTEM,
    World,
    a_contact,
    a_world,
    browser,
    someone,
    text_of,
)
from tests.making import a_person, a_unit

pytestmark = pytest.mark.django_db
LIST = "/customers/"


@pytest.fixture
def world() -> World:
    return a_world()


def names(page) -> list[str]:
    return [row.values[0] for row, *_ in page.context["rows"]]


def keep(client, name: str, address: str, resource: str = "customers", **more: str) -> str:
    """Save a view and return the address that opens it."""
    posted = {"name": name, "address": address, **more}
    answer = client.post(reverse("resource:keep_view", args=[resource]), posted)
    assert answer.status_code == 302
    return answer["Location"]


def test_a_saved_view_opens_with_everything_it_was_saved_with(world: World):
    client = browser(world.head)
    where = json.dumps([["name", "contains", "集团"]])
    link = keep(client, "集团", f"where={where}&sort=-arrears&columns=name,code&size=25&density=normal")
    page = client.get(link)
    assert names(page) == ["白云机场集团"]
    state = page.context["state"]
    assert (state.sort, state.columns, state.size, state.density) == (
        "-arrears",
        ("name", "code"),
        25,
        "normal",
    )
    assert names(browser(world.head).get(f"{link}&where=[]")) == names(client.get(LIST)), (
        "the address goes before"
    )


def test_a_view_is_ones_own_until_it_is_offered(world: World):
    mine, other = browser(world.head), browser(world.manager)
    keep(mine, "只给自己", "sort=grade")
    keep(mine, "给大家", "sort=health", shared="on")
    assert [view.name for view in mine.get(LIST).context["views"]] == ["只给自己", "给大家"]
    assert [view.name for view in other.get(LIST).context["views"]] == ["给大家"]
    theirs = SavedView.objects.get(name="给大家")
    assert other.post(reverse("resource:drop_view", args=["customers", theirs.uid])).status_code == 404
    assert mine.post(reverse("resource:drop_view", args=["customers", theirs.uid])).status_code == 302
    assert [view.name for view in other.get(LIST).context["views"]] == []


def test_the_view_marked_first_opens_the_list_and_only_one_is(world: World):
    client = browser(world.head)
    keep(client, "一", "sort=-name_key", first="on")
    keep(client, "二", "sort=grade", first="on")
    assert client.get(LIST).context["state"].sort == "grade"
    assert client.get(LIST, {"scope": "all"}).context["state"].sort == "name_key"
    assert browser(world.manager).get(LIST).context["state"].sort == "name_key"
    assert list(SavedView.objects.filter(first=True).values_list("name", flat=True)) == ["二"]


def test_a_shared_view_that_names_a_sealed_field_falls_back_with_a_sentence(world: World):
    a_contact(world.customers[0], "陈总", phone="13800138000")
    rights = ("customer:view", "keyperson:view", "keyperson:see_personal")
    reader = someone({f"customers.{right}": Breadth.ALL for right in rights}, world.city)
    where = json.dumps([["phone", "contains", "1380"]])
    link = keep(browser(reader), "电话", f"where={where}", "key-persons", shared="on")
    assert names(browser(reader).get(link)) == ["陈总"]
    page = browser(world.head).get(link)
    assert (page.status_code, names(page)) == (200, ["陈总"])
    assert "sealed for you" in text_of(page)
    assert "phone" not in [head["name"] for head in page.context["heads"]]


@pytest.mark.parametrize(
    ("posted", "status"),
    [
        ({"name": ""}, 302), ({"name": "x" * 99}, 302), ({"name": "a\0"}, 302),
        ({"name": "x", "address": "where={"}, 422), ({"name": "x", "address": "columns=nothing"}, 422),
    ],
)  # fmt: skip
def test_views_that_mean_nothing_are_not_kept(world: World, posted: dict[str, str], status: int):
    answer = browser(world.head).post(reverse("resource:keep_view", args=["customers"]), posted)
    assert answer.status_code == status
    assert not SavedView.objects.exists()


def test_a_view_that_is_gone_leaves_the_plain_list(world: World):
    assert len(names(browser(world.head).get(LIST, {"view": str(uuid4())}))) == len(NAMES)
    assert len(names(browser(world.head).get(LIST, {"view": "x"}))) == len(NAMES)


def test_columns_are_chosen_and_ordered_in_the_address(world: World):
    client = browser(world.head)
    page = client.get(LIST, {"columns": "name,unit,code"})
    assert [head["name"] for head in page.context["heads"]] == ["name", "unit", "code"]
    code = next(one for one in page.context["columns"] if one["label"] == CUSTOMERS.attributes["code"].label)
    moved = client.get(f"{LIST}?{code['left']}")
    assert [head["name"] for head in moved.context["heads"]] == ["name", "code", "unit"]
    assert "There is no column" in text_of(client.get(LIST, {"columns": "name,password"}))
    assert "cannot be sorted" in text_of(client.get(LIST, {"sort": "address"}))


def test_words_narrow_the_list_within_ones_rights(world: World):
    assert names(browser(world.head).get(LIST, {"q": "byjc"})) == ["白云机场集团"]
    assert names(browser(world.manager).get(LIST, {"q": "番禺"})) == []
    assert browser(world.head).get(LIST, {"q": "a\0b"}).context["problem"]


def test_the_drawer_and_the_page_show_a_record_and_hide_anothers(world: World):
    mine, other = world.customers[0], world.customers[1]
    client = browser(world.manager)
    for page in ("drawer", "record"):
        assert mine.name in text_of(client.get(reverse(f"resource:{page}", args=["customers", mine.uid])))
        assert client.get(reverse(f"resource:{page}", args=["customers", other.uid])).status_code == 404


def test_choices_offer_only_what_one_may_see(world: World):
    def offered(client, source: str, text: str = "") -> list[str]:
        answer = client.get(reverse("resource:choices", args=[source]), {"q": text})
        return [one["text"] for one in answer.json()["choices"]]

    client = browser(world.manager)
    assert set(offered(client, "customers.customer")) == {"白云机场集团", "中山大学附属医院", "长隆旅游"}
    assert offered(client, "customers.customer", "番禺") == []
    assert offered(client, "organisation.unit", "天河") == ["天河网格"]
    assert offered(client, "regions", "天河")[0] == "天河区"
    assert "Manufacture of computers" in " ".join(offered(client, "industries", "C39"))
    blind = browser(a_person(a_unit()))
    for source in ("customers.customer", "foundation.share", "auth.user", "x", "a.b.c"):
        assert blind.get(reverse("resource:choices", args=[source])).status_code == 404
    assert client.get(reverse("resource:choices", args=["regions"]), {"q": "a\0"}).status_code == 422


def test_the_bin_holds_what_was_removed_until_it_is_brought_back(world: World):
    row, client = world.customers[0], browser(world.head)
    person = a_contact(row, "陈总")
    assert client.post(reverse("resource:remove", args=["customers", row.uid])).status_code == 302
    assert client.get(reverse("resource:record", args=["customers", row.uid])).status_code == 404
    bin_ = client.get(reverse("resource:bin", args=["customers"]))
    assert (row.name in text_of(bin_), bin_.context["restorable"]) == (True, {row.pk})
    watched = browser(world.manager).get(reverse("resource:bin", args=["customers"]))
    assert (row.name in text_of(watched), watched.context["restorable"]) == (True, set())
    restore = reverse("resource:restore", args=["customers", row.uid])
    assert browser(world.manager).post(restore).status_code == 403
    assert client.post(restore).status_code == 302
    assert client.get(reverse("resource:record", args=["customers", row.uid])).status_code == 200
    assert KeyPerson.objects.filter(pk=person.pk, removed_at=None).exists(), "its people come back with it"


def test_a_full_bin_is_read_page_by_page(world: World):
    places = {"unit_id": world.city.pk}
    made = add_customers(
        [{"name": f"第{number}家公司", **places} for number in range(203)], actor=SYSTEM
    ).written
    moment = timezone.now()
    gone = {number: {"removed_at": moment} for number in made}
    assert len(changing_many(Customer, gone, actor=SYSTEM, verb="remove").written) == 203
    client, address = browser(world.head), reverse("resource:bin", args=["customers"])
    first = client.get(address)
    second = client.get(address, {"after": first.context["after"]})
    seen = [row.pk for page in (first, second) for row in page.context["rows"]]
    assert (seen, second.context["after"]) == (sorted(made, reverse=True), "")
    for odd in ("x", "_", f"{moment.isoformat()}_x", "0001-01-01T00:00:00+23:59_1", "2026-11-23_9"):
        assert client.get(address, {"after": odd}).status_code == 200


def test_hostile_names_are_shown_as_they_are_and_do_nothing(world: World):
    client = browser(world.head)
    made = [a_customer(name, unit=world.grids[0], owner=world.manager) for name in HOSTILE]
    change_customer(made[0], actor=SYSTEM, needs=HOSTILE[0], short_name=HOSTILE[1])
    contact = a_contact(made[0], HOSTILE[0][:60])
    listed = client.get(LIST, {"size": 50})
    assert set(HOSTILE) <= set(names(listed))
    people = ("/key-persons/", reverse("resource:record", args=["key-persons", contact.uid]))
    pages = [listed, *map(client.get, people)]
    for row in made:
        about = ["customers", row.uid]
        shown = [
            client.get(reverse(f"resource:{page}", args=about)) for page in ("record", "drawer", "change")
        ]
        shown.append(client.get(reverse("resource:tab", args=[*about, "history"])))
        assert [row.name in text_of(page) or row.name[:100] in text_of(page) for page in shown] == [True] * 4
        pages += shown
    assert not [page for page in pages if "<script>alert" in page.content.decode()]


def test_somebody_without_the_right_sees_no_list_at_all(world: World):
    outsider = browser(a_person(a_unit()))
    for page in ("list", "count", "filter", "bin", "add", "similar"):
        assert outsider.get(reverse(f"resource:{page}", args=["customers"])).status_code == 404


BUDGET = {
    "list": 9, "list by htmx": 8, "count": 13, "filter": 7, "drawer": 13, "record": 21, "around": 11, "history": 13,
    "form": 10, "new": 11, "fact": 7, "save a fact": 18, "bin": 7, "choices": 6, "bulk dialog": 7, "API list": 8,
}  # fmt: skip
"""Page → the queries it costs, whatever the number of rows; more needs a reason, fewer are welcome.

Custom fields cost one, tags another where all of them are shown. A record tells of its key persons and its group on the
timeline: each source that has rows costs two. The numbers of its tabs come after it, at a query each, with the panels
beside the overview: one of them names gaps in coverage. Whole tabs show what is proposed of the customer.
"""


def test_a_page_costs_no_more_queries_than_its_budget_whatever_the_rows(world: World):
    few = costs(world)
    for number in range(20):
        made = a_customer(f"增加{number}", unit=world.grids[0], owner=world.manager)
        a_contact(made, f"陈{number}")
        change_customer(world.customers[0], actor=SYSTEM, short_name=f"名{number}", owner=world.manager)
    many = costs(world)
    assert {page: cost for page, cost in many.items() if cost > few[page] + 1} == {}
    assert {page: (cost, BUDGET[page]) for page, cost in many.items() if cost > BUDGET[page]} == {}


def costs(world: World) -> dict[str, int]:
    """Return how many queries each page takes."""
    client, row = browser(world.head), Customer.objects.get(pk=world.customers[0].pk)
    client.get("/preferences/")
    own = {
        page: reverse(f"resource:{page}", args=["customers"])
        for page in ("list", "count", "filter", "add", "bin")
    }
    about = {
        page: reverse(f"resource:{page}", args=["customers", row.uid])
        for page in ("record", "drawer", "change")
    }
    fact = reverse("resource:fact", args=["customers", row.uid, "next_step"])
    asked = {
        "list": lambda: client.get(own["list"]),
        "list by htmx": lambda: client.get(own["list"], HTTP_HX_REQUEST="true"),
        "count": lambda: client.get(own["count"]),
        "filter": lambda: client.get(own["filter"]),
        "drawer": lambda: client.get(about["drawer"]),
        "record": lambda: client.get(about["record"]),
        "around": lambda: client.get(reverse("resource:around", args=["customers", row.uid]), {"rail": "1"}),
        "history": lambda: client.get(reverse("resource:tab", args=["customers", row.uid, "history"])),
        "form": lambda: client.get(about["change"]),
        "new": lambda: client.get(own["add"]),
        "fact": lambda: client.get(fact),
        "save a fact": lambda: client.post(
            fact, {"next_step": f"回访 {row.version}", "version": row.version}
        ),
        "bin": lambda: client.get(own["bin"]),
        "choices": lambda: client.get(reverse("resource:choices", args=["customers.customer"])),
        "bulk dialog": lambda: client.post(reverse("resource:bulk", args=["customers"]), {"every": "1"}),
        "API list": lambda: client.get("/api/customers"),
    }
    found = {}
    for page, ask in asked.items():
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert ask().status_code == 200
        found[page] = len(captured)
    return found
