"""Quotes on an opportunity's page: those there are, and one click that begins another."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jike.apps.quoting import actions, queries
from jike.apps.quoting.pages.figures import percent_words
from jike.apps.sales.models import Opportunity
from jike.apps.sales.rules import OPEN, Stage
from jike.foundation.pages.entry import PageRequest, page
from jike.foundation.resource import Contribution, Panel
from jike.foundation.resource.presenting import in_wan
from jike.foundation.scope import Actor, fetch

__all__ = ["QUOTING_ON_OPPORTUNITIES", "begin"]

SHOWN = 5
VIEW, ADD = "quoting.quote:view", "quoting.quote:add"


def quotes_on(opportunity: Opportunity, actor: Actor) -> Mapping[str, Any] | None:
    """Return the opportunity's quotes; nothing where there are none and none may be begun."""
    if not actor.holds(VIEW):
        return None
    found = list(queries.quotes_for(opportunity, actor)[:SHOWN])
    may_add = Stage(opportunity.stage) in OPEN and actor.holds(ADD)
    if not found and not may_add:
        return None
    lines = [(one, in_wan(one.monthly_amount), percent_words(one.discount / 100)) for one in found]
    return {"quotes": lines, "may_add": may_add}


@page("POST", permission=ADD)
def begin(request: PageRequest, uid: UUID) -> HttpResponse:
    """Draft a quote for the opportunity, and lead to its lines."""
    related = ("customer", "owner")
    opportunity = fetch(Opportunity, uid, request.actor, related=related)
    begun = actions.quote_opportunity(opportunity, actor=request.actor)
    messages.success(request, _("The quote %(code)s is drafted.") % {"code": begun.quote.code})
    for problem in begun.left_out:
        messages.warning(request, problem)
    return redirect("resource:tab", "quotes", begun.quote.uid, "lines")


QUOTING_ON_OPPORTUNITIES = Contribution(
    "sales.opportunity",
    panels=(Panel("quotes", gettext_lazy("Quotes"), "quoting/_opportunity_quotes.html", quotes_on, "head"),),
)
