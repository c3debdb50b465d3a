"""Bad moments: deep links to what is gone, a session that ended between typing and saving, pages gone back to."""

import pytest
from django.urls import reverse

from jike.apps.customers.actions import change_customer, remove_customer
from jike.apps.customers.models import Customer
from jike.foundation.models import Draft
from tests.foundation.listed import SYSTEM, World, a_world, browser

pytestmark = pytest.mark.django_db
PLACES = ("record", "drawer", "change", "timeline", "move")


@pytest.fixture
def world() -> World:
    return a_world(customers=2)


@pytest.mark.parametrize("place", PLACES)
def test_a_deep_link_to_a_removed_row_finds_nothing_and_changes_nothing(world: World, place: str):
    row, client = world.customers[0], browser(world.head)
    remove_customer(row, actor=SYSTEM)
    address = reverse(f"resource:{place}", args=["customers", row.uid])
    assert client.get(address).status_code == 404
    assert client.post(address, {"name": "x", "state": "online", "body": "x"}).status_code in (404, 405)
    for name in ("comments", "files", "history", "people"):
        assert client.get(reverse("resource:tab", args=["customers", row.uid, name])).status_code == 404
    assert client.get(f"/api/customers/{row.uid}").status_code == 404


def test_whoever_may_see_the_recycle_bin_is_told_that_a_record_lies_there_and_can_bring_it_back(world: World):
    row = world.customers[1]
    remove_customer(row, actor=SYSTEM)
    address = reverse("resource:record", args=["customers", row.uid])
    told = browser(world.head).get(address)
    assert told.status_code == 404
    assert row.name in told.content.decode()
    restore = reverse("resource:restore", args=["customers", row.uid])
    assert (restore in told.content.decode()) == told.context["restorable"]
    hidden, absent = (
        browser(world.manager).get(one) for one in (address, address.replace(str(row.uid)[-8:], "0" * 8))
    )
    assert hidden.status_code == absent.status_code == 404
    assert row.name not in hidden.content.decode()


def test_a_form_sent_after_the_session_ended_stores_nothing_and_its_draft_waits(world: World):
    row, client = world.customers[0], browser(world.head)
    edit = reverse("resource:change", args=["customers", row.uid])
    client.get(edit)
    typed = {"name": row.name, "address": "天河路 1 号", "about": str(row.uid), "version": "1"}
    client.post(reverse("resource:draft", args=["customers"]), typed)
    client.logout()
    answer = client.post(edit, typed)
    assert answer.status_code == 302
    assert "login" in answer["Location"]
    assert edit in answer["Location"]
    assert Customer.objects.get(pk=row.pk).address == ""
    assert Draft.objects.exists()
    again = browser(world.head).get(edit)
    assert again.context["form"]["address"].value() == "天河路 1 号"


def test_a_page_gone_back_to_does_not_overwrite_what_was_saved_since(world: World):
    row, client = world.customers[0], browser(world.head)
    old = {"name": row.name, "short_name": "旧", "version": str(row.version), "base": "{}"}
    change_customer(row, actor=SYSTEM, short_name="新")
    answer = client.post(reverse("resource:change", args=["customers", row.uid]), old)
    assert answer.status_code == 422
    assert Customer.objects.get(pk=row.pk).short_name == "新"
