"""Opportunities are entered, registered, corrected, assigned, and put into the recycle bin."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jike.apps.customers.models import Customer
from jike.apps.organisation.models import Person
from jike.apps.organisation.queries import person_of
from jike.apps.sales.models import Opportunity
from jike.apps.sales.queries.records import colliding, locked_customer, next_opportunity_code
from jike.apps.sales.queries.stages import AMOUNTS, refuse_computed
from jike.apps.sales.rules import CLOSED, KEEPING, PROTECTION_DAYS, Stage, is_protected
from jike.foundation.audit import changing, creating
from jike.foundation.entering import only_known
from jike.foundation.errors import Invalid, RuleBroken
from jike.foundation.scope import Actor, require

__all__ = ["CHANGEABLE", "add_opportunity", "assign_opportunity", "change_opportunity", "register"]

CHANGEABLE = frozenset(
    {
        *("name", "deal_kind", "family", "source", "needs", "competitor", "monthly_amount", "one_off_amount"),
        *("term_months", "probability", "expected_on", "next_step", "next_step_on"),
    }
)


@transaction.atomic
def add_opportunity(
    *,
    actor: Actor,
    customer: Customer,
    name: str,
    owner: Person | None = None,
    on: dt.date | None = None,
    code: str = "",
    **details: Any,
) -> Opportunity:
    """Add an opportunity with ``customer`` and register it, where its product family is named.

    It belongs to ``owner`` (the actor, or else the customer's account manager) and lies in their unit. A colleague's
    protected opportunity of the same customer and family refuses it; renewals and retention are not registered.
    """
    only_known(details, CHANGEABLE)
    require(actor, "view", customer)
    place = locked_customer(customer)
    person = owner or person_of(actor) or place.owner
    if person is None or not person.standing:
        raise Invalid({"owner": [_("Say who works on the opportunity.")]})
    today = on or timezone.localdate()
    known = {
        name: Decimal(0) if name in AMOUNTS and value is None else value for name, value in details.items()
    }
    opportunity = Opportunity(
        code=code or next_opportunity_code(),
        name=name,
        customer=place,
        owner=person,
        unit=person.unit,
        opened_on=today,
        stage_since=today,
        **known,
    )
    if opportunity.family and opportunity.deal_kind not in KEEPING:
        _protect(opportunity, on=today)
    return creating(opportunity, actor=actor)


@transaction.atomic
def register(opportunity: Opportunity, *, actor: Actor, on: dt.date | None = None) -> Opportunity:
    """Register the opportunity for its product family: nobody else may for the time of its protection."""
    locked_customer(opportunity.customer)
    with changing(opportunity, actor=actor, verb="register"):
        _require_open(opportunity)
        if not opportunity.family:
            raise Invalid({"family": [_("Name the product family first: it is what is protected.")]})
        _protect(opportunity, on=on or timezone.localdate())
    return opportunity


@transaction.atomic
def change_opportunity(
    opportunity: Opportunity, *, actor: Actor, version: int | None = None, **details: Any
) -> Opportunity:
    """Correct or complete an open opportunity; an owner named beside is assigned by that right.

    Amounts follow from its products once it has some. Another family is registered anew, or refused.
    """
    only_known(details, CHANGEABLE | {"owner", "customer"})
    owner, customer = details.pop("owner", None), details.pop("customer", None)
    if customer is not None and customer.pk != opportunity.customer_id:
        raise Invalid({"customer": [_("An opportunity stays with its customer; add another one instead.")]})
    if owner is not None and owner.pk != opportunity.owner_id:
        assign_opportunity(opportunity, actor=actor, owner=owner, version=version)
        version = None
    if not details:
        return opportunity
    if "family" in details:
        locked_customer(opportunity.customer)
    with changing(opportunity, actor=actor, version=version):
        _require_open(opportunity)
        former = opportunity.family
        refuse_computed(opportunity, details)
        for name, value in details.items():
            setattr(opportunity, name, Decimal(0) if name in AMOUNTS and value is None else value)
        if opportunity.family != former:
            _register_anew(opportunity)
    return opportunity


@transaction.atomic
def assign_opportunity(
    opportunity: Opportunity, *, actor: Actor, owner: Person, version: int | None = None
) -> Opportunity:
    """Give the opportunity to ``owner``, with its registration."""
    if not owner.standing:
        raise RuleBroken(_("%(name)s can no longer sign in; choose somebody else.") % {"name": owner.name})
    with changing(opportunity, actor=actor, verb="assign", version=version):
        opportunity.owner, opportunity.unit = owner, owner.unit
    return opportunity


def _protect(opportunity: Opportunity, *, on: dt.date) -> None:
    """Set the registration, or refuse it and say who was first. The customer is locked by the caller."""
    first = colliding(opportunity, on=on).first()
    if first is not None:
        sentence = _("%(owner)s has registered business of this kind with this customer until %(until)s.")
        words = {"owner": first.owner.name, "until": first.protected_until}
        raise Invalid({"family": [sentence % words]})
    opportunity.registered_on = on
    opportunity.protected_until = on + dt.timedelta(days=PROTECTION_DAYS)


def _register_anew(opportunity: Opportunity) -> None:
    protected = is_protected(opportunity.protected_until, today=timezone.localdate())
    opportunity.registered_on = opportunity.protected_until = None
    never = opportunity.deal_kind in KEEPING and not protected
    if opportunity.family and not never:
        _protect(opportunity, on=timezone.localdate())


def _require_open(opportunity: Opportunity) -> None:
    if Stage(opportunity.stage) in CLOSED:
        raise RuleBroken(_("This opportunity is closed; what was decided stays as it is."))
