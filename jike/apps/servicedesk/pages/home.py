"""The service desk's card on the home page: the tickets nearest due."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jike.apps.servicedesk import queries
from jike.apps.servicedesk.pages.clocks import clocked
from jike.foundation.pages.home import HomeCard, Viewpoint

__all__ = ["SERVICE_CARDS"]

SHOWN = 7


def tickets(view: Viewpoint) -> Mapping[str, Any] | None:
    """Return the running tickets nearest due: those to handle oneself, or all of one's units."""
    now = timezone.now()
    handles = view.actor.holds("servicedesk.ticket:assign")
    rows = queries.queue(view.actor, mine=handles and not view.team, limit=SHOWN)
    if not rows and not handles:
        return None
    desk = reverse("servicedesk:desk") + ("?all=1" if view.team else "")
    return {"tickets": [clocked(one, now) for one in rows], "all": desk, "team": view.team}


SERVICE_CARDS = (
    HomeCard(
        "tickets",
        _("Tickets nearest due"),
        "wide",
        "servicedesk/_home_tickets.html",
        tickets,
        "servicedesk.ticket:view",
        doing="servicedesk.ticket:add",
    ),
)
