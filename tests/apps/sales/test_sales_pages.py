"""Sales on screen: the pipeline, the day, a visit on the spot, the forecast, and what customers' pages show of them."""

import datetime as dt
import json
import re
from decimal import Decimal

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from jike.apps.customers.models import Customer
from jike.apps.organisation.models import Person
from jike.apps.sales.actions import LineGiven, check_in, set_lines
from jike.apps.sales.actions.visits import Spot
from jike.apps.sales.models import Opportunity, Visit
from jike.apps.sales.rules import Stage, VisitState
from jike.apps.tasks.models import Task
from tests.apps.catalogue.making import an_offering
from tests.apps.customers.making import a_customer, a_key_person
from tests.apps.sales.making import SELLER, a_lead, a_visit, an_opportunity
from tests.making import SYSTEM, a_unit, acting, someone_with

HTMX = {"HTTP_HX_REQUEST": "true"}
pytestmark = pytest.mark.django_db


@pytest.fixture
def seller() -> Person:
    person, _actor = someone_with(SELLER, at=a_unit())
    return person


@pytest.fixture
def customer(seller: Person) -> Customer:
    return a_customer("澄江港务有限公司", unit=seller.unit, owner=seller, phone="020-38000001")


@pytest.fixture
def browser(seller: Person) -> Client:
    client = Client()
    client.force_login(seller, backend=settings.AUTHENTICATION_BACKENDS[-1])
    return client


def test_the_board_sums_each_stage_and_weighs_it(browser: Client, customer: Customer) -> None:
    an_opportunity(customer, one_off_amount=Decimal(500_000))
    an_opportunity(customer, one_off_amount=Decimal(300_000))
    an_opportunity(one_off_amount=Decimal(10_000_000))
    page = browser.get("/opportunities/?layout=board").content.decode()
    assert page.count('class="kb-c"') == len(Stage)
    head = re.search(r'id="kb-s-need".*?</div>', page, re.DOTALL)
    assert head
    assert "80.00" in head[0]
    assert "16.00" in head[0]


def test_advancing_to_an_offer_begins_with_the_present_amount(browser: Client, customer: Customer) -> None:
    known = {"needs": "双路由", "expected_on": dt.date(2031, 1, 1)}
    deal = an_opportunity(customer, stage=Stage.SOLUTION, monthly_amount=Decimal(1234), **known)
    page = browser.get(reverse("sales:advance", args=[deal.uid]), **HTMX).content.decode()
    assert re.search(r'name="monthly_amount"[^>]*value="1,?234(.00)?"', page)
    assert not re.search(r'name="one_off_amount"[^>]*value="0', page), "nothing, rather than 0.00"
    set_lines(deal, actor=SYSTEM, lines=[LineGiven(an_offering(monthly="1000", floor="500"))])
    page = browser.get(reverse("sales:advance", args=[deal.uid]), **HTMX).content.decode()
    assert 'name="monthly_amount"' not in page


def test_a_card_moves_when_what_its_stage_needs_is_given(browser: Client, customer: Customer) -> None:
    deal = an_opportunity(customer)
    address = reverse("resource:move", args=["opportunities", deal.uid])
    asked = browser.post(address, {"state": "solution", "version": deal.version}, **HTMX)
    assert 'name="needs"' in asked.content.decode()
    given = {"needs": "双路由", "expected_on": "2031-03-01", "asked": ["needs", "expected_on"]}
    browser.post(address, {"state": "solution", "version": deal.version, **given}, **HTMX)
    deal.refresh_from_db()
    assert deal.stage == Stage.SOLUTION


def test_a_refused_move_is_told_on_a_page_where_no_script_runs(browser: Client, customer: Customer) -> None:
    deal = an_opportunity(customer)
    told = browser.post(
        reverse("resource:move", args=["opportunities", deal.uid]), {"state": "solution", "version": 99}
    )
    assert told.status_code == 409
    assert "<h1>" in told.content.decode()


def test_advancing_asks_for_what_is_missing_and_a_closed_deal_goes_nowhere(
    browser: Client, customer: Customer
) -> None:
    deal = an_opportunity(customer)
    address = reverse("sales:advance", args=[deal.uid])
    assert 'name="expected_on"' in browser.get(address, **HTMX).content.decode()
    browser.post(address, {"needs": "双路由", "expected_on": "2031-03-01"}, **HTMX)
    deal.refresh_from_db()
    assert deal.stage == Stage.SOLUTION
    won = an_opportunity(customer, stage=Stage.WON)
    page = browser.get(f"/opportunities/{won.uid}/").content.decode()
    assert reverse("sales:advance", args=[won.uid]) not in page


def test_a_record_shows_its_way_its_protection_and_its_products(browser: Client, customer: Customer) -> None:
    deal = an_opportunity(customer, family="circuit")
    set_lines(deal, actor=SYSTEM, lines=[LineGiven(an_offering(monthly="1000"), 7)])
    page = browser.get(f"/opportunities/{deal.uid}/").content.decode()
    assert 'aria-current="step"' in page
    assert "90" in page
    products = browser.get(reverse("resource:tab", args=["opportunities", deal.uid, "products"]))
    assert products.status_code == 200


def test_the_day_opens_the_next_visit_and_greys_what_is_done(browser: Client, customer: Customer) -> None:
    visit = a_visit(customer)
    page = browser.get("/today/").content.decode()
    assert "vis-now" in page
    assert "tel:" in page
    browser.post(reverse("sales:check_in", args=[visit.uid]), {"latitude": "23.1", "longitude": "113.2"})
    visit.refresh_from_db()
    assert (visit.state, visit.latitude) == (VisitState.CHECKED_IN, Decimal("23.100000"))


@pytest.mark.parametrize("latitude", ["north", "91", "nan", "1" * 400, "\0"])
def test_a_made_up_place_is_refused(browser: Client, customer: Customer, latitude: str) -> None:
    visit = a_visit(customer)
    answer = browser.post(
        reverse("sales:check_in", args=[visit.uid]), {"latitude": latitude, "longitude": "1"}
    )
    assert answer.status_code in (400, 422)
    visit.refresh_from_db()
    assert visit.state == VisitState.PLANNED


def test_minutes_are_taken_on_the_spot_kept_as_a_draft_and_end_the_visit(
    browser: Client, seller: Person, customer: Customer
) -> None:
    person, visit = a_key_person(customer, "程远"), a_visit(customer)
    check_in(visit, actor=acting(seller), spot=Spot())
    address = reverse("sales:visit", args=[visit.uid])
    browser.post(
        reverse("sales:visit_draft", args=[visit.uid]), {"minutes": "认可方案", "met": [str(person.uid)]}
    )
    page = browser.get(address).content.decode()
    assert "认可方案" in page
    assert "checked" in page
    given = {"minutes": "认可方案", "met": [str(person.uid)], "found": ["cloud"], "attitude": "neutral"}
    refused = browser.post(address, given)
    assert refused.status_code == 422
    step = {"next_step": "提交方案", "next_step_on": "2031-12-04", "next_owner": str(seller.uid)}
    done = browser.post(address, {**given, **step, "onward": "opportunity"})
    assert done.headers["Location"].startswith("/opportunities/new/?customer=")
    visit.refresh_from_db()
    assert (visit.state, visit.found, visit.met) == (VisitState.DONE, ["cloud"], [person.uid])
    assert Task.objects.get(title="提交方案").owner == seller
    assert browser.get(address).status_code == 302


def test_a_visit_of_somebody_else_is_not_there(browser: Client) -> None:
    foreign = a_visit(a_customer())
    for name in ("sales:visit", "sales:cancel_visit"):
        assert browser.get(reverse(name, args=[foreign.uid])).status_code == 404


def test_a_customers_page_offers_visits_and_opportunities_and_tells_of_them(
    browser: Client, customer: Customer
) -> None:
    deal, visit = an_opportunity(customer), a_visit(customer)
    page = browser.get(f"/customers/{customer.uid}/").content.decode()
    assert reverse("sales:plan_visit", args=[customer.uid]) in page
    assert visit.purpose in page
    tab = browser.get(
        reverse("resource:tab", args=["customers", customer.uid, "opportunities"])
    ).content.decode()
    assert deal.name in tab
    told = browser.get(f"/customers/{customer.uid}/timeline/?kind=deals").content.decode()
    assert deal.name in told


def test_visits_and_opportunities_are_added_from_a_customer(browser: Client, customer: Customer) -> None:
    plan = reverse("sales:plan_visit", args=[customer.uid])
    browser.post(plan, {"purpose": "季度回访", "planned_at": "2031-05-06T09:30"}, **HTMX)
    assert Visit.objects.get(purpose="季度回访").planned_on == dt.date(2031, 5, 6)
    address = reverse("sales:add_opportunity", args=[customer.uid])
    browser.post(
        address,
        {"name": "云桌面", "family": "cloud", "monthly_amount": "1.2万"},
        **HTMX,
    )
    assert Opportunity.objects.get(name="云桌面").monthly_amount == 12_000
    wrong = browser.post(address, {"name": "负数", "family": "cloud", "monthly_amount": "-5"}, **HTMX)
    assert wrong.status_code == 422


def test_the_forecast_leads_to_the_opportunities_behind_each_month(
    browser: Client, customer: Customer
) -> None:
    an_opportunity(customer, one_off_amount=Decimal(120_000), expected_on=timezone.localdate())
    page = browser.get("/forecast/").content.decode()
    assert "12.00" in page
    links = re.findall(r'href="(/opportunities/\?[^"]+)"', page)
    assert links
    assert all(browser.get(link.replace("&amp;", "&")).status_code == 200 for link in links)


def test_the_workbench_shows_visits_and_pipeline_and_every_figure_leads_somewhere(
    browser: Client, customer: Customer
) -> None:
    an_opportunity(customer, one_off_amount=Decimal(120_000))
    visit = a_visit(customer)
    page = browser.get("/").content.decode()
    assert visit.customer.name in page
    card = browser.get(reverse("foundation:home_card", args=["pipeline"])).content.decode()
    assert "12.00" in card
    for link in re.findall(r'href="(/opportunities/\?[^"]+)"', card):
        assert browser.get(link.replace("&amp;", "&")).status_code == 200


def test_a_lead_is_claimed_and_converted_on_screen(browser: Client, seller: Person) -> None:
    lead = a_lead(unit=seller.unit, needs="组网")
    assert "st-acc" in browser.get(f"/leads/{lead.uid}/").content.decode()
    browser.post(reverse("sales:claim_lead", args=[lead.uid]), **HTMX)
    move = reverse("resource:move", args=["leads", lead.uid])
    browser.post(move, {"state": "qualified"}, **HTMX)
    convert = reverse("sales:convert_lead", args=[lead.uid])
    assert browser.get(convert, **HTMX).status_code == 200
    browser.post(convert, {"customer": "", "opportunity": "组网一期"}, **HTMX)
    lead.refresh_from_db()
    assert lead.opportunity is not None
    assert json.loads(browser.get(f"/api/opportunities/{lead.opportunity.uid}").content)["name"] == "组网一期"
