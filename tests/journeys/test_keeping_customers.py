"""Keeping what one has, in a browser: a warning that becomes business, an agreement renewed, a head who is away."""

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from jike.apps.analytics.actions import install_rules, raise_warnings
from jike.apps.analytics.models import EarlyWarning
from jike.apps.customers.actions import change_state
from jike.apps.customers.models import Customer
from jike.apps.organisation.actions import install_ready_made_roles
from jike.apps.organisation.models import Person, Role
from jike.apps.quoting.actions import (
    add_agreement,
    add_quote,
    announce_endings,
    open_renewal,
    sign_agreement,
    store_agreement_lines,
    store_quote_lines,
    submit_quote,
)
from jike.apps.quoting.models import Agreement, Quote
from jike.apps.quoting.queries import path_of
from jike.apps.sales.models import Opportunity
from jike.foundation.lines import LineEntry, Taken
from jike.values.period import add_months
from tests.apps.analytics.making import billed
from tests.apps.catalogue.making import an_offering
from tests.apps.customers.making import a_customer
from tests.apps.quoting.making import lines_for, with_documents
from tests.journeys.conftest import PHONE, Journey, opened, somebody
from tests.making import SYSTEM, a_post, a_unit, acting

ROLES = {
    "manager": ("account_manager", "QZ2001", "苏若溪"),
    "head": ("county_head", "QZ2002", "陆行舟"),
    "deputy": ("service_agent", "QZ2003", "江晚舟"),  # a delivery manager might get the loop's orders
}
Play = Callable[..., Journey]


@pytest.fixture(scope="module")
def cast(people: dict[str, Person]) -> dict[str, Person]:
    """A county with an account manager, a head, and a colleague without authority of any kind."""
    install_ready_made_roles(actor=SYSTEM)
    install_rules(actor=SYSTEM)
    province = a_unit("浙江省公司", level="province")
    county = a_unit(
        "鹿城区分公司", level="county", under=a_unit("温州市分公司", level="city", under=province)
    )
    found = {part: somebody(number, name, county) for part, (_role, number, name) in ROLES.items()}
    for part, person in found.items():
        a_post(person, Role.objects.get(code=ROLES[part][0]))
    return found


@pytest.fixture
def play(browser: Browser, site: str, cast: dict[str, Person]) -> Iterator[Play]:
    """Give a part a browser of its own, signed in; whatever its console complains of fails the test."""
    with ExitStack() as stack:
        journeys: list[Journey] = []

        def begin(part: str, **options: Any) -> Journey:
            journey = stack.enter_context(opened(browser, site, **options))
            journeys.append(journey)
            journey.sign_in(cast[part].staff_no)
            return journey

        yield begin
        # A dialog that refuses says so with 422, which the console repeats.
        assert [said for one in journeys for said in one.complaints if "422" not in said] == []


def a_kept_customer(cast: dict[str, Person], name: str) -> Customer:
    """Make an active customer of the account manager's."""
    manager = cast["manager"]
    given = {"certificate_number": f"K-{name}", "unit": manager.unit, "owner": manager}
    return change_state(a_customer(name, **given), actor=SYSTEM, state="active")


def act(page: Page, verb: str, **fields: str) -> None:
    """Use one of the verbs in a record's head, fill its dialog and save it; the page comes anew."""
    page.locator(".rec-v").get_by_role("link", name=verb, exact=True).click()
    dialog = page.get_by_role("dialog")
    for name, value in fields.items():
        dialog.locator(f"[name={name}]").fill(value)
    with page.expect_navigation():
        dialog.locator(".dlg-f .btn-primary").click()


def test_a_falling_customers_warning_becomes_business_to_be_won(play: Play, cast: dict[str, Person]) -> None:
    customer = a_kept_customer(cast, "瓯江纺织有限公司")
    billed((customer, ["1000"] * 9 + ["500"] * 3, "0"))
    raise_warnings(actor=SYSTEM)
    warning = EarlyWarning.objects.get(customer=customer, sign="revenue_fell")
    mine = play("manager")
    page = mine.go(f"/warnings/{warning.uid}/")
    act(page, "建立保有商机", monthly_amount="800")
    expect(page.locator(".rec-h")).to_contain_text("保有")
    expect(page.locator(".rec-h")).to_contain_text("保有：瓯江纺织有限公司")
    assert mine.axe() == []
    deal = Opportunity.objects.get(customer=customer)
    assert (deal.deal_kind, deal.owner, deal.protected_until) == ("retention", cast["manager"], None)
    assert "预警" in deal.needs
    page = mine.go(f"/warnings/{warning.uid}/")
    expect(page.locator(".rec-r")).to_contain_text(deal.name)
    warning.refresh_from_db()
    assert warning.state == "answering"


def test_an_agreement_near_its_end_is_renewed_from_opportunity_to_signature(
    play: Play, cast: dict[str, Person], tmp_path: Path
) -> None:
    customer, offering = (
        a_kept_customer(cast, "雁荡云服科技有限公司"),
        an_offering(monthly="1000", floor="500"),
    )
    old = an_ending_agreement(customer, offering, actor=acting(cast["manager"]))
    assert announce_endings(on=timezone.localdate(), actor=SYSTEM) >= 1
    open_renewal(str(old.uid), 30)
    deal = Opportunity.objects.get(customer=customer, deal_kind="renewal")
    mine = play("manager")
    page = mine.go(f"/opportunities/{deal.uid}/")
    with page.expect_navigation():
        page.get_by_role("button", name="一键报价").click()
    expect(page.locator(".rec-h")).to_contain_text(deal.name)
    page.locator("[data-add]").click()
    row = page.locator(".sh tbody tr").last
    row.locator("[name='lines.offering']").fill(str(offering))
    row.locator("[name='lines.quantity']").fill("2")
    row.locator("[name='lines.discount']").fill("95")
    with page.expect_navigation():
        page.locator(".form-f .btn-primary").click()
    for verb in ("提交", "发送客户", "客户接受"):
        act(page, verb)
    after = (old.ends_on + dt.timedelta(days=1)).isoformat()
    act(page, "转为协议", starts_on=after)
    act_refused(page, "签署", "双方盖章合同")
    attach_everything(page, tmp_path)
    act(page, "签署", signatory="叶总")
    expect(page.locator(".rec-h")).to_contain_text("生效")
    assert (mine.overflows(), mine.axe()) == (False, [])
    new = Agreement.objects.get(customer=customer, quote__opportunity=deal)
    assert (new.state, new.starts_on, new.monthly_amount) == (
        "active",
        old.ends_on + dt.timedelta(days=1),
        1900,
    )


def an_ending_agreement(customer: Customer, offering: Any, *, actor: Any) -> Agreement:
    """Make an agreement in force that ends within a month."""
    today = timezone.localdate()
    start = add_months(today, -12) + dt.timedelta(days=20)
    agreement = add_agreement(
        actor=actor, customer=customer, name="专线协议", starts_on=start, term_months=12, on=start
    )
    line = LineEntry(None, {"offering": offering, "quantity": 2, "price": None})
    store_agreement_lines(agreement, Taken([line]), actor=actor)
    return sign_agreement(with_documents(agreement), actor=actor, on=start)


def act_refused(page: Page, verb: str, told: str) -> None:
    """Use a verb that is refused with a sentence, and close its dialog."""
    page.locator(".rec-v").get_by_role("link", name=verb, exact=True).click()
    dialog = page.get_by_role("dialog")
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        dialog.locator(".dlg-f .btn-primary").click()
    expect(dialog.get_by_role("alert")).to_contain_text(told)
    dialog.locator("[data-close]").first.click()


def attach_everything(page: Page, folder: Path) -> None:
    """Attach the contract, and tick the other documents with the same scan."""
    scan = folder / "签约资料.pdf"
    scan.write_bytes(b"%PDF-1.4 scan")
    with page.expect_navigation():
        page.get_by_label("“双方盖章合同”的文件").set_input_files(scan)
    for document in ("营业执照复印件", "经办人身份证件", "信息安全承诺书"):
        with page.expect_navigation():
            page.get_by_label(f"用已有附件证明“{document}”").select_option(label="签约资料.pdf")
    expect(page.locator(".docs .is")).to_have_count(4)


def test_while_the_head_is_away_a_colleague_approves_by_telephone_in_the_heads_stead(
    play: Play, cast: dict[str, Person]
) -> None:
    customer = a_kept_customer(cast, "楠溪文旅有限公司")
    quote = a_quote_at(customer, "85", person=cast["manager"])
    appoint(play("head").go(f"/people/{cast['head'].uid}/deputies/add/"), cast["deputy"])
    theirs = play("deputy", viewport=PHONE, has_touch=True)
    page = theirs.page
    page.locator("section", has_text="待我审批").get_by_role("link", name=quote.name).click()
    expect(page.locator(".apv")).to_contain_text("代 陆行舟")
    assert (theirs.overflows(), theirs.axe()) == (False, [])
    with page.expect_navigation():
        page.get_by_role("button", name="同意").click()
    step = path_of(quote)[0]
    assert (step.state, step.approver, step.on_behalf_of) == ("approved", cast["deputy"], cast["head"])
    mine = play("manager").go(f"/quotes/{quote.uid}/")
    expect(mine.locator(".rec-r")).to_contain_text("代 陆行舟")


def a_quote_at(customer: Customer, percent: str, *, person: Person) -> Quote:
    """Submit a quote at that percent of the list price."""
    actor = acting(person)
    quote = add_quote(actor=actor, customer=customer, name="景区全光网")
    store_quote_lines(quote, lines_for((an_offering(monthly="1000", floor="500"), 1, percent)), actor=actor)
    return submit_quote(quote, actor=actor)


def appoint(page: Page, deputy: Person) -> None:
    """Let the deputy stand in from now on for a week."""
    page.locator(".ts-control input").first.fill(deputy.name)
    page.locator(".ts-dropdown .option", has_text=deputy.name).first.click()
    today = timezone.localdate()
    page.locator("[name=since]").fill(today.isoformat())
    page.locator("[name=until]").fill((today + dt.timedelta(days=7)).isoformat())
    with page.expect_navigation():
        page.locator("main form .btn-primary").click()
    assert deputy.principals.count() == 1
