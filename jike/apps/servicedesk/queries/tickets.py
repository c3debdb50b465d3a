"""Tickets as people ask for them: of a customer, nearest due first, and what their clock says now."""

import datetime as dt
from typing import NamedTuple

from django.db.models import Q, QuerySet

from jike.apps.customers.models import Customer
from jike.apps.servicedesk.models import Ticket
from jike.apps.servicedesk.rules import RUNNING, Clock, Kind, State, promise_for
from jike.foundation.numbering import next_number
from jike.foundation.scope import Actor, visible
from jike.values.working_calendar import WorkingCalendar

__all__ = [
    "CALENDAR",
    "Reading",
    "clock_of",
    "complaints_lately",
    "next_code",
    "queue",
    "rests_until",
    "tickets_of",
    "uncertain",
]

CALENDAR = WorkingCalendar()
SOON = dt.timedelta(minutes=30)


class Reading(NamedTuple):
    """What a ticket's clock says: ``bad`` overdue, ``warn`` soon due, ``ok``, ``stopped``, ``done`` or ``late``."""

    tone: str
    due: dt.datetime | None
    left: dt.timedelta | None
    what: str
    """``answer`` or ``settle``: which promise runs."""


def clock_of(ticket: Ticket, now: dt.datetime) -> Reading:
    """Return what the clock of the ticket says at ``now``; ``left`` is negative once it is overdue."""
    state = State(ticket.state)
    what = "settle" if ticket.answered_at else "answer"
    if state is State.WAITING:
        return Reading("stopped", None, None, what)
    due = ticket.next_due_at
    if state not in RUNNING or due is None:
        late = ticket.settled_in_time is False or ticket.answered_in_time is False
        return Reading("late" if late else "done", None, None, what)
    left = due - now
    tone = "bad" if left < dt.timedelta(0) else "warn" if left < SOON else "ok"
    return Reading(tone, due, left, what)


def rests_until(ticket: Ticket, now: dt.datetime) -> dt.datetime | None:
    """Return when the ticket's clock goes on that rests now because nobody works at this hour; None where it runs."""
    promise = promise_for(Kind(ticket.ticket_type), ticket.level)
    if promise.clock is Clock.ALWAYS or State(ticket.state) not in RUNNING or CALENDAR.is_working_time(now):
        return None
    opening = CALENDAR.add_working_time(now, dt.timedelta(microseconds=1)).at.replace(microsecond=0)
    return opening if ticket.next_due_at is not None and opening < ticket.next_due_at else None


def next_code(kind: Kind, at: dt.datetime) -> str:
    """Return the next ticket number, such as ``TS2611000123``; each is given out once, even if then not used."""
    prefix = {Kind.ENQUIRY: "ZX", Kind.COMPLAINT: "TS", Kind.TROUBLE: "GZ"}[kind]
    return f"{prefix}{at.astimezone(CALENDAR.zone):%y%m}{next_number('servicedesk_ticket_code'):06}"


def complaints_lately(customer: Customer, *, at: dt.datetime, days: int = 90) -> int:
    """Return how many complaints the customer opened within ``days`` before ``at``."""
    since = at - dt.timedelta(days=days)
    return Ticket.objects.filter(
        Q(opened_at__gte=since, opened_at__lt=at),
        customer=customer,
        ticket_type=Kind.COMPLAINT,
        removed_at=None,
    ).count()


def tickets_of(customer: Customer, actor: Actor) -> QuerySet[Ticket]:
    """Return the customer's tickets that the actor may see, the latest first."""
    return (
        visible(Ticket, actor).filter(customer=customer).select_related("owner").order_by("-opened_at", "-id")
    )


def queue(actor: Actor, *, mine: bool, limit: int) -> list[Ticket]:
    """Return the running tickets nearest due: with ``mine`` those one handles and, for agents, those of nobody yet."""
    rows = visible(Ticket, actor).select_related("customer", "owner")
    running = rows.filter(next_due_at__isnull=False)
    parts = [running.order_by("next_due_at", "id")]
    if mine:
        # Each owner's are read in order from the index; an OR of both would walk past everybody else's.
        parts = [running.filter(owner=actor.person).order_by("next_due_at", "id")]
        if not actor.holds("servicedesk.ticket:oversee"):
            # By owner too, or the index on owner and time would be sorted anew. Those that wait are last and dropped
            # here: PostgreSQL thinks running tickets of nobody a hundred times rarer than they are.
            parts.append(rows.filter(owner=None).order_by("owner_id", "next_due_at", "id"))
    nearest = (one for part in parts for one in part[:limit] if one.next_due_at)
    return sorted(nearest, key=lambda one: (one.next_due_at, one.pk))[:limit]


def uncertain(ticket: Ticket) -> bool:
    """Whether holidays on the way to the ticket's promise are not known yet."""
    promise = promise_for(Kind(ticket.ticket_type), ticket.level)
    if promise.clock != "working":
        return False
    return CALENDAR.working_time_between(ticket.clock_from, ticket.settle_due_at).notice is not None
