"""The customer page with a long life, the tree of a great group, and a large customer's members, through HTTP.

Beside each time by the clock stands the processor time of web server and database, which a machine busy with other work
hardly lengthens.
"""

import re
from collections.abc import Iterator
from html import unescape
from itertools import cycle

from django.urls import reverse

from benchmarks.archive.filling import MANAGER, PROVINCE, large_customer
from benchmarks.ground.run import Report
from benchmarks.screens.asking import Screen, ask_again
from benchmarks.screens.browser import Browser
from benchmarks.screens.serving import served
from jike.apps.customers.models import Customer, Member
from jike.apps.organisation.demo import DEMO_PASSWORD

__all__ = ["measure"]

PAGE_GOAL, TREE_GOAL, LIST_GOAL = 80, 150, 80
OLDER = re.compile(r'hx-get="([^"]*/timeline/\?[^"]*before=[^"]+)"')
FAR = 30
"""Pages of the timeline before the one that is measured."""


def measure(report: Report, *, rounds: int, only: str, nodes: int) -> None:
    """Serve the site and ask for every page of the parts asked for."""
    with served() as server:

        def person(
            name: str,
        ) -> Browser:  # each signs in when needed: the server closes a connection that rests
            return Browser(server.address, name.lower(), password=DEMO_PASSWORD)

        screens = {
            "page": lambda: _page(person(MANAGER)),
            "tree": lambda: _tree(report, person(PROVINCE), nodes=nodes),
            "members": lambda: _members(person(MANAGER)),
        }
        for part, made in screens.items():
            for screen in made() if only in ("", part) else ():
                ask_again(report, screen, rounds=rounds, server=server)


def _page(browser: Browser) -> Iterator[Screen]:
    address = reverse("resource:record", args=["customers", large_customer().uid])
    yield Screen("customer page with a long life", lambda: browser.expect(address), PAGE_GOAL)
    far = reverse("resource:timeline", args=["customers", large_customer().uid])
    for _ in range(FAR):
        older = OLDER.search(browser.expect(far, fragment=True).text)
        if older is None:
            break
        far = unescape(older[1])
    yield Screen("its timeline, a page far on", lambda: browser.expect(far, fragment=True), PAGE_GOAL)


def _tree(report: Report, browser: Browser, *, nodes: int) -> Iterator[Screen]:
    """Ask for the tree of the group nearest to so many nodes: whole as a picture, and as the tab opens it."""
    top = _great_group(nodes)
    report.size("nodes of the tree", Customer.objects.filter(ancestors__contains=[top.pk]).count() + 1)
    tab = reverse("resource:tab", args=["customers", top.uid, "tree"])
    yield Screen("tab of the group's tree", lambda: browser.expect(tab, fragment=True), TREE_GOAL)


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
    yield Screen("members, first page", lambda: browser.expect(address), LIST_GOAL)
    yield Screen("members, any page", lambda: browser.expect(next(places)), LIST_GOAL)
    narrowed = f"{address}?department=%E9%83%A8%E9%97%A87"
    yield Screen("members of one department", lambda: browser.expect(narrowed), LIST_GOAL)
    ending = reverse("customers:bundles_ending")
    yield Screen("a manager's bundles that end", lambda: browser.expect(ending), LIST_GOAL)
