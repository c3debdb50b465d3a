"""What is done with warnings and figures: raised, answered, settled; snapshots taken, portfolios added up."""

from jike.apps.analytics.actions.answering import (
    answer_warning,
    assign_warning,
    dismiss_warning,
    settle_warning,
)
from jike.apps.analytics.actions.nightly import count_units, refresh_warnings, take_month_snapshot
from jike.apps.analytics.actions.portfolios import refresh_portfolios, take_snapshot
from jike.apps.analytics.actions.raising import WarningRaised, lapse_warnings, raise_warnings
from jike.apps.analytics.actions.retaining import open_retention
from jike.apps.analytics.actions.thresholds import change_rule, install_rules
from jike.apps.analytics.actions.unit_months import refresh_unit_months

__all__ = [
    "WarningRaised",
    "answer_warning",
    "assign_warning",
    "change_rule",
    "count_units",
    "dismiss_warning",
    "install_rules",
    "lapse_warnings",
    "open_retention",
    "raise_warnings",
    "refresh_portfolios",
    "refresh_unit_months",
    "refresh_warnings",
    "settle_warning",
    "take_month_snapshot",
    "take_snapshot",
]
