"""Runs the parts of `jike bench loop` one after the other in one scratch database."""

import os

from django.utils import timezone

from benchmarks.ground.run import Report
from jike.site.commands.process import load_django


def run(
    report: Report, *, customers: int = 1_000_000, rounds: int = 20, only: str = "", figures: int = 0
) -> None:
    """Measure a province with so many customers, each screen ``rounds`` times.

    ``only`` names one part (night, bills, screens); screens come after one night and one month of bills. With
    ``figures`` 1 the customers' figures follow the bills: not promised, and twelve months of each take a minute more.
    """
    load_django()
    from benchmarks.loop import bills, night, province, screens
    from benchmarks.scratch import scratch_database

    report.size("customers", customers)
    for name, each in province.EACH.items():
        report.size(name, round(customers * each))
    report.size("rounds per screen", rounds)
    report.size("load average of the machine at the beginning", os.getloadavg()[0])
    today = timezone.localdate()
    with scratch_database() as name:
        months = province.ALL_MONTHS if figures else province.FEW_MONTHS
        province.make(report, name, customers=customers, today=today, months=months)
        if only != "bills":
            night.measure(report, twice=only != "screens")
        if only != "night":
            lines = round(customers * province.EACH["products"])
            bills.measure(report, lines=lines, today=today, twice=only != "screens", figures=bool(figures))
        if only in ("", "screens"):
            province.tidy_written(name)
            screens.measure(report, name, rounds=rounds)
    report.figure("load average of the machine at the end", os.getloadavg()[0], "")
