"""The write gate, one by one and set-wise, ledger batches, sealing under that load, verification."""

import statistics
import threading
import time
from typing import Any

import psycopg
from django.db import connection, models
from django.utils import timezone

from jike.apps.organisation.models import Person
from jike.foundation.audit import (
    changing,
    changing_many,
    creating_many,
    load_ledger,
    seal_pending,
    sealing_lag_seconds,
    verify,
)
from jike.foundation.models import Change
from jike.foundation.scope import system_actor
from tests import databases

SYSTEM = system_actor("bench")
ROUNDS = 5


class Measured(models.Model):
    """A ledger like a bill line, for this measurement only."""

    account_id = models.BigIntegerField()
    item = models.CharField(max_length=20)
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    month = models.DateField()
    batch = models.UUIDField()

    class Meta:
        app_label = "foundation"
        managed = False
        db_table = "bench_measured"


def measure(report: Any, organisation: Any, *, rows: int, ledger_rows: int) -> None:
    """Run all parts while a sealer works beside them, as in the product."""
    people = _people(organisation, rows)
    stop = threading.Event()
    lags: list[float] = []
    sealer = threading.Thread(target=_seal, args=(stop, lags))
    sealer.start()
    try:
        _set_wise(report, people)
        _one_by_one(report, people)
        _ledger(report, ledger_rows)
        time.sleep(2)
    finally:
        stop.set()
        sealer.join()
    report.figure("sealing lag under that load, highest", max(lags), "s", goal=5, higher_is_better=False)
    seal_pending()
    _verification(report)


def _people(organisation: Any, rows: int) -> list[int]:
    """Return ids of ``rows`` people, making those that lack."""
    have = list(organisation.people)
    for begin in range(len(have), rows, 20_000):
        new = [
            {"staff_no": f"X{n}", "name": f"李{n}", "unit_id": organisation.units[n % 1000], "password": "!"}
            for n in range(begin, min(begin + 20_000, rows))
        ]
        have += creating_many(Person, new, actor=SYSTEM).written
    return have


def _seal(stop: threading.Event, lags: list[float]) -> None:
    while not stop.is_set():
        seal_pending()
        lags.append(sealing_lag_seconds())
        stop.wait(0.5)
    connection.close()


def _set_wise(report: Any, people: list[int]) -> None:
    speeds = []
    for turn in range(ROUNDS):
        edits = {
            pk: {"email": f"p{pk}.{turn}@example.com", "theme": "dark" if turn % 2 else "light"}
            for pk in people
        }
        begin = time.perf_counter()
        outcome = changing_many(Person, edits, actor=SYSTEM)
        speeds.append(len(outcome.written) / (time.perf_counter() - begin))
    report.figure(
        "changing_many with change records, median of 5", statistics.median(speeds), "rows/s", goal=15_000
    )


def _one_by_one(report: Any, people: list[int]) -> None:
    times = []
    for turn, person in enumerate(Person.objects.filter(pk__in=people[:300])):
        begin = time.perf_counter()
        with changing(person, actor=SYSTEM):
            person.email = f"one{turn}@example.com"
        times.append((time.perf_counter() - begin) * 1000)
    report.figure("changing, median", statistics.median(times), "ms", goal=8, higher_is_better=False)
    report.figure("changing, p95", statistics.quantiles(times, n=20)[-1], "ms")


def _ledger(report: Any, rows: int) -> None:
    with psycopg.connect(**databases.parameters("owner")) as owner:
        owner.execute(
            "CREATE TABLE bench_measured (id bigserial PRIMARY KEY,"
            " account_id bigint NOT NULL, item varchar(20) NOT NULL,"
            " amount numeric(14,2) NOT NULL, month date NOT NULL, batch uuid NOT NULL)"
        )
        owner.execute("GRANT ALL ON bench_measured, bench_measured_id_seq TO PUBLIC")
    day = timezone.localdate().replace(day=1).isoformat()
    facts = [(n, "月租费", f"{n % 1000}.50", day) for n in range(rows)]
    speeds = []
    for _ in range(3):
        begin = time.perf_counter()
        load_ledger(
            Measured,
            ("account_id", "item", "amount", "month"),
            facts,
            actor=SYSTEM,
            permission="customers.customer:load_figures",
        )
        speeds.append(rows / (time.perf_counter() - begin))
    report.figure("ledger batches, median of 3", statistics.median(speeds), "rows/s", goal=150_000)


def _verification(report: Any) -> None:
    changes = Change.objects.count()
    speeds = []
    for _ in range(3):
        begin = time.perf_counter()
        verdict = verify()
        speeds.append(verdict.changes / (time.perf_counter() - begin))
        if not verdict.sound or verdict.changes != changes:
            raise RuntimeError(f"the stream does not verify: {verdict}")
    report.size("changes verified", changes)
    report.figure("audit verify, median of 3", statistics.median(speeds), "changes/s", goal=200_000)
