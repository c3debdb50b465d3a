"""The queue of possible doubles: who sees which pair, and what people decide about them."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from jike.foundation.audit import note
from jike.foundation.audit.gate import may_write
from jike.foundation.errors import RuleBroken
from jike.foundation.models import DuplicatePair
from jike.foundation.models.record import Record
from jike.foundation.resource.declaration import Resource
from jike.foundation.scope import Actor, visible

__all__ = ["Shown", "decide", "pairs_to_decide", "shown"]

DECIDED = (DuplicatePair.State.APART, DuplicatePair.State.LATER, DuplicatePair.State.OPEN)


@dataclass(frozen=True)
class Shown:
    """A pair with its two records, the older one first."""

    pair: DuplicatePair
    rows: tuple[Record, Record]


def pairs_to_decide(
    resource: Resource, actor: Actor, *, state: str = DuplicatePair.State.OPEN
) -> QuerySet[DuplicatePair]:
    """Return the pairs of which the actor may merge both records, the likeliest first."""
    mine = visible(resource.model, actor, "merge").filter(removed_at=None).order_by().values("pk")
    pairs = DuplicatePair.objects.filter(kind=resource.kind, state=state)
    return pairs.filter(first__in=mine, second__in=mine).order_by("-score", "-id")


def shown(resource: Resource, pairs: Iterable[DuplicatePair]) -> list[Shown]:
    """Return the pairs with their records, read at once."""
    listed = list(pairs)
    ids = {number for pair in listed for number in (pair.first, pair.second)}
    rows = {row.pk: row for row in resource.model._default_manager.filter(pk__in=ids)}
    return [
        Shown(pair, (rows[pair.first], rows[pair.second]))
        for pair in listed
        if pair.first in rows and pair.second in rows
    ]


@transaction.atomic
def decide(resource: Resource, uids: Sequence[UUID], *, state: str, actor: Actor, now: dt.datetime) -> int:
    """Say of pairs that they are not the same, or put them off; return how many were decided.

    That two records are not the same is noted in the history of both, and no sweep asks again.

    Raises
    ------
    RuleBroken
        ``state`` is nothing that one may decide here: the same is said by merging.
    """
    may_write(actor)
    if state not in DECIDED:
        raise RuleBroken(_("Say whether the two are not the same, or decide later; the same are merged."))
    known = DuplicatePair.State
    open_ = pairs_to_decide(resource, actor, state=known.OPEN) | pairs_to_decide(
        resource, actor, state=known.LATER
    )
    if state == known.OPEN:
        open_ = open_ | pairs_to_decide(resource, actor, state=known.APART)
    ids = list(open_.filter(uid__in=list(uids)).values_list("pk", flat=True))
    pairs = list(DuplicatePair.objects.select_for_update().filter(pk__in=ids).order_by("pk"))
    if state == known.APART:
        for one in shown(resource, pairs):
            first, second = one.rows
            note(first, actor=actor, verb="merge", facts={"not_the_same": (None, str(second))})
            note(second, actor=actor, verb="merge", facts={"not_the_same": (None, str(first))})
    found = DuplicatePair.objects.filter(pk__in=[pair.pk for pair in pairs])
    return found.update(state=state, decided_by=actor.uid, decided_at=now)
