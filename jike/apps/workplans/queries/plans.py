"""Plans: one's own of a week, what lies in that week, and who answers."""

import datetime as dt
from collections.abc import Iterable
from uuid import UUID

from jike.apps.organisation.models import Post
from jike.apps.sales.models import Visit
from jike.apps.sales.rules import VisitState
from jike.apps.tasks.models import Task
from jike.apps.tasks.rules import State as TaskState
from jike.apps.workplans.models import PlanItem, WeekPlan
from jike.apps.workplans.rules import ItemKind, PlanState
from jike.foundation.scope import Actor, visible

__all__ = [
    "is_done",
    "items_of",
    "plan_of_week",
    "superiors_of",
    "tasks_in",
    "unplanned",
    "visits_in",
    "waiting_plans",
]

WEEK = dt.timedelta(days=6)
ANSWER = "workplans.weekplan:answer"
MOST = 100


def plan_of_week(actor: Actor, week: dt.date) -> WeekPlan | None:
    """Return the actor's own plan for the week from ``week`` on."""
    rows = visible(WeekPlan, actor).filter(owner_id=actor.person, week=week)
    return rows.select_related("owner", "unit", "answerer").first()


def waiting_plans(actor: Actor, *, limit: int) -> list[WeekPlan]:
    """Return the submitted plans that the actor may answer, the oldest first."""
    rows = visible(WeekPlan, actor, "answer").filter(state=PlanState.SUBMITTED).exclude(owner_id=actor.person)
    return list(rows.select_related("owner").order_by("submitted_at", "id")[:limit])


def visits_in(plan: WeekPlan) -> list[Visit]:
    """Return the owner's visits in the week of a plan that the reader was allowed to fetch."""
    rows = Visit.objects.filter(owner_id=plan.owner_id, planned_on__range=(plan.week, plan.week + WEEK))
    rows = rows.filter(removed_at=None).exclude(state=VisitState.CANCELLED)
    return list(rows.select_related("customer").order_by("planned_at", "id")[:MOST])


def tasks_in(plan: WeekPlan) -> list[Task]:
    """Return the owner's tasks due in the week of a plan that the reader was allowed to fetch."""
    rows = Task.objects.filter(owner_id=plan.owner_id, due_on__range=(plan.week, plan.week + WEEK))
    rows = rows.filter(removed_at=None).exclude(state=TaskState.CANCELLED)
    return list(rows.order_by("due_at", "id")[:MOST])


def items_of(plan: WeekPlan) -> list[PlanItem]:
    """Return the items of the plan by day, with the visit or task behind each."""
    rows = plan.items.filter(removed_at=None).select_related("visit", "task")
    return list(rows.order_by("day", "id"))


def unplanned(
    plan: WeekPlan, visits: Iterable[Visit], tasks: Iterable[Task]
) -> tuple[list[Visit], list[Task]]:
    """Return those of the visits and tasks that no item of the plan stands for yet."""
    items = items_of(plan)
    known_visits = {one.visit_id for one in items}
    known_tasks = {one.task_id for one in items}
    return (
        [one for one in visits if one.pk not in known_visits],
        [one for one in tasks if one.pk not in known_tasks],
    )


def is_done(item: PlanItem) -> bool:
    """Whether what was planned is done: the visit's or the task's own state, or what was ticked."""
    if item.kind_of_work == ItemKind.VISIT:
        return item.visit is not None and item.visit.state == VisitState.DONE
    if item.kind_of_work == ItemKind.TASK:
        return item.task is not None and item.task.state == TaskState.DONE
    return item.done


def superiors_of(plan: WeekPlan) -> list[UUID]:
    """Return who may answer the plan and stands nearest above: those of its own unit, or else of the next one up."""
    path = [plan.unit_id, *reversed(plan.unit.ancestors)]
    posts = Post.objects.filter(
        unit_id__in=path,
        removed_at=None,
        role__grants__permission=ANSWER,
        role__grants__removed_at=None,
        person__is_active=True,
        person__removed_at=None,
    ).exclude(person_id=plan.owner_id)
    found = list(posts.values_list("unit_id", "person__uid").distinct())
    for unit in path:
        nearest = [uid for place, uid in found if place == unit]
        if nearest:
            return nearest
    return []
