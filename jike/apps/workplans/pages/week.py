"""The week: one's own plan day by day with its visits and tasks, submitting it, and answering others'."""

import datetime as dt
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from jike.apps.workplans import actions, queries
from jike.apps.workplans.models import PlanItem, WeekPlan
from jike.apps.workplans.rules import PlanState, monday_of
from jike.foundation.entering import entered
from jike.foundation.errors import NotFound
from jike.foundation.pages.entry import PageRequest, page
from jike.foundation.pages.resources.dialogs import ask
from jike.foundation.resource.attributes import attribute_of
from jike.foundation.resource.editing import RecordForm
from jike.foundation.scope import Actor, fetch, may
from jike.values.text import clean_line

__all__ = [
    "add_item",
    "answerable",
    "approve",
    "drop_item",
    "plan_panel",
    "send_back",
    "submit",
    "submittable",
    "tick_item",
    "week",
]

DAYS, WORKDAYS = 7, 5
TEXT = 200


def submittable(plan: WeekPlan) -> bool:
    """Whether the plan is still being written."""
    return plan.state in (PlanState.DRAFT, PlanState.RETURNED)


def answerable(plan: WeekPlan) -> bool:
    """Whether the plan waits for its answer."""
    return plan.state == PlanState.SUBMITTED


@page("GET", "POST", permission="workplans.weekplan:add")
def week(request: PageRequest) -> HttpResponse:
    """Show one's own week, this one unless the address names another; POST begins its plan."""
    monday = _monday(request.GET.get("week", ""))
    if request.method == "POST":
        actions.add_plan(actor=request.actor, week=monday)
        return redirect(f"{reverse('workplans:week')}?week={monday}")
    plan = queries.plan_of_week(request.actor, monday)
    context = {
        "monday": monday,
        "before": monday - dt.timedelta(days=DAYS),
        "after": monday + dt.timedelta(days=DAYS),
        "plan": plan,
        "waiting": queries.waiting_plans(request.actor, limit=8),
        **(plan_panel(plan, request.actor) if plan else {}),
    }
    return render(request, "workplans/week.html", context)


def plan_panel(plan: WeekPlan, actor: Actor) -> Mapping[str, Any]:
    """Return the plan's days: what was planned and whether it is done, and while it is written what else lies there."""
    today = timezone.localdate()
    writable = submittable(plan) and may(actor, "change", plan)
    items = queries.items_of(plan)
    visits, tasks = queries.unplanned(plan, queries.visits_in(plan), queries.tasks_in(plan))
    days = []
    for number in range(DAYS):
        day = plan.week + dt.timedelta(days=number)
        planned = [(one, queries.is_done(one)) for one in items if one.day == day]
        lying = [one for one in visits if one.planned_on == day], [one for one in tasks if one.due_on == day]
        if number < WORKDAYS or planned or any(lying):
            days.append((day, day == today, planned, *lying))
    done = sum(queries.is_done(one) for one in items)
    return {"days": days, "writable": writable, "done": done, "total": len(items), "plan": plan}


@page("POST", permission="workplans.weekplan:change")
def add_item(request: PageRequest, uid: UUID) -> HttpResponse:
    """Add other work to a day."""
    plan = fetch(WeekPlan, uid, request.actor, action="change", related=("owner",))
    text = entered("text", clean_line, request.POST.get("text", ""), limit=TEXT)
    actions.add_item(plan, actor=request.actor, day=_day(request.POST.get("day", "")), text=text)
    return redirect(f"{reverse('workplans:week')}?week={plan.week}")


@page("POST", permission="workplans.weekplan:change")
def drop_item(request: PageRequest, uid: UUID) -> HttpResponse:
    """Take an item out of its plan."""
    item = fetch(PlanItem, uid, request.actor, related=("plan", "plan__owner"))
    actions.drop_item(item, actor=request.actor)
    return redirect(f"{reverse('workplans:week')}?week={item.plan.week}")


@page("POST", permission="workplans.weekplan:change")
def tick_item(request: PageRequest, uid: UUID) -> HttpResponse:
    """Say that other work is done, or not yet."""
    item = fetch(PlanItem, uid, request.actor, related=("plan", "plan__owner"))
    actions.tick_item(item, actor=request.actor, done=not request.POST.get("open"))
    return redirect(f"{reverse('workplans:week')}?week={item.plan.week}")


@page("GET", "POST", permission="workplans.weekplan:submit")
def submit(request: PageRequest, uid: UUID) -> HttpResponse:
    """Submit the plan to the superior."""
    plan = fetch(WeekPlan, uid, request.actor, action="submit", related=("owner", "unit"))
    if request.method == "POST" and not request.htmx:
        actions.submit_plan(plan, actor=request.actor)
        messages.success(request, _("The plan is submitted."))
        return redirect(f"{reverse('workplans:week')}?week={plan.week}")

    def act(given: dict[str, Any]) -> str:
        actions.submit_plan(plan, actor=request.actor)
        return _("The plan is submitted.")

    return ask(request, plan, _form(request), title=_("Submit"), act=act)


@page("GET", "POST", permission="workplans.weekplan:answer")
def approve(request: PageRequest, uid: UUID) -> HttpResponse:
    """Approve the plan, with a remark where there is one."""
    plan = fetch(WeekPlan, uid, request.actor, action="answer", related=("owner",))

    def act(given: dict[str, Any]) -> str:
        actions.answer_plan(plan, actor=request.actor, approve=True, answer=given["answer"])
        return _("The plan is approved.")

    return ask(request, plan, _form(request, "answer"), title=_("Approve"), act=act)


@page("GET", "POST", permission="workplans.weekplan:answer")
def send_back(request: PageRequest, uid: UUID) -> HttpResponse:
    """Send the plan back with what is to be changed."""
    plan = fetch(WeekPlan, uid, request.actor, action="answer", related=("owner",))

    def act(given: dict[str, Any]) -> str:
        actions.answer_plan(plan, actor=request.actor, approve=False, answer=given["answer"])
        return _("The plan is sent back.")

    return ask(request, plan, _form(request, "answer"), title=_("Send back"), act=act)


def _form(request: PageRequest, *names: str) -> RecordForm:
    attributes = [attribute_of(WeekPlan, name) for name in names]
    return RecordForm(attributes, request.actor, data=request.POST if request.method == "POST" else None)


def _monday(text: str) -> dt.date:
    return monday_of(_day(text)) if text else monday_of(timezone.localdate())


def _day(text: str) -> dt.date:
    try:
        found = dt.date.fromisoformat(text)
    except ValueError as error:
        raise NotFound from error
    if not 2000 <= found.year <= 2199:
        raise NotFound
    return found
