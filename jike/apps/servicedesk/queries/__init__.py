"""What one needs to know of tickets and surveys: clocks, who is calling, what is overdue, how satisfied people are."""

from jike.apps.servicedesk.queries.calling import Caller, callers
from jike.apps.servicedesk.queries.overdue import Overdue, overdue_tickets, superiors_of
from jike.apps.servicedesk.queries.satisfaction import (
    Satisfaction,
    satisfaction_by_unit,
    satisfaction_of_customer,
)
from jike.apps.servicedesk.queries.surveys import survey_behind, token_of
from jike.apps.servicedesk.queries.tickets import (
    CALENDAR,
    clock_of,
    complaints_lately,
    next_code,
    queue,
    tickets_of,
    uncertain,
)

__all__ = [
    "CALENDAR",
    "Caller",
    "Overdue",
    "Satisfaction",
    "callers",
    "clock_of",
    "complaints_lately",
    "next_code",
    "overdue_tickets",
    "queue",
    "satisfaction_by_unit",
    "satisfaction_of_customer",
    "superiors_of",
    "survey_behind",
    "tickets_of",
    "token_of",
    "uncertain",
]
