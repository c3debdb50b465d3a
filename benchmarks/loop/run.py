"""Runs the parts of `jike bench loop` in a scratch database."""

from benchmarks.ground.run import Report
from jike.site.commands.process import load_django


def run(report: Report, products: int = 3_000_000) -> None:
    """Measure with so many products in service."""
    load_django()
    from benchmarks.loop import bills
    from benchmarks.scratch import scratch_database

    report.size("products", products)
    with scratch_database():
        bills.measure(report, products=products)
