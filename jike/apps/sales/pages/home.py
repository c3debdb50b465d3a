"""The cards of sales on the home page: today's visits, the pipeline, and what in it needs attention."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from jike.apps.sales import queries
from jike.apps.sales.models import Opportunity
from jike.apps.sales.models.labels import STAGES
from jike.apps.sales.pages.forecasting import WON, WORKING, opportunities
from jike.apps.sales.rules import PROTECTION_ENDING_DAYS, VisitState, is_protected
from jike.foundation.pages.home import HomeCard, Viewpoint
from jike.foundation.resource.presenting import in_wan
from jike.values.period import add_months

__all__ = ["SALES_CARDS"]

SHOWN, ATTENTION = 6, 6
ZERO = Decimal(0)
VIEW, SEE_VISITS = "sales.opportunity:view", "sales.visit:view"
DOING = "sales.opportunity:add"


def visits(view: Viewpoint) -> Mapping[str, Any]:
    """Return today's visits in their order."""
    found = list(queries.visits_of_day(view.actor, view.today, team=view.team)[: 4 * SHOWN])
    done = sum(one.state == VisitState.DONE for one in found)
    lines = found if not view.team else found[: 2 * SHOWN]
    return {"lines": lines[: 2 * SHOWN], "count": len(found), "done": done, "team": view.team}


def pipeline(view: Viewpoint) -> Mapping[str, Any]:
    """Return the open opportunities by stage, what was won this month, and the share of wins."""
    rows = queries.pipeline(view.actor, team=view.team)
    stages = queries.by_stage(rows)
    if stages is None:
        return {"slow": True, "board": opportunities(view.scope, [WORKING], layout="board")}
    first = view.today.replace(day=1)
    won, won_amount = queries.won_between(rows, first, add_months(first, 1) - dt.timedelta(days=1))
    most = max([*(one.amount for one in stages), won_amount]) or 1
    return {
        "lines": [
            (
                STAGES[one.stage],
                one.deals,
                in_wan(one.amount),
                int(one.amount * 100 // most),
                opportunities(view.scope, [["stage", "in", [str(one.stage)]]]),
            )
            for one in stages
        ],
        "won": (
            won,
            in_wan(won_amount),
            int(won_amount * 100 // most),
            opportunities(view.scope, [WON, ["closed_on", "after", str(first - dt.timedelta(days=1))]]),
        ),
        "count": sum(one.deals for one in stages),
        "sum": in_wan(sum((one.amount for one in stages), ZERO)),
        "weighted": in_wan(sum((one.weighted for one in stages), ZERO)),
        "rate": queries.win_rate(rows, since=view.today - dt.timedelta(days=90)),
        "board": f"{reverse('resource:list', args=['opportunities'])}?scope={view.scope}&layout=board",
        "team": view.team,
    }


def attention(view: Viewpoint) -> Mapping[str, Any]:
    """Return the opportunities that are late, lose their protection or stand still."""
    rows = queries.pipeline(view.actor, team=view.team)
    found = queries.needing_attention(rows, today=view.today, limit=ATTENTION)
    return {"lines": [(one, _reason(one, view.today)) for one in found], "team": view.team}


def _reason(one: Opportunity, today: dt.date) -> tuple[str, int]:
    """Return which of the signs it is, and its days."""
    if one.next_step_on is not None and one.next_step_on < today:
        return "late", (today - one.next_step_on).days
    if one.expected_on is not None and one.expected_on < today:
        return "signing", (today - one.expected_on).days
    until = one.protected_until
    if until is not None and is_protected(until, today=today):
        left = (until - today).days
        if left <= PROTECTION_ENDING_DAYS:
            return "ending", left
    return "still", (today - (one.stage_since or today)).days


def owners(view: Viewpoint) -> Mapping[str, Any] | None:
    """Return who works on how much; for heads who look at their units."""
    if not view.team:
        return None
    found = queries.by_owner(queries.pipeline(view.actor, team=True), limit=12)
    most = max((one.amount for one in found or ()), default=1) or 1
    lines = [
        (
            one,
            in_wan(one.amount),
            in_wan(one.weighted),
            int(one.amount * 100 // most),
            opportunities("all", [WORKING, ["owner", "in", [str(one.uid)]]]),
        )
        for one in found or ()
    ]
    return {"lines": lines, "slow": found is None}


SALES_CARDS = (
    HomeCard(
        "visits",
        _("Visits today"),
        "wide",
        "sales/_home_visits.html",
        visits,
        SEE_VISITS,
        doing="sales.visit:add",
    ),
    HomeCard(
        "pipeline",
        _("Pipeline"),
        "rail",
        "sales/_home_pipeline.html",
        pipeline,
        VIEW,
        later=True,
        doing=DOING,
    ),
    HomeCard(
        "attention",
        _("Opportunities to look after"),
        "middle",
        "sales/_home_attention.html",
        attention,
        VIEW,
        doing=DOING,
    ),
    HomeCard(
        "deals",
        _("Who works on how much"),
        "middle",
        "sales/_home_owners.html",
        owners,
        VIEW,
        later=True,
        doing=DOING,
    ),
)
