"""What the values of the rules' enumerations are called."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jike.apps.workplans.rules import ItemKind, Measure, PlanState
from jike.foundation.models.shapes import Labels

__all__ = ["ITEM_KINDS", "MEASURES", "MEASURE_UNITS", "STATES"]

STATES: Labels = {
    PlanState.DRAFT: _("Being written"),
    PlanState.SUBMITTED: _("Submitted"),
    PlanState.RETURNED: _("Sent back"),
    PlanState.APPROVED: _("Approved"),
}
ITEM_KINDS: Labels = {
    ItemKind.VISIT: _("Visit"),
    ItemKind.TASK: _("Task"),
    ItemKind.WORK: _("Other work"),
}
MEASURES: Labels = {
    Measure.REVENUE: _("Billed revenue"),
    Measure.WON: _("Won contract amount"),
    Measure.VISITS: _("Visits done"),
    Measure.RETENTION: _("Customers retained"),
}
MEASURE_UNITS: Labels = {
    Measure.REVENUE: _("×10k yuan"),
    Measure.WON: _("×10k yuan"),
    Measure.VISITS: pgettext_lazy("measure", "visits"),
    Measure.RETENTION: _("%"),
}
