"""`jike bench screens`: lists, searches, records and saves at archive size, through HTTP, as people meet them.

Works on the site of JIKE_HOME, which holds the demo data of a bench scale (`jike demo --scale archive --no-serve`), and
serves it by one server. One client asks first, then eight at once. The saves are real ones.
"""

import json
import os
import time
from collections.abc import Callable
from itertools import cycle
from typing import Any
from urllib.parse import urlencode

from benchmarks.ground.run import Report
from benchmarks.screens.asking import Screen, ask_again
from benchmarks.screens.browser import Answer, Browser
from jike.site.commands.process import load_django

__all__ = ["run"]

PASSWORD = "Jike-demo-2026"
PEOPLE = {"a manager": "am001", "a city head": "ct001", "the province": "ph001"}
GOAL_MS, RECORD_GOAL_MS = 50, 80
CITY = "440100"
DEEP = 10_000 * 50
"""Rows before the ten-thousandth page."""
QUESTIONS = {
    "two rare characters": "霁禾",
    "two common characters": "公司",
    "initials": "gzlc",
    "initials, common": "yxgs",
    "a code": "KH00012345",
    "a person's name": "王伟",
}


def run(report: Report, *, rounds: int = 40, seconds: int = 60, only: str = "") -> None:
    """Measure each screen ``rounds`` times, then ``seconds`` of eight clients; ``only`` names what a screen holds."""
    load_django()
    from benchmarks.screens import mixed, weight
    from benchmarks.screens.serving import served
    from jike.apps.customers.models import Customer, KeyPerson
    from jike.apps.organisation.models import Person

    for model in (Customer, KeyPerson, Person):
        report.size(str(model._meta.label), model._default_manager.count())
    report.size("rounds per screen", rounds)
    report.size("load average of the machine at the beginning", os.getloadavg()[0])
    with served() as server:
        for who, name in PEOPLE.items():
            browser = Browser(server.address, name, password=PASSWORD)
            for screen in _screens(who, browser):
                if only in screen.name:
                    ask_again(report, screen, rounds=rounds, server=server)
        if not only or only == "mixed":
            mixed.measure(report, server, password=PASSWORD, seconds=seconds)
        if not only or only == "weight":
            weight.measure(report, server.address, name=PEOPLE["a manager"], password=PASSWORD)
    report.size("load average of the machine at the end", os.getloadavg()[0])


def _screens(who: str, browser: Browser) -> list[Screen]:
    """Return every screen of one person."""
    from jike.apps.customers.pages.resources import CUSTOMERS

    uids = cycle(_some_uids(browser.name))
    numbers = iter(range(10**9))
    city = {"where": json.dumps([["region", "under", [CITY]]])}

    def asking(path: str, *, fragment: bool = False) -> Callable[[], Answer]:
        return lambda: browser.expect(path, fragment=fragment)

    def about(rest: str, *, fragment: bool = False) -> Callable[[], Answer]:
        return lambda: browser.expect(f"/customers/{next(uids)}/{rest}", fragment=fragment)

    def saving(name: str, text: str) -> Callable[[], Answer]:
        stamp = int(time.time())
        return lambda: browser.save_fact(
            f"/customers/{next(uids)}/fact/{name}/", name, f"{text}{stamp}-{next(numbers)}"
        )

    def screen(name: str, ask: Callable[[], Answer], goal: float | None = GOAL_MS) -> Screen:
        return Screen(f"{who}: {name}", ask, goal)

    screens = [
        screen("list, first page", asking("/customers/")),
        screen("list, a page far on", asking(_address(at=_deep_cursor(browser.name)))),
        screen("list of a city", asking(_address(**city))),
        *(
            screen(f"list by {sort}", asking(_address(sort=sort)))
            for sort in (*CUSTOMERS.sorts, "-name_key", "monthly_revenue", "-health", "-next_step_on")
        ),
        screen("list of a city by revenue", asking(_address(sort="-monthly_revenue", **city))),
        screen("count and totals after the list", asking("/customers/count/", fragment=True), None),
        screen("board", asking(_address(layout="board"))),
        screen("board of a city", asking(_address(layout="board", **city))),
        screen("home", asking("/"), None),
        screen("drawer", about("drawer/", fragment=True)),
        screen("record", about(""), RECORD_GOAL_MS),
        *(
            screen(f"Ctrl-K, {what} ({text})", asking(f"/search/?{_query(q=text)}", fragment=True))
            for what, text in QUESTIONS.items()
        ),
        screen("list narrowed to two characters", asking(_address(q="霁禾"))),
    ]
    if browser.name == PEOPLE["a manager"]:
        screens.append(screen("saving a field", saving("next_step", "回访")))
        screens.append(screen("saving a searched name", saving("short_name", "简称")))
    return screens


def _query(**parameters: str) -> str:
    return urlencode(parameters)


def _address(**parameters: str) -> str:
    return f"/customers/?{_query(**parameters)}"


def _visible(name: str) -> Any:
    """Return the customers that somebody sees."""
    from jike.apps.customers.models import Customer
    from jike.apps.organisation.models import Person
    from jike.foundation.scope import visible
    from tests.making import acting

    return visible(Customer, acting(Person.objects.get(staff_no=name.upper())))


def _some_uids(name: str) -> list[str]:
    rows = _visible(name).order_by("name_key", "id").values_list("uid", flat=True)[:2_000]
    return [str(uid) for uid in list(rows)[::17]]


def _deep_cursor(name: str) -> str:
    """Return the cursor of the ten-thousandth page, or of the last one where there are fewer."""
    from jike.foundation.resource.state import Cursor

    rows = _visible(name).order_by("name_key", "id").values_list("name_key", "id")
    place = min(DEEP, max(0, rows.count() - 60))
    key, number = rows[place]
    return Cursor(key, number).write()
