"""Eight people at once: lists and searches, records, saves, for a minute; how many requests are answered a second."""

import random
import statistics
import sys
import threading
import time
from typing import Any
from urllib.parse import quote

from benchmarks.screens.browser import Browser
from benchmarks.screens.serving import Served

__all__ = ["measure"]

CLIENTS = 8
GOAL = 170
LISTS = (
    "/customers/",
    "/customers/?sort=-monthly_revenue",
    "/customers/?sort=health",
    "/customers/?layout=board",
)
SEARCHES = ("霁禾", "公司", "gzlc", "KH00012345", "科技", "王伟")


class Client(threading.Thread):
    """One person, who asks for the next thing as soon as the last has come."""

    def __init__(self, browser: Browser, uids: list[str], *, until: threading.Event) -> None:
        super().__init__(daemon=True)
        self.browser, self.uids, self.until = browser, uids, until
        self.times: list[float] = []
        self.failures: list[str] = []
        self.chance = random.Random(browser.name)

    def run(self) -> None:
        """Ask until told to stop; a record's editor is opened once and stays open for its further saves."""
        number = 0
        while not self.until.is_set():
            number += 1
            draw = self.chance.random()
            try:
                begin = time.perf_counter()
                if draw < 0.45:
                    self._look()
                elif draw < 0.75:
                    self.browser.expect(f"/customers/{self.chance.choice(self.uids)}/")
                else:
                    self._save(number)
                self.times.append((time.perf_counter() - begin) * 1000)
            except (OSError, RuntimeError) as error:
                self.failures.append(str(error))

    def _look(self) -> None:
        if self.chance.random() < 0.5:
            self.browser.expect(self.chance.choice(LISTS))
        else:
            self.browser.expect(f"/search/?q={quote(self.chance.choice(SEARCHES))}", fragment=True)

    def _save(self, number: int) -> None:
        uid = self.chance.choice(self.uids)
        self.browser.save_fact(f"/customers/{uid}/fact/next_step/", "next_step", f"回访{number}")


def measure(report: Any, server: Served, *, password: str, seconds: int) -> None:
    """Let eight account managers work side by side and report what they got."""
    from benchmarks.screens.pages import _some_uids

    names = [f"am{number:03}" for number in range(1, CLIENTS + 1)]
    stop = threading.Event()
    clients = [
        Client(Browser(server.address, name, password=password), _some_uids(name), until=stop)
        for name in names
    ]
    before, begin = server.processor_seconds(), time.perf_counter()
    for client in clients:
        client.start()
    stop.wait(seconds)
    stop.set()
    for client in clients:
        client.join()
    spent, processor = time.perf_counter() - begin, server.processor_seconds() - before
    times = [ms for client in clients for ms in client.times]
    failures = [text for client in clients for text in client.failures]
    for text in failures[:3]:
        print(text, file=sys.stderr)
    report.figure("mixed, 8 clients: answered", len(times) / spent, "requests/s", goal=GOAL)
    report.figure("mixed, 8 clients: errors", len(failures), "", goal=0, higher_is_better=False)
    report.figure("mixed, 8 clients: median", statistics.median(times), "ms")
    report.figure("mixed, 8 clients: p95", statistics.quantiles(times, n=20)[-1], "ms")
    report.figure("mixed, 8 clients: processor time a request", processor * 1000 / len(times), "ms")
    report.figure("mixed, 8 clients: cores' worth of processor time got", processor / spent, "cores")
