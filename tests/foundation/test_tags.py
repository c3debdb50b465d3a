"""Tags: given one by one and to many, found, merged, and free ones made where they are typed."""

import json
from typing import Any

import pytest
from django.urls import reverse

from jike.apps.customers.models import Customer
from jike.foundation.customising.tagging import add_tag, give_tags, merge_tags
from jike.foundation.errors import Invalid, Refused
from jike.foundation.models import Tag
from jike.values.rights import Breadth
from tests.foundation.listed import SYSTEM, World, a_world, browser, someone, text_of
from tests.foundation.test_resource_api import RIGHTS, a_token
from tests.making import acting

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return a_world(customers=4)


def a_tag(name: str, **details: Any) -> Tag:
    """Make a managed tag of customers."""
    return add_tag(actor=SYSTEM, name=name, **details)


def tagged(customer: Customer) -> list[int]:
    """Return the tags stored."""
    return Customer.objects.get(pk=customer.pk).tags


def test_tags_are_ticked_and_new_ones_typed(world: World):
    key = a_tag("重点", colour="red")
    first = world.customers[0]
    client = browser(world.manager)
    address = reverse("customers:tags", args=[first.uid])
    assert client.post(address, {"tags": [key.pk], "words": "双线, 重点，续约"}).status_code == 302
    free = Tag.objects.filter(managed=False).order_by("name")
    assert [one.name for one in free] == ["双线", "续约"]
    assert tagged(first) == sorted([key.pk, *(one.pk for one in free)])
    page = text_of(client.get(reverse("resource:record", args=["customers", first.uid])))
    assert 'class="tag tg tg-red">重点' in page
    assert client.post(reverse("customers:tags", args=[world.customers[1].uid]), {}).status_code == 404


def test_many_records_are_given_and_lose_a_tag_and_it_can_be_undone(world: World):
    one, two = a_tag("甲"), a_tag("乙")
    give_tags(world.customers[0], actor=SYSTEM, tags=[two.pk])
    client, rows = browser(world.head), [str(customer.uid) for customer in world.customers[:3]]
    sent = {"field": "tags.add", "tags.add": [one.pk], "row": rows}
    answer = client.post(reverse("resource:bulk_edit", args=["customers"]), sent)
    assert [tagged(customer) for customer in world.customers] == [[one.pk, two.pk], [one.pk], [one.pk], []]
    client.post(json.loads(answer["HX-Trigger"])["toast"]["undo"])
    assert [tagged(customer) for customer in world.customers] == [[two.pk], [], [], []]
    client.post(
        reverse("resource:bulk_edit", args=["customers"]),
        {**sent, "field": "tags.take", "tags.take": [two.pk]},
    )
    assert tagged(world.customers[0]) == []


def test_lists_filter_by_tags(world: World):
    one, two = a_tag("甲"), a_tag("乙")
    give_tags(world.customers[0], actor=SYSTEM, tags=[one.pk])
    give_tags(world.customers[1], actor=SYSTEM, tags=[one.pk, two.pk])
    client = browser(world.head)

    def found(*where: Any) -> set[str]:
        page = client.get("/customers/", {"where": json.dumps([list(where)]), "columns": "name,tags"})
        assert not page.context["problem"]
        return {row.values[0] for row, *_rest in page.context["rows"]}

    names = [customer.name for customer in world.customers]
    assert found("tags", "in", [str(one.pk)]) == set(names[:2])
    assert found("tags", "in", [str(two.pk)]) == {names[1]}
    assert found("tags", "not_in", [str(two.pk)]) == {names[0], *names[2:]}
    assert found("tags", "empty") == set(names[2:])
    shown = text_of(client.get("/customers/", {"where": json.dumps([["tags", "in", [str(one.pk)]]])}))
    assert "甲" in shown
    assert (
        client.get("/customers/filter/", {"where": json.dumps([["tags", "in", [str(one.pk)]]])}).status_code
        == 200
    )


def test_a_merged_tag_leaves_its_records_to_the_other(world: World):
    one, two = a_tag("甲"), a_tag("乙")
    give_tags(world.customers[0], actor=SYSTEM, tags=[one.pk, two.pk])
    give_tags(world.customers[1], actor=SYSTEM, tags=[one.pk])
    with pytest.raises(Refused):
        merge_tags(one, actor=world.managers, into=two)
    with pytest.raises(Invalid):
        merge_tags(one, actor=SYSTEM, into=one)
    keeper = someone(
        {f"foundation.tag:{act}": Breadth.ALL for act in ("view", "merge", "remove")}, world.city
    )
    merge_tags(one, actor=acting(keeper), into=two)
    assert [tagged(customer) for customer in world.customers[:2]] == [[two.pk], [two.pk]]
    assert list(Tag.objects.filter(removed_at=None)) == [two]


def test_programs_name_tags_by_their_words(world: World):
    a_tag("甲")
    client, first = browser(world.head), world.customers[0]
    program = {
        "headers": {"Authorization": f"Bearer {a_token(world, RIGHTS)}"},
        "content_type": "application/json",
    }
    answer = client.patch(f"/api/customers/{first.uid}", {"tags": ["甲"]}, **program)
    assert answer.json()["tags"] == ["甲"]
    assert client.patch(f"/api/customers/{first.uid}", {"tags": ["没有"]}, **program).status_code == 422
