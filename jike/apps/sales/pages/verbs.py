"""Acts upon leads, opportunities and visits that ask for something first, each in a small dialog."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _

from jike.apps.customers.models import Customer
from jike.apps.sales import actions, queries
from jike.apps.sales.models import Lead, Opportunity, Visit
from jike.apps.sales.models.labels import STAGES
from jike.apps.sales.pages.forms import ConversionForm
from jike.apps.sales.rules import OPEN, Stage
from jike.foundation.errors import Invalid, RuleBroken
from jike.foundation.pages.entry import PageRequest, page
from jike.foundation.pages.resources.dialogs import ask
from jike.foundation.resource.attributes import attribute_of
from jike.foundation.resource.editing import RecordForm
from jike.foundation.scope import fetch

__all__ = [
    "add_opportunity",
    "advance",
    "cancel_visit",
    "claim_lead",
    "convert_lead",
    "plan_visit",
    "register",
    "release_lead",
]


@page("GET", "POST", permission="sales.opportunity:change_stage")
def advance(request: PageRequest, uid: UUID) -> HttpResponse:
    """Move the opportunity to the next stage, asking for what that stage needs."""
    deal = fetch(Opportunity, uid, request.actor, action="change_stage")
    ahead = [one for one in queries.next_stages(deal) if one.stage in OPEN and _is_ahead(deal, one)]
    following = ahead[0] if ahead else next(iter(queries.next_stages(deal)), None)
    if following is None:
        raise RuleBroken(_("This opportunity is closed; what was decided stays as it is."))
    asked = [*_amounts(deal, following), *following.asked] or ["next_step", "next_step_on"]

    def act(given: dict[str, Any]) -> str:
        actions.change_stage(deal, actor=request.actor, stage=following.stage, **given)
        return _("“%(name)s” is now: %(state)s.") % {"name": deal, "state": STAGES[following.stage]}

    names = [name for name in dict.fromkeys(asked) if name in actions.STAGE_FIELDS]
    form = _form(request, Opportunity, *names, **{name: getattr(deal, name) or None for name in names})
    title = _("To “%(stage)s”") % {"stage": STAGES[following.stage]}
    return ask(request, deal, form, title=title, act=act)


def _amounts(deal: Opportunity, following: queries.NextStage) -> list[str]:
    """Return the amounts to look at again before an offer is made, unless products add up to them."""
    offering = following.stage is Stage.NEGOTIATION and not queries.lines_of(deal)
    return ["monthly_amount", "one_off_amount"] if offering else []


def _is_ahead(deal: Opportunity, one: queries.NextStage) -> bool:
    return deal.stage in OPEN and OPEN.index(one.stage) > [str(stage) for stage in OPEN].index(deal.stage)


@page("GET", "POST", permission="sales.opportunity:register")
def register(request: PageRequest, uid: UUID) -> HttpResponse:
    """Register the opportunity for its product family."""
    deal = fetch(Opportunity, uid, request.actor, action="register", related=("customer",))

    def act(given: dict[str, Any]) -> str:
        actions.register(deal, actor=request.actor)
        return _("“%(name)s” is protected until %(until)s.") % {"name": deal, "until": deal.protected_until}

    return ask(request, deal, _form(request, Opportunity), title=_("Register"), act=act)


@page("GET", "POST", permission="sales.opportunity:add")
def add_opportunity(request: PageRequest, uid: UUID) -> HttpResponse:
    """Add an opportunity with a customer: the least that there is to say."""
    customer = fetch(Customer, uid, request.actor)
    names = ("name", "family", "expected_on", "monthly_amount", "needs")

    def act(given: dict[str, Any]) -> str:
        deal = actions.add_opportunity(actor=request.actor, customer=customer, **given)
        return _("“%(name)s” is added.") % {"name": deal}

    form = _form(request, Opportunity, *names)
    return ask(request, customer, form, title=_("Add an opportunity"), act=act)


@page("GET", "POST", permission="sales.visit:add")
def plan_visit(request: PageRequest, uid: UUID) -> HttpResponse:
    """Plan a visit to a customer."""
    customer = fetch(Customer, uid, request.actor)

    def act(given: dict[str, Any]) -> str:
        visit = actions.plan_visit(actor=request.actor, customer=customer, **given)
        return _("The visit “%(name)s” is planned.") % {"name": visit}

    form = _form(request, Visit, "purpose", "planned_at")
    return ask(request, customer, form, title=_("Plan a visit"), act=act)


@page("GET", "POST", permission="sales.visit:cancel")
def cancel_visit(request: PageRequest, uid: UUID) -> HttpResponse:
    """Ask why, and cancel the visit."""
    visit = fetch(Visit, uid, request.actor, action="cancel")

    def act(given: dict[str, Any]) -> str:
        actions.cancel_visit(visit, actor=request.actor, reason=given["cancel_reason"])
        return _("The visit “%(name)s” is cancelled.") % {"name": visit}

    form = _form(request, Visit, "cancel_reason")
    return ask(request, visit, form, title=_("Cancel the visit"), act=act)


@page("GET", "POST", permission="sales.lead:claim")
def claim_lead(request: PageRequest, uid: UUID) -> HttpResponse:
    """Claim the lead from the public pool."""
    lead = fetch(Lead, uid, request.actor, action="claim")

    def act(given: dict[str, Any]) -> str:
        actions.claim_lead(lead, actor=request.actor)
        return _("“%(name)s” is yours.") % {"name": lead}

    return ask(request, lead, _form(request, Lead), title=_("Claim from the public pool"), act=act)


@page("GET", "POST", permission="sales.lead:release")
def release_lead(request: PageRequest, uid: UUID) -> HttpResponse:
    """Give the lead back to the public pool."""
    lead = fetch(Lead, uid, request.actor, action="release")

    def act(given: dict[str, Any]) -> str:
        actions.release_lead(lead, actor=request.actor)
        return _("“%(name)s” lies in the public pool again.") % {"name": lead}

    return ask(request, lead, _form(request, Lead), title=_("Give back to the public pool"), act=act)


@page("GET", "POST", permission="sales.lead:convert")
def convert_lead(request: PageRequest, uid: UUID) -> HttpResponse:
    """Ask which customer the lead becomes and what the opportunity is called, and convert it."""
    lead = fetch(Lead, uid, request.actor, action="convert", related=("customer", "owner", "unit"))
    form = ConversionForm(request.actor, lead, data=request.POST if request.method == "POST" else None)

    def act(given: dict[str, Any]) -> str:
        try:
            actions.convert_lead(
                lead, actor=request.actor, customer=given["customer"], opportunity=given["opportunity"]
            )
        except Invalid as error:
            raise RuleBroken(" ".join(text for texts in error.fields.values() for text in texts)) from error
        return _("“%(name)s” is converted.") % {"name": lead}

    return ask(request, lead, form, title=_("Convert"), act=act)


def _form(request: PageRequest, model: Any, *names: str, **initial: Any) -> RecordForm:
    attributes = [attribute_of(model, name) for name in names]
    return RecordForm(
        attributes, request.actor, data=request.POST if request.method == "POST" else None, initial=initial
    )
