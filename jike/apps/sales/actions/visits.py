"""Visits are planned, checked in to, minuted with the next step that came of them, or cancelled."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jike.apps.catalogue.rules import Family
from jike.apps.customers.actions import change_customer, change_key_person
from jike.apps.customers.models import Customer, KeyPerson
from jike.apps.organisation.models import Person
from jike.apps.organisation.queries import person_of
from jike.apps.sales.models import Opportunity, Visit
from jike.apps.sales.models.labels import VISIT_STATES
from jike.apps.sales.rules import CLOSED, Attitude, Stage, VisitState, visit_may_follow
from jike.apps.tasks.actions import add_task
from jike.apps.tasks.rules import Source
from jike.foundation.audit import changing, creating
from jike.foundation.entering import only_known
from jike.foundation.errors import Invalid, RuleBroken
from jike.foundation.scope import Actor, may, require, visible

__all__ = ["Minutes", "Spot", "cancel_visit", "change_visit", "check_in", "finish_visit", "plan_visit"]

CHANGEABLE = frozenset({"purpose", "planned_at", "opportunity"})
END_OF_DAY = dt.time(18)


@dataclass(frozen=True)
class Spot:
    """Where somebody checked in: degrees and metres as the telephone tells them, or words alone."""

    latitude: Decimal | None = None
    longitude: Decimal | None = None
    accuracy_m: int | None = None
    place: str = ""


@dataclass(frozen=True)
class Minutes:
    """What a visit brought; ``next_owner`` does the next step, the visitor unless named."""

    minutes: str
    next_step: str
    next_step_on: dt.date | None
    next_owner: Person | None = None
    met: Collection[UUID] = ()
    found: Collection[str] = ()
    needs: str = ""
    attitude: str = ""


@transaction.atomic
def plan_visit(
    *,
    actor: Actor,
    customer: Customer,
    purpose: str,
    planned_at: dt.datetime,
    owner: Person | None = None,
    opportunity: Opportunity | None = None,
) -> Visit:
    """Plan a visit of ``owner`` (the actor, or else the account manager) to ``customer``."""
    require(actor, "view", customer)
    person = owner or person_of(actor) or customer.owner
    if person is None or not person.standing:
        raise Invalid({"owner": [_("Say who visits.")]})
    _check_opportunity(customer, opportunity)
    visit = Visit(
        customer=customer,
        opportunity=opportunity,
        owner=person,
        unit=person.unit,
        purpose=purpose,
        planned_at=planned_at,
    )
    return creating(visit, actor=actor)


@transaction.atomic
def change_visit(visit: Visit, *, actor: Actor, version: int | None = None, **details: Any) -> Visit:
    """Correct a visit that is still to come."""
    only_known(details, CHANGEABLE | {"customer", "owner"})
    with changing(visit, actor=actor, version=version):
        if visit.state != VisitState.PLANNED:
            raise RuleBroken(_("Only a visit that is still to come can be planned anew."))
        for name, value in details.items():
            setattr(visit, name, value)
        if details.get("owner") is not None:
            visit.unit = visit.owner.unit
        _check_opportunity(visit.customer, visit.opportunity)
    return visit


@transaction.atomic
def check_in(visit: Visit, *, actor: Actor, spot: Spot, at: dt.datetime | None = None) -> Visit:
    """Check in on the spot; checking in again corrects the place, not the time."""
    with changing(visit, actor=actor, verb="check_in"):
        again = visit.state == VisitState.CHECKED_IN
        if not again:
            _require_order(visit, VisitState.CHECKED_IN)
            visit.state, visit.checked_in_at = VisitState.CHECKED_IN.value, at or timezone.now()
        if (spot.latitude is None) != (spot.longitude is None):
            raise Invalid({"place": [_("A place has a latitude and a longitude.")]})
        visit.latitude, visit.longitude = _rounded(spot.latitude), _rounded(spot.longitude)
        visit.accuracy_m, visit.place = spot.accuracy_m, spot.place
    return visit


@transaction.atomic
def finish_visit(
    visit: Visit,
    *,
    actor: Actor,
    minutes: Minutes,
    at: dt.datetime | None = None,
    version: int | None = None,
) -> Visit:
    """Write the minutes, which ends the visit; its next step becomes a task, and the customer's next step."""
    moment = at or timezone.now()
    with changing(visit, actor=actor, verb="minute", version=version):
        _require_order(visit, VisitState.DONE)
        _check_minutes(minutes, on=timezone.localdate(moment))
        people = _people_met(visit, minutes.met, actor)
        visit.state, visit.finished_at = VisitState.DONE.value, moment
        visit.minutes, visit.needs, visit.attitude = minutes.minutes, minutes.needs, minutes.attitude
        visit.met, visit.found = [one.uid for one in people], list(dict.fromkeys(minutes.found))
        visit.next_step, visit.next_step_on = minutes.next_step, minutes.next_step_on
        visit.task = _follow_up(visit, minutes, actor=actor)
    _pass_on(visit, people, actor=actor)
    return visit


@transaction.atomic
def cancel_visit(visit: Visit, *, actor: Actor, reason: str, version: int | None = None) -> Visit:
    """Cancel the visit for the reason given."""
    if not reason.strip():
        raise Invalid({"cancel_reason": [_("Say why the visit does not take place.")]})
    with changing(visit, actor=actor, verb="cancel", version=version):
        _require_order(visit, VisitState.CANCELLED)
        visit.state, visit.cancel_reason = VisitState.CANCELLED.value, reason
    return visit


def _require_order(visit: Visit, then: VisitState) -> None:
    if not visit_may_follow(VisitState(visit.state), then):
        sentence = _("This visit is already in the state “%(state)s”.")
        raise RuleBroken(sentence % {"state": VISIT_STATES[VisitState(visit.state)]})


def _check_opportunity(customer: Customer, opportunity: Opportunity | None) -> None:
    if opportunity is not None and opportunity.customer_id != customer.pk:
        raise Invalid({"opportunity": [_("This opportunity is another customer's.")]})


def _check_minutes(minutes: Minutes, *, on: dt.date) -> None:
    problems = {}
    if not minutes.minutes.strip():
        problems["minutes"] = [_("Say what was talked about.")]
    if not minutes.next_step.strip():
        problems["next_step"] = [_("Say what is the next step.")]
    if minutes.next_step_on is None:
        problems["next_step_on"] = [_("Say when the next step is due.")]
    elif minutes.next_step_on < on:
        problems["next_step_on"] = [_("The next step cannot lie before the visit.")]
    if not set(minutes.found) <= set(Family):
        problems["found"] = [_("Choose among those offered.")]
    if minutes.attitude and minutes.attitude not in set(Attitude):
        problems["attitude"] = [_("Choose among those offered.")]
    if problems:
        raise Invalid(problems)


def _people_met(visit: Visit, met: Collection[UUID], actor: Actor) -> list[KeyPerson]:
    """Return the key persons of the customer who were met; one of another customer is refused."""
    people = list(visible(KeyPerson, actor).filter(uid__in=set(met), customer_id=visit.customer_id))
    if len(people) < len(set(met)):
        raise Invalid({"met": [_("Choose people of this customer.")]})
    return people


def _follow_up(visit: Visit, minutes: Minutes, *, actor: Actor) -> Any:
    assert minutes.next_step_on is not None
    due = dt.datetime.combine(minutes.next_step_on, END_OF_DAY, timezone.get_default_timezone())
    return add_task(
        actor=actor,
        title=minutes.next_step,
        owner=minutes.next_owner or visit.owner,
        due_at=due,
        about=visit.opportunity or visit.customer,
        source=Source.VISIT,
    )


def _pass_on(visit: Visit, people: list[KeyPerson], *, actor: Actor) -> None:
    """Let customer, opportunity and people know of the visit, as far as the visitor may change them."""
    step = {"next_step": visit.next_step, "next_step_on": visit.next_step_on}
    if may(actor, "change", visit.customer):
        change_customer(visit.customer, actor=actor, **step)
    deal = visit.opportunity
    if deal is not None and Stage(deal.stage) not in CLOSED and may(actor, "change", deal):
        with changing(deal, actor=actor):
            deal.next_step, deal.next_step_on = visit.next_step, visit.next_step_on
    day = timezone.localdate(visit.finished_at)
    for person in people:
        later = person.spoken_on is None or person.spoken_on < day
        if later and may(actor, "change", person):
            change_key_person(person, actor=actor, spoken_on=day)


def _rounded(degrees: Decimal | None) -> Decimal | None:
    return None if degrees is None else round(degrees, 6)
