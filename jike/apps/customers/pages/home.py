"""The customers' cards on the home page: what needs attention now, each figure a link to the list behind it."""

import datetime as dt
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from jike.apps.customers.models import Customer
from jike.apps.customers.models.environment_labels import OPERATORS
from jike.apps.customers.models.labels import GAPS
from jike.apps.customers.pages.people import GRAVE
from jike.apps.customers.queries import portfolio as known
from jike.apps.customers.queries.coverage import count_gaps
from jike.apps.customers.queries.environment import ending_lines
from jike.apps.customers.queries.member_lists import bundles_bound
from jike.apps.customers.rules import until_of
from jike.foundation.pages.home import HomeCard, Viewpoint
from jike.foundation.resource.attributes import attribute_of
from jike.foundation.resource.listing import count_up_to
from jike.foundation.resource.presenting import in_wan, shown

__all__ = ["BEGIN", "CUSTOMER_CARDS"]

SHOWN = 6
LOADS_SHOWN = 12
VIEW, SEE_PEOPLE = "customers.customer:view", "customers.keyperson:see_personal"
SEE_GAPS = "customers.keyperson:view"
SEE_RIVALS = "customers.rivalline:view"
DOING = "customers.customer:change"
RIVAL_MONTHS, BUNDLE_DAYS, ENDING_SHOWN = 3, 90, 4
HEALTH: Mapping[str, list[list[Any]]] = {
    "danger": [["health", "lt", 60]],
    "watch": [["health", "between", [60, 79]]],
    "sound": [["health", "gte", 80]],
}
STEPS: Mapping[str, list[list[Any]]] = {
    "overdue": [["next_step_on", "before", "0d"]],
    "today": [["next_step_on", "on", "0d"]],
    "week": [["next_step_on", "between", ["1d", "6d"]]],
}
GOING_ON = ["state", "not_in", ["lost", "archived"]]


def begin(view: Viewpoint) -> Mapping[str, Any] | None:
    """Return nothing but the card's presence: for those who may add customers and have none yet."""
    return None if view.team or known.portfolio(view.actor, team=False).exists() else {}


def health(view: Viewpoint) -> Mapping[str, Any]:
    """Return how many customers are healthy, to be watched and at risk, and the worst of them."""
    rows = known.portfolio(view.actor, team=view.team)
    look = attribute_of(Customer, "health", "health")
    worst = known.at_risk(rows, limit=SHOWN)
    return {
        "counts": {
            band: (_figure(found), _list(view, where, sort="health"))
            for (band, found), where in zip(known.by_health(rows).items(), HEALTH.values(), strict=True)
        },
        "worst": [(one, shown(look, one.health)) for one in worst],
        "team": view.team,
    }


def steps(view: Viewpoint) -> Mapping[str, Any]:
    """Return the next steps that are due, and how many there are."""
    rows = known.portfolio(view.actor, team=view.team)
    counts = known.step_counts(rows, today=view.today)
    due = known.due_steps(rows, until=view.today + dt.timedelta(days=6), limit=SHOWN + 2)
    return {
        "counts": {
            name: (_figure(found), _list(view, [*STEPS[name], GOING_ON], sort="next_step_on"))
            for name, found in counts.items()
        },
        "due": [(one, (view.today - one.next_step_on).days) for one in due if one.next_step_on],
        "calendar": _list(view, [], layout="calendar"),
        "team": view.team,
    }


def arrears(view: Viewpoint) -> Mapping[str, Any]:
    """Return who owes most."""
    rows = known.portfolio(view.actor, team=view.team)
    owing = known.in_arrears(rows, limit=SHOWN)
    return {
        "owing": [(one, in_wan(one.arrears)) for one in owing],
        "all": _list(view, [["arrears", "gt", 0]], sort="-arrears"),
    }


def birthdays(view: Viewpoint) -> Mapping[str, Any] | None:
    """Return the birthdays of key persons within a week; only those whose birthday one may read."""
    if view.team:
        return None
    return {
        "people": known.birthdays(view.actor, today=view.today),
        "memorials": known.memorial_days(view.actor, today=view.today),
    }


def gaps(view: Viewpoint) -> Mapping[str, Any]:
    """Return how many customers have each gap in coverage, the gravest first."""
    found = count_gaps(known.portfolio(view.actor, team=view.team))
    return {
        "gaps": [
            (GAPS[gap], _figure(told), _list(view, [["coverage_gaps", "in", [str(gap)]]]), gap in GRAVE)
            for gap, told in found.items()
        ]
    }


def month(view: Viewpoint) -> Mapping[str, Any]:
    """Return the revenue of the last month against the one before."""
    found = known.revenue_of_two_months(known.portfolio(view.actor, team=view.team))
    link = _list(view, [["monthly_revenue", "gt", 0]], sort="-monthly_revenue")
    if found is None:
        return {"slow": True, "all": link}
    last, before = found
    return {
        "last": in_wan(last),
        "before": in_wan(before),
        "percent": f"{(last - before) / before * 100:+.1f}%".replace("-", "\N{MINUS SIGN}") if before else "",
        "less": last < before,
        "nothing": not last and not before,
        "share": int(last / better * 100) if (better := max(last, before)) > 0 else 0,
        "all": link,
    }


def openings(view: Viewpoint) -> Mapping[str, Any] | None:
    """Return the rival contracts that end within three months, and the members' bundles; nothing without any."""
    mine, shown_as = not view.team, "all" if view.team else "me"
    until = view.today + dt.timedelta(days=BUNDLE_DAYS)
    rivals = ending_lines(
        view.actor, mine=mine, since=view.today, until=until_of(RIVAL_MONTHS, today=view.today)
    )
    contracts = count_up_to(rivals)
    members = count_up_to(bundles_bound(view.actor, mine=mine, since=view.today, until=until))
    if not contracts[0] and not members[0]:
        return None
    soon = rivals.select_related("customer").order_by("ends_on", "id")[:ENDING_SHOWN]
    return {
        "rivals": _figure(contracts),
        "lines": [(one, OPERATORS.get(one.operator, "")) for one in soon],
        "board": f"{reverse('customers:rivals_ending')}?view={shown_as}&months={RIVAL_MONTHS}",
        "members": _figure(members),
        "bundles": f"{reverse('customers:bundles_ending')}?view={shown_as}&days={BUNDLE_DAYS}",
    }


def load(view: Viewpoint) -> Mapping[str, Any] | None:
    """Return who looks after how many customers; for heads who look at their units."""
    if not view.team:
        return None
    found = known.loads(known.portfolio(view.actor, team=True), limit=LOADS_SHOWN)
    most = max((one.customers for one in found or ()), default=1)
    lines = [
        (one, _owned(view, one), in_wan(one.revenue), one.customers * 100 // most) for one in found or ()
    ]
    return {"slow": found is None, "lines": lines}


def _owned(view: Viewpoint, one: known.Load) -> str:
    owner = ["owner", "in", [str(one.uid)]] if one.uid else ["owner", "empty"]
    return _list(view, [owner, GOING_ON])


def _figure(found: tuple[int, bool]) -> str:
    count, complete = found
    return f"{count:,}" if complete else f"{count:,}+"


def _list(view: Viewpoint, where: list[list[Any]], **further: str) -> str:
    """Return the address of the list behind a figure."""
    told = {"scope": view.scope, **further}
    if where:
        told["where"] = json.dumps(where, separators=(",", ":"))
    return f"{reverse('resource:list', args=['customers'])}?{urlencode(told)}"


BEGIN = HomeCard(
    "begin", _("Begin here"), "wide", "customers/_home_begin.html", begin, "customers.customer:add"
)
CUSTOMER_CARDS = (
    HomeCard("steps", _("Next steps"), "wide", "customers/_home_steps.html", steps, VIEW, doing=DOING),
    HomeCard(
        "health", _("Customers by health"), "wide", "customers/_home_health.html", health, VIEW, doing=DOING
    ),
    HomeCard(
        "load",
        _("Who looks after how many"),
        "middle",
        "customers/_home_load.html",
        load,
        VIEW,
        later=True,
        doing=DOING,
    ),
    HomeCard("arrears", _("Arrears"), "middle", "customers/_home_arrears.html", arrears, VIEW, doing=DOING),
    HomeCard(
        "month",
        _("Revenue of the month"),
        "rail",
        "customers/_home_month.html",
        month,
        VIEW,
        later=True,
        doing=DOING,
    ),
    HomeCard(
        "gaps",
        _("Gaps in coverage"),
        "rail",
        "customers/_home_gaps.html",
        gaps,
        SEE_GAPS,
        later=True,
        doing=DOING,
    ),
    HomeCard(
        "openings",
        _("Openings of three months"),
        "middle",
        "customers/_home_openings.html",
        openings,
        SEE_RIVALS,
        later=True,
        doing=DOING,
    ),
    HomeCard(
        "birthdays",
        _("Birthdays this week"),
        "rail",
        "customers/_home_birthdays.html",
        birthdays,
        SEE_PEOPLE,
        doing=DOING,
    ),
)
