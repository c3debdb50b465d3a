"""What runs in processes of its own: they import this module before Django is loaded."""

import resource
import time
from typing import Any

__all__ = ["look", "sweep"]

LOOK_EVERY = 0.2


def sweep(database: str) -> tuple[float, int, int, float]:
    """Sweep the customers; return seconds, pairs compared, crowded keys, and the most memory of this process in MiB."""
    _load(database)
    from jike.apps.customers.models import Customer
    from jike.foundation.doubles import sweep_kind

    begun = time.perf_counter()
    told = sweep_kind(Customer)
    seconds = time.perf_counter() - begun
    return seconds, told.compared, told.crowded, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def look(address: str, staff_no: str, database: str, *, signals: tuple[Any, Any]) -> list[float]:
    """Look at the list of customers until told to end; return how long each look took, in seconds."""
    _load(database)
    from benchmarks.ground.served import sign_in

    begun, ended = signals
    browser, _time = sign_in(address, staff_no)
    browser.open(f"{address}/customers/").read()
    begun.set()
    times: list[float] = []
    while not ended.wait(LOOK_EVERY) or len(times) < 2:
        begin = time.perf_counter()
        browser.open(f"{address}/customers/").read()
        times.append(time.perf_counter() - begin)
    return times


def _load(database: str) -> None:
    from jike.site.commands.process import load_django

    load_django()
    from tests import databases

    databases.use(database)
