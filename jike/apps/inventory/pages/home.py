"""Finance's card on the home page: what is overdue by age, and how far the last month is paid."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from jike.apps.inventory import queries
from jike.foundation.pages.home import HomeCard, Viewpoint
from jike.foundation.resource.presenting import in_wan

__all__ = ["INVENTORY_CARDS"]


def receivables(view: Viewpoint) -> Mapping[str, Any]:
    """Return the last months with what is owed of them, and the month to bill next."""
    found = queries.billed_months()[:6]
    following = queries.next_month_to_bill(view.today)
    listed = reverse("resource:list", args=["bills"])
    return {
        "months": [
            (one, in_wan(one.amount), in_wan(one.owed), _paid_percent(one.amount, one.owed)) for one in found
        ],
        "next": following if not found or found[0].month != following else None,
        "overdue": f'{listed}?where=[["owed","gt",0],["due_on","before","0d"]]&sort=due_on',
    }


def _paid_percent(amount: Decimal, owed: Decimal) -> int:
    return int((amount - owed) * 100 / amount) if amount else 100


INVENTORY_CARDS = (
    HomeCard(
        "receivables",
        _("Bills and what is paid of them"),
        "middle",
        "inventory/_home_receivables.html",
        receivables,
        "inventory.bill:run",
        later=True,
    ),
)
