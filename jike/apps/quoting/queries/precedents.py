"""Similar quotes of the last eighteen months: what was granted before, accepted or not."""

import datetime as dt
from typing import NamedTuple

from django.db.models import BooleanField, Case, Value, When

from jike.apps.quoting.models import Quote, QuoteLine
from jike.apps.quoting.rules import QuoteState
from jike.foundation.scope import Actor, visible
from jike.values.period import add_months

__all__ = ["Precedent", "precedents"]

MONTHS = 18
SHOWN = 8
ANSWERED = (QuoteState.ACCEPTED, QuoteState.REJECTED)


class Precedent(NamedTuple):
    """A similar quote: whether it was accepted, and whether its customer is of the same industry."""

    quote: Quote
    accepted: bool
    same_industry: bool


def precedents(quote: Quote, actor: Actor, *, on: dt.date, limit: int = SHOWN) -> list[Precedent]:
    """Return quotes that the actor may see and whose lines share a product family with the cheapest line.

    Customers of the same industry section come first, then the latest.
    """
    lines = QuoteLine.objects.filter(quote=quote, removed_at=None, alternative=quote.alternative)
    family = lines.order_by("discount", "position").values_list("offering__family", flat=True).first()
    if family is None:
        return []
    alike = QuoteLine.objects.filter(offering__family=family, removed_at=None).values("quote_id")
    rows = visible(Quote, actor).filter(
        pk__in=alike, state__in=ANSWERED, decided_on__gt=add_months(on, -MONTHS), decided_on__lte=on
    )
    section = quote.customer.industry[:1] or "-"
    same = Case(
        When(customer__industry__startswith=section, then=Value(True)),
        default=Value(False),
        output_field=BooleanField(),
    )
    found = rows.exclude(code=quote.code).annotate(same=same).select_related("customer")
    ordered = found.order_by("-same", "-decided_on", "-id")[:limit]
    return [Precedent(one, one.state == QuoteState.ACCEPTED, one.same) for one in ordered]
