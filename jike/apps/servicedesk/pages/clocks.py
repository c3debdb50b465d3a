"""A ticket's clock in words: what is owed, how long is left, and how pressing that is."""

import datetime as dt
from typing import Any, NamedTuple

from django.utils import timezone
from django.utils.translation import gettext as _

from jike.apps.servicedesk import queries
from jike.apps.servicedesk.models import Ticket
from jike.foundation.templatetags.ui import moment, ticking

__all__ = ["Clocked", "clocked"]


class Clocked(NamedTuple):
    """A ticket with its clock ready to print."""

    ticket: Ticket
    tone: str
    words: str
    due: str
    what: str


def clocked(ticket: Ticket, now: dt.datetime | None = None) -> Clocked:
    """Return the ticket with what its clock says at ``now``."""
    reading = queries.clock_of(ticket, now or timezone.now())
    promises = {"answer": _("first answer"), "settle": _("settlement")}
    due = moment(reading.due) if reading.due else ""
    return Clocked(ticket, _tone(reading.tone), _words(reading), due, promises[reading.what])


def _tone(tone: str) -> str:
    return {"bad": "bad", "warn": "warn", "late": "bad", "ok": "", "done": "ok"}.get(tone, "")


def _words(reading: Any) -> str:
    if reading.tone == "stopped":
        return _("clock stopped")
    if reading.tone == "done":
        return _("kept in time")
    if reading.tone == "late":
        return _("kept too late")
    return ticking(reading.left)
