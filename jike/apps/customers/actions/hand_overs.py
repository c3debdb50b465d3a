"""Customers change hands: proposed by whoever looks after them or leads there, accepted or refused by who takes over.

Until it is accepted nothing changes. Then all of them change their account manager at once, set-wise, save those that
somebody else was given meanwhile; what hangs on them follows by jobs (`CustomersHandedOver`).
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jike.apps.customers.models import Customer, HandOver, HandOverItem
from jike.apps.customers.queries.hand_overs import may_withdraw
from jike.apps.customers.queries.records import require_able
from jike.apps.customers.rules import HandOverState, Kept, why_kept
from jike.apps.organisation.models import Person
from jike.apps.organisation.queries import person_of
from jike.apps.tasks.models import Task
from jike.apps.tasks.rules import State as TaskState
from jike.foundation.audit import Under, changing, changing_many, creating
from jike.foundation.directory import actor_of
from jike.foundation.errors import Invalid, Refused, RuleBroken
from jike.foundation.events import publish
from jike.foundation.jobs import job
from jike.foundation.notify import Topic, declare_topics, notify
from jike.foundation.scope import Actor, system_actor, visible
from jike.foundation.search.keeping import move_waiting
from jike.foundation.sharing import share

__all__ = [
    "CustomersHandedOver",
    "Proposed",
    "accept_hand_over",
    "find_at_taker",
    "hand_on",
    "hand_tasks_on",
    "lapse_hand_overs",
    "propose_hand_over",
    "refuse_hand_over",
    "withdraw_hand_over",
]

MOST = 10_000
ACTOR = system_actor("hand-overs")
ASKED, DECIDED = "customers.hand_over_asked", "customers.hand_over_decided"
declare_topics(
    Topic(ASKED, gettext_lazy("Customers are to be handed over to me")),
    Topic(DECIDED, gettext_lazy("A hand-over was decided")),
)


@dataclass(frozen=True)
class CustomersHandedOver:
    """The customers of this hand-over have another account manager now."""

    hand_over: UUID


class Proposed(NamedTuple):
    """A hand-over, and how many of the customers named are not in it."""

    hand_over: HandOver
    passed_over: int
    """Already theirs, already proposed to somebody, or not the proposer's to give."""


@transaction.atomic
def propose_hand_over(
    customers: Collection[int], *, actor: Actor, taker: Person, reason: str = ""
) -> Proposed:
    """Propose that ``taker`` look after the customers with these ids; what cannot be proposed is passed over.

    Raises
    ------
    RuleBroken
        Too many, none that can be proposed, or somebody who cannot take customers over.
    """
    require_able(taker)
    if len(customers) > MOST:
        raise RuleBroken(_("One hand-over takes at most %(most)s customers.") % {"most": f"{MOST:,}"})
    theirs = actor_of(taker.uid)
    if theirs is None or not theirs.holds("customers.handover:answer"):
        raise RuleBroken(_("%(name)s holds no post that takes customers over.") % {"name": taker.name})
    rows = visible(Customer, actor, "hand_over").filter(Q(pk__among=customers)).exclude(owner=taker)
    rows = rows.filter(~Q(pk__in=HandOverItem.objects.filter(waiting=True).values("customer")))
    found = list(rows.order_by("name_key", "pk"))
    if not found:
        raise RuleBroken(_("None of these customers can be proposed: theirs already, waiting, or not yours."))
    givers = {one.owner_id for one in found}
    giver = Person.objects.filter(pk=givers.pop() or 0).first() if len(givers) == 1 else None
    proposer = person_of(actor)
    hand_over = HandOver(
        title=_title(found),
        giver=giver,
        taker=taker,
        proposer=proposer,
        unit=(giver or proposer or taker).unit,
        number=len(found),
        reason=reason,
        proposed_at=timezone.now(),
    )
    creating(hand_over, actor=actor, verb="propose", under=Under(found[0], "hand_over"))
    HandOverItem.objects.bulk_create(
        [HandOverItem(hand_over=hand_over, customer=one, giver=one.owner_id) for one in found]
    )
    for one in {one.pk: one for one in (proposer, giver) if one is not None and one != taker}.values():
        share(hand_over, one.uid, actor=ACTOR)
    notify([taker.uid], ASKED, f"{hand_over.title}: {reason}".removesuffix(": "), about=hand_over.key)
    return Proposed(hand_over, len(set(customers)) - len(found))


@transaction.atomic
def accept_hand_over(
    hand_over: HandOver, *, actor: Actor, remark: str = "", version: int | None = None
) -> HandOver:
    """Take the customers over: their account manager changes at once; those given to others meanwhile stay there."""
    _decide(hand_over, HandOverState.ACCEPTED, actor=actor, remark=remark, version=version)
    _move(hand_over, actor=actor)
    publish(CustomersHandedOver(hand_over.uid))
    return hand_over


@transaction.atomic
def refuse_hand_over(
    hand_over: HandOver, *, actor: Actor, remark: str, version: int | None = None
) -> HandOver:
    """Refuse to take the customers over; they stay with whom they are."""
    if not remark.strip():
        raise Invalid({"remark": [_("Say why you do not take them over.")]})
    _decide(hand_over, HandOverState.REFUSED, actor=actor, remark=remark, version=version)
    _free(hand_over)
    return hand_over


@transaction.atomic
def withdraw_hand_over(
    hand_over: HandOver, *, actor: Actor, remark: str = "", version: int | None = None
) -> HandOver:
    """Withdraw a proposal that was not answered yet: whoever made it, or who leads there."""
    if not may_withdraw(hand_over, actor):
        raise Refused(_("Only who proposed it, and who leads there, may withdraw it."))
    with changing(hand_over, actor=actor, verb="withdraw", permit="view", version=version):
        _end(hand_over, HandOverState.WITHDRAWN, remark)
    _free(hand_over)
    notify([hand_over.taker.uid], DECIDED, _told(hand_over), about=hand_over.key)
    return hand_over


@job(
    "customers.lapse_hand_overs",
    label=gettext_lazy("End hand-overs to people who left"),
    cron="20 1 * * *",
)
def lapse_hand_overs() -> None:
    """End the proposals whose taker can no longer sign in, and tell who proposed them."""
    waiting = HandOver.objects.filter(state=HandOverState.WAITING, removed_at=None)
    left = waiting.filter(Q(taker__is_active=False) | Q(taker__removed_at__isnull=False))
    for hand_over in left.order_by("pk"):
        _lapse(hand_over)


@transaction.atomic
def _lapse(hand_over: HandOver) -> None:
    remark = _("%(name)s can no longer sign in; choose somebody else.") % {"name": hand_over.taker.name}
    with changing(hand_over, actor=ACTOR, verb="lapse", permit="view"):
        _end(hand_over, HandOverState.LAPSED, remark)
    _free(hand_over)
    if hand_over.proposer is not None:
        notify([hand_over.proposer.uid], DECIDED, _told(hand_over), about=hand_over.key)


@job("customers.find_at_taker", label=gettext_lazy("Let the new manager find the customers"))
def find_at_taker(hand_over: str) -> None:
    """Move the search entries of a large hand-over at once, instead of at the next full minute."""
    move_waiting()


@job("customers.hand_tasks_on", label=gettext_lazy("Hand tasks on with their customers"))
def hand_tasks_on(hand_over: str) -> None:
    """Give the open tasks that the former account manager had about the customers to the new one."""
    items = HandOverItem.objects.filter(hand_over__uid=hand_over, kept="")
    owners = dict(items.values_list("customer__uid", "giver"))
    taker = HandOver.objects.select_related("taker").get(uid=hand_over).taker
    rows = Task.objects.filter(about_kind=Customer.kind(), about_uid__in=list(owners), state=TaskState.OPEN)
    found = rows.filter(removed_at=None).values_list("pk", "about_uid", "owner_id")
    mine = [number for number, about, owner in found if about and owners[about] == owner]
    edits = {number: {"owner_id": taker.pk, "unit_id": taker.unit_id} for number in mine}
    changing_many(Task, edits, actor=ACTOR, verb="reassign")


def hand_on(rows: QuerySet[Any], hand_over: str, *, actor: Actor, verb: str) -> int:
    """Give those of ``rows`` that the former managers own to the new one; they have customer, owner and unit.

    For jobs that follow `CustomersHandedOver`; done twice, the second time finds nothing. Returns how many went over.
    """
    made = HandOver.objects.select_related("taker").get(uid=hand_over)
    went = {"customer__hand_over_items__hand_over": made, "customer__hand_over_items__kept": ""}
    mine = rows.filter(removed_at=None, owner=F("customer__hand_over_items__giver"), **went)
    values = {"owner_id": made.taker_id, "unit_id": made.taker.unit_id}
    edits = dict.fromkeys(mine.values_list("pk", flat=True), values)
    return len(changing_many(rows.model, edits, actor=actor, verb=verb).written)


def _decide(
    hand_over: HandOver, state: HandOverState, *, actor: Actor, remark: str, version: int | None
) -> None:
    verb = "accept" if state is HandOverState.ACCEPTED else "refuse"
    with changing(hand_over, actor=actor, verb=verb, permit="answer", version=version):
        require_able(hand_over.taker)
        if actor.person == hand_over.proposer_id != hand_over.taker_id:
            raise Refused(_("Nobody answers what they proposed themselves."))
        _end(hand_over, state, remark)
    told = {one.uid for one in (hand_over.proposer, hand_over.giver) if one is not None}
    notify(told - {actor.uid}, DECIDED, _told(hand_over), about=hand_over.key)


def _end(hand_over: HandOver, state: HandOverState, remark: str) -> None:
    if hand_over.state != HandOverState.WAITING:
        sentence = _("This hand-over was decided before: %(state)s.")
        raise RuleBroken(sentence % {"state": hand_over.get_state_display()})
    hand_over.state, hand_over.remark, hand_over.answered_at = state.value, remark, timezone.now()


def _move(hand_over: HandOver, *, actor: Actor) -> None:
    """Change the account manager of all that go over; the row locks hold until the transaction's end."""
    items = dict(hand_over.items.values_list("customer", "giver"))
    locked = Customer.objects.filter(Q(pk__among=items), removed_at=None).order_by("pk")
    values = locked.select_for_update(of=("self",), no_key=True).values("pk", "owner_id", "deputy_id")
    rows = {row["pk"]: row for row in values}
    kept = {number: why for number, giver in items.items() if (why := why_kept(giver, rows.get(number)))}
    taker, today = hand_over.taker, timezone.localdate()
    edits: Mapping[int, dict[str, Any]] = {
        number: {"owner_id": taker.pk, "owner_since": today}
        | ({"deputy_id": None} if row["deputy_id"] == taker.pk else {})
        for number, row in rows.items()
        if number not in kept
    }
    outcome = changing_many(Customer, edits, actor=actor, verb="hand_over", under=Under(hand_over, "answer"))
    kept |= dict.fromkeys(outcome.refused, Kept.REFUSED)
    for why in set(kept.values()):
        some = [number for number, one in kept.items() if one is why]
        hand_over.items.filter(Q(customer__among=some)).update(kept=why)
    _free(hand_over)


def _free(hand_over: HandOver) -> None:
    hand_over.items.update(waiting=False)


def _title(customers: list[Customer]) -> str:
    """Return the first one's name and how many more; figures read alike in every language."""
    more = f" +{len(customers) - 1:,}" if len(customers) > 1 else ""
    return f"{customers[0].name}{more}"


def _told(hand_over: HandOver) -> str:
    state = hand_over.get_state_display()
    return f"{hand_over.title} → {hand_over.taker.name}: {state} {hand_over.remark}".strip()
