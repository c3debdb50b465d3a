"""Visits of 24 months with their minutes, the tasks that came of the latest ones, and what is planned for today."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterator
from random import Random
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from jike.apps.customers.models import Customer, KeyPerson
from jike.apps.customers.rules import State
from jike.apps.sales.demo import words
from jike.apps.sales.demo.deals import ACTOR, SEED, customers_served, stored
from jike.apps.sales.models import Opportunity, Visit
from jike.apps.sales.rules import OPEN, Attitude, VisitState
from jike.apps.tasks.models import Task
from jike.apps.tasks.rules import Source
from jike.apps.tasks.rules import State as TaskState
from jike.foundation.audit import creating_many

__all__ = ["make_today", "make_visits"]

MONTHS_BACK = 24
TASKS_SINCE = dt.timedelta(days=75)
SETTLED_AFTER = dt.timedelta(days=9)
TIMES = (dt.time(9, 30), dt.time(11), dt.time(14, 30), dt.time(16, 30))
AHEAD = 12
NEGLECTED, FALLEN_OUT = 9, dt.timedelta(days=95)
"""Of every so many customers one saw none of the visits planned for the last quarter: that raises a warning."""
Advance = Callable[[int], None]
Row = dict[str, Any]


@transaction.atomic
def make_visits(advance: Advance) -> None:
    """Make the visits of the past, and tasks from the next steps of the latest."""
    if Visit.objects.exists():
        return
    today = timezone.localdate()
    random = Random(SEED + 2)  # noqa: S311 — invented data, nothing secret
    people = _people()
    visits: list[Row] = []
    tasks: list[Row] = []
    for number, customer in enumerate(customers_served()):
        for row in _past(random, customer, people.get(customer.pk, []), today=today):
            if number % NEGLECTED == 0 and row["planned_at"].date() > today - FALLEN_OUT:
                visits.append(_fallen_out(row))
                continue
            visits.append(row)
            if today - row["next_step_on"] < TASKS_SINCE:
                tasks.append(_task_from(random, customer, row, today=today))
    advance(stored(creating_many(Visit, visits, actor=ACTOR)))
    stored(creating_many(Task, tasks, actor=ACTOR))


def _fallen_out(visit: Row) -> Row:
    """Return the visit as one that was planned and never took place."""
    plan = {name: visit[name] for name in ("customer_id", "owner_id", "unit_id", "purpose", "planned_at")}
    return plan | {"state": str(VisitState.CANCELLED), "cancel_reason": "客户临时出差，改期未定"}


def _people() -> dict[int, list[UUID]]:
    found: dict[int, list[UUID]] = defaultdict(list)
    rows = KeyPerson.objects.filter(removed_at=None).order_by("pk").values_list("customer_id", "uid")
    for customer, uid in rows:
        found[customer].append(uid)
    return found


def _past(random: Random, customer: Customer, people: list[UUID], *, today: dt.date) -> Iterator[Row]:
    """Yield a customer's visits, more of them where more is earned; none after it was lost."""
    until = today - dt.timedelta(days=1)
    if customer.state == State.LOST and customer.state_since:
        until = min(until, customer.state_since)
    pace = 45 if customer.grade in ("A1", "A2") else 75 if customer.grade in ("B1", "B2") else 130
    day = today - dt.timedelta(days=MONTHS_BACK * 30 - random.randrange(0, pace))
    while day <= until:
        workday = day - dt.timedelta(days=max(0, day.weekday() - 4))
        yield _visit(random, customer, workday, people=people)
        day += dt.timedelta(days=random.randrange(pace // 2, pace * 3 // 2))


def _visit(random: Random, customer: Customer, day: dt.date, *, people: list[UUID]) -> Row:
    planned = _moment(day, random.choice(TIMES))
    finished = planned + dt.timedelta(minutes=random.randrange(35, 100))
    return _plan(random, customer, planned) | {
        "state": str(VisitState.DONE),
        "checked_in_at": planned + dt.timedelta(minutes=random.randrange(-9, 12)),
        "place": customer.address or "",
        "met": random.sample(people, min(len(people), random.choice((1, 1, 2)))),
        "minutes": random.choice(words.MINUTES),
        "found": random.sample(sorted(words.DEALS), random.choice((0, 1, 1, 2))),
        "attitude": str(
            random.choice((Attitude.SUPPORTS, Attitude.SUPPORTS, Attitude.NEUTRAL, Attitude.OPPOSED))
        ),
        "finished_at": finished,
        "next_step": random.choice(words.STEPS),
        "next_step_on": day + dt.timedelta(days=random.randrange(2, 15)),
    }


def _plan(random: Random, customer: Customer, planned: dt.datetime) -> Row:
    return {
        "customer_id": customer.pk,
        "owner_id": customer.owner_id,
        "unit_id": customer.owner.unit_id if customer.owner else customer.unit_id,
        "purpose": random.choice(words.PURPOSES),
        "planned_at": planned,
    }


def _task_from(random: Random, customer: Customer, visit: Row, *, today: dt.date) -> Row:
    """Return the task that a visit's next step became: mostly settled in time, of late ones some are open."""
    due_on = visit["next_step_on"]
    row = _task(customer, visit["next_step"], _moment(due_on, dt.time(18)), source=Source.VISIT)
    if due_on < today - SETTLED_AFTER or (due_on < today and random.random() < 0.88):
        settled = _moment(due_on - dt.timedelta(days=random.randrange(0, 3)), dt.time(16, 20))
        row |= {"state": str(TaskState.DONE), "settled_at": max(settled, visit["finished_at"])}
    return row


def _task(customer: Customer, title: str, due_at: dt.datetime, *, source: Source) -> Row:
    return {
        "title": title,
        "owner_id": customer.owner_id,
        "unit_id": customer.owner.unit_id if customer.owner else customer.unit_id,
        "about_kind": Customer.kind(),
        "about_uid": customer.uid,
        "about_title": customer.name,
        "due_at": due_at,
        "source": str(source),
    }


@transaction.atomic
def make_today(advance: Advance) -> None:
    """Make every account manager's visits of today and the days ahead, and tasks that are due."""
    if Visit.objects.filter(planned_on__gte=timezone.localdate()).exists():
        return
    today = timezone.localdate()
    random = Random(SEED + 3)  # noqa: S311 — invented data, nothing secret
    portfolios: dict[int, list[Customer]] = defaultdict(list)
    for customer in customers_served():
        if customer.state in (State.ACTIVE, State.POTENTIAL) and customer.owner_id:
            portfolios[customer.owner_id].append(customer)
    working = dict(Opportunity.objects.filter(stage__in=OPEN).values_list("customer_id", "pk"))
    visits: list[Row] = []
    tasks: list[Row] = []
    for customers in portfolios.values():
        random.shuffle(customers)
        visits += _days(random, customers, working, today=today)
        tasks += _due(random, customers, today=today)
    advance(
        stored(creating_many(Visit, visits, actor=ACTOR)) + stored(creating_many(Task, tasks, actor=ACTOR))
    )


def _days(
    random: Random, customers: list[Customer], working: dict[int, int], *, today: dt.date
) -> Iterator[Row]:
    """Yield up to four visits today, the first one checked in to, and some in the days after."""
    for number, customer in enumerate(customers[: len(TIMES)]):
        row = _plan(random, customer, _moment(today, TIMES[number])) | {
            "opportunity_id": working.get(customer.pk)
        }
        if number == 0 and row["planned_at"] < timezone.now():
            row |= {"state": str(VisitState.CHECKED_IN), "checked_in_at": row["planned_at"]}
            row |= {"place": customer.address or ""}
        yield row
    for customer in customers[len(TIMES) : len(TIMES) + 5]:
        day = today + dt.timedelta(days=random.randrange(1, AHEAD))
        day += dt.timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > 4 else 0)
        yield _plan(random, customer, _moment(day, random.choice(TIMES)))


def _due(random: Random, customers: list[Customer], *, today: dt.date) -> Iterator[Row]:
    """Yield tasks around today: two late, some due today, some in the week."""
    for number, customer in enumerate(customers[:7]):
        days = (-3, -1, 0, 0, 2, 3, 6)[number]
        at = dt.time(random.choice((12, 15, 18)))
        title = random.choice(words.STEPS)
        yield _task(customer, title, _moment(today + dt.timedelta(days=days), at), source=Source.HAND)


def _moment(day: dt.date, at: dt.time) -> dt.datetime:
    return dt.datetime.combine(day, at, timezone.get_default_timezone())
