"""What records show of the service desk: a ticket's clock and steps, a customer's tickets and satisfaction."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jike.apps.customers.models import Customer
from jike.apps.servicedesk import queries
from jike.apps.servicedesk.models import Survey, Ticket
from jike.apps.servicedesk.models.labels import ASPECTS
from jike.apps.servicedesk.pages.clocks import clocked
from jike.apps.servicedesk.pages.steps import steps_for
from jike.apps.servicedesk.rules import SurveyState
from jike.foundation.happenings import Happening, Mark, Source, latest, names_below
from jike.foundation.notify import mail_is_configured
from jike.foundation.resource import Contribution, Panel, Verb
from jike.foundation.resource.attributes import attribute_of
from jike.foundation.resource.presenting import shown
from jike.foundation.scope import SEALED, Actor, may, visible
from jike.foundation.templatetags.ui import span

__all__ = ["SERVICE_CONTRIBUTIONS", "SURVEY_PANELS", "TICKET_PANELS"]

SHOWN = 20
TICKET, SURVEY = "servicedesk.ticket", "servicedesk.survey"


def clock(ticket: Ticket, actor: Actor) -> Mapping[str, Any]:
    """Return the clock, what was kept, and the steps that may be taken now."""
    may_handle = may(actor, "change_state", ticket)
    kept = [
        (label, span(dt.timedelta(minutes=minutes)), good)
        for label, minutes, good in (
            (_("first answer"), ticket.answer_minutes, ticket.answered_in_time),
            (_("settlement"), ticket.settle_minutes, ticket.settled_in_time),
        )
        if minutes is not None
    ]
    return {
        "clock": clocked(ticket),
        "rests": queries.rests_until(ticket, timezone.now()),
        "kept": kept,
        "paused": span(dt.timedelta(minutes=ticket.paused_minutes)) if ticket.paused_minutes else "",
        "uncertain": queries.uncertain(ticket),
        "steps": steps_for(ticket) if may_handle else [],
        "survey": _survey_of(ticket, actor),
        "may_ask": actor.holds(f"{SURVEY}:add") and ticket.settled_at is not None,
    }


def _survey_of(ticket: Ticket, actor: Actor) -> Survey | None:
    return visible(Survey, actor).filter(ticket=ticket).first() if actor.holds(f"{SURVEY}:view") else None


def story(ticket: Ticket, actor: Actor) -> Mapping[str, Any]:
    """Return what the customer says and what was done, in full."""
    return {"others": list(queries.tickets_of(ticket.customer, actor).exclude(pk=ticket.pk)[:5])}


def answers(survey: Survey, actor: Actor) -> Mapping[str, Any] | None:
    """Return the answers aspect by aspect; the link while it waits for them."""
    if survey.state == SurveyState.SENT:
        link = reverse("servicedesk:questionnaire", args=[queries.token_of(survey)])
        mail_to = attribute_of(Survey, "mail_to")
        place = {"owner": survey.customer.owner_id, "unit": survey.customer.unit_id}
        closed = mail_to.closed_to(actor, **place)
        return {
            "link": link,
            "origin": settings.CONFIG.origin,
            "lines": [],
            "letter": queries.letter_of(survey),
            "address": shown(mail_to, SEALED if closed and survey.mail_to else survey.mail_to),
            "may_mail": mail_is_configured(),
        }
    if survey.state != SurveyState.ANSWERED:
        return None
    lines = [
        (label, expected, perceived, perceived - expected)
        for aspect, label in ASPECTS.items()
        if aspect in survey.answers
        for expected, perceived in [survey.answers[aspect]]
    ]
    return {"link": "", "lines": lines}


def tickets(customer: Customer, actor: Actor) -> Mapping[str, Any] | None:
    """Return the customer's tickets, the latest first, each with its clock."""
    if not actor.holds(f"{TICKET}:view"):
        return None
    rows = list(queries.tickets_of(customer, actor)[: SHOWN + 1])
    now = timezone.now()
    return {
        "tickets": [clocked(one, now) for one in rows[:SHOWN]],
        "further": len(rows) > SHOWN,
        "may_add": actor.holds(f"{TICKET}:add"),
    }


def count_tickets(customer: Customer, actor: Actor) -> int:
    """Return how many tickets of the customer are not closed."""
    if not actor.holds(f"{TICKET}:view"):
        return 0
    return visible(Ticket, actor).filter(customer=customer, state__in=("open", "handling", "waiting")).count()


def satisfaction(customer: Customer, actor: Actor) -> Mapping[str, Any] | None:
    """Return how satisfied the customer is, and its last answers; nothing before it was asked."""
    if not actor.holds(f"{SURVEY}:view"):
        return None
    found = queries.satisfaction_of_customer(customer, actor)
    last = visible(Survey, actor).filter(customer=customer, state=SurveyState.ANSWERED)
    if found is None:
        return None
    return {
        "found": found,
        "low": found.satisfaction < 0,
        "reputation": _percent(found.reputation),
        "preference": _percent(found.preference),
        "last": list(last.select_related("key_person").order_by("-answered_at")[:3]),
    }


def happenings(
    customers: Sequence[Customer], actor: Actor, *, before: Mark | None, limit: int
) -> list[Happening]:
    """Return the customer's tickets as entries of its timeline, at the moment they were opened."""
    if not actor.holds(f"{TICKET}:view"):
        return []
    rows = visible(Ticket, actor).filter(customer__in=customers).select_related("owner")
    found, below = latest(rows, "opened_at", before=before, limit=limit), names_below(customers)
    return [_happening(one, of=below.get(one.customer_id, "")) for one in found]


def _happening(ticket: Ticket, *, of: str) -> Happening:
    read = clocked(ticket)
    return Happening(
        moment=ticket.opened_at,
        id=ticket.pk,
        who=str(ticket.get_ticket_type_display()),
        title=ticket.title,
        link=reverse("resource:record", args=["tickets", ticket.uid]),
        status=ticket.get_state_display(),
        tone=read.tone,
        words=ticket.settlement or ticket.description,
        of=of,
    )


def _percent(share: Any) -> str:
    return f"{share * 100:.0f}%" if share is not None else ""


TICKET_PANELS: tuple[Panel | Verb, ...] = (
    Verb("assign", gettext_lazy("Assign"), "user-check", "servicedesk:assign"),
    Panel("clock", gettext_lazy("Clock"), "servicedesk/_clock.html", clock, "head"),
    Panel("story", gettext_lazy("What it is about"), "servicedesk/_story.html", story, "rail"),
)
SURVEY_PANELS: tuple[Panel | Verb, ...] = (
    Verb(
        "withdraw",
        gettext_lazy("Withdraw"),
        "circle-x",
        "servicedesk:withdraw",
        when=lambda survey: survey.state == SurveyState.SENT,
    ),
    Panel("answers", gettext_lazy("Answers"), "servicedesk/_answers.html", answers, "rail"),
)
SERVICE_CONTRIBUTIONS = (
    Contribution(
        "customers.customer",
        panels=(
            Panel(
                "tickets", gettext_lazy("Service"), "servicedesk/_tickets.html", tickets, "tab", count_tickets
            ),
            Panel(
                "satisfaction",
                gettext_lazy("Satisfaction"),
                "servicedesk/_satisfaction.html",
                satisfaction,
                "rail",
            ),
        ),
        timeline=(
            Source(
                "tickets",
                gettext_lazy("Tickets"),
                "headset",
                happenings,
                several=True,
                rows=(Ticket, "customer"),
            ),
        ),
    ),
)
