"""The delivery manager's card on the home page: steps overdue, failed, under way and due soon."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from jike.apps.ordering import queries
from jike.foundation.pages.home import HomeCard, Viewpoint

__all__ = ["ORDERING_CARDS"]

SHOWN = 8
GOING_ON = ["state", "in", ["ready", "running", "failed"]]
SPANS: Mapping[str, list[list[Any]]] = {
    "overdue": [GOING_ON, ["due_on", "before", "0d"]],
    "today": [GOING_ON, ["due_on", "on", "0d"]],
    "failed": [["state", "in", ["failed"]]],
}


def steps(view: Viewpoint) -> Mapping[str, Any]:
    """Return the steps that can be worked on, the most urgent first, and how many of each kind there are."""
    rows = queries.open_steps(view.actor, team=view.team)
    counts = queries.step_counts(rows, today=view.today)
    due = queries.most_urgent(rows, limit=SHOWN)
    return {
        "counts": {name: (count, _list(view, SPANS[name])) for name, count in counts.items()},
        "steps": [(one, (view.today - one.due_on).days if one.due_on else 0) for one in due],
        "all": _list(view, [GOING_ON], layout="board"),
        "team": view.team,
    }


def late_orders(view: Viewpoint) -> Mapping[str, Any] | None:
    """Return the orders that are beyond their promise or held up."""
    found = queries.late_orders(view.actor, team=view.team, today=view.today, limit=SHOWN)
    where = json.dumps([["state", "in", ["running", "held"]]], separators=(",", ":"))
    told = urlencode({"scope": view.scope, "where": where, "sort": "promised_on"})
    return {
        "orders": [(one, (view.today - one.promised_on).days if one.promised_on else 0) for one in found],
        "all": f"{reverse('resource:list', args=['orders'])}?{told}",
    }


def _list(view: Viewpoint, where: list[list[Any]], **further: str) -> str:
    told = {"scope": view.scope, "where": json.dumps(where, separators=(",", ":")), **further}
    return f"{reverse('resource:list', args=['service-tasks'])}?{urlencode(told)}"


ORDERING_CARDS = (
    HomeCard(
        "steps_due",
        _("Steps of orders"),
        "wide",
        "ordering/_home_steps.html",
        steps,
        "ordering.servicetask:view",
        doing="ordering.servicetask:change_state",
    ),
    HomeCard(
        "late_orders",
        _("Orders late or held up"),
        "middle",
        "ordering/_home_late.html",
        late_orders,
        "ordering.productorder:add",
    ),
)
