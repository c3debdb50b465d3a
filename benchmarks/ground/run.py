"""Runs the parts of `jike bench ground` one after the other in one scratch database."""

from typing import Protocol

from jike.site.commands.process import load_django


class Report(Protocol):
    """What the bench command hands over."""

    def size(self, name: str, value: object) -> None: ...

    def figure(
        self, name: str, value: float, unit: str, *, goal: float | None = None, higher_is_better: bool = True
    ) -> None: ...


def run(report: Report, rows: int = 100_000, ledger_rows: int = 1_000_000) -> None:
    """Measure with ``rows`` edited rows and ``ledger_rows`` ledger facts."""
    load_django()
    from benchmarks.ground import gates, people, served
    from benchmarks.scratch import scratch_database

    report.size("rows edited set-wise", rows)
    report.size("ledger rows", ledger_rows)
    with scratch_database() as name:
        organisation = people.make_organisation(report)
        gates.measure(report, organisation, rows=rows, ledger_rows=ledger_rows)
        people.measure(report, organisation)
        served.measure(report, organisation.people, name)
