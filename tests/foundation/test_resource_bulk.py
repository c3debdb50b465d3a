"""Bulk edits over chosen rows and every match, within one's rights, taken back without undoing others' work."""

import datetime as dt
import json
from dataclasses import replace

import pytest
from django.test import Client
from django.urls import reverse

from jike.apps.customers.actions import change_customer, change_customers
from jike.apps.customers.models import Customer, KeyPerson
from jike.apps.customers.pages.resources import CUSTOMERS
from jike.foundation.models import Change
from jike.foundation.resource.bulk import undo
from tests.foundation.listed import SYSTEM, World, a_contact, a_world, browser, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return a_world()


def edited(client: Client, resource: str = "customers", **posted: object):
    """Edit in bulk and return the answer with its toast."""
    answer = client.post(reverse("resource:bulk_edit", args=[resource]), posted)
    return answer, json.loads(answer.get("HX-Trigger", "{}")).get("toast", {})


def named(**facts: object) -> set[str]:
    return set(Customer.objects.filter(**facts).values_list("name", flat=True))


def test_a_head_moves_chosen_customers_to_another_grid_and_takes_it_back(world: World):
    client, (first, second) = browser(world.head), world.grids
    rows = [str(row.uid) for row in world.customers[:3]]
    answer, toast = edited(client, row=rows, field="unit", unit=str(second.uid))
    assert answer.status_code == 200
    assert toast["text"] == "2 records changed."
    assert named(unit=second) == {row.name for row in world.customers} - {"长隆旅游"}
    undone = json.loads(client.post(toast["undo"])["HX-Trigger"])["toast"]
    assert undone["text"] == "2 records are as before."
    assert named(unit=first) == {"白云机场集团", "中山大学附属医院", "长隆旅游"}
    assert client.post(toast["undo"].replace(toast["undo"][-13:-1], "0" * 12)).status_code == 404
    assert browser(world.manager).post(toast["undo"]).status_code == 404


def test_every_match_of_a_list_is_edited_and_nothing_else(world: World):
    client = browser(world.head)
    address = "where=" + json.dumps([["unit", "in", [str(world.grids[0].uid)]]])
    dialog = client.post(reverse("resource:bulk", args=["customers"]), {"every": "1", "address": address})
    assert "3 records" in text_of(dialog)
    _, toast = edited(client, every="1", address=address, field="next_step", next_step="回访")
    assert toast["text"] == "3 records changed."
    assert named(next_step="回访") == {"白云机场集团", "中山大学附属医院", "长隆旅游"}
    client.post(toast["undo"])
    assert named(next_step="回访") == set(), "text fields are brought back, too"


def test_undo_keeps_later_edits_and_names_them(world: World):
    client = browser(world.head)
    _, toast = edited(
        client, row=[str(row.uid) for row in world.customers], field="importance", importance="vip"
    )
    change_customer(world.customers[0], actor=SYSTEM, needs="后来的修改")
    answer = client.post(toast["undo"])
    assert json.loads(answer["HX-Trigger"])["toast"]["text"] == "5 records are as before."
    assert named(importance="vip") == {"白云机场集团"}
    assert "白云机场集团" in text_of(answer)
    assert Customer.objects.get(name="白云机场集团").needs == "后来的修改"


def test_rows_that_one_may_not_see_are_not_touched(world: World):
    _, toast = edited(
        browser(world.manager),
        row=[str(row.uid) for row in world.customers],
        field="next_step",
        next_step="x",
    )
    assert toast["text"] == "3 records changed."
    assert named(next_step="x") == {"白云机场集团", "中山大学附属医院", "长隆旅游"}


def test_nobody_assigns_account_managers_in_bulk_without_that_right(world: World):
    rows = [str(world.customers[0].uid)]
    answer, toast = edited(browser(world.manager), row=rows, field="owner", owner=str(world.head.uid))
    assert toast["text"] == "0 records changed."
    assert "may not" in text_of(answer)
    assert "undo" not in toast
    _, toast = edited(browser(world.head), row=rows, field="owner", owner=str(world.head.uid))
    assert named(owner=world.head) == {"白云机场集团"}


def test_what_an_entitys_own_action_judges_is_judged_row_by_row(world: World):
    """Nobody reports to somebody of another group, in bulk no more than one by one."""
    boss = a_contact(world.customers[0], "陈总")
    near, far = a_contact(world.customers[0], "李工"), a_contact(world.customers[1], "王工")
    client = browser(world.head)
    answer, toast = edited(
        client, "key-persons", row=[str(near.uid), str(far.uid)], field="reports_to", reports_to=str(boss.uid)
    )
    assert toast["text"] == "1 record changed."
    assert "王工" in text_of(answer)
    assert list(KeyPerson.objects.filter(reports_to=boss)) == [near]
    client.post(toast["undo"])
    assert not KeyPerson.objects.filter(reports_to=boss).exists()


def test_a_wrong_value_changes_nothing_and_is_told_in_the_dialog(world: World):
    client = browser(world.head)
    rows = [str(row.uid) for row in world.customers]
    answer, toast = edited(client, row=rows, field="next_step_on", next_step_on="someday")
    assert (answer.status_code, toast) == (422, {})
    assert edited(client, row=rows, field="staff_count", staff_count="-5")[1]["text"] == "0 records changed."
    assert edited(client, row=rows, field="unit", unit="")[0].status_code == 422
    assert not Change.objects.filter(kind="customers.customer", verb="change").exists()


@pytest.mark.parametrize("field", ["name", "code", "arrears", "state", "", "nothing", "grade"])
def test_fields_that_name_a_record_or_have_an_action_of_their_own_are_not_offered(world: World, field: str):
    rows = [str(world.customers[0].uid)]
    assert (
        edited(browser(world.head), row=rows, field=field, **({field: "x"} if field else {}))[0].status_code
        == 404
    )


@pytest.mark.parametrize(
    "posted", [{"row": "x"}, {"every": "1", "address": "where={"}, {"every": "1", "address": "at=x"}]
)
def test_odd_selections_are_refused(world: World, posted: dict[str, str]):
    answer, _ = edited(browser(world.head), field="importance", importance="vip", **posted)
    assert answer.status_code == 422
    assert named(importance="vip") == set()


def test_a_sealed_field_is_not_offered(world: World):
    a_contact(world.customers[0], "陈总", phone="13800138000")
    dialog = browser(world.head).post(
        reverse("resource:bulk", args=["key-persons"]), {"every": "1", "address": ""}
    )
    offered = {one.name for one in dialog.context["fields"]}
    assert offered == {"job_title", "department", "role", "attitude", "influence", "reports_to"}


def test_an_undo_brings_days_and_references_back_as_they_were(world: World):
    row, client = world.customers[0], browser(world.head)
    change_customer(row, actor=SYSTEM, next_step_on=dt.date(2026, 12, 24))
    _, toast = edited(client, row=[str(row.uid)], field="next_step_on", next_step_on="")
    assert Customer.objects.get(pk=row.pk).next_step_on is None
    client.post(toast["undo"])
    assert Customer.objects.get(pk=row.pk).next_step_on == dt.date(2026, 12, 24)
    _, toast = edited(client, row=[str(row.uid)], field="owner", owner="")
    assert Customer.objects.get(pk=row.pk).owner is None
    client.post(toast["undo"])
    assert Customer.objects.get(pk=row.pk).owner == world.manager


def test_an_undo_asks_the_right_of_every_field_that_it_brings_back(world: World):
    row, head = world.customers[0], world.heads
    edits = {row.pk: {"owner_id": world.head.pk, "next_step": "回访"}}
    assert change_customers(edits, actor=head).written == [row.pk]
    for missing in ("change", "assign"):
        less = {name: held for name, held in head.grants.items() if name != f"customers.customer:{missing}"}
        assert list(undo(CUSTOMERS, head.request, replace(head, grants=less)).refused) == [row.pk]
        assert named(owner=world.head, next_step="回访") == {row.name}
    assert undo(CUSTOMERS, head.request, head).written == [row.pk]
    assert named(owner=world.manager, next_step="") == {"白云机场集团", "中山大学附属医院", "长隆旅游"}
