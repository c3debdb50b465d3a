"""The fragments of a quote's grid: figures while it is typed, path and precedents, alternatives, the printed quote."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render

from jike.apps.quoting import actions, queries
from jike.apps.quoting.models import Quote
from jike.apps.quoting.pages.figures import beside, figures, typed_totals
from jike.apps.quoting.pages.lines import QUOTE_LINES
from jike.apps.quoting.rules import QuoteState
from jike.foundation.errors import NotFound
from jike.foundation.lines import LineEntry, Sheet, Taken
from jike.foundation.pages.entry import PageRequest, page
from jike.foundation.resource.presenting import in_wan
from jike.foundation.scope import fetch, may

__all__ = ["alternative", "alternatives", "aside", "totals_shown"]

VIEW = "quoting.quote:view"
RELATED = ("customer", "owner", "unit")


@page("GET", "POST", permission=VIEW)
def totals_shown(request: PageRequest, uid: UUID) -> HttpResponse:
    """Show totals and authority: of what is typed so far, or of what is stored."""
    quote = fetch(Quote, uid, request.actor, related=RELATED)
    if request.method == "POST":
        sheet = Sheet(QUOTE_LINES, quote, request.actor, data=request.POST)
        rows = [{**row.values, **found} for row, found in zip(sheet.rows, sheet.worked, strict=True) if found]
        for row in rows:
            row["discount"] = 100 if row.get("discount") is None else row["discount"]
        sums = typed_totals(rows)
    else:
        sums = queries.totals_of(queries.lines_of(quote))
    return render(request, "quoting/_figures.html", figures(quote, sums))


@page("GET", permission=VIEW)
def aside(request: PageRequest, uid: UUID) -> HttpResponse:
    """Show the path of approval and the precedents."""
    quote = fetch(Quote, uid, request.actor, related=RELATED)
    return render(request, "quoting/_aside.html", beside(quote, request.actor))


@page("GET", permission=VIEW)
def alternatives(request: PageRequest, uid: UUID) -> HttpResponse:
    """Show the alternatives of a quote with what each costs a month."""
    quote = fetch(Quote, uid, request.actor)
    found = queries.alternatives_of(quote)
    draft = quote.state == QuoteState.DRAFT and may(request.actor, "change", quote)
    context = {
        "quote": quote,
        "alternatives": [(name, in_wan(sums.monthly), name == quote.alternative) for name, sums in found],
        "may_change": draft,
        "following": _following(quote) if draft else "",
    }
    return render(request, "quoting/_alternatives.html", context)


@page("POST", permission="quoting.quote:change")
def alternative(request: PageRequest, uid: UUID, name: str) -> HttpResponse:
    """Recommend another alternative; a new one begins as a copy of the present one."""
    quote = fetch(Quote, uid, request.actor, action="change")
    names = [one for one, _sums in queries.alternatives_of(quote)]
    if name not in names:
        if name != _following(quote):
            raise NotFound
        copies = [
            LineEntry(
                None,
                {
                    "offering": one.offering,
                    "quantity": one.quantity,
                    "discount": one.discount,
                    "one_off_price": one.one_off_price,
                },
            )
            for one in queries.lines_of(quote)
        ]
        actions.store_quote_lines(quote, Taken(copies), actor=request.actor, alternative=name)
    actions.recommend(quote, actor=request.actor, alternative=name)
    return redirect("resource:tab", "quotes", uid, "lines")


def _following(quote: Quote) -> str:
    names = {one for one, _sums in queries.alternatives_of(quote)}
    return next((name for name in "ABCDE" if name not in names), "")
