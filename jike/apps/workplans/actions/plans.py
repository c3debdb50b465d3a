"""Plans of the week are written, submitted with the visits and tasks of that week, and answered by a superior."""

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jike.apps.organisation.models import Person
from jike.apps.organisation.queries import person_of
from jike.apps.workplans.models import PlanItem, WeekPlan
from jike.apps.workplans.models.labels import STATES
from jike.apps.workplans.queries.plans import superiors_of, tasks_in, unplanned, visits_in
from jike.apps.workplans.rules import ItemKind, PlanState, may_follow, monday_of
from jike.foundation.audit import Under, changing, creating, removing
from jike.foundation.errors import Invalid, RuleBroken
from jike.foundation.notify import Topic, declare_topics, notify
from jike.foundation.scope import Actor

__all__ = [
    "add_item",
    "add_plan",
    "answer_plan",
    "change_plan",
    "drop_item",
    "submit_plan",
    "tick_item",
]

WEEK = 7

declare_topics(
    Topic("workplans.submitted", gettext_lazy("A plan of the week for me to answer")),
    Topic("workplans.answered", gettext_lazy("My plan of the week is answered")),
)


@transaction.atomic
def add_plan(
    *, actor: Actor, week: dt.date | None = None, owner: Person | None = None, aim: str = ""
) -> WeekPlan:
    """Begin the plan of ``owner`` (the actor, unless named) for the week in which ``week`` lies, this one by itself."""
    person = owner or person_of(actor)
    if person is None:
        raise Invalid({"owner": [_("Say whose plan it is.")]})
    monday = monday_of(week or timezone.localdate())
    title = f"{person.name} {monday:%Y-%m-%d}"
    plan = WeekPlan(title=title, owner=person, unit=person.unit, week=monday, aim=aim)
    return creating(plan, actor=actor)


def change_plan(plan: WeekPlan, *, actor: Actor, aim: str, version: int | None = None) -> WeekPlan:
    """Set the aim of a plan that is still being written."""
    with changing(plan, actor=actor, version=version):
        _require_writable(plan)
        plan.aim = aim
    return plan


@transaction.atomic
def add_item(plan: WeekPlan, *, actor: Actor, day: dt.date, text: str) -> PlanItem:
    """Add other work to a day of the plan."""
    _require_writable(plan)
    if not 0 <= (day - plan.week).days < WEEK:
        raise Invalid({"day": [_("Choose a day of this week.")]})
    item = PlanItem(plan=plan, day=day, text=text, kind_of_work=ItemKind.WORK.value)
    return creating(item, actor=actor, under=Under(plan, "change"))


@transaction.atomic
def drop_item(item: PlanItem, *, actor: Actor) -> PlanItem:
    """Take an item out of a plan that is still being written."""
    _require_writable(item.plan)
    return removing(item, actor=actor, under=Under(item.plan, "change"))


@transaction.atomic
def tick_item(item: PlanItem, *, actor: Actor, done: bool) -> PlanItem:
    """Say that other work is done, or not yet; visits and tasks say so themselves."""
    with changing(item, actor=actor, under=Under(item.plan, "change")):
        item.done = done
    return item


@transaction.atomic
def submit_plan(
    plan: WeekPlan, *, actor: Actor, at: dt.datetime | None = None, version: int | None = None
) -> WeekPlan:
    """Submit the plan to the superior, with the visits and tasks of its week as they stand now."""
    with changing(plan, actor=actor, verb="submit", version=version):
        _require_order(plan, PlanState.SUBMITTED)
        visits, tasks = unplanned(plan, visits_in(plan), tasks_in(plan))
        under = Under(plan, "change")
        for visit in visits:
            text = f"{visit.customer} {visit.purpose}"[:200]
            item = PlanItem(
                plan=plan, day=visit.planned_on or plan.week, text=text, visit=visit, kind_of_work="visit"
            )
            creating(item, actor=actor, under=under)
        for task in tasks:
            item = PlanItem(
                plan=plan, day=task.due_on or plan.week, text=task.title, task=task, kind_of_work="task"
            )
            creating(item, actor=actor, under=under)
        if not plan.items.filter(removed_at=None).exists():
            raise RuleBroken(_("There is nothing in this plan yet; plan visits, tasks or other work first."))
        plan.state, plan.submitted_at = PlanState.SUBMITTED.value, at or timezone.now()
    notify(superiors_of(plan), "workplans.submitted", plan.title, about=plan.key)
    return plan


@transaction.atomic
def answer_plan(
    plan: WeekPlan, *, actor: Actor, approve: bool, answer: str = "", at: dt.datetime | None = None
) -> WeekPlan:
    """Approve the plan, or send it back with what is to be changed; nobody answers their own."""
    then = PlanState.APPROVED if approve else PlanState.RETURNED
    with changing(plan, actor=actor, verb="answer"):
        if plan.owner_id == actor.person:
            raise RuleBroken(_("Nobody answers their own plan; your superior does."))
        _require_order(plan, then)
        if not approve and not answer.strip():
            raise Invalid({"answer": [_("Say what is to be changed.")]})
        plan.state, plan.answer, plan.answered_at = then.value, answer, at or timezone.now()
        plan.answerer = person_of(actor)
    notify([plan.owner.uid], "workplans.answered", plan.title, about=plan.key)
    return plan


def _require_writable(plan: WeekPlan) -> None:
    if plan.state not in (PlanState.DRAFT, PlanState.RETURNED):
        sentence = _("This plan is “%(state)s” and is no longer written.")
        raise RuleBroken(sentence % {"state": STATES[PlanState(plan.state)]})


def _require_order(plan: WeekPlan, then: PlanState) -> None:
    if not may_follow(PlanState(plan.state), then):
        sentence = _("A plan that is “%(now)s” cannot become “%(then)s”.")
        raise RuleBroken(sentence % {"now": STATES[PlanState(plan.state)], "then": STATES[then]})
