"""Members of a customer: a tab, the whole list by number, and the files by which lines join or leave."""

import datetime as dt
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jike.apps.customers import actions, queries
from jike.apps.customers.models import Customer, MemberBatch
from jike.foundation import background
from jike.foundation.errors import Invalid, NotFound, RuleBroken
from jike.foundation.files import received_file
from jike.foundation.pages.entry import PageRequest, page
from jike.foundation.resource import Panel
from jike.foundation.scope import Actor, fetch
from jike.values.dates import parse_day
from jike.values.errors import InvalidValue

__all__ = ["MEMBERS", "files", "listed", "take_back"]

IN_TAB = 20


def tab(customer: Customer, actor: Actor) -> Mapping[str, Any]:
    """Return the first lines."""
    rows, following = queries.members_of(customer, actor, limit=IN_TAB)
    return {"members": rows, "further": bool(following), "may_load": actor.holds("customers.customer:change")}


def count(customer: Customer, actor: Actor) -> int:
    """Return how many lines belong, as far as they are counted."""
    return queries.count_members(customer)


MEMBERS = Panel("members", gettext_lazy("Members"), "customers/_members.html", tab, "tab", count)


@page("GET", permission="customers.customer:view")
def listed(request: PageRequest, uid: UUID) -> HttpResponse:
    """Show the customer's lines by number, those that begin as asked."""
    customer = fetch(Customer, uid, request.actor)
    begins, after = request.GET.get("begins", "").strip()[:20], request.GET.get("after", "")[:20]
    rows, following = queries.members_of(customer, request.actor, begins=begins, after=after)
    number = queries.count_members(customer)
    context = {
        "customer": customer,
        "members": rows,
        "begins": begins,
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
            kind, day = request.POST.get("kind", ""), _day(request.POST.get("day", ""))
            batch = actions.receive_members(kind, file.name or "", file, actor=request.actor, day=day)
            actions.begin_members(batch, actor=request.actor)
            return redirect("customers:member_files")
        except Invalid as error:
            problem = " ".join(str(one) for told in error.fields.values() for one in told)
        except RuleBroken as error:
            problem = str(error)
    batches = [(batch, _standing(batch, request.actor)) for batch in queries.member_batches(request.actor)]
    context = {
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


def _day(text: str) -> dt.date:
    try:
        return parse_day(text, timezone.localdate()) if text else timezone.localdate()
    except InvalidValue as error:
        raise Invalid({"day": [_("This day cannot be read.")]}) from error


def _standing(batch: MemberBatch, actor: Actor) -> background.Standing | None:
    try:
        return background.standing_of(batch.task, actor) if batch.task else None
    except NotFound:
        return None
