"""The balance of portfolios, for heads: who holds how much, and the way to hand over from whoever holds too much."""

import json
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from jike.apps.customers import queries
from jike.apps.customers.queries.balance import GRADE_GROUPS, Share
from jike.apps.organisation.models import Unit
from jike.foundation.pages.entry import PageRequest, page
from jike.foundation.resource.presenting import in_wan

__all__ = ["balance"]

CHARTED = 16
TONES = ("d1", "d2", "d4", "d6")
GOING_ON = ["state", "not_in", ["lost", "archived"]]


@page("GET", permission="customers.customer:assign")
def balance(request: PageRequest) -> HttpResponse:
    """Show how the customers are spread, of all the reader's units or of one of them."""
    units = queries.balanced_units(request.actor)
    unit = next((one for one in units if str(one.uid) == request.GET.get("unit", "")), None)
    found = queries.balance(request.actor, unit=unit)
    held = [one for one in found or () if one.uid]
    context = {
        "units": units,
        "unit": unit,
        "slow": found is None,
        "lines": [(one, _list(one, unit), in_wan(one.revenue)) for one in found or ()],
        "grades": [name for name, _grades in GRADE_GROUPS],
        "figures": _figures(found or []),
        "chart": _chart(held[:CHARTED], unit) if held else None,
    }
    return render(request, "customers/balance.html", context)


def _figures(found: list[Share]) -> list[tuple[str, str, str]]:
    """Return label, figure and tone of the key figures."""
    held = [one.customers for one in found if one.uid]
    nobody = sum(one.customers for one in found if not one.uid)
    over = sum(one.overfull for one in found)
    mean = f"{sum(held) / len(held):.0f}" if held else "–"
    return [
        (_("Account managers"), f"{len(held):,}", ""),
        (_("Customers each, on average"), mean, ""),
        (_("Most and least"), f"{max(held):,} / {min(held):,}" if held else "–", ""),
        (_("Hold too many"), f"{over:,}", "warn" if over else ""),
        (_("Looked after by nobody"), f"{nobody:,}", "warn" if nobody else ""),
    ]


def _chart(shares: list[Share], unit: Unit | None) -> dict[str, Any]:
    """Return the stacked rows: an account manager each, their customers by grade."""
    return {
        "shape": "rows",
        "marks": [one.name for one in shares],
        "series": [
            {"name": name, "values": [one.grades[place] for one in shares], "tone": TONES[place]}
            for place, (name, _grades) in enumerate(GRADE_GROUPS)
        ],
        "stacked": True,
        "target": None,
        "accent": None,
        "links": [_list(one, unit) for one in shares],
    }


def _list(share: Share, unit: Unit | None) -> str:
    owner: list[Any] = ["owner", "in", [str(share.uid)]] if share.uid else ["owner", "empty"]
    where = [owner, GOING_ON] + ([["unit", "below", [str(unit.uid)]]] if unit is not None else [])
    told = {"scope": "all", "where": json.dumps(where, separators=(",", ":"))}
    return f"{reverse('resource:list', args=['customers'])}?{urlencode(told)}"
