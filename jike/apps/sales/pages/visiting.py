"""The day of whoever visits: today's visits and tasks, checking in on the spot, writing the minutes, with a thumb."""

import datetime as dt
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from jike.apps.sales import actions, queries
from jike.apps.sales.models import Visit
from jike.apps.sales.pages.forms import CheckInForm, MinutesForm
from jike.apps.sales.rules import VisitState
from jike.apps.tasks.pages.home import TASK_CARDS, due
from jike.foundation.errors import Invalid, RuleBroken
from jike.foundation.pages.entry import PageRequest, page
from jike.foundation.pages.home import Viewpoint, registered
from jike.foundation.personal import draft_of, drop_draft, keep_draft
from jike.foundation.scope import fetch, may

__all__ = ["check_in", "draft", "today", "visit"]

DRAFT = "visit-minutes"
LATER = ("warnings", "agreements", "birthdays")
"""Home cards that the day's page shows beneath, where there are such."""
UNMINUTED = 4


@page("GET", permission="sales.visit:view")
def today(request: PageRequest) -> HttpResponse:
    """Show what today holds: visits in their order, the next one open; then tasks, and what else waits."""
    view = Viewpoint(request.actor, False, timezone.localdate())
    visits = list(queries.visits_of_day(request.actor, view.today))
    waiting = [one for one in visits if one.state in (VisitState.PLANNED, VisitState.CHECKED_IN)]
    context = {
        "view": view,
        "lines": [(one, one is next(iter(waiting), None), one.customer.phone) for one in visits],
        "done": len(visits) - len(waiting),
        "unminuted": queries.unminuted(request.actor, before=view.today, limit=UNMINUTED),
        "tasks": due(view) if request.actor.holds("tasks.task:view") else None,
        "task_card": TASK_CARDS[0],
        "cards": [one for one in registered(view.actor) if one.name in LATER],
        "may_plan": request.actor.holds("sales.visit:add"),
    }
    return render(request, "sales/today.html", context)


@page("GET", "POST", permission="sales.visit:minute")
def visit(request: PageRequest, uid: UUID) -> HttpResponse:
    """Show the visit with its check-in, and take the minutes, which end it."""
    row = fetch(Visit, uid, request.actor, action="minute", related=("customer", "owner", "opportunity"))
    if request.htmx:
        return HttpResponse(headers={"HX-Redirect": reverse("sales:visit", args=[uid])})
    if row.state in (VisitState.DONE, VisitState.CANCELLED):
        return redirect("resource:record", "visits", uid)
    form = _form(request, row)
    if request.method == "POST" and form.is_valid():
        try:
            actions.finish_visit(row, actor=request.actor, minutes=form.minutes())
        except RuleBroken as error:
            form.tell(error)
        else:
            return _finished(request, row)
    return render(
        request, "sales/visit.html", _context(request, row, form), status=422 if form.errors else 200
    )


def _finished(request: PageRequest, row: Visit) -> HttpResponseRedirect:
    drop_draft(request.actor, DRAFT, row.uid)
    messages.success(request, _("The visit is done; “%(step)s” is a task now.") % {"step": row.next_step})
    if request.POST.get("onward") == "opportunity":
        given = f"?customer={row.customer.uid}&family={next(iter(row.found), '')}"
        return HttpResponseRedirect(reverse("resource:add", args=["opportunities"]) + given)
    return HttpResponseRedirect(reverse("sales:today"))


@page("POST", permission="sales.visit:check_in")
def check_in(request: PageRequest, uid: UUID) -> HttpResponse:
    """Take the place and check in to the visit."""
    row = fetch(Visit, uid, request.actor, action="check_in")
    form = CheckInForm(data=request.POST)
    if not form.is_valid():
        raise Invalid({name: [str(one) for one in texts] for name, texts in form.errors.items()})
    actions.check_in(row, actor=request.actor, spot=form.spot())
    messages.success(
        request, _("Checked in at %(time)s.") % {"time": f"{timezone.localtime(row.checked_in_at):%H:%M}"}
    )
    return redirect("sales:visit", uid)


@page("POST", permission="sales.visit:minute")
def draft(request: PageRequest, uid: UUID) -> HttpResponse:
    """Keep what is typed so far; sent by itself."""
    row = fetch(Visit, uid, request.actor, action="minute")
    names = MinutesForm(request.actor, row).fields
    data = {name: request.POST.getlist(name) for name in names if name in request.POST}
    keep_draft(request.actor, DRAFT, row.uid, data=data)
    return render(request, "resource/_draft_kept.html")


def _form(request: PageRequest, row: Visit) -> MinutesForm:
    """Return the form, beginning with what was typed before and never saved."""
    initial: dict[str, Any] = {"next_owner": row.owner}
    kept = draft_of(request.actor, DRAFT, row.uid) if request.method == "GET" else None
    for name, typed in (kept.data if kept else {}).items():
        initial[name] = typed if name in ("met", "found") else next(iter(typed), "")
    return MinutesForm(
        request.actor, row, data=request.POST if request.method == "POST" else None, initial=initial
    )


def _context(request: PageRequest, row: Visit, form: MinutesForm) -> dict[str, Any]:
    day = timezone.localdate()
    return {
        "visit": row,
        "form": form,
        "spot": CheckInForm(initial={"place": row.place}),
        "may_check_in": may(request.actor, "check_in", row),
        "days": [
            (_("Tomorrow"), day + dt.timedelta(days=1)),
            (_("In a week"), day + dt.timedelta(days=7)),
        ],
        "phone": row.customer.phone,
    }
