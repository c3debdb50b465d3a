"""How warnings and their thresholds look on screen, declared."""

from django.utils.translation import gettext_lazy as _

from jike.apps.analytics import actions
from jike.apps.analytics.models import EarlyWarning, WarningRule
from jike.apps.analytics.pages.panels import WARNING_PANELS
from jike.foundation.resource import Resource, Section

__all__ = ["RULES", "WARNINGS"]

WARNINGS = Resource(
    model=EarlyWarning,
    slug="warnings",
    icon="alert-triangle",
    columns=("customer", "sign", "severity", "state", "owner", "due_at", "raised_on", "outcome"),
    more_columns=(
        "unit",
        "answered_at",
        "ended_at",
        "remark",
        "customer__grade",
        "customer__monthly_revenue",
    ),
    looks={"state": "state", "customer__grade": "grade"},
    sorts=("due_at", "-raised_on", "severity"),
    panels=WARNING_PANELS,
    dates="raised_on",
)

RULES = Resource(
    model=WarningRule,
    slug="warning-rules",
    icon="adjustments",
    columns=("sign", "enabled", "threshold", "days", "answer_days", "severity"),
    looks={"threshold": "number"},
    sorts=("severity",),
    form=(Section(_("Threshold"), ("enabled", "threshold", "days", "answer_days", "severity")),),
    inline=("enabled", "threshold", "days", "answer_days", "severity"),
    actions={"change": actions.change_rule},
)
