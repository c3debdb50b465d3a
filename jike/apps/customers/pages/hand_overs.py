"""Hand-overs on screen: proposed from a customer or from many, answered or withdrawn, with the pack of what is open."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from jike.apps.customers import actions, queries
from jike.apps.customers.models import Customer, HandOver
from jike.apps.customers.models.labels import KEPT
from jike.apps.customers.rules import HandOverState
from jike.foundation.directory import address_of
from jike.foundation.errors import Invalid, NotFound, RuleBroken
from jike.foundation.pages.entry import PageRequest, page
from jike.foundation.pages.home import HomeCard, Viewpoint
from jike.foundation.pages.resources.bulk import chosen_in
from jike.foundation.pages.resources.bulk_acts import BulkAct
from jike.foundation.pages.resources.dialogs import ask
from jike.foundation.resource import Panel, Resource, Section
from jike.foundation.resource.attributes import attribute_of
from jike.foundation.resource.bulk import rows_chosen
from jike.foundation.resource.editing import RecordForm
from jike.foundation.resource.presenting import in_wan
from jike.foundation.resource.registry import all_resources
from jike.foundation.scope import Actor, fetch

__all__ = [
    "HANDING_CARD",
    "HANDING_OVER",
    "HAND_OVERS",
    "accept",
    "hand_over",
    "hand_over_many",
    "pack",
    "refuse",
    "told_proposed",
    "withdraw",
]

MOST = 10_000
VIEW, GIVE = "customers.handover:view", "customers.customer:hand_over"


def standing(row: HandOver, actor: Actor) -> Mapping[str, Any]:
    """Return how the hand-over stands, and what the reader may do about it."""
    return {
        "may_answer": queries.may_answer(row, actor),
        "may_withdraw": queries.may_withdraw(row, actor),
        "outcome": _outcome(row) if row.state == HandOverState.ACCEPTED else "",
    }


def customers(row: HandOver, actor: Actor) -> Mapping[str, Any]:
    """Return the customers, each with what became of it."""
    items = [
        (one, in_wan(one.customer.monthly_revenue), KEPT.get(one.kept, "")) for one in queries.items_of(row)
    ]
    return {"items": items, "further": max(row.number - len(items), 0)}


def open_matters(row: HandOver, actor: Actor) -> Mapping[str, Any]:
    """Return the pack: what is open with these customers, section by section."""
    return {"sections": _sections(row, actor)}


HAND_OVERS = Resource(
    model=HandOver,
    slug="hand-overs",
    icon="user-share",
    columns=("title", "giver", "taker", "number", "state", "proposed_at", "answered_at"),
    more_columns=("proposer", "unit", "reason", "remark"),
    looks={"state": "state"},
    sorts=("-proposed_at",),
    form=(
        Section(
            gettext_lazy("Hand-over"),
            ("giver", "taker", "proposer", "number", "reason", "proposed_at", "answered_at", "remark"),
        ),
    ),
    panels=(
        Panel("standing", gettext_lazy("Hand-over"), "customers/_hand_over_head.html", standing, "head"),
        Panel("handed", gettext_lazy("Customers"), "customers/_hand_over_customers.html", customers),
        Panel("matters", gettext_lazy("Open matters"), "customers/_hand_over_pack.html", open_matters),
    ),
)


@page("GET", "POST", permission=GIVE)
def hand_over(request: PageRequest, uid: UUID) -> HttpResponse:
    """Ask who takes the customer over, and propose it to them."""
    customer = fetch(Customer, uid, request.actor, action="hand_over", related=("owner",))
    waiting = queries.hand_over_waiting_for(customer)

    def act(given: dict[str, Any]) -> str:
        if waiting is not None:
            raise RuleBroken(_("It is proposed to %(name)s already.") % {"name": waiting.taker})
        actions.propose_hand_over([customer.pk], actor=request.actor, **given)
        return _("Proposed to %(name)s, who has to accept it.") % {"name": given["taker"]}

    return ask(request, customer, _form(request), title=_("Hand over…"), act=act)


@page("POST", permission=GIVE)
def hand_over_many(request: PageRequest) -> HttpResponse:
    """Ask who takes the chosen customers over, and propose them together."""
    resource = all_resources()["customers"]
    chosen = chosen_in(request, resource, request.actor)
    rows = rows_chosen(resource, chosen, request.actor, today=timezone.localdate())
    numbers = list(rows.values_list("pk", flat=True)[: MOST + 1])
    sent = "taker" in request.POST
    form, problem = _form(request, bound=sent), ""
    if sent and form.is_valid():
        try:
            found = actions.propose_hand_over(numbers, actor=request.actor, **form.cleaned_data)
        except (RuleBroken, Invalid) as error:
            problem = str(error)
        else:
            messages.success(request, told_proposed(found))
            return HttpResponse(headers={"HX-Redirect": address_of(found.hand_over.key)})
    context = {
        "form": form,
        "problem": problem,
        "number": len(numbers),
        "rows": request.POST.getlist("row"),
        "every": request.POST.get("every", ""),
        "address": request.POST.get("address", ""),
    }
    return render(request, "customers/_hand_over_many.html", context, status=422 if sent else 200)


@page("GET", "POST", permission=VIEW)
def accept(request: PageRequest, uid: UUID) -> HttpResponse:
    """Ask for a remark, and take the customers over."""
    row = _answered(request, uid)
    act = partial(_done, partial(actions.accept_hand_over, row, actor=request.actor))
    return ask(request, row, _remark(request, required=False), title=_("Take over"), act=act)


@page("GET", "POST", permission=VIEW)
def refuse(request: PageRequest, uid: UUID) -> HttpResponse:
    """Ask why, and refuse."""
    row = _answered(request, uid)
    act = partial(_done, partial(actions.refuse_hand_over, row, actor=request.actor))
    return ask(request, row, _remark(request, required=True), title=_("Refuse"), act=act)


@page("GET", "POST", permission=VIEW)
def withdraw(request: PageRequest, uid: UUID) -> HttpResponse:
    """Ask for a remark, and withdraw the proposal."""
    row = fetch(HandOver, uid, request.actor, related=("taker",))
    if not queries.may_withdraw(row, request.actor):
        raise NotFound
    act = partial(_done, partial(actions.withdraw_hand_over, row, actor=request.actor))
    return ask(request, row, _remark(request, required=False), title=_("Withdraw"), act=act)


@page("GET", permission=VIEW)
def pack(request: PageRequest, uid: UUID) -> HttpResponse:
    """Show the hand-over with everything that is open, to be printed."""
    row = fetch(HandOver, uid, request.actor, related=("giver", "taker", "proposer", "unit"))
    content = customers(row, request.actor)
    context = {"row": row, "content": content, "sections": _sections(row, request.actor)}
    return render(request, "customers/hand_over_pack.html", context)


def waiting(view: Viewpoint) -> Mapping[str, Any] | None:
    """Return what waits for the person's answer; no card without any."""
    found = list(queries.waiting_for_answer(view.actor)[:6])
    return {"waiting": found} if found else None


HANDING_CARD = HomeCard(
    "hand_overs",
    gettext_lazy("To be taken over"),
    "wide",
    "customers/_home_hand_overs.html",
    waiting,
    "customers.handover:answer",
)
HANDING_OVER = BulkAct(
    "customers.customer", "hand_over", gettext_lazy("Hand over…"), "user-share", "customers:hand_over_many"
)


def _sections(row: HandOver, actor: Actor) -> list[tuple[Any, list[tuple[Any, str]]]]:
    return [
        (label, [(one, address_of(one.key) if one.key else "") for one in matters])
        for label, matters in queries.pack_of(row, actor)
    ]


def _answered(request: PageRequest, uid: UUID) -> HandOver:
    row = fetch(HandOver, uid, request.actor, related=("taker",))
    if not queries.may_answer(row, request.actor):
        raise NotFound
    return row


def _done(act: Callable[..., HandOver], given: dict[str, Any]) -> str:
    row = act(remark=given["remark"])
    return _outcome(row) if row.state == HandOverState.ACCEPTED else f"{row}: {row.get_state_display()}"


def _outcome(row: HandOver) -> str:
    """Return how many went over, how many stayed, and why."""
    went, stayed = queries.outcome_of(row)
    told = ngettext("%(count)s customer went over.", "%(count)s customers went over.", went)
    words = [told % {"count": f"{went:,}"}]
    for why, count in stayed.items():
        stay = ngettext("%(count)s stays: %(why)s", "%(count)s stay: %(why)s", count)
        words.append(stay % {"count": f"{count:,}", "why": KEPT[why]})
    return " ".join(words)


def told_proposed(found: actions.Proposed) -> str:
    """Return how many customers are proposed to whom, and how many were passed over."""
    count = found.hand_over.number
    words = {"count": f"{count:,}", "name": found.hand_over.taker}
    told = ngettext(
        "%(count)s customer is proposed to %(name)s.", "%(count)s customers are proposed to %(name)s.", count
    )
    if not found.passed_over:
        return told % words
    left = _("%(count)s were passed over: theirs already, waiting elsewhere, or not yours to give.")
    return f"{told % words} {left % {'count': found.passed_over}}"


def _form(request: PageRequest, *, bound: bool = True) -> RecordForm:
    attributes = [attribute_of(HandOver, name) for name in ("taker", "reason")]
    return RecordForm(attributes, request.actor, data=(request.POST or None) if bound else None, initial={})


def _remark(request: PageRequest, *, required: bool) -> forms.Form:
    form = RecordForm(
        [attribute_of(HandOver, "remark")], request.actor, data=request.POST or None, initial={}
    )
    form.fields["remark"].required = required
    return form
