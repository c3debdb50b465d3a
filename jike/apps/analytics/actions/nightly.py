"""What runs every night and every month: portfolios, warnings, snapshots. Each may run twice and leaves the same."""

import datetime as dt

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jike.apps.analytics.actions.portfolios import refresh_portfolios, take_snapshot
from jike.apps.analytics.actions.raising import lapse_warnings, raise_warnings
from jike.apps.analytics.actions.thresholds import install_rules
from jike.apps.analytics.actions.unit_months import MONTHS, refresh_unit_months
from jike.apps.analytics.models import UnitMonth
from jike.foundation.jobs import job
from jike.foundation.scope import system_actor
from jike.values.period import add_months

__all__ = ["count_units", "refresh_warnings", "take_month_snapshot"]

ACTOR = system_actor("analytics.refresh_warnings")


@job("analytics.refresh_warnings", label=_("Raise early warnings and refresh boards"), cron="30 2 * * *")
def refresh_warnings() -> None:
    """Add up the portfolios, let lapse what is over, and raise what the customers show today."""
    install_rules(actor=ACTOR)
    refresh_portfolios(actor=ACTOR)
    refresh_unit_months(actor=ACTOR)
    lapse_warnings(actor=ACTOR)
    raise_warnings(actor=ACTOR)


@job("analytics.count_units", label=_("Count tickets and orders for the boards"), cron="*/15 * * * *")
def count_units() -> None:
    """Count this month and the last, in which tickets and orders still move, or all where earlier ones are missing.

    The night counts all months.
    """
    earlier = add_months(timezone.localdate().replace(day=1), -1)
    known = UnitMonth.objects.filter(month__lt=earlier).exists()
    refresh_unit_months(actor=ACTOR, months=2 if known else MONTHS)


@job("analytics.take_snapshot", label=_("Take the monthly snapshot of customers"), cron="10 0 1 * *")
def take_month_snapshot() -> None:
    """Freeze the customers as the month before left them."""
    take_snapshot(actor=ACTOR, on=timezone.localdate().replace(day=1) - dt.timedelta(days=1))
