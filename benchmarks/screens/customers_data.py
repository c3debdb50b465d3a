"""How long the demo data of a scale takes, step by step; the largest is a million customers with key persons.

Beside the clock stand the seconds of processor time of this process and of its database session, which tell what a
machine busy with other work hides.
"""

import os
import time
from pathlib import Path
from typing import Any, Protocol

from jike.site.commands.process import load_django

__all__ = ["run"]

GOAL_MINUTES = 10


class Report(Protocol):
    """What the bench command hands over."""

    def size(self, name: str, value: object) -> None: ...

    def figure(
        self, name: str, value: float, unit: str, *, goal: float | None = None, higher_is_better: bool = True
    ) -> None: ...


def run(report: Report, scale: str = "archive") -> None:
    """Make the demo data of ``scale`` in a scratch database and report what each step took."""
    load_django()
    from benchmarks.scratch import scratch_database
    from jike.apps.customers.models import Customer, CustomerMonth, KeyPerson

    report.size("scale", scale)
    with scratch_database():
        began = time.perf_counter()
        for name, step in _steps(scale):
            _measure(report, name, step)
        minutes = (time.perf_counter() - began) / 60
        report.figure("all steps", minutes, "min", goal=GOAL_MINUTES, higher_is_better=False)
        for model in (Customer, KeyPerson, CustomerMonth):
            report.size(str(model._meta.label), model._default_manager.count())


def _steps(scale: str) -> list[tuple[str, Any]]:
    from jike.apps.customers import demo as customers
    from jike.apps.organisation import demo as organisation

    return [
        (f"{label}.{step.name}", step)
        for label, module in (("organisation", organisation), ("customers", customers))
        for step in module.steps(scale)
    ]


def _measure(report: Report, name: str, step: Any) -> None:
    wall, own, session = time.perf_counter(), time.process_time(), _session_seconds()
    step.run(lambda rows: None)
    spent = time.perf_counter() - wall
    report.figure(f"{name}: clock", spent, "s")
    report.figure(f"{name}: processor, this process", time.process_time() - own, "s")
    report.figure(f"{name}: processor, database session", _session_seconds() - session, "s")


def _session_seconds() -> float:
    """Processor time of the database session so far; 0 where the server runs elsewhere."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        place = Path(f"/proc/{cursor.fetchone()[0]}/stat")
    if not place.exists():
        return 0.0
    fields = place.read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
