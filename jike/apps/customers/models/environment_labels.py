"""What the values of rivals' lines and of needs are called, in the order in which people choose among them."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jike.apps.customers.rules import Confidence, NeedState, RivalSource
from jike.foundation.models.shapes import Labels
from jike.values.mobile_prefixes import Operator

OPERATORS: Labels = {
    Operator.TELECOM: _("China Telecom"),
    Operator.UNICOM: _("China Unicom"),
    Operator.MOBILE: _("China Mobile"),
    Operator.BROADCAST: _("China Broadnet"),
    Operator.OTHER: _("another operator"),
}
SOURCES: Labels = {
    RivalSource.CUSTOMER: _("the customer said so"),
    RivalSource.SITE: _("seen on the spot"),
    RivalSource.BIDDING: _("a published tender"),
    RivalSource.COLLEAGUE: _("a colleague"),
    RivalSource.OTHER: pgettext_lazy("source", "another"),
}
CONFIDENCES: Labels = {
    Confidence.CERTAIN: pgettext_lazy("confidence", "certain"),
    Confidence.LIKELY: pgettext_lazy("confidence", "likely"),
    Confidence.RUMOUR: pgettext_lazy("confidence", "hearsay"),
}
NEED_STATES: Labels = {
    NeedState.HEARD: pgettext_lazy("need", "Heard of"),
    NeedState.CONFIRMED: pgettext_lazy("need", "Confirmed"),
    NeedState.ANSWERED: pgettext_lazy("need", "Being answered"),
    NeedState.MET: pgettext_lazy("need", "Met"),
    NeedState.DROPPED: pgettext_lazy("need", "Dropped"),
}
