"""Sign-in through HTTP, and the memory of a web worker after it has served some hundred pages."""

import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.cookiejar import CookieJar
from typing import Any
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, build_opener

import psutil
from django.conf import settings
from django.utils import timezone

from jike.apps.organisation.models import Person
from tests import databases

SIGN_INS, PAGES = 20, 300
PASSWORD = "Bench-password-1"
COLLECT = """
from jike.site.commands.process import load_django
load_django()
from django.conf import settings
from jike.site.commands.static_files import collect
collect(settings.CONFIG)
"""
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


def measure(report: Any, people: list[int], database: str) -> None:
    """Serve the scratch database and measure from outside."""
    person = Person.objects.get(pk=people[0])
    person.set_password(PASSWORD)
    Person.objects.filter(pk=person.pk).update(
        password=person.password, must_change_password=False, password_set_at=timezone.now()
    )
    with served(database) as (address, process):
        times = [sign_in(address, person.staff_no)[1] for _ in range(SIGN_INS)]
        report.figure("sign-in, median", statistics.median(times), "ms", goal=300, higher_is_better=False)
        report.figure("sign-in, highest of 20", max(times), "ms")
        browser, _time = sign_in(address, person.staff_no)
        for _ in range(PAGES):
            browser.open(f"{address}/").read()
        workers = [one.memory_info().rss / 2**20 for one in process.children(recursive=True)]
        highest = max([process.memory_info().rss / 2**20, *workers])
        report.figure(
            "resident memory of a web worker after 300 pages", highest, "MB", goal=300, higher_is_better=False
        )


@contextmanager
def served(database: str) -> Iterator[tuple[str, psutil.Process]]:
    """Run one web worker on ``database``; give its address and its process."""
    with tempfile.TemporaryDirectory() as home:
        inherited = {
            key: value for key, value in os.environ.items() if not key.startswith(("JIKE_", "DATABASE_"))
        }
        environment = inherited | {
            "JIKE_HOME": home,
            "DATABASE_URL": databases.address("app", database),
            # Sessions of an earlier server of the same database must stay readable to the later ones.
            "JIKE_SECRET_KEY": settings.SECRET_KEY,
            "JIKE_PORT": "0",
            "JIKE_WORKERS": "1",
            "PYTHONUNBUFFERED": "1",
        }
        subprocess.run([sys.executable, "-c", COLLECT], env=environment, check=True)
        command = [sys.executable, "-m", "jike.site.commands", "web"]
        with subprocess.Popen(command, env=environment, text=True, stdout=subprocess.PIPE) as running:
            try:
                said = iter(running.stdout or ())
                address = next(found[0] for found in map(re.compile(r"http://\S+").search, said) if found)
                wait_for(address)
                yield address, psutil.Process(running.pid)
            finally:
                running.terminate()


def wait_for(address: str) -> None:
    """Wait until the server answers."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            build_opener().open(f"{address}/account/login/", timeout=5).read()
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise RuntimeError("the server did not answer within a minute")


def sign_in(address: str, staff_no: str) -> tuple[OpenerDirector, float]:
    """Sign in like a browser; return it and the milliseconds the sign-in itself took."""
    browser = build_opener(HTTPCookieProcessor(CookieJar()))
    page = browser.open(f"{address}/account/login/").read().decode()
    found = TOKEN.search(page)
    if found is None:
        raise RuntimeError("the sign-in page has no form")
    fields = {"csrfmiddlewaretoken": found[1], "login": staff_no, "password": PASSWORD}
    browser.addheaders = [*browser.addheaders, ("Referer", f"{address}/account/login/")]
    begin = time.perf_counter()
    answer = browser.open(f"{address}/account/login/", urlencode(fields).encode())
    answer.read()
    taken = (time.perf_counter() - begin) * 1000
    if "/account/login" in answer.url:
        raise RuntimeError("the sign-in was refused")
    return browser, taken
