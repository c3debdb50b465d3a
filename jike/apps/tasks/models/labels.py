"""What the values of the rules' enumerations are called."""

from django.utils.translation import gettext_lazy as _

from jike.apps.tasks.rules import Source, State
from jike.foundation.models.shapes import Labels

STATES: Labels = {
    State.OPEN: _("Open"),
    State.DONE: _("Done"),
    State.CANCELLED: _("Cancelled"),
}
SOURCES: Labels = {
    Source.HAND: _("Entered by hand"),
    Source.VISIT: _("Visit"),
    Source.INTERACTION: _("Interaction"),
    Source.OPPORTUNITY: _("Opportunity"),
    Source.QUOTE: _("Quote"),
    Source.AGREEMENT: _("Agreement"),
    Source.ORDER: _("Order"),
    Source.TICKET: _("Ticket"),
    Source.WARNING: _("Early warning"),
    Source.PLAN: _("Plan of the week"),
    Source.CARE: _("Care for a key person"),
}
