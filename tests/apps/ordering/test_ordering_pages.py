"""The loop on screen: an order placed from an agreement, worked on by its steps, billed and paid, each by its role."""

import datetime as dt
import re
from decimal import Decimal

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from jike.apps.customers.rules import GRANTS as CUSTOMER_GRANTS
from jike.apps.inventory.actions import run_month
from jike.apps.inventory.models import Bill, Payment, Product
from jike.apps.inventory.rules import GRANTS as INVENTORY_GRANTS
from jike.apps.ordering.actions import add_order, submit_order
from jike.apps.ordering.models import ProductOrder
from jike.apps.ordering.rules import GRANTS
from jike.apps.organisation.models import Person
from jike.apps.quoting.models import Agreement
from jike.apps.quoting.rules import GRANTS as QUOTING_GRANTS
from jike.values.rights import Breadth
from tests.apps.ordering.making import a_served_customer, an_agreement, an_order, open_tasks, work_through
from tests.making import SYSTEM, a_unit, someone_with

HTMX = {"HTTP_HX_REQUEST": "true"}
TODAY = dt.date(2026, 11, 23)
pytestmark = pytest.mark.django_db


def browser_of(person: Person) -> Client:
    client = Client(headers={"accept-language": "en"})
    person.language = "en"
    client.force_login(person, backend=settings.AUTHENTICATION_BACKENDS[-1])
    return client


def someone_as(role: str, unit) -> Person:
    grants: dict[str, Breadth] = {}
    for some in (CUSTOMER_GRANTS, QUOTING_GRANTS, INVENTORY_GRANTS, GRANTS):
        grants |= some.get(role, {})
    person, _actor = someone_with(grants, at=unit)
    return person


@pytest.fixture
def manager() -> Person:
    return someone_as("account_manager", a_unit())


@pytest.fixture
def agreement(manager: Person) -> Agreement:
    customer = a_served_customer(unit=manager.unit, owner=manager)
    return an_agreement(customer, "broadband", price="300.00", starts_on=dt.date(2026, 1, 1))


def test_an_account_manager_orders_from_the_agreement_and_submits(manager, agreement):
    client = browser_of(manager)
    page = client.get(f"/agreements/{agreement.uid}/tab/orders/").content.decode()
    assert f"/orders/new/?agreement={agreement.uid}" in page
    order = add_order(actor=SYSTEM, agreement=agreement)
    page = client.get(f"/orders/{order.uid}/tab/steps/").content.decode()
    assert agreement.agreement_lines.get().offering.name in page
    client.post(f"/orders/{order.uid}/submit/", **HTMX)
    order.refresh_from_db()
    assert order.state == "running"
    assert "stp" in client.get(f"/orders/{order.uid}/tab/steps/").content.decode()


def test_what_stands_against_an_order_is_said_in_the_dialog(manager, agreement):
    order = add_order(actor=SYSTEM, agreement=agreement)
    Agreement.objects.filter(pk=agreement.pk).update(state="terminated")
    answer = browser_of(manager).post(f"/orders/{order.uid}/submit/", **HTMX)
    assert answer.status_code == 422
    order.refresh_from_db()
    assert order.state == "draft"


def test_a_delivery_manager_works_on_steps_and_says_why_one_failed(agreement):
    deliverer = someone_as("delivery_manager", a_unit())
    order = an_order(agreement)
    order.tasks.update(owner=deliverer, unit=deliverer.unit)
    client, task = browser_of(deliverer), open_tasks(order)[0]
    assert client.get("/service-tasks/?layout=board").status_code == 200
    assert client.get(f"/service-tasks/{task.uid}/").status_code == 200
    client.post(f"/service-tasks/{task.uid}/begin/", **HTMX)
    client.post(f"/service-tasks/{task.uid}/fail/", {"fallout": "无端口"}, **HTMX)
    task.refresh_from_db()
    assert (task.state, task.fallout) == ("failed", "无端口")
    client.post(f"/service-tasks/{task.uid}/retry/", **HTMX)
    moved = client.post(
        f"/service-tasks/{task.uid}/move/", {"state": "running", "version": task.version + 1}, **HTMX
    )
    task.refresh_from_db()
    assert (moved.status_code, task.state) == (200, "running")
    client.post(f"/service-tasks/{task.uid}/finish/", {"result": "可接入"}, **HTMX)
    assert [one.step for one in open_tasks(order)] == ["resource"]


def test_a_product_is_suspended_by_an_order_from_its_page_to_which_its_agreement_leads(manager, agreement):
    work_through(an_order(agreement))
    product = Product.objects.get(customer=agreement.customer)
    client = browser_of(manager)
    under = client.get(f"/agreements/{agreement.uid}/tab/products/").content.decode()
    assert f"/products/{product.uid}/" in under
    assert f"/agreements/{agreement.uid}/" in client.get(f"/products/{product.uid}/").content.decode()
    assert (
        f"/products/{product.uid}/order-suspension/"
        in client.get(f"/products/{product.uid}/").content.decode()
    )
    client.post(f"/products/{product.uid}/order-suspension/", {"remark": "装修"}, **HTMX)
    order = ProductOrder.objects.get(items__product=product, items__action="suspend")
    assert (order.state, order.remark) == ("running", "装修")


def test_finance_sees_bills_takes_in_money_and_reverses_it(agreement):
    work_through(an_order(agreement))
    product = Product.objects.get(customer=agreement.customer)
    run_month(dt.date(2026, 4, 1), actor=SYSTEM, today=TODAY)
    client, bill = browser_of(someone_as("finance", a_unit())), Bill.objects.get()
    assert "300.00" in client.get(f"/bills/{bill.uid}/tab/lines/").content.decode()
    assert client.get("/bills/months/").status_code == 200
    told = {
        "account": str(product.account.uid),
        "amount": "300",
        "received_on": "2026-05-20",
        "method": "transfer",
    }
    client.post("/payments/new/", told)
    payment = Payment.objects.get()
    bill.refresh_from_db()
    assert (payment.amount, bill.state) == (Decimal("300.00"), "paid")
    client.post(f"/payments/{payment.uid}/reverse/", {"reason": "入错账户"}, **HTMX)
    bill.refresh_from_db()
    assert bill.state == "open"


def test_the_customers_page_shows_products_orders_and_bills(manager, agreement):
    work_through(an_order(agreement))
    run_month(dt.date(2026, 4, 1), actor=SYSTEM, today=TODAY)
    client, customer = browser_of(manager), agreement.customer
    for tab, text in (("products", "CP0"), ("orders", "DD0"), ("bills", "2026-04")):
        assert text in client.get(f"/customers/{customer.uid}/tab/{tab}/").content.decode()
    assert client.get(f"/customers/{customer.uid}/").status_code == 200
    assert client.get("/").status_code == 200


def test_who_may_not_run_months_finds_no_such_page(manager):
    assert browser_of(manager).get("/bills/months/").status_code == 404


def test_a_delivery_managers_home_shows_steps_and_nothing_that_account_managers_do(manager, agreement):
    deliverer = someone_as("delivery_manager", manager.unit)
    submit_order(add_order(actor=SYSTEM, agreement=agreement), actor=SYSTEM, deliverer=deliverer)
    cards = {
        person: set(re.findall(r'aria-labelledby="card-(\w+)"', browser_of(person).get("/").content.decode()))
        for person in (deliverer, manager)
    }
    account_managers, ending = (
        {"steps", "arrears", "ending"},
        reverse("foundation:home_card", args=["ending"]),
    )
    assert "steps_due" in cards[deliverer] - cards[manager]
    assert account_managers <= cards[manager]
    assert not account_managers & cards[deliverer]
    assert browser_of(deliverer).get(ending).status_code == 404
    assert browser_of(deliverer).get(f"{ending}?view=team").status_code == 200
