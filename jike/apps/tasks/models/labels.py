"""What the values of the rules' enumerations are called."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from jike.apps.tasks.rules import Source, State

Labels = Mapping[Any, Any]

STATES: Labels = {
    State.OPEN: _("Open"),
    State.DONE: _("Done"),
    State.CANCELLED: _("Cancelled"),
}
SOURCES: Labels = {
    Source.HAND: _("Entered by hand"),
    Source.VISIT: _("Visit"),
    Source.OPPORTUNITY: _("Opportunity"),
    Source.QUOTE: _("Quote"),
    Source.AGREEMENT: _("Agreement"),
    Source.ORDER: _("Order"),
    Source.TICKET: _("Ticket"),
    Source.WARNING: _("Early warning"),
    Source.PLAN: _("Plan of the week"),
}


def choices(labels: Labels) -> list[tuple[str, Any]]:
    """Return what a field's ``choices`` takes, with plain texts, so that migrations stand alone."""
    return [(str(value), label) for value, label in labels.items()]
