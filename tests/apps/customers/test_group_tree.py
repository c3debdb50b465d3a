"""The group tree on screen: added up from below, opened by level, moved by dropping, pictured, at any size."""

import json
from decimal import Decimal
from itertools import pairwise

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from jike.apps.customers.actions import cancel_customer, change_state, move_customer
from jike.apps.customers.models import Customer
from jike.apps.customers.queries.group_tree import group_picture, group_tree, tree_children
from jike.apps.customers.rules import (
    Crossing,
    Figures,
    Node,
    State,
    children_of,
    crossing,
    may_follow,
    rolled_up,
    way_to,
)
from jike.foundation.audit import reserve_ids
from jike.foundation.errors import Invalid, RuleBroken
from jike.values.rights import Breadth
from tests.apps.customers.making import HEAD, a_customer
from tests.doing import browser_of
from tests.making import SYSTEM, a_unit, someone_with

PARENTS = st.lists(st.integers(0, 30), min_size=1, max_size=30)


def nodes_of(parents: list[int], hidden: set[int]) -> list[Node]:
    """Return a forest in which customer n + 1 hangs on an earlier one (0: on none), without the hidden ones."""
    ancestors: dict[int, list[int]] = {}
    for number, parent in enumerate(parents, start=1):
        above = parent % number
        ancestors[number] = [*ancestors[above], above] if above else []
    figures = Figures(Decimal(1), Decimal(2), 3, 50)
    return [
        Node(number, above, f"44{number % 3 + 1:02}00", figures._replace(health=number))
        for number, above in ancestors.items()
        if number not in hidden
    ]


@given(PARENTS, st.sets(st.integers(1, 30)))
def test_every_customer_counts_what_may_be_seen_below_it_once(parents, hidden):
    nodes = nodes_of(parents, hidden)
    found = rolled_up(nodes)
    for one in nodes:
        below = [other for other in nodes if other.number == one.number or one.number in other.ancestors]
        rolled = found[one.number]
        assert rolled.customers == len(below)
        assert (rolled.revenue, rolled.arrears, rolled.lines) == (len(below), 2 * len(below), 3 * len(below))
        assert rolled.worst_health == min(other.number for other in below)
        assert rolled.cities == len({other.region[:4] for other in below})
    assert sorted(number for some in children_of(nodes).values() for number in some) == sorted(found)


@pytest.mark.parametrize(
    ("region", "other", "border"),
    [
        ("440106", "440105", Crossing.NONE),
        ("440106", "440304", Crossing.CITY),
        ("440000", "440304", Crossing.NONE),
        ("440106", "110101", Crossing.PROVINCE),
        ("", "110101", Crossing.NONE),
    ],
)
def test_borders_lie_between_cities_and_provinces_that_are_known(region, other, border):
    assert crossing(region, other) is crossing(other, region) is border


@given(st.sampled_from(State), st.sampled_from(State))
def test_a_way_between_states_follows_the_table(now, then):
    steps = (now, *way_to(now, then))
    assert all(may_follow(one, following) for one, following in pairwise(steps))
    assert steps[-1] is then or len(steps) == 1


@pytest.fixture
def chain(db) -> list[Customer]:
    """A group of three below one another, across cities and provinces."""
    unit = a_unit()
    top = a_customer("华章集团有限公司", unit=unit, region="440106")
    middle = a_customer("华章深圳有限公司", unit=unit, parent=top, region="440304")
    leaf = a_customer("华章北京分公司", unit=unit, parent=middle, region="110101")
    return [top, middle, leaf]


def test_the_tree_opens_down_to_the_customer_and_marks_borders(chain):
    top, middle, leaf = chain
    found = group_tree(middle, SYSTEM)
    assert [(row.customer, row.level, row.open) for row in found.rows] == [
        (top, 1, True),
        (middle, 2, True),
        (leaf, 3, False),
    ]
    assert [str(row.crossing) for row in found.rows] == ["", "city", "province"]
    assert (found.whole.customers, found.whole.provinces, found.whole.cities) == (3, 2, 3)
    rows, further = tree_children(middle, SYSTEM, level=2)
    assert ([row.customer for row in rows], further) == ([leaf], 0)
    picture = group_picture(leaf, SYSTEM)
    assert picture["children"][0]["children"][0]["current"]


def test_a_cancelled_customer_leaves_its_children_to_its_parent(chain):
    top, middle, leaf = chain
    with pytest.raises(Invalid):
        cancel_customer(middle, actor=SYSTEM, reason=" ")
    cancel_customer(middle, actor=SYSTEM, reason="机构改革撤销")
    leaf.refresh_from_db()
    middle.refresh_from_db()
    assert (leaf.parent, middle.state, middle.parent) == (top, "archived", top)
    assert [row.cancelled for row in group_tree(top, SYSTEM).rows].count(True) == 1
    with pytest.raises(RuleBroken):
        cancel_customer(middle, actor=SYSTEM, reason="再次")
    change_state(middle, actor=SYSTEM, state="potential", needs="重新设立", ability="able")


@pytest.mark.django_db
def test_one_drops_a_row_on_another_takes_it_back_and_never_closes_a_circle():
    home = a_unit()
    rights = {**HEAD, "customers.customer:move": Breadth.BELOW}
    person, _actor = someone_with(rights, at=home)
    top, other = a_customer(unit=home), a_customer(unit=home)
    child = a_customer(unit=home, parent=top)
    browser = browser_of(person)
    answer = browser.post(
        f"/customers/{child.uid}/group/drop/", {"parent": str(other.uid)}, headers={"HX-Request": "true"}
    )
    told = json.loads(answer["HX-Trigger"])
    child.refresh_from_db()
    assert (answer.status_code, child.parent) == (204, other)
    browser.post(told["toast"]["undo"])
    child.refresh_from_db()
    assert child.parent == top
    refused = browser.post(
        f"/customers/{top.uid}/group/drop/", {"parent": str(child.uid)}, headers={"HX-Request": "true"}
    )
    assert refused.status_code == 409 or refused.status_code == 422
    assert browser.post(f"/customers/{child.uid}/group/drop/", {"parent": "x"}).status_code == 404
    browser.post(f"/customers/{child.uid}/group/drop/", {"parent": ""})
    child.refresh_from_db()
    assert child.parent is None
    for part in ("tab/tree/", "group/children/?level=1", "group/picture/", "group/members/"):
        assert browser.get(f"/customers/{top.uid}/{part}").status_code == 200
    for part in ("split-off", "cancel"):
        assert browser.get(f"/customers/{top.uid}/group/{part}/").status_code == 200


@pytest.mark.django_db
def test_splitting_off_is_taken_back_from_the_page_that_tells_of_it():
    unit = a_unit()
    top = a_customer(unit=unit)
    child = a_customer(unit=unit, parent=top)
    person, _actor = someone_with({**HEAD, "customers.customer:move": Breadth.BELOW}, at=unit)
    browser = browser_of(person)
    split = browser.post(
        f"/customers/{child.uid}/group/split-off/", {"version": child.version}, follow=True
    ).content.decode()
    child.refresh_from_db()
    assert child.parent is None
    back = f"/customers/{child.uid}/group/drop/?parent={top.uid}"
    assert f'action="{back}"' in split
    assert browser.post(back).headers["Location"] == f"/customers/{child.uid}/"
    child.refresh_from_db()
    assert child.parent == top
    Customer.objects.filter(pk=top.pk).update(unit=a_unit())
    version = {"version": child.version}
    split = browser.post(f"/customers/{child.uid}/group/split-off/", version, follow=True).content.decode()
    assert back not in split


@pytest.mark.django_db
def test_a_group_of_ten_thousand_opens_in_a_few_queries(django_assert_max_num_queries):
    unit = a_unit()
    top = a_customer("万户集团有限公司", unit=unit)
    first = reserve_ids(Customer, 9_999)

    own = ("id", "uid", "code", "name", "parent_id", "ancestors")
    shared = [str(one.column) for one in Customer._meta.concrete_fields if one.column not in own]
    above = f"CASE WHEN n < 100 THEN {top.pk} ELSE {first} + n % 100 END"
    path = f"CASE WHEN n < 100 THEN ARRAY[{top.pk}] ELSE ARRAY[{top.pk}, {first} + n % 100] END"
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO customers_customer ({', '.join([*own, *shared])})"
            f" SELECT {first} + n, gen_random_uuid(), 'W' || n, 'W' || n, {above}, {path}, {', '.join(shared)}"
            f" FROM customers_customer, generate_series(0, 9998) AS n WHERE id = {top.pk}"
        )
    with django_assert_max_num_queries(4):
        found = group_tree(top, SYSTEM)
    assert (found.whole.customers, len(found.rows)) == (10_000, 101)
    assert found.rows[1].children == 99
    with django_assert_max_num_queries(4):
        rows_below, further = tree_children(found.rows[1].customer, SYSTEM, level=2)
    assert (len(rows_below), further) == (99, 0)
    picture = group_picture(top, SYSTEM)
    assert len(picture["children"]) == 100
    move_customer(found.rows[1].customer, actor=SYSTEM, parent=found.rows[2].customer)
    assert group_tree(top, SYSTEM).rows[1].children == 100
