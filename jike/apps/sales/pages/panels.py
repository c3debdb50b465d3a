"""What pages of opportunities, leads and visits show beside their facts, and what sales add to a customer's page."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jike.apps.customers.models import Customer
from jike.apps.sales import actions, queries
from jike.apps.sales.models import Lead, Opportunity, OpportunityLine, Visit
from jike.apps.sales.models.labels import STAGES
from jike.apps.sales.rules import CLOSED, LEAD_OPEN, OPEN, LeadState, Stage, VisitState, is_protected
from jike.foundation.lines import Lines
from jike.foundation.resource import Contribution, Panel, Verb
from jike.foundation.resource.attributes import attribute_of
from jike.foundation.resource.presenting import in_wan
from jike.foundation.scope import Actor, may

__all__ = ["LEAD_PANELS", "OPPORTUNITY_PANELS", "SALES_ON_CUSTOMERS", "VISIT_PANELS"]

SHOWN = 6
VIEW, SEE_VISITS = "sales.opportunity:view", "sales.visit:view"


def stage_strip(opportunity: Opportunity, actor: Actor) -> Mapping[str, Any]:
    """Return the way through the stages, the key figures, and how long the registration protects."""
    now, today = Stage(opportunity.stage), timezone.localdate()
    place = OPEN.index(now) if now in OPEN else len(OPEN)
    since = opportunity.stage_since or opportunity.opened_on
    until = opportunity.protected_until
    following = next((one for one in queries.next_stages(opportunity) if one.stage in OPEN), None)
    return {
        "steps": [
            (STAGES[stage], "past" if number < place else "now" if stage is now else "")
            for number, stage in enumerate((*OPEN, Stage.WON))
        ],
        "lost": now is Stage.LOST,
        "won": now is Stage.WON,
        "days": (today - since).days if since and now in OPEN else None,
        "amount": in_wan(opportunity.amount),
        "monthly": in_wan(opportunity.monthly_amount),
        "once": in_wan(opportunity.one_off_amount),
        "protected": is_protected(until, today=today) and now in OPEN,
        "left": (until - today).days if until else 0,
        "following": _needed(opportunity, following),
    }


def _needed(opportunity: Opportunity, following: queries.NextStage | None) -> Mapping[str, Any] | None:
    if following is None or Stage(opportunity.stage) in CLOSED:
        return None
    labels = [attribute_of(Opportunity, name).label for name in following.asked]
    return {"stage": STAGES[following.stage], "labels": labels}


def visits_for(opportunity: Opportunity, actor: Actor) -> Mapping[str, Any] | None:
    """Return the latest visits for the opportunity."""
    if not actor.holds(SEE_VISITS):
        return None
    found = list(queries.visits_of_opportunity(opportunity, actor)[: SHOWN + 1])
    return {
        "visits": found[:SHOWN],
        "further": len(found) > SHOWN,
        "may_plan": actor.holds("sales.visit:add"),
    }


def product_rows(opportunity: Opportunity, actor: Actor) -> list[OpportunityLine]:
    """Return the products in their order."""
    return queries.lines_of(opportunity)


def list_price(name: str) -> Callable[[Mapping[str, Any]], Any]:
    """Return what an empty price means: that of the offering."""
    return lambda row: getattr(row.get("offering"), name, None)


def count_products(opportunity: Opportunity, actor: Actor) -> int:
    """Return how many products the opportunity has."""
    return len(queries.lines_of(opportunity)) if actor.holds("sales.opportunityline:view") else 0


def is_open_opportunity(opportunity: Opportunity) -> bool:
    """Whether the opportunity is still being worked on."""
    return Stage(opportunity.stage) in OPEN


def unprotected(opportunity: Opportunity) -> bool:
    """Whether the opportunity could be registered now."""
    protected = is_protected(opportunity.protected_until, today=timezone.localdate())
    return is_open_opportunity(opportunity) and bool(opportunity.family) and not protected


OPPORTUNITY_PANELS: tuple[Panel | Verb, ...] = (
    Verb(
        "change_stage", _("Advance"), "arrow-right", "sales:advance", primary=True, when=is_open_opportunity
    ),
    Verb("register", _("Register"), "shield-check", "sales:register", when=unprotected),
    Panel("stages", _("Stages"), "sales/_stages.html", stage_strip, "head"),
    Lines(
        "products",
        _("Products"),
        count=count_products,
        model=OpportunityLine,
        columns=(
            "offering",
            "quantity",
            "monthly_price",
            "one_off_price",
            "monthly_amount",
            "one_off_amount",
        ),
        rows=product_rows,
        store=actions.enter_lines,
        fill={name: list_price(name) for name in ("monthly_price", "one_off_price")},
        worked={"monthly_amount": (_("A month"), "money"), "one_off_amount": (_("Once"), "money")},
        totals=("monthly_amount", "one_off_amount"),
        start={"quantity": 1, "monthly_price": None, "one_off_price": None},
        when=is_open_opportunity,
    ),
    Panel("visits", _("Visits"), "sales/_visits.html", visits_for, "rail"),
)


def lead_strip(lead: Lead, actor: Actor) -> Mapping[str, Any]:
    """Return whether the lead lies in the public pool, and what it became."""
    return {
        "pooled": lead.owner_id is None and LeadState(lead.state) in LEAD_OPEN,
        "customer": lead.customer if lead.customer and may(actor, "view", lead.customer) else None,
        "opportunity": lead.opportunity
        if lead.opportunity and may(actor, "view", lead.opportunity)
        else None,
    }


def in_pool(lead: Lead) -> bool:
    """Whether the lead is anybody's to claim."""
    return lead.owner_id is None and LeadState(lead.state) in LEAD_OPEN


def owned_open(lead: Lead) -> bool:
    """Whether the lead is somebody's and open."""
    return lead.owner_id is not None and LeadState(lead.state) in LEAD_OPEN


def convertible(lead: Lead) -> bool:
    """Whether the lead may be converted."""
    return lead.owner_id is not None and lead.state == LeadState.QUALIFIED


LEAD_PANELS: tuple[Panel | Verb, ...] = (
    Verb("claim", _("Claim"), "user-check", "sales:claim_lead", primary=True, when=in_pool),
    Verb("convert", _("Convert"), "building", "sales:convert_lead", primary=True, when=convertible),
    Verb("release", _("Give back to the pool"), "world", "sales:release_lead", when=owned_open),
    Panel("strip", _("State"), "sales/_lead.html", lead_strip, "head"),
)


def visit_strip(visit: Visit, actor: Actor) -> Mapping[str, Any]:
    """Return where the visit was checked in to, whom it met and what came of it."""
    return {
        "met": queries.met_people(visit, actor),
        "found": [label for code, label in queries.family_labels() if code in visit.found],
        "task": visit.task if visit.task and may(actor, "view", visit.task) else None,
        "customer": visit.customer if may(actor, "view", visit.customer) else None,
    }


def unfinished(visit: Visit) -> bool:
    """Whether the visit has no minutes yet."""
    return visit.state in (VisitState.PLANNED, VisitState.CHECKED_IN)


VISIT_PANELS: tuple[Panel | Verb, ...] = (
    Verb("minute", _("Check in and minutes"), "map-pin", "sales:visit", primary=True, when=unfinished),
    Verb("cancel", _("Cancel the visit"), "x", "sales:cancel_visit", when=unfinished),
    Panel("minutes", _("Minutes"), "sales/_minutes.html", visit_strip, "head"),
)


def opportunities_with(customer: Customer, actor: Actor) -> Mapping[str, Any] | None:
    """Return the customer's opportunities with the open sum."""
    if not actor.holds(VIEW):
        return None
    found = list(queries.opportunities_of(customer, actor)[:100])
    working = [one for one in found if Stage(one.stage) in OPEN]
    return {
        "lines": [(one, in_wan(one.amount)) for one in sorted(found, key=lambda one: one not in working)],
        "sum": in_wan(sum((one.amount for one in working), Decimal(0))) if working else "",
        "count": len(working),
        "may_add": actor.holds("sales.opportunity:add"),
    }


def count_opportunities(customer: Customer, actor: Actor) -> int:
    """Return how many open opportunities of the customer the actor sees."""
    return queries.opportunities_of(customer, actor, only_open=True).count() if actor.holds(VIEW) else 0


def visits_to(customer: Customer, actor: Actor) -> Mapping[str, Any] | None:
    """Return the latest visits to the customer."""
    if not actor.holds(SEE_VISITS):
        return None
    found = list(queries.visits_of([customer], actor)[: SHOWN + 1])
    return {
        "visits": found[:SHOWN],
        "further": len(found) > SHOWN,
        "may_plan": actor.holds("sales.visit:add"),
    }


SALES_ON_CUSTOMERS = Contribution(
    "customers.customer",
    panels=(
        Panel(
            "opportunities",
            _("Opportunities"),
            "sales/_opportunities.html",
            opportunities_with,
            "tab",
            count_opportunities,
        ),
        Panel("visits", _("Visits"), "sales/_visits.html", visits_to, "rail"),
    ),
    verbs=(
        Verb("change", _("Plan a visit"), "map-pin", "sales:plan_visit", primary=True),
        Verb("change", _("Add an opportunity"), "target-arrow", "sales:add_opportunity"),
    ),
)
