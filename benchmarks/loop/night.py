"""The night: portfolios added up, warnings raised over all customers, and once more when nothing is new."""

import time

from benchmarks.ground.run import Report
from jike.apps.analytics.actions import refresh_warnings
from jike.apps.analytics.models import EarlyWarning

GOAL_SECONDS = 180


def measure(report: Report, *, twice: bool) -> None:
    """Run the nightly job, and once more when nothing is new."""
    for name in ("warnings of all customers, first night", "warnings of all customers, next night")[
        : 1 + twice
    ]:
        before = EarlyWarning.objects.count()
        begun = time.perf_counter()
        refresh_warnings()
        seconds = round(time.perf_counter() - begun, 1)
        report.figure(name, seconds, "s", goal=GOAL_SECONDS, higher_is_better=False)
        raised = EarlyWarning.objects.count() - before
        report.figure(f"{name}: raised", raised, "warnings")
