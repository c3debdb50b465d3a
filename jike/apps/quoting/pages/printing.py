"""A quote as a document for the customer: set by Typst, with a Chinese font that comes with the product.

Only what the customer may see is printed: no floor, no cost, no margin, no authority.
"""

import json
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
from jike.apps.quoting.models import Quote
from jike.apps.quoting.pages.figures import percent_words
from jike.apps.quoting.rules import QuoteState
from jike.foundation.errors import RuleBroken
from jike.foundation.pages.entry import PageRequest, page
from jike.foundation.resource.presenting import money
from jike.foundation.scope import fetch

__all__ = ["document_of", "print_quote"]

TEMPLATE = Path(__file__).parents[1] / "templates" / "quoting" / "quote.typ"
FONTS = Path(noto_cjk_sans_otc.__file__).parent
PRINTED = (QuoteState.APPROVED, QuoteState.SENT, QuoteState.ACCEPTED, QuoteState.REJECTED, QuoteState.EXPIRED)


@page("GET", permission="quoting.quote:view")
def print_quote(request: PageRequest, uid: UUID) -> HttpResponse:
    """Give the quote as a PDF; what is not approved bears the word draft."""
    quote = fetch(Quote, uid, request.actor, related=("customer", "owner", "unit"))
    name = f"{quote.code}-{quote.revision}.pdf"
    disposition = {"Content-Disposition": f'inline; filename="{name}"'}
    return HttpResponse(document_of(quote), content_type="application/pdf", headers=disposition)


def document_of(quote: Quote) -> bytes:
    """Return the quote as a PDF."""
    told = json.dumps(_content(quote), ensure_ascii=False)
    try:
        made = typst.compile(
            TEMPLATE, font_paths=[FONTS], ignore_system_fonts=True, sys_inputs={"quote": told}
        )
    except RuntimeError as error:
        raise RuleBroken(_("The document could not be set: %(why)s") % {"why": error}) from error
    if not isinstance(made, bytes):
        raise TypeError("a PDF is one document")
    return made


def _content(quote: Quote) -> dict[str, Any]:
    lines = queries.lines_of(quote)
    sums = queries.totals_of(lines)
    return {
        "lang": "en" if get_language() == "en" else "zh",
        "words": _words(quote),
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
        "totals": [
            [_("Monthly amount"), money(sums.monthly)],
            [_("One-off amount"), money(sums.one_off)],
            [_("Whole term"), money(Decimal(sums.over(quote.term_months)))],
        ],
        "terms": quote.terms,
    }


def _words(quote: Quote) -> dict[str, str]:
    return {
        "quote": _("Quote"),
        "terms": _("Terms"),
        "unit": _("Amounts in yuan, tax included."),
        "seal": _("Seal and signature of the customer"),
        "ours": quote.unit.name,
    }
