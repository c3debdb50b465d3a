"""Members of a customer: a tab, the whole list by number, and the files by which lines join or leave."""

import datetime as dt
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jike.apps.customers import actions, queries
from jike.apps.customers.models import Customer, MemberBatch
from jike.apps.customers.pages.member_places import places
from jike.apps.customers.queries.member_lists import MOST_IN_DEPARTMENT
from jike.apps.customers.rules import percent_of
from jike.foundation import background
from jike.foundation.errors import Invalid, NotFound, RuleBroken
from jike.foundation.files import received_file
from jike.foundation.pages.entry import PageRequest, page
from jike.foundation.resource import Panel
from jike.foundation.scope import Actor, fetch, may
from jike.values.dates import parse_day
from jike.values.errors import InvalidValue

__all__ = ["MEMBERS", "entered_day", "files", "listed", "standing_of", "take_back"]

IN_TAB = 20
ENDING_DAYS = 30


def tab(customer: Customer, actor: Actor) -> Mapping[str, Any]:
    """Return the first lines."""
    rows, following = queries.members_of(customer, actor, limit=IN_TAB)
    retentions = queries.customer_retentions(customer)
    return {
        "members": rows,
        "further": bool(following),
        "may_load": actor.holds("customers.customer:change"),
        "may_check": may(actor, "change", customer),
        "retentions": [
            (taken, one, percent_of(one.retained + one.rejoined, one.frozen)) for taken, one in retentions
        ],
    }


def count(customer: Customer, actor: Actor) -> int:
    """Return how many lines belong, as far as they are counted."""
    return queries.count_members(customer)


MEMBERS = Panel("members", gettext_lazy("Members"), "customers/_members.html", tab, "tab", count)


@page("GET", permission="customers.customer:view")
def listed(request: PageRequest, uid: UUID) -> HttpResponse:
    """Show the customer's lines by number, those that begin as asked."""
    customer = fetch(Customer, uid, request.actor)
    begins, after = request.GET.get("begins", "").strip()[:20], request.GET.get("after", "")[:20]
    department = request.GET.get("department", "")[:60]
    until = timezone.localdate() + dt.timedelta(days=ENDING_DAYS) if request.GET.get("ending") else None
    rows, following = queries.members_of(
        customer, request.actor, begins=begins, department=department, until=until, after=after
    )
    kept = {"begins": begins, "department": department, "ending": "1" if until else ""}
    number = queries.count_members(customer)
    context = {
        "customer": customer,
        "members": rows,
        "begins": begins,
        "department": department,
        "departments": [
            (one, str(members) if members <= MOST_IN_DEPARTMENT else f"{MOST_IN_DEPARTMENT}+")
            for one, members in queries.departments_of(customer)
        ],
        "ending": until is not None,
        "days": ENDING_DAYS,
        "query": urlencode({name: value for name, value in kept.items() if value}),
        "after": after,
        "following": following,
        "number": min(number, queries.MOST_COUNTED),
        "complete": number <= queries.MOST_COUNTED,
    }
    return render(request, "customers/members.html", context)


@page("GET", "POST", permission="customers.customer:change")
def files(request: PageRequest) -> HttpResponse:
    """Take a file of lines that join or leave; show one's latest files and how far they are."""
    problem = ""
    if request.method == "POST":
        try:
            file = received_file(request)
            kind, day = request.POST.get("kind", ""), entered_day(request.POST.get("day", ""))
            batch = actions.receive_members(kind, file.name or "", file, actor=request.actor, day=day)
            actions.begin_members(batch, actor=request.actor)
            return redirect("customers:member_files")
        except Invalid as error:
            problem = " ".join(str(one) for told in error.fields.values() for one in told)
        except RuleBroken as error:
            problem = str(error)
    batches = [
        (batch, standing_of(batch.task, request.actor)) for batch in queries.member_batches(request.actor)
    ]
    context = {
        "places": places(request.actor, "customers:member_files"),
        "problem": problem,
        "batches": batches,
        "moving": any(standing is not None and standing.unfinished for _batch, standing in batches),
        "today": timezone.localdate(),
        "kinds": MemberBatch.Kind.choices,
    }
    part = request.htmx and request.method == "GET"
    template = "customers/_member_batches.html" if part else "customers/member_files.html"
    return render(request, template, context, status=422 if problem else 200)


@page("POST", permission="customers.customer:change")
def take_back(request: PageRequest, uid: UUID) -> HttpResponse:
    """Undo a file."""
    actions.undo_members(queries.member_batch(uid, request.actor), actor=request.actor)
    return redirect("customers:member_files")


def entered_day(text: str) -> dt.date:
    """Return the day that was typed, today where none was; `Invalid` when it cannot be read."""
    try:
        return parse_day(text, timezone.localdate()) if text else timezone.localdate()
    except InvalidValue as error:
        raise Invalid({"day": [_("This day cannot be read.")]}) from error


def standing_of(task: UUID | None, actor: Actor) -> background.Standing | None:
    """Return how far a task is; None where there is none, or no longer."""
    try:
        return background.standing_of(task, actor) if task else None
    except NotFound:
        return None
