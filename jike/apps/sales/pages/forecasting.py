"""The forecast: what is expected to be signed month by month, weighted by probability, and who brings it."""

import datetime as dt
import json
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from jike.apps.sales import queries
from jike.apps.sales.rules import OPEN
from jike.foundation.pages.entry import PageRequest, page
from jike.foundation.resource.presenting import in_wan
from jike.values.period import add_months

__all__ = ["forecast"]

OWNERS_SHOWN = 15
ZERO = Decimal(0)
WORKING = ["stage", "in", [str(stage) for stage in OPEN]]
WON = ["stage", "in", ["won"]]


@page("GET", permission="sales.opportunity:view")
def forecast(request: PageRequest) -> HttpResponse:
    """Show six months: amount, weighted amount, what is won already, each a link to the opportunities behind it."""
    team = request.GET.get("view") == "team"
    today, scope = timezone.localdate(), "all" if team else "mine"
    rows = queries.pipeline(request.actor, team=team)
    months = queries.forecast(rows, today=today)
    reach = request.actor.reach("sales.opportunity:view")
    context = {
        "slow": months is None,
        "lines": [_line(one, scope, today) for one in months or ()],
        "chart": {
            "labels": [f"{one.month:%y-%m}" for one in months or () if one.month],
            "values": [float(round(one.weighted / 10_000, 2)) for one in months or () if one.month],
            "subject": len(months or ()),
        },
        "sum": in_wan(sum((one.amount for one in months or ()), ZERO)),
        "weighted": in_wan(sum((one.weighted for one in months or ()), ZERO)),
        "won": in_wan(sum((one.won for one in months or ()), ZERO)),
        "rate": queries.win_rate(rows, since=today - dt.timedelta(days=90)),
        "owners": _owners(rows) if team else [],
        "team": team,
        "leads": reach.everything or bool(reach.units),
    }
    return render(request, "sales/forecast.html", context)


def _line(one: Any, scope: str, today: dt.date) -> dict[str, Any]:
    month = one.month
    if month is None:
        where: list[list[Any]] = [WORKING, ["expected_on", "empty"]]
        won = ""
    else:
        last = add_months(month, 1) - dt.timedelta(days=1)
        span: list[Any] = (
            ["expected_on", "before", str(last + dt.timedelta(days=1))]
            if month <= today
            else ["expected_on", "between", [str(month), str(last)]]
        )
        where = [WORKING, span]
        won = opportunities(scope, [WON, ["closed_on", "between", [str(month), str(last)]]])
    return {
        "month": month,
        "count": one.deals,
        "amount": in_wan(one.amount),
        "weighted": in_wan(one.weighted),
        "won": in_wan(one.won) if one.won else "",
        "address": opportunities(scope, where),
        "won_address": won,
    }


def _owners(rows: Any) -> list[dict[str, Any]]:
    found = queries.by_owner(rows, limit=OWNERS_SHOWN) or []
    most = max((one.amount for one in found), default=1) or 1
    return [
        {
            "name": one.name,
            "count": one.deals,
            "amount": in_wan(one.amount),
            "weighted": in_wan(one.weighted),
            "share": int(one.amount * 100 // most),
            "address": opportunities("all", [WORKING, ["owner", "in", [str(one.uid)]]]),
        }
        for one in found
    ]


def opportunities(scope: str, where: list[list[Any]], **further: str) -> str:
    """Return the address of the opportunities behind a figure."""
    told = {"scope": scope, "where": json.dumps(where, separators=(",", ":")), **further}
    return f"{reverse('resource:list', args=['opportunities'])}?{urlencode(told)}"
