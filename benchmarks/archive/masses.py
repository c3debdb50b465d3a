"""A snapshot of all members, what became of them, the figures afterwards; and a search for false members."""

import datetime as dt
import time
from collections.abc import Callable
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from benchmarks.archive.filling import MANAGER, PROVINCE, owner_cursor, someone
from benchmarks.ground.run import Report
from jike.apps.customers import queries
from jike.apps.customers.actions import (
    check_members,
    count_member_fates,
    take_member_snapshot,
)
from jike.apps.customers.models import MemberCheck, MemberSnapshot
from jike.foundation.errors import RuleBroken
from tests.making import SYSTEM, acting

__all__ = ["measure_check", "measure_snapshot"]

TAKE_GOAL, FIGURES_GOAL = 60, 1
AGO = dt.timedelta(days=365)


def measure_snapshot(report: Report) -> None:
    """Take a snapshot of a year ago, count what became of it, and read the figures as the province does."""
    day = timezone.localdate() - AGO
    while MemberSnapshot.objects.filter(taken_on=day).exists():
        day -= dt.timedelta(days=1)
    snapshot, spent = _timed(lambda: take_member_snapshot(actor=SYSTEM, on=day))
    report.size("members of the snapshot", snapshot.members)
    report.figure("taking a snapshot", spent, "s", goal=TAKE_GOAL, higher_is_better=False)
    _, spent = _timed(lambda: count_member_fates(snapshot, actor=SYSTEM, on=timezone.localdate()))
    report.figure("counting what became of it", spent, "s")
    with owner_cursor() as owner:
        owner.execute("ANALYZE customers_memberfate, customers_memberretention")
    for who, staff_no in (("the province", PROVINCE), ("a manager", MANAGER)):
        actor = acting(someone(staff_no))
        reads: tuple[Callable[..., Any], ...] = (
            queries.retention,
            queries.retention_by_month,
            queries.retention_by_unit,
            queries.retention_by_owner,
            queries.most_lost,
        )
        _, spent = _timed(lambda: [read(snapshot, actor) for read in reads])  # noqa: B023 — called at once
        name = f"retention figures of {who}"
        report.figure(name, spent, "s", goal=FIGURES_GOAL, higher_is_better=False)
    _forget(snapshot)


def _forget(snapshot: MemberSnapshot) -> None:
    """Take the measured snapshot away again; no action does, since a snapshot is evidence."""
    with owner_cursor() as owner:
        for table in ("membersnapshotline", "memberfate", "memberretention"):
            owner.execute(f"DELETE FROM customers_{table} WHERE snapshot_id = %s", [snapshot.pk])
        owner.execute("DELETE FROM customers_membersnapshot WHERE id = %s", [snapshot.pk])


def measure_check(report: Report) -> None:
    """Search all members for false ones."""
    try:
        with transaction.atomic():
            check = MemberCheck.objects.create(person=someone(MANAGER).uid, day=timezone.localdate())
            _, spent = _timed(lambda: check_members(check, actor=SYSTEM))
            report.size("suspicions found", sum(check.counts.values()))
            report.figure("searching all members for false ones", spent, "s")
            raise RuleBroken("measured; nothing of it is kept")
    except RuleBroken:
        connection.close()


def _timed(act: Callable[[], Any]) -> tuple[Any, float]:
    began = time.perf_counter()
    found = act()
    return found, round(time.perf_counter() - began, 2)
