"""A customer's environment: rivals' lines and our share, needs; and the rival contracts that end within one's reach."""

import datetime as dt
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Count, F, QuerySet, Sum
from django.db.models.functions import TruncMonth

from jike.apps.customers.models import Customer, Need, RivalLine
from jike.apps.customers.rules import NEED_NEXT, NEED_OPEN, NeedState, line_share
from jike.foundation.resource.listing import within_time
from jike.foundation.scope import Actor, visible

__all__ = [
    "Ending",
    "Share",
    "count_environment",
    "ending_by",
    "ending_by_month",
    "ending_lines",
    "next_need_states",
    "open_needs_of",
    "our_share",
    "rival_lines_of",
]


class Share(NamedTuple):
    """Our lines and those of rivals as far as they are known; ``percent`` is ours."""

    ours: int
    rivals: int
    percent: int | None


class Ending(NamedTuple):
    """Rival contracts of one operator, unit or month that end: how many, their lines and their price a month."""

    what: Any
    name: str
    contracts: int
    lines: int
    price: Decimal


def rival_lines_of(customer: Customer, actor: Actor) -> QuerySet[RivalLine]:
    """Return what rivals supply the customer with, what ends first leading."""
    rows = visible(RivalLine, actor).filter(customer=customer)
    return rows.order_by(F("ends_on").asc(nulls_last=True), "id")


def open_needs_of(customer: Customer, actor: Actor) -> QuerySet[Need]:
    """Return the customer's needs, those that nobody has answered and those that were."""
    rows = visible(Need, actor).filter(customer=customer).exclude(state=NeedState.DROPPED)
    return rows.order_by(F("wanted_on").asc(nulls_last=True), "id")


def our_share(customer: Customer, actor: Actor) -> Share:
    """Return our lines at the customer against those of rivals."""
    rivals = (
        visible(RivalLine, actor).filter(customer=customer).aggregate(lines=Sum("quantity"))["lines"] or 0
    )
    return Share(customer.lines, rivals, line_share(customer.lines, rivals))


def ending_lines(actor: Actor, *, mine: bool, since: dt.date, until: dt.date) -> QuerySet[RivalLine]:
    """Return rivals' lines whose contracts end between the days, of one's own customers or of all that one sees."""
    rows = visible(RivalLine, actor).filter(ends_on__gte=since, ends_on__lte=until)
    return rows.filter(customer__owner_id__in=sorted(actor.owners)) if mine else rows


def ending_by(rows: QuerySet[RivalLine], *keys: str, limit: int = 20) -> list[Ending] | None:
    """Return the contracts by ``keys`` (by what, and its name last), most first; None when it takes too long."""
    counted = (
        rows.order_by()
        .values_list(*keys)
        .annotate(contracts=Count("pk"), lines=Sum("quantity"), price=Sum("monthly_price"))
    )
    found = within_time(lambda: list(counted.order_by("-contracts", keys[0])[:limit]))
    if found is None:
        return None
    return [Ending(row[0], str(row[-4] or ""), row[-3], row[-2], row[-1] or Decimal(0)) for row in found]


def ending_by_month(rows: QuerySet[RivalLine]) -> list[Ending]:
    """Return the contracts by the month in which they end."""
    months = rows.order_by().annotate(month=TruncMonth("ends_on")).values_list("month")
    counted = months.annotate(contracts=Count("pk"), lines=Sum("quantity"), price=Sum("monthly_price"))
    found = within_time(lambda: list(counted.order_by("month"))) or []
    return [
        Ending(month, f"{month:%y-%m}", contracts, lines, price or Decimal(0))
        for month, contracts, lines, price in found
    ]


def next_need_states(need: Need) -> list[str]:
    """Return the states that may follow the need's."""
    following = NEED_NEXT[NeedState(need.state)]
    return [str(state) for state in NeedState if state in following]


def count_environment(customer: Customer, actor: Actor) -> int:
    """Return how many lines rivals supply and how many needs wait for an answer, as far as the actor sees them."""
    waiting = visible(Need, actor).filter(customer=customer, state__in=[str(one) for one in NEED_OPEN])
    return rival_lines_of(customer, actor).count() + waiting.count()
