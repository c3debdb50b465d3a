"""What one needs to know of tickets and surveys: clocks, who is calling, what is overdue, how satisfied people are."""

from jike.apps.servicedesk.queries.calling import Caller, callers
from jike.apps.servicedesk.queries.overdue import Overdue, overdue_tickets, superiors_of
from jike.apps.servicedesk.queries.satisfaction import (
    Satisfaction,
    satisfaction_by_unit,
    satisfaction_of_customer,
)
from jike.apps.servicedesk.queries.surveys import Letter, letter_of, survey_behind, to_be_mailed, token_of
from jike.apps.servicedesk.queries.tickets import (
    CALENDAR,
    clock_of,
    complaints_lately,
    next_code,
    queue,
    rests_until,
    tickets_of,
    uncertain,
)

__all__ = [
    "CALENDAR",
    "Caller",
    "Letter",
    "Overdue",
    "Satisfaction",
    "callers",
    "clock_of",
    "complaints_lately",
    "letter_of",
    "next_code",
    "overdue_tickets",
    "queue",
    "rests_until",
    "satisfaction_by_unit",
    "satisfaction_of_customer",
    "superiors_of",
    "survey_behind",
    "tickets_of",
    "to_be_mailed",
    "token_of",
    "uncertain",
]
