"""Demo plans of the last weeks, and targets of a year for every account manager; units add their people's up."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from random import Random
from typing import Any

from django.db import transaction
from django.db.models import Count, Sum
from django.utils import timezone

from jike.apps.customers.models import Customer
from jike.apps.customers.rules import State
from jike.apps.organisation.models import Person, Unit
from jike.apps.organisation.rules import UnitLevel
from jike.apps.sales.models import Visit
from jike.apps.tasks.models import Task
from jike.apps.workplans.models import PlanItem, Target, WeekPlan
from jike.apps.workplans.rules import ItemKind, Measure, PlanState, monday_of
from jike.foundation.audit import creating_many
from jike.foundation.demo import Step
from jike.foundation.errors import RuleBroken
from jike.foundation.scope import system_actor
from jike.values.period import add_months

__all__ = ["steps"]

ACTOR = system_actor("演示数据")
SEED = 20260611
WEEKS, MONTHS = 4, 12
AIMS = ("完成两份报价并送审", "重点客户回访一轮", "本月欠费清理", "推进专网方案评审", "补齐关键人档案")
WORK = ("整理竞争情报", "部门例会", "补录客户档案", "准备投标材料", "月度小结")
Advance = Callable[[int], None]


def steps(scale: str) -> list[Step]:
    """Return the steps that make demo plans and targets; the larger scales have none."""
    if scale != "demo":
        return []
    return [Step("targets", "目标", 1200, _make_targets), Step("plans", "周计划", 300, _make_plans)]


@transaction.atomic
def _make_targets(advance: Advance) -> None:
    if Target.objects.exists():
        return
    random = Random(SEED)  # noqa: S311 — invented data, nothing secret
    first = timezone.localdate().replace(day=1)
    rows: list[dict[str, Any]] = []
    for owner, unit, count, revenue in _portfolios():
        for back in range(MONTHS):
            values = {
                Measure.REVENUE: round(revenue * Decimal(random.choice(("0.95", "1.02", "1.08"))), -2),
                Measure.WON: Decimal(random.choice((150_000, 300_000, 500_000))),
                Measure.VISITS: Decimal(max(4, count * 2 // 3)),
                Measure.RETENTION: Decimal(95),
            }
            rows += [
                {
                    "owner_id": owner,
                    "unit_id": unit,
                    "measure": str(one),
                    "month": add_months(first, -back),
                    "value": value,
                }
                for one, value in values.items()
            ]
    for place in Unit.objects.filter(level__in=(UnitLevel.PROVINCE, UnitLevel.CITY), removed_at=None):
        rows += [
            {
                "unit_id": place.pk,
                "measure": str(Measure.RETENTION),
                "month": add_months(first, -back),
                "value": Decimal(95),
            }
            for back in range(MONTHS)
        ]
    advance(_stored(creating_many(Target, rows, actor=ACTOR)))


def _portfolios() -> list[tuple[int, int, int, Decimal]]:
    """Return of everybody who looks after customers: person, home unit, how many, and their revenue."""
    rows = Customer.objects.filter(removed_at=None, owner__isnull=False).exclude(state=State.ARCHIVED)
    summed = rows.values_list("owner", "owner__unit").annotate(Count("pk"), Sum("monthly_revenue"))
    return [
        (owner, unit, count, revenue or Decimal(0))
        for owner, unit, count, revenue in summed.order_by("owner")
    ]


@transaction.atomic
def _make_plans(advance: Advance) -> None:
    if WeekPlan.objects.exists():
        return
    random = Random(SEED + 1)  # noqa: S311 — invented data, nothing secret
    this = monday_of(timezone.localdate())
    people = Person.objects.in_bulk([owner for owner, *_ in _portfolios()])
    rows = [
        _plan(random, person, this - dt.timedelta(weeks=back), approved=back > 0)
        for person in people.values()
        for back in range(WEEKS)
    ]
    advance(_stored(creating_many(WeekPlan, rows, actor=ACTOR)))
    items = [row for plan in WeekPlan.objects.order_by("pk") for row in _items(random, plan)]
    _stored(creating_many(PlanItem, items, actor=ACTOR))


def _plan(random: Random, person: Person, monday: dt.date, *, approved: bool) -> dict[str, Any]:
    submitted = dt.datetime.combine(monday, dt.time(8, 45), timezone.get_default_timezone())
    return {
        "title": f"{person.name} {monday:%Y-%m-%d}",
        "owner_id": person.pk,
        "unit_id": person.unit_id,
        "week": monday,
        "state": str(PlanState.APPROVED if approved else PlanState.SUBMITTED),
        "aim": random.choice(AIMS),
        "submitted_at": submitted,
        "answered_at": submitted + dt.timedelta(hours=3) if approved else None,
        "answer": random.choice(("同意。", "同意，重点客户优先。", "")) if approved else "",
    }


def _items(random: Random, plan: WeekPlan) -> list[dict[str, Any]]:
    """Return a plan's items: the visits and tasks of its week, and some other work."""
    last = plan.week + dt.timedelta(days=6)
    visits = Visit.objects.filter(owner_id=plan.owner_id, planned_on__range=(plan.week, last))
    tasks = Task.objects.filter(owner_id=plan.owner_id, due_on__range=(plan.week, last))
    rows: list[dict[str, Any]] = [
        {
            "plan_id": plan.pk,
            "day": one.planned_on,
            "kind_of_work": str(ItemKind.VISIT),
            "text": f"{one.customer} {one.purpose}"[:200],
            "visit_id": one.pk,
        }
        for one in visits.select_related("customer")
    ]
    rows += [
        {
            "plan_id": plan.pk,
            "day": one.due_on,
            "kind_of_work": str(ItemKind.TASK),
            "text": one.title,
            "task_id": one.pk,
        }
        for one in tasks
    ]
    day = plan.week + dt.timedelta(days=random.randrange(5))
    rows.append({"plan_id": plan.pk, "day": day, "text": random.choice(WORK), "done": plan.is_past})
    return rows


def _stored(outcome: Any) -> int:
    if outcome.refused:
        raise RuleBroken(next(iter(outcome.refused.values())))
    return len(outcome.written)
