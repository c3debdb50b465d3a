"""The closed loop in a browser, each role its part: lead, offer, product and bill, a call, and what waits for whom."""

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from jike.apps.analytics.actions import install_rules, raise_warnings
from jike.apps.analytics.models import EarlyWarning
from jike.apps.catalogue.models import ProductOffering
from jike.apps.customers.actions import change_state
from jike.apps.customers.models import Customer
from jike.apps.inventory.actions import run_month
from jike.apps.inventory.models import Bill, Product
from jike.apps.ordering.actions import add_order, begin_step, finish_step, submit_order
from jike.apps.ordering.models import ProductOrder
from jike.apps.organisation.actions import install_ready_made_roles
from jike.apps.organisation.models import Person, Role
from jike.apps.quoting.actions import add_quote, store_quote_lines, submit_quote
from jike.apps.quoting.models import Agreement, Quote
from jike.apps.sales.models import Opportunity
from jike.apps.servicedesk.actions import escalate_tickets, settle_ticket, tell_superiors
from jike.apps.servicedesk.models import Survey, Ticket
from jike.apps.tasks.actions import add_task
from jike.apps.tasks.models import Task
from jike.values.period import add_months, month_start
from tests.apps.catalogue.making import an_offering
from tests.apps.customers.making import a_customer, a_key_person
from tests.apps.ordering.making import an_agreement, open_tasks
from tests.apps.quoting.making import lines_for
from tests.apps.sales.making import a_lead, a_visit
from tests.apps.servicedesk.making import a_ticket
from tests.journeys.conftest import PHONE, Journey, opened, somebody
from tests.making import SYSTEM, a_post, a_unit, acting

TELEPHONE: dict[str, Any] = {"viewport": PHONE, "has_touch": True}
ROLES = {
    "manager": ("account_manager", "FZ1001", "林知夏"),
    "head": ("county_head", "FZ1002", "高云舒"),
    "agent": ("service_agent", "FZ1003", "何雨桐"),
    "deliverer": ("delivery_manager", "FZ1004", "郑北辰"),
    "finance": ("finance", "FZ1005", "叶清和"),
}
Play = Callable[..., Journey]


@dataclass
class Company:
    """Who plays, by part, and what is sold."""

    people: dict[str, Person]
    offering: ProductOffering

    def customer(self, name: str, **details: Any) -> Customer:
        """Make a customer of the account manager's that may order."""
        manager = self.people["manager"]
        given = {"certificate_number": f"Z-{name}", **details}
        return a_customer(name, unit=manager.unit, owner=manager, **given)

    def quote(self, customer: Customer, name: str) -> Quote:
        """Submit a quote at 85 %, which the county head decides."""
        actor = acting(self.people["manager"])
        quote = add_quote(actor=actor, customer=customer, name=name)
        store_quote_lines(quote, lines_for((self.offering, 2, "85")), actor=actor)
        return submit_quote(quote, actor=actor)


@pytest.fixture(scope="module")
def company(people: dict[str, Person]) -> Company:
    """A county of a city with one person for each part, holding the ready-made roles."""
    install_ready_made_roles(actor=SYSTEM)
    city = a_unit("泉州市分公司", level="city", under=a_unit("福建省公司", level="province"))
    county = a_unit("晋江市分公司", level="county", under=city)
    cast = {
        part: somebody(number, name, county, language="en" if part == "agent" else "zh-hans")
        for part, (_role, number, name) in ROLES.items()
    }
    for part, person in cast.items():
        a_post(person, Role.objects.get(code=ROLES[part][0]))
    return Company(cast, an_offering(monthly="1000", one_off="500", floor="650"))


@pytest.fixture
def play(browser: Browser, site: str, company: Company) -> Iterator[Play]:
    """Give a part a browser of its own, signed in; whatever its console complains of fails the test."""
    with ExitStack() as stack:
        journeys = []

        def begin(part: str, **options: Any) -> Journey:
            journey = stack.enter_context(opened(browser, site, **options))
            journeys.append(journey)
            journey.sign_in(company.people[part].staff_no)
            return journey

        yield begin
        assert [one.complaints for one in journeys if one.complaints] == []


def act(page: Page, verb: str, **fields: str) -> None:
    """Use one of the verbs in a record's head, and save its dialog."""
    page.locator(".rec-v").get_by_role("link", name=verb, exact=True).click()
    answer(page, **fields)


def answer(page: Page, **fields: str) -> None:
    """Fill the dialog and save it; the page comes anew."""
    dialog = page.get_by_role("dialog")
    for name, value in fields.items():
        dialog.locator(f"[name={name}]").fill(value)
    with page.expect_navigation():
        dialog.locator(".dlg-f .btn-primary").click()


def save(page: Page) -> None:
    """Save the form of a page."""
    with page.expect_navigation():
        page.locator(".form-f .btn-primary").click()


def test_a_lead_becomes_a_customer_and_an_opportunity_on_an_account_managers_phone(
    play: Play, company: Company
) -> None:
    lead = a_lead(name="榕江智造有限公司", unit=company.people["manager"].unit)
    mine = play("manager", **TELEPHONE)
    page = mine.go(f"/leads/{lead.uid}/")
    act(page, "认领")
    page.get_by_role("button", name="变更状态").click()
    page.get_by_role("dialog").get_by_role("button", name="合格").click()
    page.get_by_role("dialog").locator("[name=needs]").fill("两条互联网专线，双路由")
    with page.expect_navigation():
        page.get_by_role("dialog").locator(".dlg-f .btn-primary").click()
    act(page, "转化", opportunity="双路由专线")
    page.locator(".rec-h").get_by_role("link", name="双路由专线").click()
    expect(page.locator(".way [aria-current]")).to_contain_text("需求确认")
    act(page, "推进", expected_on="2031-01-01")
    act(page, "推进", monthly_amount="1700")
    expect(page.locator(".way [aria-current]")).to_contain_text("报价")
    assert (mine.overflows(), mine.axe()) == (False, [])
    lead.refresh_from_db()
    deal = Opportunity.objects.get(name="双路由专线")
    assert (lead.state, deal.stage, deal.owner, deal.customer.name) == (
        "converted",
        "negotiation",
        company.people["manager"],
        "榕江智造有限公司",
    )


def test_an_offer_becomes_a_product_on_the_bill_and_the_customers_timeline_tells_it(
    play: Play, company: Company
) -> None:
    customer = company.customer("鲤城光电有限公司")
    mine = play("manager")
    page = mine.go(f"/customers/{customer.uid}/tab/quotes/")
    offer(page, company.offering)
    act(page, "提交")
    agree_by_telephone(play("head", **TELEPHONE), "专线报价")
    page.reload()
    for verb in ("发送客户", "客户接受", "转为协议"):
        act(page, verb)
    sign(page)
    page.locator("#tab-orders").click()
    page.get_by_role("link", name="下单").click()
    save(page)
    act(page, "提交")
    order = ProductOrder.objects.get(customer=customer)
    deliver(play("deliverer"), order)
    product = Product.objects.get(customer=customer)
    assert (product.state, product.monthly_amount) == ("active", Decimal("1700.00"))
    month = month_start(timezone.localdate())
    run_month(month, actor=acting(company.people["finance"]), today=add_months(month, 1))
    mine.go(f"/customers/{customer.uid}/")
    timeline = page.locator("#timeline")
    for told in ("提交报价", "签署协议", order.code):
        expect(timeline).to_contain_text(told)
    page.locator("#tab-bills").click()
    bill = Bill.objects.get(customer=customer)
    expect(page.locator(".rec-p")).to_contain_text(bill.code)
    assert Agreement.objects.get(customer=customer).monthly_amount == Decimal("1700.00")
    assert Decimal(500) * 2 < bill.amount <= Decimal(500) * 2 + Decimal("1700.00")


def offer(page: Page, offering: ProductOffering) -> None:
    """Draft a quote of two pieces at 85 % from the customer's page."""
    page.get_by_role("link", name="新建报价").click()
    page.locator("[name=name]").fill("专线报价")
    save(page)
    page.locator("#tab-lines").click()
    page.locator("[data-add]").click()
    row = page.locator(".sh tbody tr").last
    row.locator("[name='lines.offering']").fill(str(offering))
    row.locator("[name='lines.quantity']").fill("2")
    row.locator("[name='lines.discount']").fill("85")
    expect(page.locator(".qt")).to_contain_text("区县主管")
    save(page)


def agree_by_telephone(heads: Journey, name: str) -> None:
    """Find the quote under what waits for one's approval, and agree to it."""
    page = heads.page
    page.locator("section", has_text="待我审批").get_by_role("link", name=name).click()
    expect(page.locator(".apv")).to_contain_text("85%")
    assert (heads.overflows(), heads.axe()) == (False, [])
    with page.expect_navigation():
        page.get_by_role("button", name="同意").click()
    assert Quote.objects.get(name=name).state == "approved"


def sign(page: Page) -> None:
    """Attach every document that signing needs, and sign."""
    scan = {"name": "扫描件.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4 scan"}
    for document in ("双方盖章合同", "营业执照复印件", "经办人身份证件", "信息安全承诺书"):
        with page.expect_navigation():
            page.get_by_label(f"“{document}”的文件").set_input_files(scan)
        expect(page.locator(".docs .is", has_text=document)).to_have_count(1)
    act(page, "签署", signatory="王总")
    expect(page.locator(".rec-h")).to_contain_text("生效")


def deliver(theirs: Journey, order: ProductOrder) -> None:
    """Begin and finish the first step from the home page by hand, and all that follow without looking."""
    page, actor = theirs.page, acting(Person.objects.get(staff_no=ROLES["deliverer"][1]))
    theirs.go(f"/orders/{order.uid}/tab/steps/")
    for button, state in (("开始", "running"), ("完成", "done")):
        page.locator(".stp").first.get_by_role("button", name=button).click()
        answer(page)
        assert order.tasks.get(step="survey").state == state
    while tasks := open_tasks(order):
        for task in tasks:
            begin_step(task, actor=actor)
            finish_step(task, actor=actor)
    page.reload()
    expect(page.locator(".rec-h")).to_contain_text("已竣工")


def test_a_call_is_taken_and_settled_and_the_account_manager_reads_of_it(
    play: Play, company: Company
) -> None:
    customer = company.customer("清源食品有限公司")
    a_key_person(customer, "苏望舒", job_title="信息部长")
    page = play("agent").go("/desk/")
    page.get_by_label("Telephone, name, initials or code").fill("苏望舒")
    page.locator("#callers").get_by_role("link", name="苏望舒").click()
    page.locator("#call").get_by_text("Complaint", exact=True).click()
    page.locator("[name=title]").fill("The line drops every evening")
    with page.expect_navigation():
        page.get_by_role("button", name="Open the ticket").click()
    strip = page.locator(".rec-h")
    strip.get_by_role("link", name="First answer given").click()
    answer(page)
    strip.get_by_role("link", name="Settle", exact=True).click()
    answer(page, settlement="Port replaced; watched for an evening.")
    strip.get_by_role("link", name="Customer confirms").click()
    answer(page)
    ticket = Ticket.objects.get(customer=customer)
    assert (ticket.state, ticket.owner) == ("confirmed", company.people["agent"])
    mine = play("manager").go(f"/customers/{customer.uid}/")
    expect(mine.locator("#timeline")).to_contain_text("Port replaced; watched for an evening.")


def test_everybodys_home_shows_what_is_theirs(play: Play, company: Company) -> None:
    customer = company.customer("紫帽山文旅有限公司")
    company.quote(customer, "景区专网")
    a_ticket(customer)
    past = timezone.now() - dt.timedelta(days=90)
    agreement = an_agreement(customer, starts_on=past.date(), ends_on=add_months(past.date(), 24))
    late = submit_order(
        add_order(actor=SYSTEM, agreement=agreement),
        actor=SYSTEM,
        at=past,
        deliverer=company.people["deliverer"],
    )
    theirs = play("head")
    theirs.page.get_by_role("link", name="团队").click()
    home = theirs.page.locator("main")
    for told in ("景区专网", "专线时断时续", late.code):
        expect(home).to_contain_text(told)
    assert theirs.axe() == []
    expect(play("agent").page.locator("main")).to_contain_text("Tickets nearest due")
    expect(play("deliverer").page.locator("main")).to_contain_text(customer.name)
    expect(play("manager").page.locator("main")).not_to_contain_text("待我审批")


def test_an_account_managers_day_of_visits_and_tasks_on_the_phone(play: Play, company: Company) -> None:
    customer, manager = company.customer("安平桥物流有限公司"), company.people["manager"]
    visit = a_visit(customer, owner=manager, purpose="季度走访")
    due = timezone.now() + dt.timedelta(minutes=1)
    task = add_task(actor=acting(manager), title="寄送对账单", due_at=due, about=customer)
    mine = play("manager", **TELEPHONE)
    page = mine.go("/today/")
    expect(page.locator("main")).to_contain_text("季度走访")
    assert (mine.overflows(), mine.axe()) == (False, [])
    page.get_by_role("button", name="完成“寄送对账单”").tap()
    expect(page.get_by_role("button", name="重新打开“寄送对账单”")).to_be_visible()
    with page.expect_navigation():
        page.locator(".vis-now").get_by_role("button", name="签到").tap()
    if "/visit/" not in page.url:
        page.locator(".vis-now").get_by_role("link", name="纪要").tap()
    page.locator("[name=minutes]").fill("客户希望专线提速到 200M。")
    page.locator("[name=next_step]").fill("提供提速方案")
    page.locator("[name=next_step_on]").fill("明天")
    assert (mine.overflows(), mine.axe()) == (False, [])
    with page.expect_navigation():
        page.get_by_role("button", name="完成走访").tap()
    visit.refresh_from_db()
    task.refresh_from_db()
    assert (visit.state, task.state) == ("done", "done")
    follow = Task.objects.get(title="提供提速方案")
    assert (follow.owner, follow.state) == (manager, "open")
    mine.go(f"/customers/{customer.uid}/")
    expect(page.locator("#timeline")).to_contain_text("客户希望专线提速到 200M。")


def test_an_overdue_ticket_escalates_to_the_head_who_finds_it_red(play: Play, company: Company) -> None:
    customer = company.customer("五里桥机械有限公司")
    ticket = a_ticket(customer, opened=f"{timezone.localdate() - dt.timedelta(days=10)} 09:30")
    escalate_tickets()
    ticket.refresh_from_db()
    assert ticket.escalation == 3
    tell_superiors(ticket=str(ticket.uid), level=1)
    theirs = play("head")
    page = theirs.go("/notices/")
    expect(page.locator("#notices")).to_contain_text("五里桥机械有限公司")
    theirs.go("/tickets/?scope=all")
    row = page.locator(".dt tbody tr").filter(has_text="五里桥机械有限公司")
    expect(row.locator(".clk-bad")).to_contain_text("超时")
    assert theirs.axe() == []
    theirs.go(f"/tickets/{ticket.uid}/")
    expect(page.locator(".rec-h")).to_contain_text("3")
    page.locator(".rec-h").get_by_role("link", name="接单").click()
    answer(page)
    ticket.refresh_from_db()
    assert (ticket.owner, ticket.state) == (company.people["head"], "handling")


def test_a_clock_counts_down_on_the_open_page_and_turns_red_when_the_time_is_over(
    play: Play, company: Company
) -> None:
    ticket = a_ticket(company.customer("蟳埔渔业有限公司"), opened=f"{timezone.localdate()} 00:00")
    Ticket.objects.filter(pk=ticket.pk).update(
        next_due_at=timezone.now() + dt.timedelta(minutes=4, seconds=30)
    )
    theirs = play("head")
    theirs.page.clock.install()
    page = theirs.go("/tickets/?scope=all")
    clock = page.locator(".dt tbody tr").filter(has_text="蟳埔渔业有限公司").locator(".clk")
    expect(clock).to_have_text("剩余 4 分钟")
    page.clock.fast_forward("02:00")
    expect(clock).to_have_text("剩余 2 分钟")
    page.clock.fast_forward("05:00")
    expect(clock).to_have_text("超时 2 分钟")
    expect(clock).to_have_class("clk clk-bad")


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_a_bad_survey_of_a_closed_ticket_becomes_a_warning_of_the_account_manager(
    browser: Browser, site: str, play: Play, company: Company, language: str
) -> None:
    customer = company.customer(f"草庵石材有限公司{language}")
    person = a_key_person(customer, "宋砚秋", email="su@example.com")
    ticket = a_ticket(customer, key_person=person, opened=f"{timezone.localdate()} 00:00")
    settle_ticket(ticket, actor=acting(company.people["agent"]), settlement="已更换端口")
    page = play("agent").go(f"/tickets/{ticket.uid}/")
    page.get_by_role("link", name="Ask how it was").click()
    answer(page)
    page.get_by_role("link", name="Waiting for the answer").click()
    link = page.locator("#survey-link").get_attribute("href") or ""
    expect(page.locator("#main")).to_contain_text("No mail server is set up here")
    with opened(browser, site, locale=language, **TELEPHONE) as theirs:
        asked = theirs.go(link)
        if language == "en":
            with asked.expect_navigation():
                asked.get_by_role("button", name="English").tap()
        expect(asked.locator("h1")).to_have_text("How did we do?" if language == "en" else "满意度调查")
        for name, points in (("network_expected", 9), ("network_perceived", 4)):
            asked.locator(f"label:has([name={name}][value='{points}'])").tap()
        assert (theirs.overflows(), theirs.axe()) == (False, [])
        with asked.expect_navigation():
            asked.locator(".frm .btn-primary").tap()
        expect(asked.get_by_role("status")).to_be_visible()
        assert theirs.complaints == []
    assert Survey.objects.get(ticket=ticket).satisfaction == -5
    change_state(customer, actor=SYSTEM, state="active")
    install_rules(actor=SYSTEM)
    raise_warnings(actor=SYSTEM)
    mine = play("manager")
    mine.go(f"/customers/{customer.uid}/")
    expect(mine.page.locator("#main")).to_contain_text("5.00")
    warning = EarlyWarning.objects.get(customer=customer, sign="dissatisfied")
    mine.go(f"/warnings/{warning.uid}/")
    expect(mine.page.locator("#main")).to_contain_text("感知 4.00 分")
    assert (warning.owner, mine.axe()) == (company.people["manager"], [])
