"""What entering opportunities needs to know: the next code, the customer behind, and who registered before."""

import datetime as dt

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from jike.apps.customers.models import Customer
from jike.apps.customers.rules import State
from jike.apps.sales.models import Opportunity, OpportunityLine
from jike.apps.sales.rules import OPEN
from jike.foundation.errors import RuleBroken
from jike.foundation.numbering import next_number

__all__ = [
    "colliding",
    "lines_of",
    "locked_customer",
    "next_lead_code",
    "next_opportunity_code",
]


def next_opportunity_code() -> str:
    """Return the next code, such as ``SJ00000382``; each is given out once, even if it is then not used."""
    return f"SJ{next_number('sales_opportunity_code'):08}"


def next_lead_code() -> str:
    """Return the next code, such as ``XS00000017``."""
    return f"XS{next_number('sales_lead_code'):08}"


def locked_customer(customer: Customer) -> Customer:
    """Return the customer, locked until the end of the transaction; refuse one that is gone or archived.

    Whoever registers holds this lock, so that of two colliding colleagues the second one sees the first.
    """
    rows = Customer.objects.select_for_update(of=("self",), no_key=True)
    found = rows.filter(pk=customer.pk, removed_at=None).first()
    if found is None or found.state == State.ARCHIVED:
        raise RuleBroken(
            _("“%(name)s” is archived or removed; nothing new is begun with it.") % {"name": customer.name}
        )
    return found


def colliding(opportunity: Opportunity, *, on: dt.date) -> QuerySet[Opportunity]:
    """Return colleagues' open opportunities of the same customer and family that are protected on that day."""
    others = Opportunity.objects.filter(
        customer_id=opportunity.customer_id,
        family=opportunity.family,
        protected_until__gte=on,
        stage__in=OPEN,
        removed_at=None,
    )
    rivals = others.exclude(owner_id=opportunity.owner_id).exclude(pk=opportunity.pk)
    return rivals.select_related("owner").order_by("protected_until", "id")


def lines_of(opportunity: Opportunity) -> list[OpportunityLine]:
    """Return the products of an opportunity that the reader was allowed to fetch, in their order."""
    rows = opportunity.lines.filter(removed_at=None).select_related("offering")
    return list(rows.order_by("position", "id"))
