"""What the values of the rules' enumerations are called, in the order in which people choose among them."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jike.apps.servicedesk.rules import Aspect, Cause, Channel, Kind, Occasion, Priority, State, SurveyState
from jike.foundation.models.shapes import Labels

KINDS: Labels = {
    Kind.ENQUIRY: _("Enquiry"),
    Kind.COMPLAINT: _("Complaint"),
    Kind.TROUBLE: _("Trouble"),
}
STATES: Labels = {
    State.OPEN: pgettext_lazy("ticket", "To be taken up"),
    State.HANDLING: pgettext_lazy("ticket", "In hand"),
    State.WAITING: pgettext_lazy("ticket", "Waiting for the customer"),
    State.SETTLED: pgettext_lazy("ticket", "Settled, to be confirmed"),
    State.CONFIRMED: pgettext_lazy("ticket", "Confirmed"),
    State.CANCELLED: pgettext_lazy("ticket", "Cancelled"),
}
PRIORITIES: Labels = {
    Priority.URGENT: pgettext_lazy("priority", "Urgent"),
    Priority.HIGH: pgettext_lazy("priority", "High"),
    Priority.NORMAL: pgettext_lazy("priority", "Normal"),
    Priority.LOW: pgettext_lazy("priority", "Low"),
}
CHANNELS: Labels = {
    Channel.PHONE: pgettext_lazy("channel", "Call"),
    Channel.WECHAT: pgettext_lazy("channel", "WeChat"),
    Channel.MAIL: pgettext_lazy("channel", "E-mail"),
    Channel.VISIT: pgettext_lazy("channel", "Visit"),
    Channel.ONLINE: pgettext_lazy("channel", "Online"),
    Channel.MONITORING: pgettext_lazy("channel", "Monitoring"),
}
CAUSES: Labels = {
    Cause.BILLING: pgettext_lazy("cause", "Bills"),
    Cause.QUALITY: pgettext_lazy("cause", "Line quality"),
    Cause.OUTAGE: pgettext_lazy("cause", "Line down"),
    Cause.DELIVERY: pgettext_lazy("cause", "Delivery"),
    Cause.SERVICE: pgettext_lazy("cause", "Service"),
    Cause.TARIFF: pgettext_lazy("cause", "Tariff"),
    Cause.OTHER: pgettext_lazy("cause", "Other"),
}
ASPECTS: Labels = {
    Aspect.NETWORK: _("Quality of lines and network"),
    Aspect.REPAIR: _("Repair and complaints"),
    Aspect.DELIVERY: _("Delivery and installation"),
    Aspect.TARIFF: _("Tariffs and bills"),
    Aspect.MANAGER: _("The account manager's service"),
}
OCCASIONS: Labels = {
    Occasion.TICKET: _("After a ticket"),
    Occasion.DELIVERY: _("After a delivery"),
    Occasion.PERIODIC: _("Regular survey"),
}
SURVEY_STATES: Labels = {
    SurveyState.SENT: pgettext_lazy("survey", "Waiting for the answer"),
    SurveyState.ANSWERED: pgettext_lazy("survey", "Answered"),
    SurveyState.WITHDRAWN: pgettext_lazy("survey", "Withdrawn"),
}
