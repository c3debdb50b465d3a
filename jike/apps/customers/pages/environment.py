"""How rivals' lines and needs look on screen, declared; and the tab of a customer that shows both."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from jike.apps.customers import actions, queries
from jike.apps.customers.models import Customer, Need, RivalLine
from jike.foundation.directory import address_of
from jike.foundation.errors import NotFound
from jike.foundation.models import RecordKey
from jike.foundation.resource import Panel, Resource, Section
from jike.foundation.resource.presenting import in_wan
from jike.foundation.scope import Actor, fetch_key, may

__all__ = ["ENVIRONMENT", "NEEDS", "RIVAL_LINES"]

VIEW, SEE_NEEDS = "customers.rivalline:view", "customers.need:view"
SHOWN = 100


def answered(row: RivalLine | Need, actor: Actor) -> Mapping[str, Any] | None:
    """Return the record with which it was answered, as far as the reader may see it."""
    if row.answer_uid is None:
        return None
    key = RecordKey(row.answer_kind, row.answer_uid)
    try:
        found = fetch_key(key, actor)
    except NotFound:
        return {"record": None, "address": ""}
    return {"record": found, "address": address_of(key)}


def environment(customer: Customer, actor: Actor) -> Mapping[str, Any] | None:
    """Return rivals' lines with our share beside them, and the customer's needs."""
    sees_lines, sees_needs = actor.holds(VIEW), actor.holds(SEE_NEEDS)
    if not sees_lines and not sees_needs:
        return None
    lines = queries.rival_lines_of(customer, actor)[:SHOWN] if sees_lines else []
    needs = queries.open_needs_of(customer, actor)[:SHOWN] if sees_needs else []
    changes = may(actor, "change", customer)
    return {
        "lines": [(one, in_wan(one.monthly_price) if one.monthly_price else "") for one in lines],
        "needs": [(one, in_wan(one.budget) if one.budget else "") for one in needs],
        "share": queries.our_share(customer, actor) if sees_lines else None,
        "may_add_line": changes and actor.holds("customers.rivalline:add"),
        "may_add_need": changes and actor.holds("customers.need:add"),
        "sees_lines": sees_lines,
        "sees_needs": sees_needs,
    }


def count(customer: Customer, actor: Actor) -> int:
    """Return how much the tab tells of."""
    return queries.count_environment(customer, actor) if actor.holds(VIEW) and actor.holds(SEE_NEEDS) else 0


ENVIRONMENT = Panel(
    "environment", _("Competition and needs"), "customers/_environment.html", environment, "tab", count
)
ANSWER = Panel("answer", _("Answered by"), "customers/_answer.html", answered, "head")

RIVAL_LINES = Resource(
    model=RivalLine,
    slug="rival-lines",
    icon="swords",
    columns=(
        *("site", "customer", "operator", "family", "bandwidth_mbps", "quantity", "monthly_price"),
        *("ends_on", "confidence"),
    ),
    more_columns=("source", "heard_on", "customer__owner", "customer__unit", "customer__region", "remarks"),
    looks={"customer__region": "region"},
    sorts=("ends_on", "-monthly_price"),
    form=(
        Section(
            _("Basics"), ("customer", "site", "operator", "family", "quantity", "monthly_price", "ends_on")
        ),
        Section(_("Further"), ("bandwidth_mbps", "source", "confidence", "heard_on", "remarks")),
    ),
    inline=("operator", "bandwidth_mbps", "quantity", "monthly_price", "ends_on", "confidence"),
    actions={
        "add": actions.add_rival_line,
        "change": actions.change_rival_line,
        "remove": actions.remove_environment,
        "restore": actions.restore_environment,
    },
    panels=(ANSWER,),
    dates="ends_on",
    key=("customer", "site", "operator"),
    totals=("monthly_price",),
)

NEEDS = Resource(
    model=Need,
    slug="needs",
    icon="bulb",
    columns=("name", "customer", "family", "budget", "wanted_on", "state", "heard_on"),
    more_columns=("details", "drop_reason", "customer__owner", "customer__unit", "customer__region"),
    looks={"state": "state", "customer__region": "region"},
    sorts=("wanted_on", "-budget"),
    form=(
        Section(_("Basics"), ("name", "customer", "family", "budget", "wanted_on")),
        Section(_("Further"), ("heard_on", "details")),
    ),
    inline=("name", "budget", "wanted_on", "details"),
    actions={
        "add": actions.add_need,
        "change": actions.change_need,
        "change_state": actions.change_need_state,
        "next_states": queries.next_need_states,
        "remove": actions.remove_environment,
        "restore": actions.restore_environment,
    },
    panels=(ANSWER,),
    states="state",
    dates="wanted_on",
    key=("customer", "name"),
    totals=("budget",),
)
