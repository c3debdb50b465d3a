"""Tickets are taken, answered, paused, settled, confirmed, reopened; every step keeps their clocks true.

Each step takes the moment ``at`` at which it happened, now unless named; a step that would lie before the one it
follows is refused.
"""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jike.apps.customers.queries.records import require_able
from jike.apps.organisation.models import Person, Unit
from jike.apps.servicedesk.models import Ticket
from jike.apps.servicedesk.models.labels import STATES
from jike.apps.servicedesk.queries.tickets import CALENDAR
from jike.apps.servicedesk.rules import (
    NEXT,
    RUNNING,
    Clock,
    Kind,
    State,
    due_from,
    may_follow,
    minutes_taken,
    next_due,
    promise_for,
    resumed_due,
)
from jike.foundation.audit import changing
from jike.foundation.entering import only_known
from jike.foundation.errors import Invalid, RuleBroken
from jike.foundation.scope import Actor

__all__ = [
    "CHANGEABLE",
    "answer_ticket",
    "assign_ticket",
    "cancel_ticket",
    "change_ticket",
    "confirm_settlement",
    "reopen_ticket",
    "resume_ticket",
    "settle_ticket",
    "take_ticket",
    "wait_for_customer",
]

CHANGEABLE = frozenset(
    {"title", "description", "cause", "channel", "caller", "phone", "key_person", "priority", "settlement"}
)
STARS = range(1, 6)


@transaction.atomic
def change_ticket(ticket: Ticket, *, actor: Actor, version: int | None = None, **details: Any) -> Ticket:
    """Correct what is known of the ticket; its clocks and state have actions of their own."""
    only_known(details, CHANGEABLE | {"customer", "ticket_type"})
    if any(
        details.get(name, getattr(ticket, name)) != getattr(ticket, name)
        for name in ("customer", "ticket_type")
    ):
        raise RuleBroken(_("Customer and kind stay as they are; cancel this ticket and open another."))
    with changing(ticket, actor=actor, version=version):
        for name, value in details.items():
            setattr(ticket, name, value)
    return ticket


@transaction.atomic
def assign_ticket(
    ticket: Ticket,
    *,
    actor: Actor,
    owner: Person | None,
    unit: Unit | None = None,
    version: int | None = None,
) -> Ticket:
    """Let ``owner`` handle the ticket, in ``unit`` or where they are at home; None leaves it to whoever is free."""
    require_able(owner)
    with changing(ticket, actor=actor, verb="assign", version=version):
        ticket.owner = owner
        ticket.unit = unit or (owner.unit if owner else ticket.unit)
    return ticket


@transaction.atomic
def take_ticket(ticket: Ticket, *, actor: Actor, at: dt.datetime | None = None) -> Ticket:
    """Take the ticket up oneself."""
    person = Person.objects.filter(pk=actor.person).first() if actor.person else None
    if person is None:
        raise RuleBroken(_("Only people take tickets up."))
    with _moving(ticket, State.HANDLING, actor=actor, verb="take", at=at, only={State.OPEN}):
        ticket.owner = person
    return ticket


@transaction.atomic
def answer_ticket(
    ticket: Ticket, *, actor: Actor, at: dt.datetime | None = None, version: int | None = None
) -> Ticket:
    """Record that the customer got a clear first answer, which takes the ticket in hand."""
    moment = at or timezone.now()
    with changing(ticket, actor=actor, verb="answer", permit="change_state", version=version):
        _check_time(ticket, moment)
        if ticket.answered_at is not None:
            raise RuleBroken(_("The first answer was given already."))
        if State(ticket.state) not in RUNNING:
            raise RuleBroken(_("Only a ticket in hand is answered."))
        ticket.state = State.HANDLING.value
        _note_answer(ticket, moment)
        _set_next(ticket)
    return ticket


@transaction.atomic
def wait_for_customer(
    ticket: Ticket, *, actor: Actor, at: dt.datetime | None = None, version: int | None = None
) -> Ticket:
    """Stop the clock while the customer owes us something."""
    with _moving(ticket, State.WAITING, actor=actor, verb="wait", at=at, version=version) as moment:
        ticket.paused_at = moment
    return ticket


@transaction.atomic
def resume_ticket(
    ticket: Ticket, *, actor: Actor, at: dt.datetime | None = None, version: int | None = None
) -> Ticket:
    """Start the clock again with what remained of it."""
    with _moving(
        ticket, State.HANDLING, actor=actor, verb="resume", at=at, version=version, only={State.WAITING}
    ) as moment:
        _end_pause(ticket, moment)
    return ticket


@transaction.atomic
def settle_ticket(
    ticket: Ticket,
    *,
    actor: Actor,
    settlement: str,
    at: dt.datetime | None = None,
    version: int | None = None,
) -> Ticket:
    """Record what was done; the customer is asked to confirm it."""
    if not settlement.strip():
        raise Invalid({"settlement": [_("Say what was done: the customer is told so.")]})
    with _moving(ticket, State.SETTLED, actor=actor, verb="settle", at=at, version=version) as moment:
        _end_pause(ticket, moment)
        if ticket.answered_at is None:
            _note_answer(ticket, moment)
        ticket.settlement, ticket.settled_at = settlement, moment
        taken = minutes_taken(ticket.clock_from, moment, clock=_clock(ticket), calendar=CALENDAR)
        ticket.settle_minutes = max(0, taken - ticket.paused_minutes)
        ticket.settled_in_time = moment <= ticket.settle_due_at
    return ticket


@transaction.atomic
def confirm_settlement(
    ticket: Ticket,
    *,
    actor: Actor,
    rating: int | None = None,
    at: dt.datetime | None = None,
    version: int | None = None,
) -> Ticket:
    """Record that the customer confirmed the settlement, with one to five stars if they gave any."""
    if rating is not None and rating not in STARS:
        raise Invalid({"rating": [_("The rating lies between 1 and 5.")]})
    with _moving(ticket, State.CONFIRMED, actor=actor, verb="confirm", at=at, version=version) as moment:
        ticket.confirmed_at, ticket.rating = moment, rating
    return ticket


@transaction.atomic
def reopen_ticket(
    ticket: Ticket, *, actor: Actor, at: dt.datetime | None = None, version: int | None = None
) -> Ticket:
    """Handle again what the customer does not accept: with a new clock, and counted."""
    ended = {State.SETTLED, State.CONFIRMED}
    with _moving(
        ticket, State.HANDLING, actor=actor, verb="reopen", at=at, version=version, only=ended
    ) as moment:
        promise = promise_for(Kind(ticket.ticket_type), ticket.level)
        ticket.clock_from, ticket.paused_minutes = moment, 0
        ticket.settle_due_at = due_from(promise, moment, calendar=CALENDAR).settle
        ticket.settled_at = ticket.confirmed_at = ticket.rating = None
        ticket.settle_minutes = ticket.settled_in_time = None
        ticket.reopened, ticket.escalation = ticket.reopened + 1, 0
    return ticket


@transaction.atomic
def cancel_ticket(
    ticket: Ticket, *, actor: Actor, reason: str, at: dt.datetime | None = None, version: int | None = None
) -> Ticket:
    """Close a ticket that was opened by mistake or withdrawn by the customer."""
    if not reason.strip():
        raise Invalid({"settlement": [_("Say why the ticket is cancelled.")]})
    with _moving(ticket, State.CANCELLED, actor=actor, verb="cancel", at=at, version=version) as moment:
        _end_pause(ticket, moment)
        ticket.settlement = reason
    return ticket


@contextmanager
def _moving(
    ticket: Ticket,
    then: State,
    *,
    actor: Actor,
    verb: str,
    at: dt.datetime | None,
    version: int | None = None,
    only: set[State] | None = None,
) -> Iterator[dt.datetime]:
    """Move the ticket along the table, let the block do what goes with it, and set what is due next."""
    moment = at or timezone.now()
    with changing(ticket, actor=actor, verb=verb, permit="change_state", version=version):
        now = State(ticket.state)
        if not may_follow(now, then) or (only is not None and now not in only):
            _refuse(now, then)
        _check_time(ticket, moment)
        ticket.state = then.value
        yield moment
        _set_next(ticket)


def _refuse(now: State, then: State) -> None:
    possible = _(", ").join(str(STATES[state]) for state in State if state in NEXT[now])
    if not possible:
        raise RuleBroken(_("A ticket in the state “%(now)s” stays as it is.") % {"now": STATES[now]})
    sentence = _("A ticket in the state “%(now)s” cannot become “%(then)s”; possible are: %(possible)s.")
    raise RuleBroken(sentence % {"now": STATES[now], "then": STATES[then], "possible": possible})


def _check_time(ticket: Ticket, moment: dt.datetime) -> None:
    marks = (ticket.clock_from, ticket.paused_at, ticket.answered_at, ticket.settled_at)
    latest = max(one for one in marks if one is not None)
    if moment < latest:
        raise RuleBroken(_("This would have happened before the step it follows."))


def _end_pause(ticket: Ticket, moment: dt.datetime) -> None:
    """Let the clocks that stood still go on with what remained of them."""
    if ticket.paused_at is None:
        return
    paused, clock = ticket.paused_at, _clock(ticket)
    ticket.paused_minutes += minutes_taken(paused, moment, clock=clock, calendar=CALENDAR)
    shift: dict[str, Any] = {"resumed": moment, "clock": clock, "calendar": CALENDAR}
    ticket.settle_due_at = resumed_due(ticket.settle_due_at, paused, **shift)
    if ticket.answered_at is None:
        ticket.answer_due_at = resumed_due(ticket.answer_due_at, paused, **shift)
    ticket.paused_at = None


def _note_answer(ticket: Ticket, moment: dt.datetime) -> None:
    ticket.answered_at = moment
    taken = minutes_taken(ticket.clock_from, moment, clock=_clock(ticket), calendar=CALENDAR)
    ticket.answer_minutes = max(0, taken - ticket.paused_minutes)
    ticket.answered_in_time = moment <= ticket.answer_due_at


def _set_next(ticket: Ticket) -> None:
    running = State(ticket.state) in RUNNING
    answered = ticket.answered_at is not None
    ticket.next_due_at = next_due(
        ticket.answer_due_at, ticket.settle_due_at, answered=answered, running=running
    )


def _clock(ticket: Ticket) -> Clock:
    return promise_for(Kind(ticket.ticket_type), ticket.level).clock
