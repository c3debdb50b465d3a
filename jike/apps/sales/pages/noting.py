"""A visit that has just been, noted above a timeline: planned, minuted and done in one go, with its next step."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jike.apps.customers.models import Customer
from jike.apps.customers.pages.noting import present_in
from jike.apps.customers.rules.interactions import subject_of
from jike.apps.organisation.models import Person
from jike.apps.sales.actions import Minutes, finish_visit, plan_visit
from jike.apps.sales.models import Opportunity
from jike.foundation.errors import Invalid
from jike.foundation.models import Record
from jike.foundation.noting import Noted, Way
from jike.foundation.scope import Actor, fetch

__all__ = ["VISITED"]

ADD = "sales.visit:add"


def fits(record: Record, actor: Actor) -> bool:
    """Whether one may have visited whom the record names."""
    return isinstance(record, Customer | Opportunity) and actor.holds(ADD)


def take(record: Record, noted: Noted, *, actor: Actor) -> None:
    """Store a visit of this moment with what was said and what follows."""
    deal = record if isinstance(record, Opportunity) else None
    customer = record if isinstance(record, Customer) else deal.customer if deal is not None else None
    if customer is None:
        raise LookupError("a visit is noted on customers and opportunities")
    if not noted.words.strip():
        raise Invalid({"body": [_("Say what was talked about.")]})
    now, step = timezone.now(), noted.step
    visit = plan_visit(
        actor=actor, customer=customer, purpose=subject_of(noted.words), planned_at=now, opportunity=deal
    )
    minutes = Minutes(
        minutes=noted.words,
        next_step=step.what if step else "",
        next_step_on=step.when if step else None,
        next_owner=fetch(Person, step.who, actor) if step and step.who else None,
        met=present_in(noted.typed).people,
        needs=noted.typed.get("needs", ""),
    )
    finish_visit(visit, actor=actor, minutes=minutes, at=now)


VISITED = Way("visit", _("Visit"), "map-pin", fits, take, "customers:noting")
