"""Leads are entered, claimed from the public pool and given back, qualified, converted or dropped."""

import datetime as dt
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jike.apps.customers.actions import add_customer
from jike.apps.customers.models import Customer
from jike.apps.organisation.models import Person, Unit
from jike.apps.organisation.queries import person_of
from jike.apps.sales.actions.opportunities import add_opportunity
from jike.apps.sales.models import Lead
from jike.apps.sales.models.labels import LEAD_STATES
from jike.apps.sales.queries.records import next_lead_code
from jike.apps.sales.rules import LEAD_NEXT, LEAD_OPEN, LeadState, lead_may_follow, may_claim, may_convert
from jike.foundation.audit import changing, creating
from jike.foundation.entering import only_known
from jike.foundation.errors import Invalid, RuleBroken
from jike.foundation.scope import Actor, require

__all__ = [
    "CHANGEABLE",
    "add_lead",
    "assign_lead",
    "change_lead",
    "change_lead_state",
    "claim_lead",
    "convert_lead",
    "release_lead",
]

CHANGEABLE = frozenset(
    {
        *("name", "contact_name", "job_title", "phone", "region", "source", "found_on", "family", "needs"),
        *("expected_amount", "customer"),
    }
)


FEN = Decimal("0.01")


@transaction.atomic
def add_lead(
    *,
    actor: Actor,
    name: str,
    unit: Unit | None = None,
    owner: Person | None = None,
    code: str = "",
    **details: Any,
) -> Lead:
    """Add a lead; without an owner it lies in the public pool of ``unit`` (the actor's own, unless named)."""
    only_known(details, CHANGEABLE)
    me = person_of(actor)
    place = owner.unit if owner is not None else unit or (me.unit if me is not None else None)
    if place is None:
        raise Invalid({"unit": [_("Say in which unit's public pool it lies.")]})
    details["expected_amount"] = details.get("expected_amount") or Decimal(0)
    details["found_on"] = details.get("found_on") or timezone.localdate()
    lead = Lead(name=name, unit=place, owner=owner, code=code or next_lead_code(), **details)
    return creating(lead, actor=actor)


@transaction.atomic
def change_lead(lead: Lead, *, actor: Actor, version: int | None = None, **details: Any) -> Lead:
    """Correct or complete an open lead; an owner or a unit named beside is assigned by that right."""
    only_known(details, CHANGEABLE | {"owner", "unit"})
    owner, _unit = details.pop("owner", None), details.pop("unit", None)
    if owner is not None and owner.pk != lead.owner_id:
        assign_lead(lead, actor=actor, owner=owner, version=version)
        version = None
    with changing(lead, actor=actor, version=version):
        _require_open(lead)
        for name, value in details.items():
            setattr(lead, name, value)
    return lead


@transaction.atomic
def claim_lead(lead: Lead, *, actor: Actor, at: dt.datetime | None = None) -> Lead:
    """Take the lead out of the public pool; of two who claim at once the database lets one."""
    person = person_of(actor)
    if person is None:
        raise RuleBroken(_("Only people claim leads."))
    with changing(lead, actor=actor, verb="claim"):
        if not may_claim(LeadState(lead.state), owned=lead.owner_id is not None):
            sentence = _("“%(name)s” is no longer in the public pool.")
            raise RuleBroken(sentence % {"name": lead.name})
        lead.owner, lead.claimed_at = person, at or timezone.now()
    return lead


@transaction.atomic
def release_lead(lead: Lead, *, actor: Actor) -> Lead:
    """Give the lead back to the public pool of its unit."""
    require(actor, "release", lead)
    with changing(lead, actor=actor, verb="release", permit="claim"):
        _require_open(lead)
        lead.owner, lead.claimed_at = None, None
    return lead


@transaction.atomic
def assign_lead(lead: Lead, *, actor: Actor, owner: Person, version: int | None = None) -> Lead:
    """Give the lead to ``owner``."""
    if not owner.standing:
        raise RuleBroken(_("%(name)s can no longer sign in; choose somebody else.") % {"name": owner.name})
    with changing(lead, actor=actor, verb="assign", version=version):
        _require_open(lead)
        lead.owner, lead.claimed_at = owner, timezone.now()
    return lead


@transaction.atomic
def change_lead_state(
    lead: Lead,
    *,
    actor: Actor,
    state: str,
    version: int | None = None,
    drop_reason: str = "",
    needs: str = "",
) -> Lead:
    """Follow the lead up, qualify it, drop it for a reason, or take it up again; converting is an act of its own."""
    try:
        then = LeadState(state)
    except ValueError as error:
        raise Invalid({"state": [_("Choose one of the states.")]}) from error
    with changing(lead, actor=actor, verb="change_state", version=version):
        _require_order(lead, then)
        if then is LeadState.CONVERTED:
            raise RuleBroken(_("Use “Convert”: it makes the customer or the opportunity."))
        lead.needs = needs or lead.needs
        if then is LeadState.QUALIFIED and not lead.needs:
            raise Invalid({"needs": [_("Say what they need: that is what qualifies a lead.")]})
        if then is LeadState.DROPPED and not drop_reason.strip():
            raise Invalid({"drop_reason": [_("Say why the lead is dropped.")]})
        lead.state, lead.drop_reason = then.value, drop_reason if then is LeadState.DROPPED else ""
    return lead


@transaction.atomic
def convert_lead(
    lead: Lead,
    *,
    actor: Actor,
    customer: Customer | None = None,
    opportunity: str = "",
    on: dt.date | None = None,
) -> Lead:
    """Turn a qualified lead into a potential customer, unless ``customer`` is one, and an opportunity so named.

    What the lead was expected to bring in a year becomes the opportunity's amount a month.
    """
    with changing(lead, actor=actor, verb="convert"):
        if not may_convert(LeadState(lead.state), owned=lead.owner_id is not None):
            raise RuleBroken(_("Only a qualified lead that belongs to somebody is converted."))
        found = customer or lead.customer or _new_customer(lead, actor=actor)
        lead.customer = found
        if opportunity.strip():
            lead.opportunity = add_opportunity(
                actor=actor,
                customer=found,
                name=opportunity,
                owner=lead.owner,
                on=on,
                family=lead.family,
                needs=lead.needs,
                source=lead.source,
                monthly_amount=(lead.expected_amount / 12).quantize(FEN, ROUND_HALF_UP),
            )
        lead.state = LeadState.CONVERTED.value
    return lead


def _new_customer(lead: Lead, *, actor: Actor) -> Customer:
    known = {"phone": lead.phone, "region": lead.region, "needs": lead.needs}
    given = {name: value for name, value in known.items() if value}
    return add_customer(actor=actor, name=lead.name, unit=lead.unit, owner=lead.owner, **given)


def _require_order(lead: Lead, then: LeadState) -> None:
    now = LeadState(lead.state)
    if lead_may_follow(now, then):
        return
    possible = _(", ").join(str(LEAD_STATES[state]) for state in LeadState if state in LEAD_NEXT[now])
    sentence = _("From “%(now)s” a lead cannot become “%(then)s”; possible are: %(possible)s.")
    words = {"now": LEAD_STATES[now], "then": LEAD_STATES[then], "possible": possible or "…"}
    raise RuleBroken(sentence % words)


def _require_open(lead: Lead) -> None:
    if LeadState(lead.state) not in LEAD_OPEN:
        raise RuleBroken(_("This lead is closed; what was decided stays as it is."))
