"""What targets are set for, and how far along a measure is."""

import calendar
import datetime as dt
from decimal import Decimal
from enum import StrEnum

__all__ = ["Measure", "is_share", "progress", "time_passed"]


class Measure(StrEnum):
    """What is measured, by person and by unit, month by month."""

    REVENUE = "revenue"
    """Yuan billed to the customers in the month."""
    WON = "won"
    """Contract yuan of the opportunities won in the month."""
    VISITS = "visits"
    """Visits done in the month."""
    RETENTION = "retention"
    """Percent of the customers billed in last year's December that are billed in the month."""


def is_share(measure: Measure) -> bool:
    """Whether the measure is a percentage, which nobody adds up."""
    return measure is Measure.RETENTION


def progress(actual: Decimal | None, target: Decimal | None) -> int | None:
    """Return how many percent of the target are reached; None where there is no target or nothing is known."""
    if actual is None or not target:
        return None
    return int(actual * 100 // target)


def time_passed(month: dt.date, *, today: dt.date) -> int:
    """Return how many percent of the month have passed at the end of ``today``."""
    first = month.replace(day=1)
    days = calendar.monthrange(first.year, first.month)[1]
    return min(max((today - first).days + 1, 0), days) * 100 // days
