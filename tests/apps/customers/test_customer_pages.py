"""Customers on screen: board, calendar, record page, verbs and the home page's cards, as their readers get them."""

import datetime as dt
import json
import re
from http import HTTPStatus

import pytest
from django.urls import reverse
from django.utils import timezone

from jike.apps.customers.actions import assign, change_state, load_months
from jike.apps.customers.actions.figures import Month
from jike.apps.customers.models import Customer
from jike.apps.organisation.models import Person
from jike.foundation.audit import history_of
from jike.foundation.conversation import comment_on, follow
from jike.values.money import Money
from jike.values.rights import Breadth
from tests.apps.customers.making import HEAD, MANAGER, a_customer, a_key_person
from tests.doing import browser_of
from tests.making import SYSTEM, a_unit, acting, someone_with

HTMX = {"HTTP_HX_REQUEST": "true"}
pytestmark = pytest.mark.django_db


@pytest.fixture
def manager() -> Person:
    person, _actor = someone_with({**MANAGER, "customers.keyperson:see_personal": Breadth.OWN}, at=a_unit())
    return person


@pytest.fixture
def customer(manager: Person) -> Customer:
    return a_customer("澄江港务有限公司", unit=manager.unit, owner=manager)


def column(page: str, state: str) -> str:
    found = re.search(rf'data-state="{state}".*?</ul>', page, re.DOTALL)
    assert found
    return found[0]


def test_the_board_has_a_column_for_each_state_and_shows_what_its_reader_may_see(
    manager: Person, customer: Customer
) -> None:
    a_customer("远山矿业有限公司")
    page = browser_of(manager).get("/customers/?layout=board").content.decode()
    assert page.count('class="kb-c"') == 5
    assert customer.name in column(page, "potential")
    assert "远山矿业有限公司" not in page


def test_the_board_keeps_to_the_filter_of_the_list(manager: Person, customer: Customer) -> None:
    a_customer("柳溪纸业有限公司", unit=manager.unit, owner=manager, region="440100")
    where = json.dumps([["region", "under", ["440000"]]])
    page = browser_of(manager).get("/customers/", {"layout": "board", "where": where}).content.decode()
    assert "柳溪纸业有限公司" in column(page, "potential")
    assert customer.name not in page


def test_a_card_that_needs_more_is_asked_for_it_and_then_moves(manager: Person, customer: Customer) -> None:
    client, address = browser_of(manager), f"/customers/{customer.uid}/move/"
    asked = client.post(address, {"state": "archived", "version": customer.version}, **HTMX)
    assert 'name="state_reason"' in asked.content.decode()
    told = {"state": "archived", "version": customer.version, "asked": "state_reason", "state_reason": "停业"}
    moved = client.post(address, told, **HTMX)
    assert "list-changed" in json.loads(moved["HX-Trigger"])
    customer.refresh_from_db()
    assert (customer.state, customer.state_reason) == ("archived", "停业")


def test_a_refused_move_says_why_and_moves_nothing(manager: Person, customer: Customer) -> None:
    refused = browser_of(manager).post(
        f"/customers/{customer.uid}/move/", {"state": "lost", "version": customer.version}, **HTMX
    )
    toast = json.loads(refused["HX-Trigger"])["toast"]
    assert toast["bad"]
    assert "在网" in toast["text"]
    customer.refresh_from_db()
    assert customer.state == "potential"


def test_a_card_moved_by_somebody_else_meanwhile_stays(manager: Person, customer: Customer) -> None:
    seen = customer.version
    change_state(customer, actor=SYSTEM, state="archived", reason="停业")
    told = {"state": "archived", "version": seen, "asked": "state_reason", "state_reason": "迁出"}
    answer = browser_of(manager).post(f"/customers/{customer.uid}/move/", told, **HTMX)
    assert json.loads(answer["HX-Trigger"])["toast"]["bad"]
    customer.refresh_from_db()
    assert customer.state_reason == "停业"


def test_nobody_moves_what_they_cannot_see(manager: Person) -> None:
    hidden = a_customer()
    answer = browser_of(manager).post(f"/customers/{hidden.uid}/move/", {"state": "archived"}, **HTMX)
    assert answer.status_code == HTTPStatus.NOT_FOUND


def test_the_calendar_shows_a_customer_on_the_day_of_its_next_step(manager: Person) -> None:
    a_customer("禾川种业有限公司", unit=manager.unit, owner=manager, next_step_on=dt.date(2027, 2, 9))
    client = browser_of(manager)
    page = client.get("/customers/?layout=calendar&month=2027-02").content.decode()
    day = re.search(r'datetime="2027-02-09".*?</li>', page, re.DOTALL)
    assert day
    assert "禾川种业有限公司" in day[0]
    for month in ("2027-13", "0000-01", "x", "９９９９-01"):
        assert client.get("/customers/", {"layout": "calendar", "month": month}).status_code == HTTPStatus.OK


def test_changes_and_comments_stand_on_one_timeline(manager: Person, customer: Customer) -> None:
    client, address = browser_of(manager), f"/customers/{customer.uid}/timeline/"
    said = client.post(address, {"body": "下周拜访信息部"}, **HTMX).content.decode()
    assert "下周拜访信息部" in said
    assert "澄江港务有限公司" in said
    only = client.get(f"{address}?kind=comment", **HTMX).content.decode()
    assert "下周拜访信息部" in only
    assert "澄江港务有限公司" not in only


def test_a_long_timeline_goes_on_from_where_it_was_shown(manager: Person, customer: Customer) -> None:
    actor = acting(manager)
    for number in range(30):
        comment_on(customer, f"第{number}次", actor=actor)
    client, address = browser_of(manager), f"/customers/{customer.uid}/timeline/"
    first = client.get(address, **HTMX).content.decode()
    older = re.search(r"before=([\w.~]+)", first)
    assert older
    rest = client.get(f"{address}?before={older[1]}", **HTMX).content.decode()
    told = re.findall(r"第\d+次", first) + re.findall(r"第\d+次", rest)
    assert told == [f"第{number}次" for number in range(29, -1, -1)]


def test_a_masked_telephone_is_revealed_once_and_recorded(customer: Customer) -> None:
    contact = a_key_person(customer, phone="13900001520")
    head, actor = someone_with(HEAD, at=customer.unit)
    client = browser_of(head)
    assert "13900001520" not in client.get(f"/customers/{customer.uid}/tab/people/").content.decode()
    address = f"/key-persons/{contact.uid}/reveal/phone/"
    assert address in client.get(f"/key-persons/{contact.uid}/around/?rail=1").content.decode()
    assert client.post(address, {"reason": " "}, **HTMX).status_code == 422
    shown = client.post(address, {"reason": "核对回访电话"}, **HTMX).content.decode()
    assert "139 0000 1520" in shown
    assert history_of(contact, actor)[0].verb == "reveal"


def test_manager_and_deputy_may_change_places(manager: Person, customer: Customer) -> None:
    other, _actor = someone_with(MANAGER, at=customer.unit)
    assign(customer, actor=SYSTEM, owner=manager, deputy=other)
    assign(customer, actor=SYSTEM, owner=other, deputy=manager)
    customer.refresh_from_db()
    assert (customer.owner, customer.deputy) == (other, manager)


def test_without_scripts_a_verb_leads_back_to_its_record(manager: Person, customer: Customer) -> None:
    head, _actor = someone_with({**HEAD, "organisation.person:view": Breadth.ALL}, at=customer.unit)
    sent = {"owner": str(head.uid), "deputy": ""}
    done = browser_of(head).post(f"/customers/{customer.uid}/assign/", sent)
    assert (done.status_code, done["Location"]) == (302, f"/customers/{customer.uid}/")
    customer.refresh_from_db()
    assert customer.owner == head


def test_only_who_may_assign_is_offered_it(manager: Person, customer: Customer) -> None:
    address = f"/customers/{customer.uid}/assign/"
    assert browser_of(manager).get(address, **HTMX).status_code == HTTPStatus.NOT_FOUND
    head, _actor = someone_with(HEAD, at=customer.unit)
    told = {"owner": str(manager.uid), "deputy": ""}
    answer = browser_of(head).post(address, told, **HTMX)
    assert "toast" in json.loads(answer["HX-Trigger"])


def test_a_star_puts_the_record_before_what_was_typed(manager: Person, customer: Customer) -> None:
    client = browser_of(manager)
    client.post(f"/customers/{customer.uid}/star/", {"on": "1"}, **HTMX)
    assert customer.name in client.get("/search/").content.decode()
    stranger, _actor = someone_with(MANAGER, at=a_unit())
    assert customer.name not in browser_of(stranger).get("/search/").content.decode()


def test_each_tab_is_a_page_of_its_own_and_a_fragment_for_the_page_around_it(
    manager: Person, customer: Customer
) -> None:
    client = browser_of(manager)
    for name in ("people", "tree", "comments", "files", "history"):
        whole = client.get(f"/customers/{customer.uid}/tab/{name}/").content.decode()
        part = client.get(f"/customers/{customer.uid}/tab/{name}/", **HTMX).content.decode()
        assert "<html" in whole
        assert "<html" not in part
        assert f'id="tab-{name}"' in part


def test_revenue_is_told_in_figures_beside_its_bars(manager: Person, customer: Customer) -> None:
    months = [
        Month(
            customer.pk,
            dt.date(2025 + number // 12, number % 12 + 1, 1),
            Money(45_000).amount,
            Money(0).amount,
            9,
        )
        for number in range(14)
    ]
    load_months(months, actor=SYSTEM)
    page = browser_of(manager).get(f"/customers/{customer.uid}/around/?rail=1").content.decode()
    assert page.count('<td class="num">4.50</td>') == 14


def test_what_is_due_stands_on_the_home_page_and_leads_to_its_list(manager: Person) -> None:
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    late = a_customer(unit=manager.unit, owner=manager, next_step="送方案", next_step_on=yesterday)
    client = browser_of(manager)
    page = client.get("/").content.decode()
    assert "送方案" in page
    assert "逾期 1" in page
    link = re.search(r'<a href="([^"]+)">逾期', page)
    assert link
    behind = client.get(link[1].replace("&amp;", "&")).content.decode()
    assert late.name in behind


def test_a_head_sees_the_units_figures_and_an_account_manager_does_not(
    manager: Person, customer: Customer
) -> None:
    head, _actor = someone_with(HEAD, at=customer.unit)
    assert "view=team" not in browser_of(manager).get("/").content.decode()
    load = f"{reverse('foundation:home_card', args=['load'])}?view=team"
    assert manager.name not in browser_of(manager).get(load).content.decode()
    assert manager.name in browser_of(head).get(load).content.decode()


def test_birthdays_are_told_to_those_who_may_read_them(manager: Person, customer: Customer) -> None:
    born = timezone.localdate().replace(year=1980)
    a_key_person(customer, "秦月明", birthday=born)
    head, _actor = someone_with(HEAD, at=customer.unit)
    assert "秦月明" not in browser_of(head).get("/").content.decode()
    assert "秦月明" in browser_of(manager).get("/").content.decode()


def test_what_others_change_on_a_followed_record_is_told_at_home(manager: Person, customer: Customer) -> None:
    follow(customer, actor=acting(manager))
    change_state(customer, actor=SYSTEM, state="archived", reason="停业")
    assert customer.name in browser_of(manager).get("/").content.decode()


def test_a_manager_without_customers_is_shown_where_to_begin(manager: Person, customer: Customer) -> None:
    newcomer, _actor = someone_with(MANAGER, at=manager.unit)
    begin = reverse("resource:import", args=["customers"])
    assert begin in browser_of(newcomer).get("/").content.decode()
    assert begin not in browser_of(manager).get("/").content.decode()


def test_an_empty_list_says_what_to_do_next(manager: Person, customer: Customer) -> None:
    newcomer = browser_of(someone_with(MANAGER, at=manager.unit)[0])
    assert "customers/import/" in newcomer.get("/customers/?scope=all").content.decode()
    assert "显示全部可见" in newcomer.get("/customers/?scope=mine").content.decode()
    assert "显示全部<" in newcomer.get("/customers/?scope=all&q=没有的").content.decode()
