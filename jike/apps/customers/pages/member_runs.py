"""Members in mass: bundles that end, snapshots and what became of their members, and checks for false members."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jike.apps.customers import actions, queries
from jike.apps.customers.models import Customer
from jike.apps.customers.models.member_labels import FATES, SUSPICIONS
from jike.apps.customers.pages.member_places import places
from jike.apps.customers.pages.members import entered_day, standing_of
from jike.apps.customers.rules import percent_of
from jike.foundation.entering import whole_number
from jike.foundation.errors import RuleBroken
from jike.foundation.pages.entry import PageRequest, page
from jike.foundation.scope import Actor, fetch

__all__ = ["bundles", "check", "checks", "frozen", "snapshots"]

VIEW, CHANGE, TAKE = "customers.customer:view", "customers.customer:change", "customers.customer:load_figures"
DAYS = (30, 60, 90)


@page("GET", permission=VIEW)
def bundles(request: PageRequest) -> HttpResponse:
    """Show the members whose bundle ends soon, one's own customers' or all that one sees."""
    actor, today = request.actor, timezone.localdate()
    given = whole_number(request.GET.get("days", ""))
    days = given if given in DAYS else DAYS[0]
    reach = actor.reach(VIEW)
    leads = reach.everything or bool(reach.units)
    mine = request.GET.get("view") == "me" or not leads
    after = queries.Bound.read(request.GET.get("after", ""))
    until = today + dt.timedelta(days=days)
    rows, following = queries.bundles_ending(actor, since=today, until=until, mine=mine, after=after)
    context = {
        "places": places(actor, "customers:bundles_ending"),
        "rows": rows,
        "days": days,
        "spans": DAYS,
        "leads": leads,
        "mine": mine,
        "view": "me" if mine else "all",
        "after": after,
        "following": following.write() if following else "",
    }
    return render(request, "customers/bundles.html", context)


@page("GET", "POST", permission=VIEW)
def snapshots(request: PageRequest) -> HttpResponse:
    """Show what became of the members of a snapshot; whoever loads figures may take another."""
    if request.method == "POST":
        try:
            actions.order_member_snapshot(entered_day(request.POST.get("day", "")), actor=request.actor)
            messages.success(
                request, _("The snapshot is being taken; the task centre tells when it is there.")
            )
        except RuleBroken as error:
            messages.error(request, str(error))
        return redirect("customers:member_snapshots")
    known = queries.member_snapshots()
    chosen = next((one for one in known if str(one.uid) == request.GET.get("of")), next(iter(known), None))
    context: dict[str, Any] = {
        "places": places(request.actor, "customers:member_snapshots"),
        "snapshots": known,
        "chosen": chosen,
        "may_take": request.actor.holds(TAKE),
        "today": timezone.localdate(),
    }
    if chosen is not None:
        context |= _retention(chosen, request.actor)
    return render(request, "customers/member_snapshots.html", context)


def _retention(snapshot: Any, actor: Actor) -> dict[str, Any]:
    """Return the figures of a snapshot within the reader's reach: now, by month, by unit and by customer."""
    now = queries.retention(snapshot, actor)
    months = queries.retention_by_month(snapshot, actor)
    return {
        "now": _shares(now) if now is not None else None,
        "months": [(one, _shares(one)) for one in months],
        "chart": {
            "labels": [f"{one.name:%y-%m}" for one in months],
            "values": [float(percent_of(one.retained + one.rejoined, one.frozen) or 0) for one in months],
            "subject": len(months),
        },
        "units": [(one, _shares(one)) for one in queries.retention_by_unit(snapshot, actor)],
        "owners": [(one, _shares(one)) for one in queries.retention_by_owner(snapshot, actor)],
        "lost": [(one, _shares(one)) for one in queries.most_lost(snapshot, actor)],
    }


def _shares(found: queries.Retained) -> Mapping[str, Any]:
    """Return the figures as people read them, with their shares in percent."""
    parts = {name: getattr(found, name) for name in ("retained", "rejoined", "moved", "gone", "bundled")}
    return {
        "frozen": f"{found.frozen:,}",
        **{name: f"{number:,}" for name, number in parts.items()},
        **{f"{name}_percent": percent_of(number, found.frozen) for name, number in parts.items()},
        "kept_percent": percent_of(found.retained + found.rejoined, found.frozen),
    }


@page("GET", permission=VIEW)
def frozen(request: PageRequest, uid: UUID, snapshot: UUID) -> HttpResponse:
    """Show what became of one customer's members of a snapshot, number by number."""
    customer = fetch(Customer, uid, request.actor)
    taken = queries.member_snapshot(snapshot)
    after = request.GET.get("after", "")[:20]
    rows, following = queries.fates_of(taken, customer, request.actor, after=after)
    context = {
        "customer": customer,
        "snapshot": taken,
        "rows": [(row, FATES[row["fate"]]) for row in rows],
        "after": after,
        "following": following,
    }
    return render(request, "customers/frozen_members.html", context)


@page("GET", "POST", permission=CHANGE)
def checks(request: PageRequest) -> HttpResponse:
    """Show one's checks for false members; begin one over all members that one may change, or over a customer's."""
    if request.method == "POST":
        given = request.POST.get("customer", "")
        customer = fetch(Customer, _uid(given), request.actor, action="change") if given else None
        actions.begin_member_check(actor=request.actor, customer=customer)
        return redirect("customers:member_checks")
    runs = [(one, standing_of(one.task, request.actor)) for one in queries.member_checks(request.actor)]
    context = {
        "places": places(request.actor, "customers:member_checks"),
        "runs": [(one, standing, sum(one.counts.values())) for one, standing in runs],
        "moving": any(standing is not None and standing.unfinished for _one, standing in runs),
    }
    template = "customers/_member_checks.html" if request.htmx else "customers/member_checks.html"
    return render(request, template, context)


def _uid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)


@page("GET", "POST", permission=CHANGE)
def check(request: PageRequest, uid: UUID) -> HttpResponse:
    """Show what a check found by reason, and take decisions: of those chosen, or of all for a reason."""
    run = queries.member_check(uid, request.actor)
    reason = request.GET.get("reason", "")
    reason = reason if reason in {str(one) for one in SUSPICIONS} else ""
    if request.method == "POST":
        try:
            _decide(request, run, reason=reason)
        except RuleBroken as error:
            messages.error(request, str(error))
        return redirect(f"{request.path}?reason={reason}")
    after = whole_number(request.GET.get("after", "")) or 0
    rows, following = queries.findings_of(run, reason=reason, after=after)
    counts = queries.undecided(run)
    context = {
        "run": run,
        "reason": reason,
        "label": SUSPICIONS.get(reason, ""),
        "reasons": [(one, SUSPICIONS[one], *numbers) for one, numbers in counts.items()],
        "all": sum(left for _found, left in counts.values()),
        "waiting": sum(left for one, (_found, left) in counts.items() if not reason or one == reason),
        "rows": rows,
        "after": after,
        "following": following,
    }
    return render(request, "customers/member_check.html", context)


def _decide(request: PageRequest, run: Any, *, reason: str) -> None:
    chosen: Sequence[int] | None = None
    if request.POST.get("which") != "all":
        told = [whole_number(text) for text in request.POST.getlist("finding")]
        chosen = [one for one in told if one is not None]
        if not chosen:
            raise RuleBroken(_("Choose members first."))
    decision = request.POST.get("decision", "")
    number = actions.decide_findings(
        run, actor=request.actor, decision=decision, reason=reason, chosen=chosen
    )
    told_ = ngettext("%(number)s suspicion is decided.", "%(number)s suspicions are decided.", number)
    messages.success(request, told_ % {"number": f"{number:,}"})
