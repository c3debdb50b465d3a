"""The board of rival contracts that end soon: by month, operator and unit, and what ends first."""

import datetime as dt
import json
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from jike.apps.customers import queries
from jike.apps.customers.models import RivalLine
from jike.apps.customers.models.environment_labels import OPERATORS
from jike.apps.customers.pages.environment import RIVAL_LINES, VIEW
from jike.apps.customers.rules import HORIZONS, until_of
from jike.foundation.pages.entry import PageRequest, page
from jike.foundation.resource.presenting import in_wan
from jike.foundation.resource.registry import verbs_of
from jike.foundation.scope import Actor, may

__all__ = ["ending"]

UNITS_SHOWN = 12
LINES_SHOWN = 30


@page("GET", permission=VIEW)
def ending(request: PageRequest) -> HttpResponse:
    """Show the rival contracts that end within three, six or twelve months, one's own or all that one sees."""
    actor, today = request.actor, timezone.localdate()
    months = _months(request.GET.get("months", ""))
    reach = actor.reach(VIEW)
    leads = reach.everything or bool(reach.units)
    mine = request.GET.get("view") == "me" or not leads
    until = until_of(months, today=today)
    rows = queries.ending_lines(actor, mine=mine, since=today, until=until)
    span = [["ends_on", "between", [str(today), str(until)]]]
    scope = "mine" if mine else "all"
    by_month = queries.ending_by_month(rows)
    operators = queries.ending_by(rows, "operator")
    units = queries.ending_by(rows, "customer__unit__uid", "customer__unit__name", limit=UNITS_SHOWN)
    context = {
        "months": months,
        "horizons": HORIZONS,
        "view": "me" if mine else "all",
        "mine": mine,
        "leads": leads,
        "until": until,
        "contracts": sum(one.contracts for one in by_month),
        "price": in_wan(sum((one.price for one in by_month), start=Decimal(0))),
        "chart": {
            "labels": [one.name for one in by_month],
            "values": [one.contracts for one in by_month],
            "subject": len(by_month),
        },
        "by_month": [
            (one, in_wan(one.price), _list(scope, [_month(one.what, today, until)])) for one in by_month
        ],
        "operators": _bars(operators, scope, span=span, field="operator"),
        "units": _bars(units, scope, span=span, field="customer__unit") if not mine else [],
        "slow": operators is None,
        "lines": _lines(rows, actor),
        "all": _list(scope, span, sort="ends_on"),
    }
    return render(request, "customers/rivals.html", context)


def _months(text: str) -> int:
    return int(text) if text in {str(one) for one in HORIZONS} else HORIZONS[1]


def _month(first: dt.date, since: dt.date, until: dt.date) -> list[Any]:
    """Return the condition for the days of the month that the board counts: its first and its last one are parts."""
    last = (first + dt.timedelta(days=32)).replace(day=1) - dt.timedelta(days=1)
    return ["ends_on", "between", [str(max(first, since)), str(min(last, until))]]


def _bars(
    found: list[queries.Ending] | None, scope: str, *, span: list[list[Any]], field: str
) -> list[dict[str, Any]]:
    """Return lying bars, each with the address of the list behind it."""
    most = max((one.contracts for one in found or ()), default=1)
    return [
        {
            "name": OPERATORS.get(one.what, one.name),
            "contracts": one.contracts,
            "price": in_wan(one.price),
            "share": one.contracts * 100 // most,
            "address": _list(scope, [*span, [field, "in", [str(one.what)]]], sort="ends_on"),
        }
        for one in found or ()
    ]


def _lines(rows: Any, actor: Actor) -> list[tuple[RivalLine, str, list[Any]]]:
    """Return what ends first, each with the acts that are possible upon it."""
    found = rows.select_related("customer", "customer__owner").order_by("ends_on", "id")[:LINES_SHOWN]
    verbs = verbs_of(RIVAL_LINES)
    return [
        (
            one,
            in_wan(one.monthly_price) if one.monthly_price else "",
            [verb for verb in verbs if verb.when(one) and may(actor, verb.action, one)],
        )
        for one in found
    ]


def _list(scope: str, where: list[list[Any]], **further: str) -> str:
    told = {"scope": scope, "where": json.dumps(where, separators=(",", ":")), **further}
    return f"{reverse('resource:list', args=['rival-lines'])}?{urlencode(told)}"
