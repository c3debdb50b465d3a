"""What the values of the rules' enumerations are called, in the order in which people choose among them."""

from django.utils.translation import pgettext_lazy

from jike.apps.analytics.rules import Kind, Outcome, Severity, State
from jike.foundation.models.shapes import Labels

KINDS: Labels = {
    Kind.ARREARS: pgettext_lazy("warning", "In arrears"),
    Kind.REVENUE_FELL: pgettext_lazy("warning", "Revenue fell"),
    Kind.GRADE_FELL: pgettext_lazy("warning", "Grade fell"),
    Kind.AGREEMENT_ENDING: pgettext_lazy("warning", "Agreement ending"),
    Kind.VISITS_BELOW_PLAN: pgettext_lazy("warning", "Visits below plan"),
    Kind.COMPLAINT_REPEATED: pgettext_lazy("warning", "Complaint repeated"),
    Kind.DISSATISFIED: pgettext_lazy("warning", "Dissatisfied"),
    Kind.MEMORIAL_DAY: pgettext_lazy("warning", "Memorial day"),
}
STATES: Labels = {
    State.OPEN: pgettext_lazy("warning", "To be answered"),
    State.ANSWERING: pgettext_lazy("warning", "Being answered"),
    State.SETTLED: pgettext_lazy("warning", "Settled"),
    State.DISMISSED: pgettext_lazy("warning", "Dismissed"),
    State.LAPSED: pgettext_lazy("warning", "Gone by itself"),
}
OUTCOMES: Labels = {
    Outcome.KEPT: pgettext_lazy("outcome", "Customer kept"),
    Outcome.PARTLY: pgettext_lazy("outcome", "Kept in part"),
    Outcome.LOST: pgettext_lazy("outcome", "Lost"),
    Outcome.DONE: pgettext_lazy("outcome", "Done, nothing was at stake"),
}
SEVERITIES: Labels = {
    Severity.HIGH: pgettext_lazy("severity", "High"),
    Severity.MEDIUM: pgettext_lazy("severity", "Medium"),
    Severity.LOW: pgettext_lazy("severity", "Low"),
}
