"""Tickets are opened, with the clocks that their kind and the customer's service level promise."""

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jike.apps.customers.models import Customer, KeyPerson
from jike.apps.customers.queries.group import standing_customer
from jike.apps.organisation.models import Person, Unit
from jike.apps.servicedesk.models import Ticket
from jike.apps.servicedesk.queries.tickets import CALENDAR, complaints_lately, next_code
from jike.apps.servicedesk.rules import Kind, due_from, next_due, priority_of, promise_for
from jike.foundation.audit import creating
from jike.foundation.entering import only_known
from jike.foundation.errors import Invalid
from jike.foundation.events import publish
from jike.foundation.scope import Actor, require

__all__ = ["TicketOpened", "open_ticket"]

DETAILS = frozenset(
    {"description", "cause", "channel", "caller", "phone", "key_person", "owner", "unit", "priority"}
)


@dataclass(frozen=True)
class TicketOpened:
    """A customer turned to us."""

    ticket: UUID


@transaction.atomic
def open_ticket(
    *,
    actor: Actor,
    customer: Customer,
    title: str,
    ticket_type: str,
    at: dt.datetime | None = None,
    **details: Any,
) -> Ticket:
    """Open a ticket of ``customer`` at ``at`` (now unless named); priority, unit and clocks follow unless given."""
    only_known(details, DETAILS)
    moment, what = at or timezone.now(), _known_kind(ticket_type)
    require(actor, "view", customer)
    standing_customer(customer)
    _check_person(customer, details.get("key_person"))
    level = customer.service_level
    due = due_from(promise_for(what, level), moment, calendar=CALENDAR)
    repeated = what is Kind.COMPLAINT and complaints_lately(customer, at=moment) > 0
    details["priority"] = details.get("priority") or priority_of(what, level, repeated=repeated)
    details["unit"] = details.get("unit") or _unit_of(actor) or customer.unit
    ticket = Ticket(
        code=next_code(what, moment),
        customer=customer,
        title=title,
        ticket_type=what,
        level=level,
        opened_at=moment,
        clock_from=moment,
        answer_due_at=due.answer,
        settle_due_at=due.settle,
        next_due_at=next_due(due.answer, due.settle, answered=False, running=True),
        **details,
    )
    creating(ticket, actor=actor)
    publish(TicketOpened(ticket.uid))
    return ticket


def _known_kind(kind: str) -> Kind:
    """Return the kind; `Invalid` for any other word."""
    try:
        return Kind(kind)
    except ValueError as error:
        raise Invalid({"ticket_type": [_("Choose enquiry, complaint or trouble.")]}) from error


def _check_person(customer: Customer, person: KeyPerson | None) -> None:
    if person is not None and person.customer_id != customer.pk:
        raise Invalid({"key_person": [_("This person belongs to another customer.")]})


def _unit_of(actor: Actor) -> Unit | None:
    person = Person.objects.filter(pk=actor.person).select_related("unit").first() if actor.person else None
    return person.unit if person else None
