"""Hand-overs as people look at them: whose they are, which customers they hold, what whoever takes over should know.

What is open with a customer lies mostly in capabilities above this one. They hand functions in (`register_matters`), so
that the pack tells of opportunities, orders and tickets without knowing them.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.db.models import Q, QuerySet
from django.utils.functional import Promise

from jike.apps.customers.models import Customer, HandOver, HandOverItem
from jike.apps.customers.rules import HandOverState
from jike.foundation.directory import actor_of
from jike.foundation.models import RecordKey
from jike.foundation.scope import Actor, may, visible

__all__ = [
    "Matter",
    "Matters",
    "hand_over_waiting_for",
    "items_of",
    "may_answer",
    "may_withdraw",
    "pack_of",
    "register_matters",
    "waiting_for_answer",
]

SHOWN = 200
CUSTOMERS_SHOWN = 100


class Matter(NamedTuple):
    """One open matter of a customer."""

    customer: str
    title: str
    state: str
    on: date | None
    """The day that counts: due, promised, expected."""
    owner: str
    key: RecordKey | None
    """Whose page shows it."""


@dataclass(frozen=True)
class Matters:
    """One section of the pack, filled by the capability that knows, the nearest day first."""

    label: str | Promise
    find: Callable[[Collection[int], Actor, int], Sequence[Matter]]
    """Takes ids of customers, the actor through whose eyes the pack is made, and the limit."""


class _Registered:
    matters: tuple[Matters, ...] = ()


def register_matters(*matters: Matters) -> None:
    """Name the sections of the pack in their order; the last call counts."""
    _Registered.matters = matters


def pack_of(hand_over: HandOver, reader: Actor) -> list[tuple[str | Promise, Sequence[Matter]]]:
    """Return the sections that have something to tell, for a reader who was allowed to fetch the hand-over.

    It shows what the proposer may see: they hand it to the taker, who has no right upon the customers yet. Once they
    can no longer sign in it shows what the reader sees.
    """
    proposer = hand_over.proposer
    eyes = (actor_of(proposer.uid) if proposer is not None else None) or reader
    numbers = list(hand_over.items.values_list("customer", flat=True))
    found = ((one.label, one.find(numbers, eyes, SHOWN)) for one in _Registered.matters)
    return [(label, matters) for label, matters in found if matters]


def items_of(hand_over: HandOver, *, limit: int = CUSTOMERS_SHOWN) -> QuerySet[HandOverItem]:
    """Return the customers of a hand-over that the reader was allowed to fetch, the greatest revenue first."""
    items = hand_over.items.select_related("customer").order_by("-customer__monthly_revenue", "pk")
    return items[:limit]


def may_answer(hand_over: HandOver, actor: Actor) -> bool:
    """Whether the actor accepts or refuses it: who is to take over, and who stands in for them."""
    return hand_over.state == HandOverState.WAITING and may(actor, "answer", hand_over)


def may_withdraw(hand_over: HandOver, actor: Actor) -> bool:
    """Whether the actor withdraws it: who proposed it (or stands in for them), and who leads there."""
    if hand_over.state != HandOverState.WAITING:
        return False
    return hand_over.proposer_id in actor.owners or may(actor, "withdraw", hand_over)


def waiting_for_answer(actor: Actor) -> QuerySet[HandOver]:
    """Return what waits for this person's answer, the oldest first."""
    mine = Q(taker__among=actor.owners)
    waiting = visible(HandOver, actor).filter(mine, state=HandOverState.WAITING)
    return waiting.select_related("giver", "proposer").order_by("proposed_at", "pk")


def hand_over_waiting_for(customer: Customer) -> HandOver | None:
    """Return the hand-over in which the customer waits, None when there is none."""
    rows = HandOver.objects.filter(items__customer=customer, items__waiting=True, removed_at=None)
    return rows.select_related("taker").first()
