"""Gaps in how customers' people are covered, worked out from their key persons: of one customer, or of all set-wise."""

import datetime as dt
from collections.abc import Collection, Iterator
from typing import Any

from django.db.models import Count, Max, Q, QuerySet

from jike.apps.customers.models import Customer
from jike.apps.customers.rules import Attitude, Coverage, DecisionRole, Gap, State, coverage_gaps
from jike.foundation.resource.listing import count_up_to

__all__ = ["count_gaps", "gaps_now", "gaps_of"]

THERE = Q(key_persons__removed_at=None, key_persons__left_on=None, key_persons__isnull=False)
DECIDER = THERE & Q(key_persons__role=DecisionRole.DECIDER)
FACTS = (
    Count("key_persons", filter=THERE),
    Count("key_persons", filter=DECIDER),
    Count("key_persons", filter=DECIDER & Q(key_persons__attitude=Attitude.OPPOSED)),
    Count(
        "key_persons",
        filter=THERE & Q(key_persons__attitude__in=(Attitude.SUPPORTER, Attitude.FRIENDLY)),
    ),
    Max("key_persons__spoken_on", filter=THERE),
)
AT_ONCE = 20_000


def gaps_now(
    today: dt.date, *, customers: Collection[int] | None = None
) -> Iterator[tuple[int, list[str], list[str]]]:
    """Return (id, gaps, gaps as stored) of all customers, or of those with these ids, read piece by piece."""
    rows: Any = Customer.objects.filter(removed_at=None).order_by()
    if customers is not None:
        rows = rows.filter(pk__in=customers)
    facts = dict(zip(Coverage._fields, FACTS, strict=True))
    told = rows.values_list("pk", "state", "coverage_gaps").annotate(
        **{f"known_{name}": fact for name, fact in facts.items()}
    )
    for number, state, stored, *known in told.iterator(chunk_size=AT_ONCE):
        yield number, list(map(str, coverage_gaps(State(state), Coverage(*known), today=today))), stored


def gaps_of(customer: Customer, *, today: dt.date) -> list[Gap]:
    """Return the gaps of one customer as they are now, the gravest first."""
    return [
        Gap(name) for _number, found, _stored in gaps_now(today, customers=[customer.pk]) for name in found
    ]


def count_gaps(rows: QuerySet[Customer]) -> dict[Gap, tuple[int, bool]]:
    """Return how many of the customers have each gap, up to a thousand and whether that is all; none without any."""
    found = {gap: count_up_to(rows.filter(coverage_gaps__contains=[str(gap)])) for gap in Gap}
    return {gap: told for gap, told in found.items() if told[0]}
