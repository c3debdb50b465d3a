"""Dialogs of verbs: what somebody else saved meanwhile is looked at first; a new record keeps what led to it."""

import pytest
from django.urls import reverse

from jike.apps.customers.actions import change_customer
from jike.apps.customers.models import Customer
from tests.apps.customers.making import HEAD
from tests.foundation.listed import SYSTEM, World, a_world, browser, hidden, someone

pytestmark = pytest.mark.django_db
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def world() -> World:
    return a_world(customers=2)


def test_a_verb_waits_for_a_second_look_when_somebody_saved_meanwhile(world: World):
    row, client = world.customers[0], browser(someone(HEAD, world.city))
    address = reverse("customers:assign", args=[row.uid])
    version = hidden(client.get(address, **HTMX), "version")
    change_customer(row, actor=SYSTEM, needs="新需求")
    told = {"owner": str(world.head.uid), "deputy": "", "version": version}
    late = client.post(address, told, **HTMX)
    assert late.status_code == 422
    assert Customer.objects.get(pk=row.pk).owner == world.manager
    assert client.post(address, {**told, "version": hidden(late, "version")}, **HTMX).status_code == 200
    assert Customer.objects.get(pk=row.pk).owner == world.head


def test_a_new_key_person_belongs_to_the_customer_it_was_begun_from_whatever_the_draft_says(world: World):
    client, add = browser(world.head), reverse("resource:add", args=["key-persons"])
    client.post(
        reverse("resource:draft", args=["key-persons"]),
        {"name": "半个", "customer": str(world.customers[1].uid)},
    )
    form = client.get(add, {"customer": str(world.customers[0].uid)}).context["form"]
    assert (form["customer"].value(), form["name"].value()) == (str(world.customers[0].uid), "半个")
