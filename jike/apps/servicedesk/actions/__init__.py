"""What is done to tickets and surveys: opened, handled, escalated; sent, answered, withdrawn."""

from jike.apps.servicedesk.actions.escalating import (
    TicketOverdue,
    escalate_tickets,
    tell_opened,
    tell_superiors,
    watch_clocks,
)
from jike.apps.servicedesk.actions.handling import (
    answer_ticket,
    assign_ticket,
    cancel_ticket,
    change_ticket,
    confirm_settlement,
    reopen_ticket,
    resume_ticket,
    settle_ticket,
    take_ticket,
    wait_for_customer,
)
from jike.apps.servicedesk.actions.mailing import mail_surveys
from jike.apps.servicedesk.actions.opening import TicketOpened, open_ticket
from jike.apps.servicedesk.actions.surveys import answer_survey, send_survey, withdraw_survey

__all__ = [
    "TicketOpened",
    "TicketOverdue",
    "answer_survey",
    "answer_ticket",
    "assign_ticket",
    "cancel_ticket",
    "change_ticket",
    "confirm_settlement",
    "escalate_tickets",
    "mail_surveys",
    "open_ticket",
    "reopen_ticket",
    "resume_ticket",
    "send_survey",
    "settle_ticket",
    "take_ticket",
    "tell_opened",
    "tell_superiors",
    "wait_for_customer",
    "watch_clocks",
    "withdraw_survey",
]
