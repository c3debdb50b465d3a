"""What boards show of portfolios: sums over `PortfolioMonth` within a reader's reach, thousands of rows at most."""

import datetime as dt
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet, Sum

from jike.apps.analytics.models import VIEW, PortfolioMonth
from jike.apps.organisation.models import Unit
from jike.foundation.scope import Actor
from jike.values.period import add_months

__all__ = [
    "Totals",
    "by_grade",
    "by_month",
    "by_unit",
    "heads_unit",
    "latest_month",
    "portfolio",
    "totals",
]

SUMS = {
    name: Sum(name)
    for name in (
        "customers",
        "revenue",
        "arrears",
        "sound",
        "watch",
        "danger",
        "frozen_customers",
        "frozen_kept",
        "frozen_mean",
        "frozen_revenue",
    )
}
UNITS = """
    SELECT child.uid, child.name, child.name_en, sum(fact.revenue), sum(fact.frozen_mean), sum(fact.frozen_revenue),
        sum(fact.customers)
    FROM analytics_portfoliomonth fact JOIN organisation_unit child ON child.id = fact.unit_id
    WHERE fact.month = %(month)s AND (fact.unit_id = %(top)s AND NOT fact.whole
        OR fact.unit_id = ANY(ARRAY(SELECT id FROM organisation_unit WHERE parent_id = %(top)s)) AND fact.whole)
    GROUP BY child.uid, child.name, child.name_en ORDER BY sum(fact.revenue) DESC LIMIT %(limit)s"""


class Totals(NamedTuple):
    """A portfolio in one month, yuan and customers; ``revenue_kept`` and ``customers_kept`` are shares or None."""

    month: dt.date
    customers: int
    revenue: Decimal
    arrears: Decimal
    revenue_kept: Decimal | None
    customers_kept: Decimal | None
    sound: int
    watch: int
    danger: int


class UnitLine(NamedTuple):
    """What one unit, with all below it, brought in a month."""

    uid: UUID
    name: str
    name_en: str
    revenue: Decimal
    kept: Decimal | None
    customers: int


def portfolio(actor: Actor, *, team: bool) -> QuerySet[PortfolioMonth]:
    """Return the months of the actor's own customers, or with ``team`` of all within reach, by manager."""
    reach, rows = actor.reach(VIEW), PortfolioMonth.objects.filter(whole=False)
    if not team:
        return rows.filter(owner_id__in=sorted(actor.owners))
    if reach.everything:
        return rows
    return rows.filter(Q(unit__among=reach.units) | Q(owner__among=reach.owners))


def latest_month() -> dt.date | None:
    """Return the last month that boards know."""
    rows = PortfolioMonth.objects.filter(whole=True).order_by("-month")
    return rows.values_list("month", flat=True).first()


def by_month(rows: QuerySet[PortfolioMonth], *, months: int = 24) -> list[Totals]:
    """Return the months in order, at most the last ``months``."""
    last = latest_month()
    if last is None:
        return []
    since = add_months(last, 1 - months)
    found = rows.filter(month__gte=since).order_by().values("month").annotate(**SUMS).order_by("month")
    return [_totals(dict(one)) for one in found]


def totals(rows: QuerySet[PortfolioMonth], month: dt.date) -> Totals:
    """Return the sums of one month, zeroes where there is nothing."""
    return _totals({"month": month, **rows.filter(month=month).order_by().aggregate(**SUMS)})


def by_grade(rows: QuerySet[PortfolioMonth], month: dt.date) -> dict[str, tuple[int, int, int]]:
    """Return per grade how many customers are healthy, to be watched and at risk."""
    names = ("sound", "watch", "danger")
    found = rows.filter(month=month).order_by().values_list("grade").annotate(**{n: SUMS[n] for n in names})
    return {grade: (sound, watch, danger) for grade, sound, watch, danger in found}


def heads_unit(actor: Actor) -> Unit | None:
    """Return the highest unit that the actor leads; None when they lead none, or several apart."""
    reach = actor.reach("analytics.board:lead")
    if reach.everything:
        return Unit.objects.filter(level="province", removed_at=None).order_by("id").first()
    known = Unit.objects.filter(pk__among=reach.units, removed_at=None).values_list("pk", "parent_id")
    tops = [number for number, parent in known if parent not in reach.units]
    return Unit.objects.get(pk=tops[0]) if len(tops) == 1 else None


def by_unit(top: Unit, month: dt.date, *, limit: int = 24) -> list[UnitLine]:
    """Return what each unit directly below ``top`` brought with all below it; ``top`` itself where it has customers."""
    given: dict[str, Any] = {"top": top.pk, "month": month, "limit": limit}
    with connection.cursor() as cursor:
        cursor.execute(UNITS, given)
        rows = cursor.fetchall()
    return [
        UnitLine(uid, name, name_en, revenue, _share(now, mean), customers)
        for uid, name, name_en, revenue, mean, now, customers in rows
    ]


def _totals(found: dict[str, Any]) -> Totals:
    zero = Decimal(0)
    return Totals(
        found["month"],
        found["customers"] or 0,
        found["revenue"] or zero,
        found["arrears"] or zero,
        _share(found["frozen_revenue"], found["frozen_mean"]),
        _share(found["frozen_kept"], found["frozen_customers"]),
        found["sound"] or 0,
        found["watch"] or 0,
        found["danger"] or 0,
    )


def _share(part: Any, whole: Any) -> Decimal | None:
    return Decimal(part or 0) / Decimal(whole) if whole else None
