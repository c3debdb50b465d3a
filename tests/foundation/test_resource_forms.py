"""Forms and edits in place: nothing typed is lost, nothing saved is overwritten unseen."""

import json

import pytest
from django.test import Client
from django.urls import reverse

from jike.apps.customers.actions import change_customer
from jike.apps.customers.models import Customer, KeyPerson
from jike.apps.customers.pages.resources import CUSTOMERS
from jike.foundation.audit import history_of
from jike.foundation.models import Draft
from jike.values.rights import Breadth
from tests.apps.customers.making import MANAGER
from tests.foundation.listed import SYSTEM, World, a_contact, a_world, browser, hidden, someone, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return a_world(customers=2)


def edit_address(customer: Customer) -> str:
    return reverse("resource:change", args=["customers", customer.uid])


def opened(client: Client, customer: Customer) -> dict[str, str]:
    """Open the form and return what the browser would send back untouched."""
    page = client.get(edit_address(customer))
    form = page.context["form"]
    sent = {name: form[name].value() for name in form.fields}
    told = {name: "" if value is None else str(value) for name, value in sent.items() if value is not False}
    return {**told, "version": hidden(page, "version"), "base": hidden(page, "base")}


def stored(customer: Customer) -> Customer:
    return Customer.objects.get(pk=customer.pk)


def test_the_short_form_comes_first_and_the_rest_on_demand(world: World):
    page = browser(world.manager).get(reverse("resource:add", args=["customers"]))
    sections = page.context["sections"]
    assert [opened for _, _, opened in sections] == [True, False, False, False, False]
    assert [field.name for field in sections[0][1]][:2] == ["name", "credit_code"]


def test_a_new_record_lies_with_whoever_enters_it_unless_told_otherwise(world: World):
    page = browser(world.manager).get(reverse("resource:add", args=["customers"]))
    assert page.context["form"]["owner"].value() == str(world.manager.uid)
    assert page.context["form"]["unit"].value() == str(world.grids[0].uid)
    asked = browser(world.head).get(
        reverse("resource:add", args=["key-persons"]), {"customer": str(world.customers[0].uid)}
    )
    assert asked.context["form"]["customer"].value() == str(world.customers[0].uid)


def test_a_record_is_added_and_its_mistakes_stand_beside_the_fields(world: World):
    client, address = browser(world.manager), reverse("resource:add", args=["customers"])
    typed = {
        "name": "",
        "unit": str(world.grids[0].uid),
        "credit_code": "1",
        "established": "no day",
        "phone": "1",
    }
    wrong = client.post(address, typed)
    assert wrong.status_code == 422
    assert {"name", "established"} <= set(wrong.context["form"].errors)
    assert wrong.context["form"]["phone"].value() == "1"
    assert wrong.context["sections"][1][2], "the section of the wrong day is open"
    full = {"name": "珠江钢琴", "unit": str(world.grids[0].uid), "region": "440106", "established": "1956-3-1",
            "registered_capital": "12.5万", "certificate_type": "licence", "organisation_kind": "enterprise",
            "reach": "local", "relation": "business", "importance": "ordinary", "loyalty": "potential",
            "ability": "unknown"}  # fmt: skip
    assert client.post(address, {**full, "registered_capital": "-1"}).status_code == 422
    assert client.post(address, full).status_code == 302
    made = Customer.objects.get(name="珠江钢琴")
    assert (made.owner, made.unit, made.registered_capital) == (world.manager, world.grids[0], 125000)
    assert made.established.isoformat() == "1956-03-01"


def test_an_untouched_form_changes_nothing(world: World):
    row, client = world.customers[0], browser(world.head)
    change_customer(
        row, actor=SYSTEM, staff_count=5, needs="一\n二", sensitive=True, our_share=40, region="440106"
    )
    before = stored(row).version
    assert client.post(edit_address(row), {**opened(client, row)}).status_code == 302
    assert stored(row).version == before


def test_a_manager_whom_one_does_not_see_may_stay(world: World):
    """Who sees no colleagues can still correct the customer's telephone."""
    row = world.customers[0]
    deputy = someone(
        {**dict.fromkeys(MANAGER, Breadth.ALL), "organisation.person:view": Breadth.OWN}, world.grids[1]
    )
    client = browser(deputy)
    answer = client.post(edit_address(row), {**opened(client, row), "phone": "020-83331234"})
    assert answer.status_code == 302
    assert (stored(row).owner, bool(stored(row).phone)) == (world.manager, True)


def test_two_editors_of_different_fields_lose_nothing(world: World):
    row, client = world.customers[0], browser(world.head)
    mine = {**opened(client, row), "address": "天河路 1 号"}
    change_customer(row, actor=SYSTEM, needs="专线两条", short_name="机场")
    answer = client.post(edit_address(row), mine)
    assert answer.status_code == 422
    assert stored(row).address == ""
    form = answer.context["form"]
    assert (form["address"].value(), form["needs"].value(), form["short_name"].value()) == (
        "天河路 1 号", "专线两条", "机场",
    )  # fmt: skip
    again = {**mine, "needs": "专线两条", "short_name": "机场"}
    again |= {"version": hidden(answer, "version"), "base": hidden(answer, "base")}
    assert client.post(edit_address(row), again).status_code == 302
    kept = stored(row)
    assert (kept.address, kept.needs, kept.short_name) == ("天河路 1 号", "专线两条", "机场")


def test_two_editors_of_one_field_see_both_values(world: World):
    row, client = world.customers[0], browser(world.head)
    mine = {**opened(client, row), "short_name": "白云"}
    change_customer(row, actor=SYSTEM, short_name="机场")
    answer = client.post(edit_address(row), mine)
    assert answer.status_code == 422
    assert answer.context["form"]["short_name"].value() == "白云"
    assert ("机场" in text_of(answer), stored(row).short_name) == (True, "机场")
    again = {**mine, "version": hidden(answer, "version"), "base": hidden(answer, "base")}
    assert client.post(edit_address(row), again).status_code == 302
    assert stored(row).short_name == "白云"


def test_a_mistake_meanwhile_does_not_hide_that_somebody_was_quicker(world: World):
    """The form that comes back with a mistake still stands upon what its editor saw."""
    row, client = world.customers[0], browser(world.head)
    mine = {**opened(client, row), "short_name": "白云", "established": "no day"}
    change_customer(row, actor=SYSTEM, short_name="机场", needs="新需求")
    wrong = client.post(edit_address(row), mine)
    assert "established" in wrong.context["form"].errors
    mended = {**mine, "established": "", "version": hidden(wrong, "version"), "base": hidden(wrong, "base")}
    assert client.post(edit_address(row), mended).status_code == 422
    assert (stored(row).short_name, stored(row).needs) == ("机场", "新需求")


@pytest.mark.parametrize("base", ["", "{", "[]", '{"short_name": {"a": 1}}', "[" * 9999])
def test_a_base_that_was_tampered_with_overwrites_nothing_unseen(world: World, base: str):
    row, client = world.customers[0], browser(world.head)
    mine = {**opened(client, row), "short_name": "白云", "base": base}
    change_customer(row, actor=SYSTEM, short_name="机场")
    assert client.post(edit_address(row), mine).status_code == 422
    del mine["version"]
    assert client.post(edit_address(row), mine).status_code == 422
    assert client.post(edit_address(row), {**mine, "version": "9" * 5000}).status_code == 422
    assert stored(row).short_name == "机场"


def test_what_an_action_refuses_stands_above_the_form_with_everything_typed(world: World):
    boss, staff = (a_contact(world.customers[0], name) for name in ("陈总", "李工"))
    other = a_contact(world.customers[1], "外人")
    client, address = browser(world.head), reverse("resource:change", args=["key-persons", staff.uid])
    typed = {"name": "李工程师", "customer": str(world.customers[0].uid), "role": "handler", "attitude": "unknown",
             "influence": "medium", "reports_to": str(other.uid), "version": "1", "base": "{}"}  # fmt: skip
    answer = client.post(address, typed)
    assert answer.status_code == 422
    assert "another group" in text_of(answer)
    assert answer.context["form"]["name"].value() == "李工程师"
    assert client.post(address, {**typed, "reports_to": str(boss.uid)}).status_code == 302
    assert KeyPerson.objects.get(pk=staff.pk).reports_to == boss


def test_a_draft_is_kept_restored_and_discarded(world: World):
    client, draft = browser(world.manager), reverse("resource:draft", args=["customers"])
    add = reverse("resource:add", args=["customers"])
    client.post(draft, {"name": "打了一半", "unit": str(world.grids[0].uid), "nothing": "x"})
    page = client.get(add)
    assert "did not save" in text_of(page)
    assert page.context["form"]["name"].value() == "打了一半"
    assert "打了一半" not in text_of(browser(world.head).get(add))
    client.post(reverse("resource:discard", args=["customers"]))
    assert "打了一半" not in text_of(client.get(add))
    client.post(draft, {"name": "又一半"})
    full = {"name": "又一半", "unit": str(world.grids[0].uid), "certificate_type": "licence", "reach": "local",
            "organisation_kind": "enterprise", "relation": "business", "importance": "ordinary",
            "loyalty": "potential", "ability": "unknown"}  # fmt: skip
    assert client.post(add, full).status_code == 302
    assert not Draft.objects.exists()


def test_a_draft_restored_later_does_not_undo_what_others_saved_meanwhile(world: World):
    row, client = world.customers[0], browser(world.head)
    typed = {**opened(client, row), "address": "天河路 1 号", "about": str(row.uid)}
    client.post(reverse("resource:draft", args=["customers"]), typed)
    change_customer(row, actor=SYSTEM, needs="专线两条")
    restored = opened(client, row)
    assert restored["address"] == "天河路 1 号"
    answer = client.post(edit_address(row), restored)
    assert answer.status_code == 422
    assert answer.context["form"]["needs"].value() == "专线两条"
    assert stored(row).needs == "专线两条"


def test_a_draft_that_is_too_large_is_refused(world: World):
    client = browser(world.manager)
    answer = client.post(reverse("resource:draft", args=["customers"]), {"needs": "长" * 200_001})
    assert answer.status_code == 422
    assert client.post(reverse("resource:draft", args=["customers"]), {"about": "x"}).status_code == 404


def test_a_draft_is_kept_whatever_was_pasted(world: World):
    client, draft = browser(world.manager), reverse("resource:draft", args=["customers"])
    assert client.post(draft, {"name": "打了\0一半"}).status_code == 200
    assert (
        client.get(reverse("resource:add", args=["customers"])).context["form"]["name"].value() == "打了一半"
    )


def test_doubles_are_hinted_while_typing(world: World):
    client, address = browser(world.manager), reverse("resource:similar", args=["customers"])
    assert "白云机场集团" in text_of(client.get(address, {"name": "机场"}))
    assert "白云机场集团" in text_of(client.get(address, {"name": "byjc"}))
    assert "番禺制造" not in text_of(client.get(address, {"name": "番禺"})), "not a customer one may see"
    assert text_of(client.get(address, {"name": "机"})).strip() == ""
    assert client.get(address, {"name": "a\0b"}).status_code == 422


def fact_address(row: Customer, name: str) -> str:
    return reverse("resource:fact", args=["customers", row.uid, name])


def test_a_fact_is_edited_in_place(world: World):
    row, client = world.customers[0], browser(world.manager)
    form = client.get(fact_address(row, "short_name"))
    sent = {"version": hidden(form, "version"), "base": hidden(form, "base")}
    shown = client.post(fact_address(row, "short_name"), {**sent, "short_name": "白云"})
    assert (shown.status_code, stored(row).short_name) == (200, "白云")
    assert "白云" in text_of(shown)
    wrong = client.post(
        fact_address(row, "next_step_on"), {"version": "2", "base": "{}", "next_step_on": "never"}
    )
    assert wrong.status_code == 422
    assert "never" in text_of(wrong)
    assert client.get(fact_address(row, "name")).status_code == 404
    assert client.put(fact_address(row, "short_name")).status_code == 405


def test_an_edit_in_place_meets_a_newer_value(world: World):
    row, client = world.customers[0], browser(world.manager)
    form = client.get(fact_address(row, "short_name"))
    sent = {"version": hidden(form, "version"), "base": hidden(form, "base"), "short_name": "白云"}
    change_customer(row, actor=SYSTEM, needs="另一个字段")
    assert client.post(fact_address(row, "short_name"), sent).status_code == 200
    kept = stored(row)
    assert (kept.short_name, kept.needs) == ("白云", "另一个字段")
    conflict = client.post(fact_address(row, "short_name"), {**sent, "short_name": "云港"})
    assert conflict.status_code == 422
    assert "白云" in text_of(conflict)
    again = {"version": hidden(conflict, "version"), "base": hidden(conflict, "base"), "short_name": "云港"}
    assert client.post(fact_address(row, "short_name"), again).status_code == 200
    assert stored(row).short_name == "云港"


def test_who_may_not_change_a_record_gets_no_input(world: World):
    reader = browser(someone({"customers.customer:view": Breadth.ALL}, world.city))
    row = world.customers[0]
    assert reader.get(fact_address(row, "short_name")).status_code == 403
    assert reader.post(fact_address(row, "short_name"), {"short_name": "x"}).status_code == 403
    assert reader.get(edit_address(row)).status_code == 403
    assert reader.get(reverse("resource:add", args=["customers"])).status_code == 404


def test_one_field_is_brought_back_from_the_history(world: World):
    row, client = world.customers[0], browser(world.head)
    change_customer(row, actor=SYSTEM, needs="旧需求", short_name="旧名")
    change_customer(row, actor=SYSTEM, needs="新需求", short_name="新名")
    change = history_of(row, world.heads)[0].id
    address = reverse("resource:bring_back", args=["customers", row.uid])
    client.post(address, {"change": change, "field": "needs"})
    assert (stored(row).needs, stored(row).short_name) == ("旧需求", "新名")
    assert client.post(address, {"change": change, "field": "phone"}).status_code == 404
    assert client.post(address, {"change": change, "field": "arrears"}).status_code == 404
    assert client.post(address, {"change": "9" * 5000, "field": "needs"}).status_code == 404
    other = history_of(world.customers[1], world.heads)[0].id
    assert client.post(address, {"change": other, "field": "needs"}).status_code == 404
    history = text_of(client.get(reverse("resource:tab", args=["customers", row.uid, "history"])))
    assert all(word in history for word in ("旧需求", "新需求", "旧名", "新名"))


def test_a_sealed_field_is_neither_shown_nor_brought_back(world: World):
    person = a_contact(world.customers[0], "陈总", phone="13800138000")
    from jike.apps.customers.actions import change_key_person

    change_key_person(person, actor=SYSTEM, phone="13900139000")
    client = browser(world.head)
    change = history_of(person, SYSTEM)[0].id
    pages = [
        reverse(f"resource:{name}", args=["key-persons", person.uid])
        for name in ("record", "drawer", "change")
    ]
    pages.append(reverse("resource:tab", args=["key-persons", person.uid, "history"]))
    assert not [page for page in pages if "1380013" in text_of(client.get(page)).replace(" ", "")]
    address = reverse("resource:bring_back", args=["key-persons", person.uid])
    assert client.post(address, {"change": change, "field": "phone"}).status_code == 404
    typed = {"name": "陈总", "customer": str(world.customers[0].uid), "role": "handler", "attitude": "unknown",
             "influence": "medium", "phone": "10086", "version": "2", "base": json.dumps({})}  # fmt: skip
    client.post(reverse("resource:change", args=["key-persons", person.uid]), typed)
    assert KeyPerson.objects.get(pk=person.pk).phone == person.phone
    assert "phone" in CUSTOMERS.form_fields
