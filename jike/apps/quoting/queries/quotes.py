"""Quotes of a customer, those that no longer hold, and the next codes."""

import datetime as dt
from collections.abc import Collection

from django.db.models import QuerySet

from jike.apps.customers.models import Customer
from jike.apps.quoting.models import Quote
from jike.apps.quoting.rules import QuoteState
from jike.apps.sales.models import Opportunity
from jike.foundation.numbering import next_number
from jike.foundation.scope import Actor, visible

__all__ = ["expired_quotes", "next_agreement_code", "next_quote_code", "quotes_for", "quotes_of"]


def quotes_of(customers: Collection[Customer], actor: Actor) -> QuerySet[Quote]:
    """Return these customers' quotes that the actor may see, those that a revision replaced left out, newest first."""
    rows = visible(Quote, actor).filter(customer__in=customers).exclude(state=QuoteState.REPLACED)
    return rows.select_related("owner").order_by("-id")


def quotes_for(opportunity: Opportunity, actor: Actor) -> QuerySet[Quote]:
    """Return the opportunity's quotes that the actor may see, replaced ones left out, newest first."""
    rows = visible(Quote, actor).filter(opportunity=opportunity).exclude(state=QuoteState.REPLACED)
    return rows.order_by("-id")


def expired_quotes(*, on: dt.date) -> QuerySet[Quote]:
    """Return the quotes that the customer has not answered and whose validity is over."""
    open_states = (QuoteState.APPROVED, QuoteState.SENT)
    return Quote.objects.filter(state__in=open_states, valid_until__lt=on, removed_at=None).order_by("id")


def next_quote_code(year: int) -> str:
    """Return the next quote code, such as ``BJ26000123``; each is given out once."""
    return f"BJ{year % 100:02}{next_number('quoting_quote_code'):06}"


def next_agreement_code(year: int) -> str:
    """Return the next agreement code, such as ``XY26000123``; each is given out once."""
    return f"XY{year % 100:02}{next_number('quoting_agreement_code'):06}"
