"""Proposed changes on screen: the dialog that proposes, what waits for me, the decision, the mark on the customer."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jike.apps.customers import actions, queries
from jike.apps.customers.models import ChangeProposal, Customer
from jike.apps.customers.rules import ProposalState
from jike.foundation.errors import NotFound
from jike.foundation.pages.entry import PageRequest, page
from jike.foundation.pages.home import HomeCard, Viewpoint
from jike.foundation.pages.resources.dialogs import ask
from jike.foundation.resource import Panel, Resource, Verb
from jike.foundation.resource.attributes import attribute_of
from jike.foundation.resource.editing import RecordForm
from jike.foundation.scope import Actor, fetch, may

__all__ = [
    "PROPOSALS",
    "PROPOSAL_CARD",
    "PROPOSED",
    "PROPOSING",
    "answer",
    "inbox",
    "propose",
    "withdraw",
]

ASPECTS = ("grade", "service_level", "credit")
SHOWN, LISTED = 5, 100

PROPOSALS = Resource(
    model=ChangeProposal,
    slug="proposed-changes",
    icon="rosette",
    columns=("customer", "aspect", "before", "after", "proposer", "proposed_at", "state", "approver"),
    more_columns=("reason", "answered_at", "remark"),
    looks={"state": "state"},
    sorts=("-proposed_at",),
    panels=(
        Verb(
            "answer",
            gettext_lazy("Decide"),
            "rubber-stamp",
            "customers:answer_proposal",
            True,
            lambda row: row.state == ProposalState.WAITING,
        ),
    ),
)


class AnswerForm(forms.Form):
    """Agree or refuse, with a remark; a refusal needs one."""

    answer = forms.ChoiceField(
        label=gettext_lazy("Decision"),
        choices=[("approve", gettext_lazy("Approve")), ("refuse", gettext_lazy("Refuse"))],
        widget=forms.RadioSelect,
        initial="approve",
    )
    remark = forms.CharField(
        label=gettext_lazy("Remark"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )


@page("GET", "POST", permission="customers.customer:change")
def propose(request: PageRequest, uid: UUID) -> HttpResponse:
    """Ask for grade, service level, credit and the reason; whoever may set them does, others propose."""
    customer = fetch(Customer, uid, request.actor, action="change")
    known = [attribute_of(Customer, name) for name in ASPECTS]
    initial = {name: getattr(customer, name) for name in ASPECTS}
    form = RecordForm(known, request.actor, data=request.POST or None, initial=initial)
    sets = may(request.actor, "grade", customer)
    if not sets:
        widget = forms.Textarea(attrs={"rows": 2})
        form.fields["reason"] = forms.CharField(label=_("Reason"), max_length=500, widget=widget)

    def act(given: dict[str, Any]) -> str:
        wanted = {name: given[name] for name in ASPECTS}
        if sets:
            actions.grade_customer(customer, actor=request.actor, **wanted)
            return _("“%(name)s” is graded.") % {"name": customer}
        actions.propose_changes(customer, actor=request.actor, reason=given["reason"], wanted=wanted)
        return _("Your proposal waits for a superior; until then nothing changes.")

    title = _("Grade, service level and credit") if sets else _("Propose grade, service level or credit")
    return ask(request, customer, form, title=title, act=act)


@page("GET")
def inbox(request: PageRequest) -> HttpResponse:
    """List what waits for the reader's decision, and what of theirs waits for others."""
    found = queries.proposals_for(request.actor)[:LISTED]
    waiting = [(one, may(request.actor, "view", one.customer)) for one in found]
    mine = list(queries.proposals_of(request.actor)[:LISTED])
    if not waiting and not mine and not request.actor.holds("customers.changeproposal:view"):
        raise NotFound
    decides = queries.decides_anything(request.actor)
    return render(request, "customers/proposals.html", {"waiting": waiting, "mine": mine, "decides": decides})


@page("GET", "POST")
def answer(request: PageRequest, uid: UUID) -> HttpResponse:
    """Ask for the decision upon one proposal."""
    proposal = queries.proposal_named(uid)
    if proposal is None or queries.deciding(proposal, request.actor) is None:
        raise NotFound
    form = AnswerForm(request.POST or None)
    form.fields["answer"].help_text = f"{proposal.proposer} · {proposal.reason}"

    def act(given: dict[str, Any]) -> str:
        decide = actions.approve_proposal if given["answer"] == "approve" else actions.refuse_proposal
        decide(proposal, actor=request.actor, remark=given["remark"])
        return _("Your answer is recorded.")

    title = f"{proposal.before_name or '–'} → {proposal.after_name}"
    return ask(request, proposal, form, title=title, act=act)


@page("GET", "POST")
def withdraw(request: PageRequest, uid: UUID) -> HttpResponse:
    """Ask whether one's own proposal is taken back."""
    proposal = fetch(ChangeProposal, uid, request.actor, related=("customer",))

    def act(given: dict[str, Any]) -> str:
        actions.withdraw_proposal(proposal, actor=request.actor)
        return _("The proposal is withdrawn.")

    return ask(request, proposal, forms.Form(request.POST or None), title=_("Withdraw the proposal"), act=act)


def waiting(customer: Customer, actor: Actor) -> Mapping[str, Any] | None:
    """Return what is proposed for the customer, and what the reader may do about it."""
    found = queries.waiting_on(customer)
    lines = [
        (one, queries.deciding(one, actor) is not None, one.proposer_id == actor.person) for one in found
    ]
    return {"proposals": lines} if lines else None


def card(view: Viewpoint) -> Mapping[str, Any] | None:
    """Return what waits for the reader's decision; nothing for those for whom nothing waits."""
    found = list(queries.proposals_for(view.actor)[: SHOWN + 1])
    return {"proposals": found[:SHOWN], "further": len(found) > SHOWN} if found else None


PROPOSING = Verb("change", gettext_lazy("Grade and credit"), "rosette", "customers:propose")
PROPOSED = Panel("proposals", gettext_lazy("Proposed changes"), "customers/_proposals.html", waiting, "head")
PROPOSAL_CARD = HomeCard(
    "proposals", gettext_lazy("Grades to decide"), "middle", "customers/_home_proposals.html", card
)
