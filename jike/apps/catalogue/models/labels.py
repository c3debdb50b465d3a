"""What the values of the rules' enumerations are called, in the order in which people choose among them."""

from django.utils.translation import gettext_lazy as _

from jike.apps.catalogue.rules import TAX_RATES, Family, Group, OfferingState, Reach
from jike.foundation.models.shapes import Labels

FAMILIES: Labels = {
    Family.CIRCUIT: _("Leased circuits"),
    Family.BROADBAND: _("Broadband"),
    Family.VOICE: _("Voice"),
    Family.MESSAGING: _("Messaging"),
    Family.IOT: _("Internet of things"),
    Family.IDC: _("Data centre"),
    Family.CLOUD: _("Cloud"),
    Family.ICT: _("ICT and integration"),
    Family.GROUP_PAYMENT: _("Group payment"),
}
GROUPS: Labels = {
    Group.CONNECTION: _("Connections"),
    Group.COMMUNICATION: _("Communication"),
    Group.CLOUD: _("Cloud and integration"),
    Group.SERVICE: _("Payment and services"),
}
STATES: Labels = {
    OfferingState.DRAFT: _("Draft"),
    OfferingState.ACTIVE: _("On sale"),
    OfferingState.RETIRED: _("Retired"),
}
REACHES: Labels = {Reach.NATIONAL: _("National"), Reach.PROVINCE: _("Provincial")}
TAX_CHOICES = [(rate, f"{rate:.0%}") for rate in TAX_RATES]
