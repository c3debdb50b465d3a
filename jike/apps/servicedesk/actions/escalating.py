"""Escalation (督办): overdue tickets are told up the tree of units, each superior once."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jike.apps.servicedesk.models import Ticket
from jike.apps.servicedesk.queries.overdue import overdue_tickets, superiors_of
from jike.foundation.audit import changing_many
from jike.foundation.events import publish
from jike.foundation.jobs import job
from jike.foundation.notify import Topic, declare_topics, notify
from jike.foundation.scope import Actor, system_actor

__all__ = ["TicketOverdue", "escalate_tickets", "tell_opened", "tell_superiors", "watch_clocks"]

ACTOR = system_actor("servicedesk.watch_clocks")
OVERDUE = Topic("servicedesk.overdue", _("Ticket overdue: yours to see to"))
OPENED = Topic("servicedesk.opened", _("Complaint or fault at a customer of yours"))
declare_topics(OVERDUE, OPENED)


@dataclass(frozen=True)
class TicketOverdue:
    """A promise was missed for so long that ``level`` superiors are to know."""

    ticket: UUID
    level: int


@transaction.atomic
def escalate_tickets(*, actor: Actor = ACTOR, at: dt.datetime | None = None) -> int:
    """Raise the escalation of every ticket that is later than its superiors know; return how many were raised."""
    late = {one.id: one for one in overdue_tickets(at or timezone.now())}
    edits = {number: {"escalation": one.level} for number, one in late.items()}
    outcome = changing_many(Ticket, edits, actor=actor, verb="escalate", permit="oversee")
    for number in outcome.written:
        publish(TicketOverdue(late[number].uid, late[number].level))
    return len(outcome.written)


@job("servicedesk.watch_clocks", label=_("Escalate overdue tickets"), cron="*/5 * * * *")
def watch_clocks() -> None:
    """Escalate what is overdue; a second run finds nothing left to raise."""
    escalate_tickets()


@job("servicedesk.tell_superiors", label=_("Tell superiors of overdue tickets"))
def tell_superiors(*, ticket: str, level: int) -> None:
    """Tell the handler and the superiors up to ``level``, each once per ticket and level."""
    row = Ticket.objects.filter(uid=ticket, removed_at=None).select_related("owner", "customer").first()
    if row is None:
        return
    today, text = timezone.localdate(), f"{row.customer.name} · {row.title}"
    for step in range(1, level + 1):
        told = set(superiors_of(row.uid, level=step, today=today))
        if step == 1 and row.owner is not None:
            told.add(row.owner.uid)
        notify(told, OVERDUE.name, text, about=row.key, once=f"overdue:{row.uid}:{row.reopened}:{step}")


@job("servicedesk.tell_opened", label=_("Tell account managers of complaints and troubles"))
def tell_opened(*, ticket: str) -> None:
    """Tell the customer's account manager of a complaint or a trouble that somebody else took."""
    rows = Ticket.objects.filter(uid=ticket, removed_at=None).exclude(ticket_type="enquiry")
    row = rows.select_related("customer__owner").first()
    if row is not None and row.customer.owner is not None and row.customer.owner_id != row.owner_id:
        text = f"{row.customer.name} · {row.title}"
        notify([row.customer.owner.uid], OPENED.name, text, about=row.key, once=f"opened:{row.uid}")
