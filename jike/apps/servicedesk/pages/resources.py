"""How tickets and surveys look on screen, declared."""

from django.utils.translation import gettext_lazy as _

from jike.apps.servicedesk import actions
from jike.apps.servicedesk.models import Survey, Ticket
from jike.apps.servicedesk.pages.panels import SURVEY_PANELS, TICKET_PANELS
from jike.apps.servicedesk.pages.states import change_state, following_states
from jike.foundation.resource import Resource, Section

__all__ = ["SURVEYS", "TICKETS"]

TICKETS = Resource(
    model=Ticket,
    slug="tickets",
    icon="headset",
    columns=(
        "title",
        "ticket_type",
        "priority",
        "customer",
        "next_due_at",
        "owner",
        "state",
        "escalation",
        "opened_at",
    ),
    more_columns=(
        "code",
        "cause",
        "channel",
        "unit",
        "level",
        "answered_at",
        "settled_at",
        "answer_minutes",
        "settle_minutes",
        "answered_in_time",
        "settled_in_time",
        "reopened",
        "rating",
    ),
    looks={
        "state": "state",
        "level": "level",
        "phone": "phone",
        "code": "code",
        "next_due_at": "clock",
    },
    filters=("caller", "answer_due_at", "settle_due_at", "customer__unit"),
    sorts=("next_due_at", "-opened_at", "priority"),
    form=(
        Section(_("Basics"), ("customer", "ticket_type", "title", "cause", "description")),
        Section(_("Who turned to us"), ("caller", "phone", "channel", "key_person")),
        Section(_("Handling"), ("priority",)),
    ),
    inline=("title", "cause", "caller", "phone", "priority"),
    actions={
        "add": actions.open_ticket,
        "change": actions.change_ticket,
        "change_state": change_state,
        "next_states": following_states,
    },
    panels=TICKET_PANELS,
    states="state",
    dates="settle_due_at",
    key=("code",),
)

SURVEYS = Resource(
    model=Survey,
    slug="surveys",
    icon="mood-smile",
    columns=(
        "code",
        "customer",
        "occasion",
        "state",
        "expectation",
        "perception",
        "satisfaction",
        "reputation",
        "preference",
        "answered_at",
    ),
    more_columns=("key_person", "ticket", "sent_at", "valid_until", "mail_to", "mailed_at"),
    filters=("customer__unit",),
    looks={"state": "state", "expectation": "number", "perception": "number", "satisfaction": "number"},
    sorts=("-sent_at", "-answered_at", "satisfaction"),
    form=(Section(_("Basics"), ("customer", "key_person", "ticket", "occasion", "mail_to")),),
    actions={"add": actions.send_survey},
    panels=SURVEY_PANELS,
    key=("code",),
)
