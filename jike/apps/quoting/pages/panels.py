"""What pages of quotes and agreements show beside their facts, and what quoting adds to a customer's page."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jike.apps.customers.models import Customer
from jike.apps.quoting import queries
from jike.apps.quoting.models import Agreement, Quote
from jike.apps.quoting.models.labels import DOCUMENTS
from jike.apps.quoting.pages.figures import beside, percent_words
from jike.apps.quoting.pages.lines import AGREEMENT_LINES, QUOTE_LINES
from jike.apps.quoting.pages.timeline import CUSTOMER_QUOTING
from jike.apps.quoting.rules import AgreementState, QuoteState, may_follow
from jike.apps.sales.models import Opportunity
from jike.foundation.files import attachments_of
from jike.foundation.resource import Contribution, Panel, Verb
from jike.foundation.resource.presenting import in_wan, money
from jike.foundation.scope import Actor, may

__all__ = ["AGREEMENT_PANELS", "QUOTE_PANELS", "QUOTING_ON_CUSTOMERS"]

SHOWN, FILES = 50, 20
SEE_QUOTES, SEE_AGREEMENTS = "quoting.quote:view", "quoting.agreement:view"


def strip(quote: Quote, actor: Actor) -> Mapping[str, Any]:
    """Return the identities and amounts of a quote."""
    return {
        "monthly": in_wan(quote.monthly_amount),
        "one_off": in_wan(quote.one_off_amount),
        "discount": percent_words(quote.discount / 100),
        "draft": quote.state == QuoteState.DRAFT and may(actor, "change", quote),
        "deal": _deal_of(quote, actor),
        "over": quote.valid_until < timezone.localdate()
        and quote.state in (QuoteState.DRAFT, QuoteState.APPROVED, QuoteState.SENT),
    }


def _deal_of(quote: Quote, actor: Actor) -> tuple[Opportunity, str] | None:
    """Return the opportunity that the quote is for, with what is expected of it a month, as far as it may be seen."""
    deal = quote.opportunity
    if deal is None or not may(actor, "view", deal):
        return None
    return deal, in_wan(deal.monthly_amount)


def path(quote: Quote, actor: Actor) -> Mapping[str, Any] | None:
    """Return the path of approval and the precedents, for the rail."""
    return beside(quote, actor)


def agreement_strip(agreement: Agreement, actor: Actor) -> Mapping[str, Any]:
    """Return identities, amounts and how long the agreement still runs."""
    left = (agreement.ends_on - timezone.localdate()).days
    return {
        "monthly": in_wan(agreement.monthly_amount),
        "left": left if agreement.state == AgreementState.ACTIVE else None,
        "near": left <= 90,
        "fee": money(agreement.early_fee) if agreement.state == AgreementState.TERMINATED else "",
        "renewals": agreement.renewals.filter(removed_at=None),
    }


def documents(agreement: Agreement, actor: Actor) -> Mapping[str, Any]:
    """Return the checklist, and of a draft the attached files, any of which may show a document."""
    may_change = agreement.state == AgreementState.DRAFT and may(actor, "change", agreement)
    return {
        "papers": [(one, DOCUMENTS[one.document]) for one in queries.papers_of(agreement)],
        "may_change": may_change,
        "files": list(attachments_of(agreement)[:FILES]) if may_change else [],
    }


def customers_quotes(customer: Customer, actor: Actor) -> Mapping[str, Any] | None:
    """Return the customer's quotes."""
    if not actor.holds(SEE_QUOTES):
        return None
    found = queries.quotes_of([customer], actor)[:SHOWN]
    lines = [(one, in_wan(one.monthly_amount), percent_words(one.discount / 100)) for one in found]
    return {"quotes": lines, "may_add": actor.holds("quoting.quote:add")}


def count_quotes(customer: Customer, actor: Actor) -> int:
    """Return how many quotes of the customer the actor sees."""
    return queries.quotes_of([customer], actor).count() if actor.holds(SEE_QUOTES) else 0


def customers_agreements(customer: Customer, actor: Actor) -> Mapping[str, Any] | None:
    """Return the customer's agreements."""
    if not actor.holds(SEE_AGREEMENTS):
        return None
    today = timezone.localdate()
    found = queries.agreements_of([customer], actor)[:SHOWN]
    return {
        "agreements": [
            (one, in_wan(one.monthly_amount), (one.ends_on - today).days if one.state == "active" else None)
            for one in found
        ],
        "may_add": actor.holds("quoting.agreement:add"),
    }


def count_agreements(customer: Customer, actor: Actor) -> int:
    """Return how many agreements of the customer the actor sees."""
    return queries.agreements_of([customer], actor).count() if actor.holds(SEE_AGREEMENTS) else 0


def agreement_ending(customer: Customer, actor: Actor) -> Mapping[str, Any] | None:
    """Return the agreement that ends next and in how many days, for the customer's head; nothing while that is far."""
    return agreement_near(customer, actor, on=timezone.localdate())


def agreement_near(customer: Customer, actor: Actor, *, on: dt.date) -> dict[str, Any] | None:
    """Return the same as of a day."""
    if not actor.holds(SEE_AGREEMENTS):
        return None
    # Unordered: in order, PostgreSQL would walk everybody's agreements by their ends until it meets this customer's.
    theirs = queries.agreements_ending(actor, today=on).filter(customer=customer).order_by()
    agreement = min(theirs, key=lambda one: one.ends_on, default=None)
    return {"agreement": agreement, "left": (agreement.ends_on - on).days} if agreement else None


def _may(then: QuoteState) -> Any:
    return lambda quote: may_follow(QuoteState(quote.state), then)


def _may_agree(quote: Quote) -> bool:
    return quote.state == QuoteState.ACCEPTED and not quote.agreements.filter(removed_at=None).exists()


def _in(*states: str) -> Any:
    return lambda row: row.state in states


QUOTE_PANELS: tuple[Panel | Verb, ...] = (
    Verb("submit", _("Submit"), "send", "quoting:submit", primary=True, when=_in("draft")),
    Verb("send", _("Sent to the customer"), "mail", "quoting:send", primary=True, when=_in("approved")),
    Verb("decide", _("Customer accepts"), "circle-check", "quoting:accept", primary=True, when=_in("sent")),
    Verb("decide", _("Customer rejects"), "circle-x", "quoting:reject", when=_in("sent")),
    Verb("decide", _("Make the agreement"), "signature", "quoting:agree", primary=True, when=_may_agree),
    Verb("submit", _("Back to draft"), "arrow-back-up", "quoting:withdraw", when=_may(QuoteState.DRAFT)),
    Verb("revise", _("Revise"), "versions", "quoting:revise", when=_may(QuoteState.REPLACED)),
    Panel("strip", _("Quote"), "quoting/_strip.html", strip, "head"),
    QUOTE_LINES,
    Panel("path", _("Approval"), "quoting/_aside_rail.html", path, "rail"),
)
AGREEMENT_PANELS: tuple[Panel | Verb, ...] = (
    Verb("sign", _("Sign"), "signature", "quoting:sign", primary=True, when=_in("draft")),
    Verb("renew", _("Renew"), "refresh", "quoting:renew", when=_in("active", "ended")),
    Verb("terminate", _("Terminate early"), "circle-x", "quoting:terminate", when=_in("active")),
    Panel("strip", _("Agreement"), "quoting/_agreement_strip.html", agreement_strip, "head"),
    AGREEMENT_LINES,
    Panel("documents", _("Documents"), "quoting/_documents.html", documents, "rail"),
)
QUOTING_ON_CUSTOMERS = Contribution(
    "customers.customer",
    timeline=CUSTOMER_QUOTING,
    panels=(
        Panel(
            "ending", _("Agreement ending soon"), "quoting/_agreement_ending.html", agreement_ending, "head"
        ),
        Panel("quotes", _("Quotes"), "quoting/_customer_quotes.html", customers_quotes, "tab", count_quotes),
        Panel(
            "agreements",
            _("Agreements"),
            "quoting/_customer_agreements.html",
            customers_agreements,
            "tab",
            count_agreements,
        ),
    ),
)
