"""The pipeline at a glance: open opportunities by stage, those that stand still, and what may come month by month.

Every function takes the rows in question (`pipeline`) and reads them set-wise; sums give up after seconds rather than
hold a worker.
"""

import datetime as dt
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import TruncMonth

from jike.apps.sales.models import Opportunity
from jike.apps.sales.rules import OPEN, PROTECTION_ENDING_DAYS, Stage
from jike.foundation.resource.listing import within_time
from jike.foundation.scope import Actor, visible
from jike.values.period import add_months

__all__ = [
    "ForecastMonth",
    "StageSum",
    "by_owner",
    "by_stage",
    "forecast",
    "needing_attention",
    "pipeline",
    "win_rate",
    "won_between",
]

STILL_DAYS = 14
ZERO = Decimal(0)


class StageSum(NamedTuple):
    """How much stands in one stage."""

    stage: Stage
    deals: int
    amount: Decimal
    weighted: Decimal


class ForecastMonth(NamedTuple):
    """What is expected to be signed in a month, and what was won in it; ``month`` is None for what has no date."""

    month: dt.date | None
    deals: int
    amount: Decimal
    weighted: Decimal
    won: Decimal


class OwnerSum(NamedTuple):
    """What one person works on."""

    uid: Any
    name: str
    deals: int
    amount: Decimal
    weighted: Decimal


def pipeline(actor: Actor, *, team: bool) -> QuerySet[Opportunity]:
    """Return the actor's own opportunities (and those of whom they stand in for), or with ``team`` all they see."""
    rows = visible(Opportunity, actor).order_by()
    return rows if team else rows.filter(owner_id__in=sorted(actor.owners))


def by_stage(rows: QuerySet[Opportunity]) -> list[StageSum] | None:
    """Return count, amount and weighted amount of each open stage; None when that takes too long."""
    told = (
        rows.filter(stage__in=OPEN)
        .values_list("stage")
        .annotate(Count("pk"), Sum("amount"), Sum("weighted_amount"))
    )
    found = within_time(lambda: {stage: figures for stage, *figures in told})
    if found is None:
        return None
    return [StageSum(stage, *(found.get(stage) or (0, ZERO, ZERO))) for stage in OPEN]


def won_between(rows: QuerySet[Opportunity], first: dt.date, last: dt.date) -> tuple[int, Decimal]:
    """Return how many opportunities were won from ``first`` to ``last``, and how much they are worth."""
    won = rows.filter(stage=Stage.WON, closed_on__gte=first, closed_on__lte=last)
    found = won.aggregate(count=Count("pk"), amount=Sum("amount"))
    return found["count"], found["amount"] or ZERO


def win_rate(rows: QuerySet[Opportunity], *, since: dt.date) -> int | None:
    """Return how many percent of what was closed since then was won; None before anything was."""
    closed = rows.filter(closed_on__gte=since, stage__in=(Stage.WON, Stage.LOST))
    found = closed.aggregate(won=Count("pk", filter=Q(stage=Stage.WON)), closed=Count("pk"))
    return round(found["won"] * 100 / found["closed"]) if found["closed"] else None


def needing_attention(rows: QuerySet[Opportunity], *, today: dt.date, limit: int) -> list[Opportunity]:
    """Return open opportunities whose step is late, whose protection ends, or that stood still: the largest first."""
    late = Q(next_step_on__lt=today) | Q(expected_on__lt=today)
    ending = Q(
        protected_until__gte=today, protected_until__lte=today + dt.timedelta(days=PROTECTION_ENDING_DAYS)
    )
    still = Q(next_step_on=None, stage_since__lt=today - dt.timedelta(days=STILL_DAYS))
    found = rows.filter(late | ending | still, stage__in=OPEN).select_related("customer", "owner")
    return list(found.order_by("-amount", "-id")[:limit])


def forecast(rows: QuerySet[Opportunity], *, today: dt.date, months: int = 6) -> list[ForecastMonth] | None:
    """Return this month and those after it, what is overdue counted as this month's, and last what has no date.

    None when adding up takes too long.
    """
    first = today.replace(day=1)
    last = add_months(first, months)
    found = within_time(lambda: _forecast(rows, first, last))
    if found is None:
        return None
    expected, won = found
    sums: dict[dt.date | None, tuple[int, Decimal, Decimal]] = {}
    for month, count, amount, weighted in expected:
        place = None if month is None else max(month, first)
        before = sums.get(place, (0, ZERO, ZERO))
        sums[place] = (before[0] + count, before[1] + amount, before[2] + weighted)
    calendar = [add_months(first, number) for number in range(months)]
    lines = [
        ForecastMonth(month, *sums.get(month, (0, ZERO, ZERO)), won.get(month, ZERO)) for month in calendar
    ]
    undated = sums.get(None)
    return lines + ([ForecastMonth(None, *undated, ZERO)] if undated else [])


def _forecast(rows: QuerySet[Opportunity], first: dt.date, last: dt.date) -> Any:
    told = rows.filter(stage__in=OPEN).filter(Q(expected_on__lt=last) | Q(expected_on=None))
    expected = told.values_list(TruncMonth("expected_on")).annotate(
        Count("pk"), Sum("amount"), Sum("weighted_amount")
    )
    closed = rows.filter(stage=Stage.WON, closed_on__gte=first, closed_on__lt=last)
    won = closed.values_list(TruncMonth("closed_on")).annotate(Sum("amount"))
    return list(expected), dict(won)


def by_owner(rows: QuerySet[Opportunity], *, limit: int) -> list[OwnerSum] | None:
    """Return who works on how much, most first; None when adding up takes too long."""
    told = rows.filter(stage__in=OPEN).values_list("owner__uid", "owner__name")
    summed = told.annotate(Count("pk"), amount_sum=Sum("amount"), weighted_sum=Sum("weighted_amount"))
    found = within_time(lambda: list(summed.order_by("-amount_sum")[:limit]))
    return None if found is None else [OwnerSum(*one) for one in found]
