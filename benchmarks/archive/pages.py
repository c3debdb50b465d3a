"""The customer page with a long life, the tree of a great group, and a large customer's members, through HTTP.

Beside each time by the clock stands the processor time of web server and database, which a machine busy with other work
hardly lengthens.
"""

import re
import statistics
from collections.abc import Callable, Iterator
from html import unescape
from itertools import cycle
from typing import NamedTuple

from django.urls import reverse

from benchmarks.archive.filling import MANAGER, PROVINCE, large_customer
from benchmarks.ground.run import Report
from benchmarks.screens.browser import Answer, Browser
from benchmarks.screens.serving import Served, served
from jike.apps.customers.models import Customer, Member
from jike.apps.organisation.demo import DEMO_PASSWORD

__all__ = ["measure"]

PAGE_GOAL, TREE_GOAL, LIST_GOAL = 80, 150, 80
WARMING = 3
OLDER = re.compile(r'hx-get="([^"]*/timeline/\?[^"]*before=[^"]+)"')
FAR = 30
"""Pages of the timeline before the one that is measured."""


class Screen(NamedTuple):
    """One thing asked for again and again; `ask` makes the next request."""

    part: str
    name: str
    ask: Callable[[], Answer]
    goal: float


def measure(report: Report, *, rounds: int, only: str, nodes: int) -> None:
    """Serve the site and ask for every page of the parts asked for."""
    with served() as server:
        people = {
            name: Browser(server.address, name.lower(), password=DEMO_PASSWORD)
            for name in (MANAGER, PROVINCE)
        }
        screens = {
            "page": lambda: _page(people[MANAGER]),
            "tree": lambda: _tree(report, people[PROVINCE], nodes=nodes),
            "members": lambda: _members(people[MANAGER]),
        }
        for part, made in screens.items():
            if only in ("", part):
                for screen in made():
                    _measure(report, screen, rounds=rounds, server=server)


def _measure(report: Report, screen: Screen, *, rounds: int, server: Served) -> None:
    for _ in range(WARMING):
        screen.ask()
    before = server.processor_seconds()
    times = [screen.ask().ms for _ in range(rounds)]
    processor = (server.processor_seconds() - before) * 1000 / rounds
    p95 = statistics.quantiles(times, n=20)[-1] if rounds > 1 else times[0]
    report.figure(f"{screen.name}, p95", round(p95, 1), "ms", goal=screen.goal, higher_is_better=False)
    report.figure(f"{screen.name}, median", round(statistics.median(times), 1), "ms")
    report.figure(f"{screen.name}, processor time", round(processor, 1), "ms")


def _page(browser: Browser) -> Iterator[Screen]:
    address = reverse("resource:record", args=["customers", large_customer().uid])
    yield Screen("page", "customer page with a long life", lambda: browser.expect(address), PAGE_GOAL)
    far = reverse("resource:timeline", args=["customers", large_customer().uid])
    for _ in range(FAR):
        older = OLDER.search(browser.expect(far, fragment=True).text)
        if older is None:
            break
        far = unescape(older[1])
    yield Screen("page", "its timeline, a page far on", lambda: browser.expect(far, fragment=True), PAGE_GOAL)


def _tree(report: Report, browser: Browser, *, nodes: int) -> Iterator[Screen]:
    """Ask for the tree of the group nearest to so many nodes: whole as a picture, and as the tab opens it."""
    top = _great_group(nodes)
    report.size("nodes of the tree", Customer.objects.filter(ancestors__contains=[top.pk]).count() + 1)
    tab = reverse("resource:tab", args=["customers", top.uid, "tree"])
    yield Screen("tree", "tab of the group's tree", lambda: browser.expect(tab, fragment=True), TREE_GOAL)


def _great_group(nodes: int) -> Customer:
    """Return the top of the demo's great group (its first customer), or of a part of it with fewer nodes."""
    first = Customer.objects.filter(removed_at=None).order_by("id")[:1].get()
    below = Customer.objects.filter(ancestors__contains=[first.pk]).count()
    if below + 1 <= nodes:
        return first
    parts = Customer.objects.filter(parent=first).order_by("id")
    sizes = {one.pk: Customer.objects.filter(ancestors__contains=[one.pk]).count() + 1 for one in parts}
    return min(parts, key=lambda one: abs(sizes[one.pk] - nodes)) if sizes else first


def _members(browser: Browser) -> Iterator[Screen]:
    customer = large_customer()
    address = reverse("customers:members", args=[customer.uid])
    rows = Member.objects.filter(customer=customer, left_on=None).order_by("number")
    count = rows.count()
    cursors = [rows.values_list("number", flat=True)[place] for place in range(0, count, max(1, count // 12))]
    places = cycle([f"{address}?after={one}" for one in cursors])
    yield Screen("members", "members, first page", lambda: browser.expect(address), LIST_GOAL)
    yield Screen("members", "members, any page", lambda: browser.expect(next(places)), LIST_GOAL)
    narrowed = f"{address}?department=%E9%83%A8%E9%97%A87"
    yield Screen("members", "members of one department", lambda: browser.expect(narrowed), LIST_GOAL)
    ending = reverse("customers:bundles_ending")
    yield Screen("members", "a manager's bundles that end", lambda: browser.expect(ending), LIST_GOAL)
