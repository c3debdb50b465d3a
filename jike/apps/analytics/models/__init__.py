"""Early warnings and when they are raised, snapshots, and the months of portfolios and units that boards read."""

from jike.apps.analytics.models.board import LEAD, REFRESH, VIEW
from jike.apps.analytics.models.portfolio_month import PortfolioMonth
from jike.apps.analytics.models.snapshot import Snapshot
from jike.apps.analytics.models.unit_month import UnitMonth
from jike.apps.analytics.models.warning import EarlyWarning
from jike.apps.analytics.models.warning_rule import WarningRule

__all__ = [
    "LEAD",
    "REFRESH",
    "VIEW",
    "EarlyWarning",
    "PortfolioMonth",
    "Snapshot",
    "UnitMonth",
    "WarningRule",
]
