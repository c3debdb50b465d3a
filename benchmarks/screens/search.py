"""Search at archive size: building the index, each kind of question by each kind of actor, saves that touch the index.

``python -m benchmarks.screens.search`` measures in a scratch database, through the endpoint of Ctrl-K in this process
(every middleware, the template), and in SQL alone.
"""

import os
import statistics
import time
from collections.abc import Callable
from typing import Any, Protocol

from jike.site.commands.process import load_django

__all__ = ["run"]

ROUNDS = 30
QUESTIONS = (
    ("two rare characters", "岚屿"),
    ("two common characters", "公司"),
    ("two middling characters", "科技"),
    ("another city's name", "深圳"),
    ("three characters", "商业银"),
    ("a surname", "王"),
    ("a person's name", "王伟"),
    ("one character", "港"),
    ("initials, rare", "lykj"),
    ("initials, common", "yxgs"),
    ("initials, two", "gz"),
    ("one letter", "g"),
    ("full pinyin", "guangzhou"),
    ("full pinyin, begun", "zhongk"),
    ("pinyin and initials", "gzkeji"),
    ("a code", "GD00012345"),
    ("a begun code", "GD0001"),
    ("a begun code, short", "GD"),
    ("a credit code", "914401"),
    ("last digits", "2607"),
    ("a telephone number", "13812345678"),
    ("mixed", "深圳 银行"),
    ("mixed scripts", "广州yh"),
    ("no match", "鑫淼犇"),
)


class Report(Protocol):
    """What the bench command hands over."""

    def size(self, name: str, value: object) -> None: ...

    def figure(
        self, name: str, value: float, unit: str, *, goal: float | None = None, higher_is_better: bool = True
    ) -> None: ...


def run(
    report: Report, *, customers: int = 1_000_000, persons: int = 2_000_000, rounds: int = ROUNDS
) -> None:
    """Measure with so many customers and key persons, each question ``rounds`` times per actor."""
    load_django()
    from django.urls import reverse

    from benchmarks.scratch import scratch_database
    from benchmarks.screens import search_data

    reverse("foundation:search")
    report.size("customers", customers)
    report.size("key persons", persons)
    report.size("rounds per question and actor", rounds)
    report.size("load average of the machine at the beginning", os.getloadavg()[0])
    with scratch_database():
        organisation = search_data.make_organisation()
        search_data.make_records(
            organisation.units, organisation.people, customers=customers, persons=persons
        )
        _index(report)
        _ask(report, _actors(organisation), rounds)
        _save(report)


def _index(report: Report) -> None:
    from django.db import connection

    from jike.foundation.search.rebuilding import index_every_kind

    begin = time.perf_counter()
    rows = index_every_kind()
    report.figure(
        "rebuilding the index, processes and indexes included",
        rows / (time.perf_counter() - begin),
        "rows/s",
        goal=20_000,
    )
    with connection.cursor() as cursor:
        for what in ("foundation_searchentry", "search_tokens"):
            cursor.execute("SELECT pg_relation_size(%s::regclass) / 1048576.0", [what])
            report.figure(f"size of {what}", float(cursor.fetchone()[0]), "MiB")


def _actors(organisation: Any) -> dict[str, Any]:
    """Return the people who ask, by what they may see."""
    from jike.apps.organisation.models import Person, Unit
    from jike.values.rights import Breadth
    from tests.making import a_post, a_role

    rights = ("customers.customer:view", "customers.keyperson:view")
    city = Unit.objects.get(code="C0")
    grid = Unit.objects.filter(parent=city).order_by("pk")[3]
    asked = {
        "manager": (rights, Breadth.OWN, grid),
        "one unit": (rights, Breadth.TEAM, grid),
        "a city's units": (rights, Breadth.BELOW, city),
        "all": ((*rights, "customers.keyperson:see_personal"), Breadth.ALL, grid),
    }
    found = {}
    for number, (name, (held, breadth, unit)) in enumerate(asked.items()):
        found[name] = Person.objects.get(pk=organisation.people[2500 + number])
        a_post(found[name], a_role(dict.fromkeys(held, breadth)), at=unit)
    return found


def _ask(report: Report, people: dict[str, Any], rounds: int) -> None:
    from django.conf import settings
    from django.test import Client

    from jike.foundation.search.finding import find
    from tests.making import acting

    every: list[float] = []
    for who, person in people.items():
        client, actor = Client(SERVER_NAME="127.0.0.1", headers={"HX-Request": "true"}), acting(person)
        client.force_login(person, backend=settings.AUTHENTICATION_BACKENDS[-1])
        for text in ("预热", "yure", "13900000000"):
            _get(client, text)
        for what, text in QUESTIONS:
            through = _timed(lambda text=text, client=client: _get(client, text), rounds)
            alone = _timed(lambda text=text, actor=actor: find(text, actor), rounds)
            every += through
            found = len(find(text, actor))
            report.figure(
                f"{who}: {what} ({text}), {found} found, endpoint p95",
                _p95(through),
                "ms",
                goal=50,
                higher_is_better=False,
            )
            report.figure(f"{who}: {what} ({text}), find() p95", _p95(alone), "ms")
            report.figure(f"{who}: {what} ({text}), find() fastest", min(alone), "ms")
    report.figure("every question, endpoint median", statistics.median(every), "ms")
    report.figure("every question, endpoint p95", _p95(every), "ms", goal=50, higher_is_better=False)


def _get(client: Any, text: str) -> None:
    answer = client.get("/search/", {"q": text})
    if answer.status_code != 200:
        raise RuntimeError(f"search answered {answer.status_code}")


def _timed(act: Callable[[], Any], rounds: int) -> list[float]:
    times = []
    for _ in range(rounds):
        begin = time.perf_counter()
        act()
        times.append((time.perf_counter() - begin) * 1000)
    return times


def _p95(times: list[float]) -> float:
    return statistics.quantiles(times, n=20)[-1] if len(times) > 1 else times[0]


def _save(report: Report) -> None:
    """Measure what keeping the index costs whoever saves."""
    from jike.apps.customers.models import Customer
    from jike.foundation.audit import changing, changing_many
    from jike.foundation.scope import system_actor

    system = system_actor("bench")
    rows = list(Customer.objects.order_by("?")[:2_000])
    times = []
    for turn, row in enumerate(rows[:100]):
        begin = time.perf_counter()
        with changing(row, actor=system):
            row.short_name = f"简称{turn}"
        times.append((time.perf_counter() - begin) * 1000)
    report.figure(
        "saving one customer's searched name, p95", _p95(times), "ms", goal=50, higher_is_better=False
    )
    kept = {row.pk: {"domain": f"{row.pk}.example"} for row in rows}
    named = {row.pk: {"short_name": f"新{row.pk}"} for row in rows}
    moved = {row.pk: {"unit_id": rows[0].unit_id} for row in rows}
    for what, edits in (("no searched field", kept), ("a searched name", named), ("the unit", moved)):
        begin = time.perf_counter()
        changing_many(Customer, edits, actor=system)
        report.figure(f"changing_many, {what}", len(edits) / (time.perf_counter() - begin), "rows/s")


if __name__ == "__main__":
    from jike.site.commands.report import Report as Printed

    printed = Printed("search", as_json=True)
    run(printed)
    printed.close()
