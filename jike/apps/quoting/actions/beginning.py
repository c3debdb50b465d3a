"""A quote is begun from an opportunity: for its customer, with its products at the prices hoped for."""

import datetime as dt
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jike.apps.catalogue.queries import selling_problem
from jike.apps.quoting.actions.quotes import add_quote, store_quote_lines
from jike.apps.quoting.models import Quote
from jike.apps.quoting.rules import discount_for, term_for
from jike.apps.sales.models import Opportunity, OpportunityLine
from jike.apps.sales.queries import lines_of as products_of
from jike.apps.sales.rules import OPEN, Stage
from jike.foundation.errors import RuleBroken
from jike.foundation.lines import LineEntry, Taken
from jike.foundation.scope import Actor, require

__all__ = ["Begun", "quote_opportunity"]

FULL, PLACES = Decimal(1), Decimal("0.1")


class Begun(NamedTuple):
    """The drafted quote, and why products of the opportunity were left out of it, a sentence each."""

    quote: Quote
    left_out: Sequence[str]


@transaction.atomic
def quote_opportunity(opportunity: Opportunity, *, actor: Actor, on: dt.date | None = None) -> Begun:
    """Draft a quote for an open opportunity; prices above the list price come down to it.

    It belongs to whoever works on the opportunity. What is no longer sold is left out.
    """
    require(actor, "view", opportunity)
    if Stage(opportunity.stage) not in OPEN:
        raise RuleBroken(_("This opportunity is closed; what was decided stays as it is."))
    day = on or timezone.localdate()
    quote = add_quote(
        actor=actor,
        customer=opportunity.customer,
        name=opportunity.name,
        owner=opportunity.owner if opportunity.owner.standing else None,
        opportunity=opportunity,
        term_months=term_for(opportunity.term_months),
        on=day,
    )
    products = products_of(opportunity)
    problems = [selling_problem(one.offering, on=day) for one in products]
    entries = [_entry(one) for one, problem in zip(products, problems, strict=True) if not problem]
    if entries:
        store_quote_lines(quote, Taken(entries), actor=actor, on=day)
    return Begun(quote, [problem for problem in problems if problem])


def _entry(product: OpportunityLine) -> LineEntry:
    ratio = min(discount_for(product.offering.monthly_price, product.monthly_price), FULL)
    return LineEntry(
        None,
        {
            "offering": product.offering,
            "quantity": product.quantity,
            "discount": (ratio * 100).quantize(PLACES, ROUND_HALF_UP),
            "one_off_price": product.one_off_price,
        },
    )
