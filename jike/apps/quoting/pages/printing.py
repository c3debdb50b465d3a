"""Quotes and agreements as documents for the customer: set by Typst, with a Chinese font that comes with the product.

Only what the customer may see is printed: no floor, no cost, no margin, no authority.
"""

import json
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import noto_cjk_sans_otc
import typst
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from jike.apps.quoting import queries
from jike.apps.quoting.models import Agreement, Quote
from jike.apps.quoting.models.labels import DOCUMENTS
from jike.apps.quoting.pages.figures import percent_words
from jike.apps.quoting.rules import AgreementState, QuoteState
from jike.foundation.errors import RuleBroken
from jike.foundation.pages.entry import PageRequest, page
from jike.foundation.resource.presenting import money
from jike.foundation.scope import fetch

__all__ = ["agreement_content", "agreement_paper", "print_agreement", "print_quote", "quote_paper"]

TEMPLATE = Path(__file__).parents[1] / "templates" / "quoting" / "paper.typ"
FONTS = Path(noto_cjk_sans_otc.__file__).parent
PRINTED = (QuoteState.APPROVED, QuoteState.SENT, QuoteState.ACCEPTED, QuoteState.REJECTED, QuoteState.EXPIRED)


@page("GET", permission="quoting.quote:view")
def print_quote(request: PageRequest, uid: UUID) -> HttpResponse:
    """Give the quote as a PDF; what is not approved bears the word draft."""
    quote = fetch(Quote, uid, request.actor, related=("customer", "owner", "unit"))
    return _answer(f"{quote.code}-{quote.revision}", quote_paper(quote))


@page("GET", permission="quoting.agreement:view")
def print_agreement(request: PageRequest, uid: UUID) -> HttpResponse:
    """Give the agreement as a PDF; what is not signed bears the word draft."""
    agreement = fetch(Agreement, uid, request.actor, related=("customer", "owner", "unit", "quote"))
    return _answer(agreement.code, agreement_paper(agreement))


def quote_paper(quote: Quote) -> bytes:
    """Return the quote as a PDF."""
    return _set(_quote_content(quote))


def agreement_paper(agreement: Agreement) -> bytes:
    """Return the agreement as a PDF."""
    return _set(agreement_content(agreement))


def _answer(name: str, document: bytes) -> HttpResponse:
    disposition = {"Content-Disposition": f'inline; filename="{name}.pdf"'}
    return HttpResponse(document, content_type="application/pdf", headers=disposition)


def _set(content: Mapping[str, Any]) -> bytes:
    told = json.dumps(
        {"lang": "en" if get_language() == "en" else "zh", "documents": [], **content}, ensure_ascii=False
    )
    try:
        made = typst.compile(
            TEMPLATE, font_paths=[FONTS], ignore_system_fonts=True, sys_inputs={"paper": told}
        )
    except RuntimeError as error:
        raise RuleBroken(_("The document could not be set: %(why)s") % {"why": error}) from error
    if not isinstance(made, bytes):
        raise TypeError("a PDF is one document")
    return made


def _quote_content(quote: Quote) -> dict[str, Any]:
    lines = queries.lines_of(quote)
    sums = queries.totals_of(lines)
    return {
        "words": _words(_("Quote"), quote.unit.name),
        "title": quote.name,
        "draft": "" if quote.state in PRINTED else _("Draft"),
        "facts": [
            [_("Customer"), quote.customer.name],
            [_("Quote code"), f"{quote.code} / {quote.revision}"],
            [_("Valid until"), quote.valid_until.isoformat()],
            [_("Term"), str(quote.get_term_months_display())],
            [_("Account manager"), quote.owner.name],
            [_("Date"), timezone.localdate().isoformat()],
        ],
        "heads": [
            _("Product"),
            _("Quantity"),
            _("List price a month"),
            _("Discount"),
            _("Price a month"),
            _("Amount a month"),
            _("One-off"),
        ],
        "lines": [
            [
                str(one.offering),
                f"{one.quantity} {one.counted_in}".strip(),
                money(one.list_price),
                percent_words(one.discount / 100),
                money(one.price),
                money(one.monthly_amount),
                money(one.one_off_price * one.quantity),
            ]
            for one in lines
        ],
        "totals": _totals(sums.monthly, sums.one_off, months=quote.term_months),
        "terms": quote.terms,
    }


def agreement_content(agreement: Agreement) -> dict[str, Any]:
    """Return what is printed of an agreement: facts, lines, sums, terms, and its documents with their files."""
    signed = agreement.signed_on.isoformat() if agreement.signed_on else _("not yet")
    return {
        "words": _words(_("Agreement"), agreement.unit.name),
        "title": agreement.name,
        "draft": _("Draft") if agreement.state == AgreementState.DRAFT else "",
        "facts": [
            [_("Customer"), agreement.customer.name],
            [_("Agreement code"), agreement.code],
            [_("Starts on"), agreement.starts_on.isoformat()],
            [_("Ends on"), agreement.ends_on.isoformat()],
            [_("Term"), str(agreement.get_term_months_display())],
            [_("Quote code"), agreement.quote.code if agreement.quote else "–"],
            [_("Signed on"), signed],
            [_("Signed for the customer by"), agreement.signatory or "–"],
            [_("Account manager"), agreement.owner.name],
            [_("Printed on"), timezone.localdate().isoformat()],
        ],
        "heads": [
            *(_("Product"), _("Quantity"), _("List price a month")),
            *(_("Price a month"), _("Amount a month"), _("One-off")),
        ],
        "lines": [
            [
                str(one.offering),
                str(one.quantity),
                money(one.list_price),
                money(one.price),
                money(one.monthly),
                money(one.one_off_price * one.quantity),
            ]
            for one in queries.lines_of_agreement(agreement)
        ],
        "totals": _totals(agreement.monthly_amount, agreement.one_off_amount, months=agreement.term_months),
        "terms": agreement.terms,
        "documents": [
            [str(DOCUMENTS[one.document]), _paper_words(one)] for one in queries.papers_of(agreement)
        ],
    }


def _paper_words(paper: queries.Paper) -> str:
    """Return which file shows a document, or that it is missing."""
    if paper.there:
        return paper.file.name if paper.file else _("there")
    return _("still missing") if paper.needed else _("none")


def _totals(monthly: Decimal, one_off: Decimal, *, months: int) -> list[list[str]]:
    return [
        [_("Monthly amount"), money(monthly)],
        [_("One-off amount"), money(one_off)],
        [_("Whole term"), money(monthly * months + one_off)],
    ]


def _words(paper: str, ours: str) -> dict[str, str]:
    return {
        "paper": paper,
        "terms": _("Terms"),
        "documents": _("Documents"),
        "unit": _("Amounts in yuan, tax included."),
        "seal": _("Seal and signature of the customer"),
        "ours": ours,
    }
