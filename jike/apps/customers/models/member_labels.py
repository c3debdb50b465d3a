"""What suspicions about members, decisions and the fates of a snapshot's members are called."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jike.apps.customers.rules import Decision, Fate, Suspicion
from jike.foundation.models.shapes import Labels

SUSPICIONS: Labels = {
    Suspicion.PREFIX: _("No operator was given numbers that begin so"),
    Suspicion.OVERLAP: _("Belonged elsewhere at the same time"),
    Suspicion.SHORT: _("Short number twice in the group"),
    Suspicion.STATE: _("The customer is lost or archived"),
    Suspicion.FOREIGN: _("A number range of another operator"),
    Suspicion.PASSED: _("Left another customer shortly before"),
    Suspicion.RETURNED: _("Left and came back shortly after"),
}
DECISIONS: Labels = {
    Decision.KEEP: pgettext_lazy("member", "belongs"),
    Decision.LEAVE: pgettext_lazy("member", "left"),
}
FATES: Labels = {
    Fate.RETAINED: pgettext_lazy("fate", "Retained"),
    Fate.REJOINED: pgettext_lazy("fate", "Left and came back"),
    Fate.MOVED: pgettext_lazy("fate", "Moved to another customer"),
    Fate.GONE: pgettext_lazy("fate", "Left"),
}
