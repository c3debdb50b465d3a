"""A running site with people in it, and a browser in front: what every journey needs.

The site is a process of its own (`jike web`) on a database of its own, so that sessions, jobs and static files are the
real ones. The browser is Debian's chromium; `Journey` signs in, looks for what axe finds, and listens to the console,
since a page that breaks the Content-Security-Policy says so there and nowhere else.
"""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from jike.apps.organisation.models import Person, Unit
from jike.foundation.audit import creating
from jike.values.rights import Breadth, Domain
from tests import databases
from tests.house.tree import ROOT
from tests.making import SYSTEM, a_post, a_role, a_unit

PASSWORD = "a-long-Password-9"
DESK = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
AXE = (ROOT / "node_modules/axe-core/axe.min.js").read_text(encoding="utf-8")
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
PATIENCE_MS = 60_000
"""How long anything may take before it counts as not happening; a busy machine is slow, not wrong."""
expect.set_options(timeout=PATIENCE_MS)
# Playwright runs an event loop in the test's thread; Django would take that for asynchronous code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One chromium for all journeys of this process."""
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    assert program, "The journeys need chromium; .ci/browser installs it."
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield started
        started.close()


@dataclass(frozen=True)
class Served:
    """A running site: where it answers, its database, and who is in it from the start."""

    address: str
    database: str
    people: dict[str, Person]


@pytest.fixture(scope="session")
def served(
    django_db_setup: None,
    static_files: None,
    django_db_blocker: Any,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Served]:
    """Serve a database of its own; starting takes long, so all journeys of this process share the site."""
    home = tmp_path_factory.mktemp("journeys")
    shutil.copytree(settings.CONFIG.home / "static", home / "static")
    with django_db_blocker.unblock():
        name = databases.create(f"{databases.own_name()}_journeys")
        with in_use(name):
            people = first_people()
        environment = {key: value for key, value in os.environ.items() if not key.startswith("JIKE_")} | {
            "JIKE_HOME": str(home),
            "DATABASE_URL": databases.address("app", name),
            "JIKE_PORT": "0",
            "JIKE_WORKERS": "1",
            "PYTHONUNBUFFERED": "1",
        }
        command = [sys.executable, "-m", "jike.site.commands", "web"]
        with subprocess.Popen(
            command, env=environment, text=True, stdout=subprocess.PIPE, cwd=ROOT
        ) as running:
            assert running.stdout is not None
            found = next(filter(None, (re.search(r"http://\S+", line) for line in running.stdout)))
            answering(found[0])
            yield Served(found[0], name, people)
            running.terminate()
            running.wait(timeout=30)
        databases.drop(name)


@contextmanager
def in_use(name: str) -> Iterator[None]:
    """Let what happens meanwhile happen in that database."""
    shared = databases.current()
    databases.use(name)
    yield
    databases.use(shared)


@pytest.fixture(scope="module")
def site(served: Served, django_db_blocker: Any) -> Iterator[str]:
    """Give the site's address. Rows made meanwhile are seen by the server at once."""
    with django_db_blocker.unblock(), in_use(served.database):
        yield served.address


def answering(address: str) -> None:
    """Wait until somebody listens there: the address is told before the pages are loaded."""
    where, pause = urlsplit(address), threading.Event()
    for _ in range(PATIENCE_MS // 100):
        try:
            socket.create_connection((where.hostname, where.port), timeout=10).close()
        except ConnectionRefusedError:
            pause.wait(0.1)
        else:
            return
    pytest.fail("the site never listened")


def somebody(staff_no: str, name: str, unit: Unit, **fields: Any) -> Person:
    """Make a person who may sign in with PASSWORD."""
    person = Person(staff_no=staff_no, name=name, unit=unit, **{"must_change_password": False, **fields})
    person.set_password(PASSWORD)
    return creating(person, actor=SYSTEM)


def first_people() -> dict[str, Person]:
    """Make an account manager and a system administrator; gives them by staff number."""
    unit = a_unit("福州市分公司", level="city")
    manager = somebody("FJ0591", "林知夏", unit)
    administrator = somebody("SYS1", "王志慧", unit)
    a_post(manager, a_role({"organisation.person:view": Breadth.TEAM}))
    rights = [
        f"organisation.{kind}:{action}" for kind in ("person", "unit") for action in ("view", "add", "change")
    ]
    a_post(administrator, a_role(dict.fromkeys([*rights, "foundation.job:view"], Breadth.ALL), Domain.SYSTEM))
    return {person.staff_no: person for person in (manager, administrator)}


@pytest.fixture(scope="module")
def people(site: str, served: Served) -> dict[str, Person]:
    """An account manager and a system administrator, by staff number."""
    return served.people


@dataclass
class Journey:
    """A page in a browser of its own, and what its console complained of."""

    page: Page
    address: str
    complaints: list[str] = field(default_factory=list)

    def go(self, path: str) -> Page:
        self.page.goto(self.address + path)
        return self.page

    def sign_in(self, staff_no: str, password: str = PASSWORD) -> Page:
        page = self.go("/account/login/")
        page.locator("#id_login").fill(staff_no)
        page.locator("#id_password").fill(password)
        with page.expect_navigation():
            page.locator("#id_password").press("Enter")
        return page

    def axe(self) -> list[str]:
        """Return what axe finds on the page as it is now, one line a rule."""
        session = self.page.context.new_cdp_session(self.page)
        session.send("Runtime.evaluate", {"expression": AXE})
        report = "axe.run(document).then(r => JSON.stringify(r.violations.map(v => `${v.id}: ${v.nodes[0].html}`)))"
        answer = session.send(
            "Runtime.evaluate", {"expression": report, "awaitPromise": True, "returnByValue": True}
        )
        return [str(line) for line in json.loads(answer["result"]["value"])]

    def overflows(self) -> bool:
        """Whether the page scrolls sideways."""
        return bool(
            self.page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
        )


@contextmanager
def opened(browser: Browser, address: str, **options: Any) -> Iterator[Journey]:
    """Open a browser of its own at 1440 × 900 in Chinese, unless the context options say otherwise."""
    context: BrowserContext = browser.new_context(**{"viewport": DESK, "locale": "zh-CN", **options})
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    journey = Journey(page, address)
    page.on("console", lambda said: journey.complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: journey.complaints.append(str(error)))
    yield journey
    context.close()


@pytest.fixture
def journey(
    browser: Browser, site: str, people: dict[str, Person], request: pytest.FixtureRequest
) -> Iterator[Journey]:
    """A fresh browser at 1440 × 900; parametrise indirectly with context options for another."""
    with opened(browser, site, **getattr(request, "param", {})) as journey:
        yield journey
