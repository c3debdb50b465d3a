"""What warnings, snapshots and boards need to know, set-wise over all customers or within one reader's reach."""

from jike.apps.analytics.queries.figures import (
    Totals,
    by_grade,
    by_month,
    by_unit,
    heads_unit,
    latest_month,
    portfolio,
    totals,
)
from jike.apps.analytics.queries.raising import Sign, signs_of
from jike.apps.analytics.queries.thresholds import thresholds
from jike.apps.analytics.queries.warnings import (
    counted,
    open_warnings,
    tasks_of,
    warnings_of,
)

__all__ = [
    "Sign",
    "Totals",
    "by_grade",
    "by_month",
    "by_unit",
    "counted",
    "heads_unit",
    "latest_month",
    "open_warnings",
    "portfolio",
    "signs_of",
    "tasks_of",
    "thresholds",
    "totals",
    "warnings_of",
]
