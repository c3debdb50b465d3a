"""Proposed changes: who may decide upon one, in whose stead, what waits for whom, who is asked.

The right to decide is held by posts over units, so it goes with the post: who has left decides nothing, and whoever
holds the post next, or one above it, finds what waits. Deputies decide with what the post of the other lends them.
"""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet

from jike.apps.customers.models import ChangeProposal, Customer
from jike.apps.customers.rules import ProposalState
from jike.apps.organisation.models import Person
from jike.apps.organisation.queries import holders_of, steads
from jike.foundation.scope import Actor, may

__all__ = [
    "Deciding",
    "asked_about",
    "decides_anything",
    "deciding",
    "proposal_named",
    "proposals_for",
    "proposals_of",
    "waiting_on",
]

ANSWER = "customers.changeproposal:answer"
SEEN = ("customers.changeproposal:view", "customers.customer:view")
RELATED = ("customer", "customer__unit", "proposer")


@dataclass(frozen=True)
class Deciding:
    """As which actor one decides, and in whose stead (None: by one's own right)."""

    actor: Actor
    principal: Person | None


def deciding(proposal: ChangeProposal, actor: Actor) -> Deciding | None:
    """Return by what right the actor may decide upon the proposal; nobody does upon their own."""
    return next((one for one in _sides(actor) if _covers(one, proposal, actor)), None)


def _covers(one: Deciding, proposal: ChangeProposal, actor: Actor) -> bool:
    involved = {actor.person, one.principal.pk if one.principal else None}
    return proposal.proposer_id not in involved and may(one.actor, "answer", proposal)


def decides_anything(actor: Actor) -> bool:
    """Whether anything could ever wait for the actor."""
    return bool(_sides(actor))


def proposals_for(actor: Actor) -> QuerySet[ChangeProposal]:
    """Return what waits for the actor's decision, by their own right or in somebody's stead, the oldest first."""
    mine = Q(pk__in=[])
    for one in _sides(actor):
        reach = one.actor.reach(ANSWER)
        within = Q() if reach.everything else Q(customer__unit__among=reach.units)
        theirs = Q(proposer_id=one.principal.pk) if one.principal else Q(pk__in=[])
        mine |= within & ~theirs
    waiting = ChangeProposal.objects.filter(mine, state=ProposalState.WAITING, removed_at=None)
    rows = waiting.filter(customer__removed_at=None).exclude(proposer_id=actor.person)
    return rows.select_related(*RELATED).order_by("proposed_at", "id")


def proposals_of(actor: Actor) -> QuerySet[ChangeProposal]:
    """Return what the actor proposed and what still waits."""
    rows = ChangeProposal.objects.filter(
        proposer_id=actor.person, state=ProposalState.WAITING, removed_at=None
    )
    return rows.select_related(*RELATED).order_by("proposed_at", "id")


def waiting_on(customer: Customer) -> list[ChangeProposal]:
    """Return what is proposed for the customer and not decided."""
    rows = ChangeProposal.objects.filter(customer=customer, state=ProposalState.WAITING, removed_at=None)
    return list(rows.select_related(*RELATED).order_by("proposed_at", "id"))


def proposal_named(uid: UUID) -> ChangeProposal | None:
    """Return a proposal for whoever may decide upon it; they need not see it by their own rights."""
    return ChangeProposal.objects.select_related(*RELATED).filter(uid=uid, removed_at=None).first()


def asked_about(proposal: ChangeProposal, *, today: dt.date) -> list[Person]:
    """Return who decides nearest above the customer: holders of the right at its unit, else at the next one up."""
    unit = proposal.customer.unit
    for number in (unit.pk, *reversed(unit.ancestors)):
        found = list(holders_of(ANSWER, unit=number, today=today).exclude(pk=proposal.proposer_id))
        if found:
            return found
    return []


def _sides(actor: Actor) -> list[Deciding]:
    """Return by whose rights the actor may decide: their own first, then those of whom they stand in for."""
    reach = actor.reach(ANSWER)
    by_post = actor.person is not None and (reach.everything or reach.units)
    own = [Deciding(actor, None)] if by_post else []
    return own + [Deciding(one.actor, one.person) for one in steads(actor, answers=(ANSWER,), seen=SEEN)]
