"""Making tickets and surveys for tests, through their actions."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from jike.apps.customers.models import Customer
from jike.apps.servicedesk.actions import open_ticket
from jike.apps.servicedesk.models import Ticket
from jike.values.rights import Breadth
from tests.apps.customers.making import a_customer
from tests.making import SYSTEM

SHANGHAI = ZoneInfo("Asia/Shanghai")
AGENT = dict.fromkeys(
    (
        *(f"servicedesk.ticket:{action}" for action in ("view", "add", "change", "change_state", "assign")),
        "servicedesk.survey:view",
        "servicedesk.survey:add",
        "customers.customer:view",
        "customers.keyperson:view",
    ),
    Breadth.BELOW,
)
"""What a service agent may do for the customers of the units that their post covers."""


def at(text: str) -> dt.datetime:
    """Return a moment written as local time in China."""
    return dt.datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def a_ticket(
    customer: Customer | None = None,
    *,
    ticket_type: str = "complaint",
    opened: str = "2026-11-18 09:30",
    **details: Any,
) -> Ticket:
    """Open a ticket, of a customer of its own unless one is named, on a working Wednesday morning."""
    return open_ticket(
        actor=SYSTEM,
        customer=customer or a_customer(),
        title="专线时断时续",
        ticket_type=ticket_type,
        at=at(opened),
        **details,
    )
