"""Customers change hands by the thousand: proposed, and accepted at once."""

import time

from benchmarks.archive.filling import MANAGER, PROVINCE, someone
from benchmarks.ground.run import Report
from jike.apps.customers.actions import accept_hand_over, assign_many, propose_hand_over
from jike.apps.customers.models import Customer
from jike.apps.organisation.models import Person
from jike.foundation.search.keeping import move_waiting
from tests.making import SYSTEM, acting

__all__ = ["measure"]

GOAL_SECONDS = 5


def measure(report: Report, *, moved: int) -> None:
    """Hand ``moved`` customers of one unit's managers over to another manager, and give them back."""
    taker = _taker()
    rows = Customer.objects.filter(removed_at=None, owner__isnull=False).exclude(owner=taker).order_by("id")
    before = dict(rows.values_list("pk", "owner_id")[:moved])
    report.size("customers handed over", len(before))
    began = time.perf_counter()
    proposed = propose_hand_over(
        list(before), actor=acting(someone(PROVINCE)), taker=taker, reason="片区调整"
    )
    report.figure("proposing a hand-over", round(time.perf_counter() - began, 2), "s")
    began = time.perf_counter()
    accept_hand_over(proposed.hand_over, actor=acting(taker))
    spent = round(time.perf_counter() - began, 2)
    report.figure("accepting a hand-over", spent, "s", goal=GOAL_SECONDS, higher_is_better=False)
    report.size("customers passed over", proposed.passed_over)
    began = time.perf_counter()
    move_waiting()
    report.figure("search entries that follow by a job", round(time.perf_counter() - began, 2), "s")
    _give_back(before)


def _taker() -> Person:
    people = Person.objects.filter(staff_no__startswith="AM", removed_at=None).exclude(staff_no=MANAGER)
    return people.order_by("-pk")[:1].get()


def _give_back(before: dict[int, int | None]) -> None:
    owners = Person.objects.in_bulk([number for number in before.values() if number is not None])
    by_owner: dict[int, list[int]] = {}
    for customer, owner in before.items():
        if owner is not None:
            by_owner.setdefault(owner, []).append(customer)
    for owner, customers in by_owner.items():
        assign_many(customers, actor=SYSTEM, owner=owners[owner])
