"""Quotes and agreements on screen: the grid with its figures, the approval by thumb, dialogs, the printed quote."""

from decimal import Decimal
from http import HTTPStatus

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from jike.apps.quoting.actions import accept_quote, agree_on_quote, send_quote, submit_quote
from jike.apps.quoting.models import Agreement, Quote
from jike.apps.quoting.pages.printing import agreement_content, agreement_paper, quote_paper
from jike.apps.quoting.queries import lines_of
from tests.apps.quoting.making import World, a_quote, a_world, waiting, with_documents
from tests.doing import browser_of

HTMX = {"HTTP_HX_REQUEST": "true"}
pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return a_world()


@pytest.fixture
def manager(world: World) -> Client:
    return browser_of(world.people["manager"])


def grid(world: World, quote: Quote, percent: str) -> dict[str, object]:
    """Return what the browser sends for the stored line, at another discount."""
    line = lines_of(quote)[0]
    return {
        "lines.uid": [str(line.uid)],
        "lines.version": [str(line.version)],
        "lines.offering": [str(line.offering)],
        "lines.offering.uid": [str(line.offering.uid)],
        "lines.quantity": ["3"],
        "lines.discount": [percent],
        "lines.one_off_price": ["500"],
    }


def test_the_record_leads_to_the_grid_and_names_the_way_of_approval(world: World, manager: Client) -> None:
    quote = a_quote(world, "72")
    page = manager.get(reverse("resource:record", args=["quotes", quote.uid])).content.decode()
    assert reverse("resource:tab", args=["quotes", quote.uid, "lines"]) in page
    beside = manager.get(
        reverse("resource:around", args=["quotes", quote.uid]), {"rail": "1"}
    ).content.decode()
    assert world.people["county"].name in beside
    assert world.people["city"].name in beside


def test_the_grid_is_stored_and_adds_up(world: World, manager: Client) -> None:
    quote = a_quote(world, "95")
    tab = reverse("resource:tab", args=["quotes", quote.uid, "lines"])
    assert "data-grid" in manager.get(tab).content.decode()
    address = reverse("resource:lines", args=["quotes", quote.uid, "lines"])
    assert manager.post(address, grid(world, quote, "80%")).status_code == HTTPStatus.FOUND
    quote.refresh_from_db()
    assert (quote.monthly_amount, quote.level) == (Decimal(2400), "county")


def test_figures_follow_what_is_typed_before_it_is_stored(world: World, manager: Client) -> None:
    quote = a_quote(world, "95")
    address = reverse("quoting:figures", args=[quote.uid])
    typed = manager.post(address, grid(world, quote, "64"), **HTMX).content.decode()
    assert "64%" in typed
    assert "st-bad" in typed, "below the floor"
    stored = manager.get(address, **HTMX).content.decode()
    assert "95%" in stored
    assert "st-ok" in stored


def test_a_new_alternative_begins_as_a_copy(world: World, manager: Client) -> None:
    quote = a_quote(world, "95")
    manager.post(reverse("quoting:alternative", args=[quote.uid, "B"]))
    quote.refresh_from_db()
    assert (quote.alternative, quote.monthly_amount) == ("B", Decimal(950))
    shown = manager.get(reverse("quoting:alternatives", args=[quote.uid])).content.decode()
    assert reverse("quoting:alternative", args=[quote.uid, "A"]) in shown


def test_a_head_finds_what_waits_and_agrees(world: World) -> None:
    quote = submit_quote(a_quote(world, "85"), actor=world.actors["manager"])
    head, step = browser_of(world.people["county"]), waiting(quote)
    address = reverse("quoting:approval", args=[step.uid])
    assert address in head.get(reverse("quoting:approvals")).content.decode()
    assert address in head.get("/").content.decode()
    assert 'value="approve"' in head.get(address).content.decode()
    refused = head.post(address, {"answer": "refuse", "remark": ""})
    assert refused.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert head.post(address, {"answer": "approve", "remark": "同意"}).status_code == HTTPStatus.FOUND
    quote.refresh_from_db()
    assert quote.state == "approved"


def test_who_may_not_answer_sees_no_buttons(world: World, manager: Client) -> None:
    quote = submit_quote(a_quote(world, "85"), actor=world.actors["manager"])
    page = manager.get(reverse("quoting:approval", args=[waiting(quote).uid])).content.decode()
    assert 'value="approve"' not in page


def test_the_dialogs_carry_a_quote_to_its_agreement(world: World, manager: Client) -> None:
    quote = a_quote(world, "95")
    day = {"on": today(), "starts_on": today()}
    for verb, given in (("submit", {}), ("send", day), ("accept", day), ("agree", day)):
        address = reverse(f"quoting:{verb}", args=[quote.uid])
        assert manager.get(address, **HTMX).status_code == HTTPStatus.OK
        assert manager.post(address, given, **HTMX).status_code == HTTPStatus.OK, verb
    agreement = Agreement.objects.get(quote=quote)
    beside = reverse("resource:around", args=["agreements", agreement.uid])
    page = manager.get(beside, {"rail": "1"}).content.decode()
    assert reverse("quoting:file", args=[agreement.uid, "contract"]) in page
    lines = manager.get(reverse("resource:tab", args=["agreements", agreement.uid, "lines"]))
    assert "data-grid" not in lines.content.decode()


def test_a_customer_shows_its_quotes_and_agreements(world: World, manager: Client) -> None:
    quote = a_quote(world, "95")
    for tab in ("quotes", "agreements"):
        page = manager.get(reverse("resource:tab", args=["customers", world.customer.uid, tab]))
        assert page.status_code == HTTPStatus.OK
        assert (str(quote) in page.content.decode()) == (tab == "quotes")


def test_a_customers_timeline_tells_of_quotes_and_agreements(world: World, manager: Client) -> None:
    quote = submit_quote(a_quote(world, "95"), actor=world.actors["manager"])
    page = manager.get(reverse("resource:record", args=["customers", world.customer.uid])).content.decode()
    assert reverse("resource:record", args=["quotes", quote.uid]) in page


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_printed_quote_is_a_pdf_in_either_language(world: World, language: str) -> None:
    with translation.override(language):
        assert quote_paper(a_quote(world, "72", terms="提前终止：收满 3 个月")).startswith(b"%PDF")


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_agreement_leaves_as_a_pdf_with_its_terms_and_documents(
    world: World, manager: Client, language: str
) -> None:
    actor = world.actors["manager"]
    quote = accept_quote(
        send_quote(submit_quote(a_quote(world, "95"), actor=actor), actor=actor), actor=actor
    )
    agreement = with_documents(agree_on_quote(quote, actor=actor, starts_on=timezone.localdate()))
    told = manager.get(reverse("quoting:print_agreement", args=[agreement.uid]))
    assert (told.headers["Content-Type"], told.content[:4]) == ("application/pdf", b"%PDF")
    assert reverse("quoting:print_agreement", args=[agreement.uid]) in told_on_page(manager, agreement)
    with translation.override(language):
        assert agreement_paper(agreement).startswith(b"%PDF")
        content = agreement_content(agreement)
    assert content["draft"] == ("Draft" if language == "en" else "草稿")
    assert [line[3] for line in content["lines"]] == ["950.00"]
    assert [file for _name, file in content["documents"]].count("scan.pdf") == 4


def told_on_page(browser: Client, agreement: Agreement) -> str:
    """Return the agreement's page."""
    return browser.get(reverse("resource:record", args=["agreements", agreement.uid])).content.decode()


def today() -> str:
    """Return the day as a browser sends it."""
    return timezone.localdate().isoformat()
