"""One screen asked for again and again, and its figures: p95 against the goal, median, quickest and processor time.

A machine busy with other work lengthens the times by the clock, and hardly the processor time of web server and
database.
"""

import statistics
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from benchmarks.ground.run import Report
from benchmarks.screens.browser import Answer

if TYPE_CHECKING:
    from benchmarks.screens.serving import Served

__all__ = ["Screen", "ask_again"]

WARMING = 3


class Screen(NamedTuple):
    """What is asked for; `ask` makes the next request, ``goal`` is in milliseconds."""

    name: str
    ask: Callable[[], Answer]
    goal: float | None


def ask_again(report: Report, screen: Screen, *, rounds: int, server: "Served") -> None:
    """Ask ``rounds`` times after some that do not count, and report."""
    for _ in range(WARMING):
        screen.ask()
    before = server.processor_seconds()
    times = [screen.ask().ms for _ in range(rounds)]
    processor = (server.processor_seconds() - before) * 1000 / rounds
    p95 = statistics.quantiles(times, n=20)[-1] if rounds > 1 else times[0]
    report.figure(f"{screen.name}, p95", round(p95, 1), "ms", goal=screen.goal, higher_is_better=False)
    report.figure(f"{screen.name}, median", round(statistics.median(times), 1), "ms")
    report.figure(f"{screen.name}, quickest", round(min(times), 1), "ms")
    report.figure(f"{screen.name}, processor time", round(processor, 1), "ms")
