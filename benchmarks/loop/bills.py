"""A month of bills for all products at once: the first run, the run that finds nothing to correct, the figures."""

import datetime as dt
import time

from benchmarks.ground.run import Report
from jike.apps.inventory.actions import BillRun, refresh_figures, run_month
from tests.making import SYSTEM

GOAL_SECONDS = 180


def measure(report: Report, *, lines: int, today: dt.date, twice: bool, figures: bool) -> None:
    """Bill the month that ended last, again if ``twice``; with ``figures`` the customers' figures follow."""
    month = (today.replace(day=1) - dt.timedelta(days=1)).replace(day=1)
    first = _timed(report, "bills of a month, first run", month)
    if first.lines < lines:
        raise RuntimeError(f"only {first.lines} of {lines} lines were billed")
    if twice:
        again = _timed(report, "bills of a month, run again", month)
        if again.written or again.lines != first.lines:
            raise RuntimeError(f"the second run wrote {again.written} rows of {again.lines} lines")
    if figures:
        begun = time.perf_counter()
        refresh_figures(month, actor=SYSTEM)
        seconds = round(time.perf_counter() - begun, 1)
        report.figure("customers' figures after the bills", seconds, "s")


def _timed(report: Report, name: str, month: dt.date) -> BillRun:
    begun = time.perf_counter()
    run = run_month(month, actor=SYSTEM)
    seconds = round(time.perf_counter() - begun, 1)
    report.figure(name, seconds, "s", goal=GOAL_SECONDS, higher_is_better=False)
    return run
