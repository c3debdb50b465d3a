"""The public pool on screen: what one may claim, what of one's own falls back soon, and the rules of it."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jike.apps.customers import actions, queries
from jike.apps.customers.models import Customer, PoolRule
from jike.apps.customers.models.labels import GRADES
from jike.apps.organisation.queries import person_of
from jike.foundation.entering import whole_number
from jike.foundation.errors import RuleBroken
from jike.foundation.pages.entry import PageRequest, page
from jike.foundation.pages.resources.dialogs import ask
from jike.foundation.resource import Resource, Section
from jike.foundation.resource.attributes import attribute_of
from jike.foundation.resource.listing import count_up_to
from jike.foundation.resource.presenting import in_wan, shown
from jike.foundation.scope import Actor, fetch

__all__ = ["POOL_RULES", "claim", "pool", "release"]

PAGE = 50
CLAIM, RELEASE = "customers.customer:claim", "customers.customer:release"
RULED = (
    "active",
    "unattended_days",
    "warn_days",
    "protect_days",
    "barred_days",
    "most_held",
    "spared_from",
)
"""What a rule says of its unit."""

POOL_RULES = Resource(
    model=PoolRule,
    slug="pool-rules",
    icon="adjustments",
    columns=("unit", *RULED),
    looks={"spared_from": "grade"},
    sorts=("unattended_days",),
    form=(
        Section(
            gettext_lazy("Public pool"),
            ("unit", *RULED),
        ),
    ),
    inline=RULED,
)


@page("GET", permission=CLAIM)
def pool(request: PageRequest) -> HttpResponse:
    """Show what lies in the pool of the reader's units, and what of their own falls back soon."""
    actor, today = request.actor, timezone.localdate()
    typed, grade = request.GET.get("q", "").strip()[:60], request.GET.get("grade", "")
    grade = grade if grade in GRADES else ""
    begin = whole_number(request.GET.get("from", "")) or 0
    rows = queries.pooled(actor, typed=typed, grade=grade)
    found = list(rows[begin : begin + PAGE + 1])
    number, complete = count_up_to(rows)
    person = person_of(actor)
    barred = queries.barred_among(found, person, today=today) if person else {}
    context = {
        "customers": [(one, *_told(one), barred.get(one.pk)) for one in found[:PAGE]],
        "number": f"{number:,}" if complete else f"{number:,}+",
        "typed": typed,
        "grade": grade,
        "grades": list(GRADES.items()),
        "following": begin + PAGE if len(found) > PAGE else 0,
        "preceding": max(begin - PAGE, 0) if begin else None,
        "falling": [(one, day, (day - today).days) for one, day in queries.falling_of(actor, today=today)],
        **_standing(actor),
    }
    return render(request, "customers/pool.html", context)


@page("POST", permission=CLAIM)
def claim(request: PageRequest, uid: UUID) -> HttpResponse:
    """Take one customer out of the pool; whoever comes second reads who was faster."""
    customer = queries.claimable(uid, request.actor)
    try:
        actions.claim_customer(customer, actor=request.actor)
    except RuleBroken as error:
        messages.error(request, str(error))
        return redirect("customers:pool")
    messages.success(request, _("“%(name)s” is yours now.") % {"name": customer.name})
    return redirect("resource:record", "customers", customer.uid)


@page("GET", "POST", permission=RELEASE)
def release(request: PageRequest, uid: UUID) -> HttpResponse:
    """Ask once more, and give one customer back to the pool."""
    customer = fetch(Customer, uid, request.actor, action="release", related=("owner",))

    def act(given: dict[str, Any]) -> str:
        actions.release_customer(customer, actor=request.actor)
        return _("“%(name)s” lies in the public pool now.") % {"name": customer.name}

    return ask(request, customer, forms.Form(request.POST or None), title=_("Give back to the pool"), act=act)


def _told(customer: Customer) -> tuple[Any, Any, str]:
    """Return region and industry in words, and the monthly revenue."""
    placed = [attribute_of(Customer, name, name) for name in ("region", "industry")]
    region, industry = (shown(one, getattr(customer, one.name)) for one in placed)
    return region, industry, in_wan(customer.monthly_revenue)


def _standing(actor: Actor) -> Mapping[str, Any]:
    """Return how many customers the reader holds, and how many they may."""
    person = person_of(actor)
    if person is None:
        return {"held": 0, "figures": None}
    return {"held": queries.held_by(person), "figures": queries.figures_for(person.unit)}
