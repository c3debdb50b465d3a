"""A grade, service level or credit is proposed by hand, and a superior decides; until then the old one counts."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jike.apps.customers.models import ChangeProposal, Customer
from jike.apps.customers.models.labels import PROPOSAL_STATES
from jike.apps.customers.queries.proposals import Deciding, asked_about, deciding, waiting_on
from jike.apps.customers.rules import Aspect, ProposalState, proposal_may_follow
from jike.apps.organisation.models import Person
from jike.apps.organisation.queries import deputies_standing, person_of
from jike.foundation.audit import Under, changing, creating
from jike.foundation.errors import Invalid, Refused, RuleBroken
from jike.foundation.notify import Channel, Topic, declare_topics, notify
from jike.foundation.scope import Actor

__all__ = [
    "approve_proposal",
    "overtake_proposals",
    "propose_changes",
    "refuse_proposal",
    "withdraw_proposal",
]

ASKED = Topic(
    "customers.proposal_asked", gettext_lazy("A proposed change waits for your decision"), Channel.APP
)
ANSWERED = Topic("customers.proposal_answered", gettext_lazy("Your proposal was decided upon"), Channel.APP)
IN_STEAD = Topic(
    "customers.proposal_in_stead",
    gettext_lazy("A proposed change waits for your decision in somebody's stead"),
    Channel.APP,
    "customers:proposals",
)
declare_topics(ASKED, ANSWERED, IN_STEAD)


@transaction.atomic
def propose_changes(
    customer: Customer, *, actor: Actor, reason: str, wanted: Mapping[str, str]
) -> list[ChangeProposal]:
    """Propose what of grade, service level and credit differs from what the customer has, each to be decided alone."""
    proposer = person_of(actor)
    if proposer is None:
        raise Refused(_("Only a person proposes changes of what is judged."))
    if not reason.strip():
        raise Invalid({"reason": [_("Say why, so that it can be decided.")]})
    differing = {name: value for name, value in wanted.items() if value and value != getattr(customer, name)}
    if not differing:
        raise RuleBroken(_("The customer has this already; nothing to propose."))
    return [
        _proposed(customer, Aspect(name), value, actor=actor, proposer=proposer, reason=reason)
        for name, value in differing.items()
    ]


@transaction.atomic
def approve_proposal(proposal: ChangeProposal, *, actor: Actor, remark: str = "") -> ChangeProposal:
    """Agree: the customer gets the proposed value at once, as the decision of whoever agrees."""
    by = _right(proposal, actor)
    _decide(proposal, ProposalState.APPROVED, by=by, verb="approve", remark=remark)
    customer = proposal.customer
    with changing(customer, actor=by.actor, verb="grade", under=Under(proposal, "answer")):
        setattr(customer, proposal.aspect, proposal.after)
    _tell(proposal, by)
    return proposal


@transaction.atomic
def refuse_proposal(proposal: ChangeProposal, *, actor: Actor, remark: str) -> ChangeProposal:
    """Refuse, with the reason; the customer keeps what it has."""
    if not remark.strip():
        raise Invalid({"remark": [_("Say why, so that it need not be asked again.")]})
    by = _right(proposal, actor)
    _decide(proposal, ProposalState.REFUSED, by=by, verb="refuse", remark=remark)
    _tell(proposal, by)
    return proposal


@transaction.atomic
def withdraw_proposal(proposal: ChangeProposal, *, actor: Actor) -> ChangeProposal:
    """Take one's own proposal back while it waits."""
    if actor.person != proposal.proposer_id:
        raise Refused(_("Only who proposed it may withdraw it."))
    with changing(proposal, actor=actor, verb="withdraw", permit="view"):
        _enter(proposal, ProposalState.WITHDRAWN)
    return proposal


def overtake_proposals(customer: Customer, *, actor: Actor, aspects: set[str]) -> None:
    """End what waits for these aspects of the customer, since somebody set them by right."""
    for proposal in waiting_on(customer):
        if proposal.aspect in aspects:
            with changing(proposal, actor=actor, verb="overtake", under=Under(customer, "grade")):
                _enter(proposal, ProposalState.OVERTAKEN)


def _proposed(
    customer: Customer, aspect: Aspect, value: str, *, actor: Actor, proposer: Person, reason: str
) -> ChangeProposal:
    field: Any = Customer._meta.get_field(aspect.value)
    if value not in dict(field.flatchoices):
        raise Invalid({aspect.value: [_("Choose one of those offered.")]})
    proposal = creating(
        ChangeProposal(
            customer=customer,
            aspect=aspect.value,
            before=getattr(customer, aspect.value),
            after=value,
            reason=reason,
            proposer=proposer,
            proposed_at=timezone.now(),
        ),
        actor=actor,
        verb="propose",
        under=Under(customer, "change"),
    )
    now = timezone.now()
    asked = asked_about(proposal, today=timezone.localdate(now))
    text = f"{customer} · {proposal.before_name} → {proposal.after_name}"
    notify(
        {one.uid for one in asked}, ASKED.name, text, about=proposal.key, once=f"{ASKED.name}:{proposal.uid}"
    )
    for one in deputies_standing(asked, at=now):
        if one.deputy_id != actor.person and one.deputy not in asked:
            told = f"{one.person.name} · {text}"
            notify({one.deputy.uid}, IN_STEAD.name, told, once=f"{IN_STEAD.name}:{proposal.uid}")
    return proposal


def _right(proposal: ChangeProposal, actor: Actor) -> Deciding:
    found = deciding(proposal, actor)
    if found is None:
        raise Refused(
            _("You may not decide upon this: it takes a superior, and nobody decides upon their own.")
        )
    return found


def _decide(proposal: ChangeProposal, then: ProposalState, *, by: Deciding, verb: str, remark: str) -> None:
    with changing(proposal, actor=by.actor, verb=verb, permit="answer"):
        _enter(proposal, then)
        proposal.approver_id, proposal.on_behalf_of = by.actor.person, by.principal
        proposal.answered_at, proposal.remark = timezone.now(), remark


def _enter(proposal: ChangeProposal, then: ProposalState) -> None:
    now = ProposalState(proposal.state)
    if not proposal_may_follow(now, then):
        raise RuleBroken(_("This proposal is “%(state)s” already.") % {"state": PROPOSAL_STATES[now]})
    proposal.state = then.value


def _tell(proposal: ChangeProposal, by: Deciding) -> None:
    told = {proposal.proposer.uid} | ({by.principal.uid} if by.principal else set())
    text = f"{proposal.customer} · {proposal.after_name}: {proposal.get_state_display()} {proposal.remark}"
    notify(told, ANSWERED.name, text.strip(), about=proposal.key, once=f"{ANSWERED.name}:{proposal.uid}")
