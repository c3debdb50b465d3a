"""Hand-overs as people look at them: whose they are, which customers they hold, what whoever takes over should know.

What is open with a customer lies mostly in capabilities above this one. They hand functions in (`register_matters`), so
that the pack tells of opportunities, orders and tickets without knowing them.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone
from django.utils.functional import Promise

from jike.apps.customers.models import Customer, HandOver, HandOverItem
from jike.apps.customers.rules import HandOverState
from jike.apps.tasks.models import Task
from jike.apps.tasks.rules import State as TaskState
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
    "next_steps",
    "outcome_of",
    "pack_of",
    "register_matters",
    "rows_open",
    "tasks_open",
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


Find = Callable[[Collection[int], Actor, int], Sequence[Matter]]


@dataclass(frozen=True)
class Matters:
    """One section of the pack, filled by the capability that knows, the nearest day first."""

    label: str | Promise
    find: Find
    """Takes ids of customers, the actor through whose eyes the pack is made, and the limit."""


def rows_open(model: Any, *, state: tuple[str, Collection[str]], day: str) -> Find:
    """Return the ``find`` of a kind with ``customer`` and ``owner``.

    Parameters
    ----------
    state
        The field that says how far a row is, and its values while the matter is open.
    day
        The field with the day that counts; moments are read as days in China.
    """
    field, values = state

    def find(customers: Collection[int], eyes: Actor, limit: int) -> list[Matter]:
        rows = visible(model, eyes).filter(customer__among=customers, **{f"{field}__in": list(values)})
        rows = rows.select_related("customer", "owner").order_by(F(day).asc(nulls_last=True), "pk")
        return [
            Matter(
                customer=str(row.customer),
                title=str(row),
                state=getattr(row, f"get_{field}_display")(),
                on=_day(getattr(row, day)),
                owner=str(row.owner or ""),
                key=row.key,
            )
            for row in rows[:limit]
        ]

    return find


def next_steps(customers: Collection[int], eyes: Actor, limit: int) -> list[Matter]:
    """Return what was promised next to each customer."""
    rows = visible(Customer, eyes).filter(pk__among=customers, next_step_on__isnull=False)
    rows = rows.select_related("owner").order_by("next_step_on", "pk")
    return [
        Matter(one.name, one.next_step or "…", "", one.next_step_on, str(one.owner or ""), one.key)
        for one in rows[:limit]
    ]


def tasks_open(customers: Collection[int], eyes: Actor, limit: int) -> list[Matter]:
    """Return the open tasks about the customers."""
    names = dict(Customer.objects.filter(pk__among=customers).values_list("uid", "name"))
    rows = visible(Task, eyes).filter(
        about_kind=Customer.kind(), about_uid__in=list(names), state=TaskState.OPEN
    )
    rows = rows.select_related("owner").order_by(F("due_on").asc(nulls_last=True), "pk")
    return [
        Matter(
            customer=names[one.about_uid],
            title=one.title,
            state=one.get_state_display(),
            on=one.due_on,
            owner=one.owner.name,
            key=one.key,
        )
        for one in rows[:limit]
        if one.about_uid
    ]


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


def outcome_of(hand_over: HandOver) -> tuple[int, dict[str, int]]:
    """Return how many customers went over, and of those that stayed how many for each reason."""
    rows = hand_over.items.order_by("kept").values_list("kept").annotate(count=Count("pk"))
    counted: dict[str, int] = dict(rows)
    return counted.pop("", 0), counted


def may_answer(hand_over: HandOver, actor: Actor) -> bool:
    """Whether the actor accepts or refuses it: who is to take over, and who stands in for them.

    Whoever proposed it never answers it, not even in the taker's stead.
    """
    if hand_over.state != HandOverState.WAITING or not may(actor, "answer", hand_over):
        return False
    return actor.person == hand_over.taker_id or actor.person != hand_over.proposer_id


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


def _day(moment: date | datetime | None) -> date | None:
    return timezone.localdate(moment) if isinstance(moment, datetime) else moment
