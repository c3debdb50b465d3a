"""Quotes begun from opportunities, cards moved on boards, and documents that files must show."""

from decimal import Decimal
from http import HTTPStatus

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from jike.apps.catalogue.actions import change_state
from jike.apps.quoting.actions import (
    accept_quote,
    agree_on_quote,
    file_document,
    mark_document,
    quote_opportunity,
    send_quote,
    sign_agreement,
    submit_quote,
)
from jike.apps.quoting.models import Agreement, Quote
from jike.apps.quoting.pages.states import (
    change_agreement_state,
    change_quote_state,
    following_agreement_states,
    following_quote_states,
)
from jike.apps.quoting.queries import lines_of, papers_of
from jike.apps.sales.actions import LineGiven, set_lines
from jike.apps.sales.models import Opportunity
from jike.apps.sales.rules import GRANTS as SALES_GRANTS
from jike.apps.sales.rules import Stage
from jike.foundation.errors import Invalid, Refused, RuleBroken
from jike.foundation.files import attachments_of, detach
from tests.apps.catalogue.making import an_offering
from tests.apps.quoting.making import World, a_quote, a_world, with_documents
from tests.apps.sales.making import an_opportunity
from tests.making import SYSTEM, a_post, a_role, acting

pytestmark = pytest.mark.django_db
SCAN = b"%PDF-1.4 scan"


@pytest.fixture
def world() -> World:
    """The world of quotes, whose account manager sells too."""
    made = a_world()
    a_post(made.people["manager"], a_role(SALES_GRANTS["account_manager"]))
    made.actors["manager"] = acting(made.people["manager"])
    return made


def a_deal(world: World, *lines: LineGiven, stage: Stage = Stage.NEGOTIATION) -> Opportunity:
    deal = an_opportunity(world.customer, owner=world.people["manager"], term_months=30)
    return (
        set_lines(deal, actor=SYSTEM, lines=lines) if lines else an_opportunity(world.customer, stage=stage)
    )


def browser_of(world: World, name: str = "manager") -> Client:
    client = Client()
    client.force_login(world.people[name], backend=settings.AUTHENTICATION_BACKENDS[-1])
    return client


def an_accepted_one(world: World) -> Quote:
    actor = world.actors["manager"]
    return accept_quote(send_quote(submit_quote(a_quote(world, "95"), actor=actor), actor=actor), actor=actor)


def an_agreement(world: World) -> Agreement:
    quote = an_accepted_one(world)
    return agree_on_quote(quote, actor=world.actors["manager"], starts_on=timezone.localdate())


def test_a_quote_takes_over_the_opportunitys_products_at_the_prices_hoped_for(world: World) -> None:
    deal = a_deal(
        world,
        LineGiven(world.offering, 3, Decimal(850), Decimal(100)),
        LineGiven(world.offering, 1, Decimal(1200)),
    )
    quote, left_out = quote_opportunity(deal, actor=world.actors["manager"])
    told = [(one.quantity, one.discount, one.price, one.one_off_price) for one in lines_of(quote)]
    assert told == [
        (3, Decimal(85), Decimal(850), Decimal(100)),
        (1, Decimal(100), Decimal(1000), Decimal(500)),
    ]
    assert (quote.customer, quote.opportunity, quote.owner) == (deal.customer, deal, deal.owner)
    assert (quote.term_months, quote.monthly_amount, list(left_out)) == (36, Decimal(3550), [])
    assert quote.valid_until > timezone.localdate()


def test_what_is_no_longer_sold_is_left_out_and_named(world: World) -> None:
    gone = an_offering(monthly="300", floor="100")
    deal = a_deal(world, LineGiven(world.offering), LineGiven(gone))
    change_state(gone, actor=SYSTEM, state="retired")
    quote, left_out = quote_opportunity(deal, actor=world.actors["manager"])
    assert [one.offering for one in lines_of(quote)] == [world.offering]
    assert len(left_out) == 1
    assert str(gone) in left_out[0]


def test_nothing_is_quoted_for_a_closed_opportunity_or_by_who_may_not(world: World) -> None:
    with pytest.raises(RuleBroken):
        quote_opportunity(a_deal(world, stage=Stage.LOST), actor=world.actors["manager"])
    with pytest.raises(Refused):
        quote_opportunity(a_deal(world), actor=world.actors["headquarters"])


def test_one_click_on_the_opportunitys_page_leads_to_the_lines(world: World) -> None:
    deal = a_deal(world, LineGiven(world.offering))
    browser, begin = browser_of(world), reverse("quoting:begin", args=[deal.uid])
    record = reverse("resource:record", args=["opportunities", deal.uid])
    assert begin in browser.get(record).content.decode()
    answer = browser.post(begin)
    quote = Quote.objects.get(opportunity=deal)
    assert answer.url == reverse("resource:tab", args=["quotes", quote.uid, "lines"])
    assert quote.code in browser.get(record).content.decode()


def test_a_new_quote_from_the_list_needs_no_day(world: World) -> None:
    browser = browser_of(world)
    typed = {
        "name": "专线",
        "customer": str(world.customer.uid),
        "owner": str(world.people["manager"].uid),
        "term_months": "24",
    }
    answer = browser.post(reverse("resource:add", args=["quotes"]), typed)
    assert answer.status_code == HTTPStatus.FOUND
    quote = Quote.objects.get(name="专线")
    assert (quote.valid_until - timezone.localdate()).days == 30


def test_a_card_moves_where_its_owner_may_act_and_says_why_not_elsewhere(world: World) -> None:
    actor = world.actors["manager"]
    quote = a_quote(world, "95")
    assert following_quote_states(quote) == ["approving"]
    assert change_quote_state(quote, actor=actor, state="approving").state == "approved"
    change_quote_state(quote, actor=actor, state="sent")
    for state in ("expired", "replaced", "draft", "approved"):
        with pytest.raises(RuleBroken):
            change_quote_state(quote, actor=actor, state=state)
    with pytest.raises(Invalid) as told:
        change_quote_state(quote, actor=actor, state="rejected")
    assert set(told.value.fields) == {"reason"}
    assert change_quote_state(quote, actor=actor, state="rejected", reason="预算推迟").state == "rejected"


def test_approvals_are_not_given_by_moving_a_card(world: World) -> None:
    quote = submit_quote(a_quote(world, "85"), actor=world.actors["manager"])
    for state in ("approved", "refused"):
        with pytest.raises(RuleBroken):
            change_quote_state(quote, actor=world.actors["county"], state=state)
    assert change_quote_state(quote, actor=world.actors["manager"], state="draft").state == "draft"


def test_an_agreements_card_signs_and_ends_early_by_the_same_rules(world: World) -> None:
    agreement, actor = an_agreement(world), world.actors["manager"]
    assert following_agreement_states(agreement) == ["active"]
    with pytest.raises(RuleBroken):
        change_agreement_state(agreement, actor=actor, state="active")
    change_agreement_state(with_documents(agreement), actor=actor, state="active")
    for state in ("ended", "renewed"):
        with pytest.raises(RuleBroken):
            change_agreement_state(agreement, actor=actor, state=state)
    with pytest.raises(Invalid) as told:
        change_agreement_state(agreement, actor=world.actors["county"], state="terminated")
    assert set(told.value.fields) == {"end_reason"}
    with pytest.raises(Refused):
        change_agreement_state(agreement, actor=actor, state="terminated", end_reason="搬迁")
    ended = change_agreement_state(
        agreement, actor=world.actors["county"], state="terminated", end_reason="搬迁"
    )
    assert ended.state == "terminated"


def test_the_board_asks_for_the_reason_and_shows_a_refusal_as_a_toast(world: World) -> None:
    quote = send_quote(
        submit_quote(a_quote(world, "95"), actor=world.actors["manager"]), actor=world.actors["manager"]
    )
    browser, move = browser_of(world), reverse("resource:move", args=["quotes", quote.uid])
    asked = browser.post(move, {"state": "rejected"}, HTTP_HX_REQUEST="true").content.decode()
    assert 'name="reason"' in asked
    refused = browser.post(move, {"state": "replaced"}, HTTP_HX_REQUEST="true")
    assert "toast" in refused.headers["HX-Trigger"]
    done = {"state": "rejected", "asked": "reason", "reason": "价格", "version": str(quote.version)}
    browser.post(move, done, HTTP_HX_REQUEST="true")
    quote.refresh_from_db()
    assert (quote.state, quote.reason) == ("rejected", "价格")


def test_a_document_is_ticked_with_its_file_and_signing_names_what_is_missing(world: World) -> None:
    agreement, actor = an_agreement(world), world.actors["manager"]
    with pytest.raises(RuleBroken):
        mark_document(agreement, actor=actor, document="contract", there=True)
    file_document(agreement, actor=actor, document="contract", name="合同.pdf", chunks=[SCAN])
    assert agreement.checklist == ["contract"]
    scan = attachments_of(agreement).get()
    for document in ("licence", "identity"):
        mark_document(agreement, actor=actor, document=document, there=True, file=scan.uid)
    mark_document(agreement, actor=actor, document="acceptance", there=True)
    with pytest.raises(RuleBroken, match="信息安全承诺书|Information security undertaking"):
        sign_agreement(agreement, actor=actor)
    mark_document(agreement, actor=actor, document="security", there=True, file=scan.uid)
    detach(scan.uid, actor=actor)
    assert [one.document.value for one in papers_of(agreement) if one.there] == ["acceptance"]
    with pytest.raises(RuleBroken):
        sign_agreement(agreement, actor=actor)


def test_a_file_of_another_record_shows_nothing(world: World) -> None:
    one, other, actor = an_agreement(world), an_agreement(world), world.actors["manager"]
    file_document(one, actor=actor, document="contract", name="合同.pdf", chunks=[SCAN])
    foreign = attachments_of(one).get()
    with pytest.raises(RuleBroken):
        mark_document(other, actor=actor, document="contract", there=True, file=foreign.uid)


def test_the_checklist_takes_a_file_and_gives_the_tick_back(world: World) -> None:
    agreement, browser = an_agreement(world), browser_of(world)
    upload = reverse("quoting:file", args=[agreement.uid, "contract"])
    record = reverse("resource:record", args=["agreements", agreement.uid])
    beside = f"{reverse('resource:around', args=['agreements', agreement.uid])}?rail=1"
    assert upload in browser.get(beside).content.decode()
    bad = SimpleUploadedFile("run.exe", b"MZ program")
    assert browser.post(upload, {"file": bad}, follow=True).status_code == HTTPStatus.OK
    assert browser.post(upload, {"file": SimpleUploadedFile("合同.pdf", SCAN)}).url == record
    assert "合同.pdf" in browser.get(beside).content.decode()
    agreement.refresh_from_db()
    assert agreement.checklist == ["contract"]
    browser.post(reverse("quoting:mark", args=[agreement.uid, "contract"]), {"there": "0"})
    agreement.refresh_from_db()
    assert (agreement.checklist, agreement.evidence) == ([], {})
