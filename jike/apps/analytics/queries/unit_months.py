"""Months of tickets, surveys and orders: read from what a job counted for whole units, counted live for one's own rows.

Both ways come from the same statements (`COUNTS`), so that they cannot say different things.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Max, Q, Sum

from jike.apps.analytics.models import UnitMonth
from jike.apps.analytics.queries.lens import Lens
from jike.apps.ordering.models import ProductOrder
from jike.apps.organisation.models import Unit
from jike.apps.servicedesk.models import Survey, Ticket
from jike.foundation.models import Record

__all__ = ["ABOUT", "COUNTS", "MonthCount", "by_child", "counted_at", "counts", "whole_units"]

ABOUT = "about "
"""Before a ticket's cause in its measure."""


class MonthCount(NamedTuple):
    """What one month brought under one measure; the fields are those of `UnitMonth`."""

    month: dt.date
    measure: str
    number: int
    good: int
    amount: Decimal


# Each yields unit_id, month, measure, number, good and amount; {only} narrows the rows counted.
TICKETS = """
    SELECT unit_id, month, measure, sum(told.number)::bigint AS number, sum(told.good)::bigint AS good, 0 AS amount
    FROM (
        SELECT customer.unit_id, date_trunc('month', opened_at AT TIME ZONE 'Asia/Shanghai')::date AS month,
            ticket_type, cause, count(*) AS opened, count(answered_in_time) AS answered,
            count(*) FILTER (WHERE answered_in_time) AS answered_well, count(settled_in_time) AS settled,
            count(*) FILTER (WHERE settled_in_time) AS settled_well, count(*) FILTER (WHERE reopened > 0) AS reopened
        FROM servicedesk_ticket AS counted JOIN customers_customer AS customer ON customer.id = counted.customer_id
        WHERE counted.removed_at IS NULL AND opened_at >= %(since)s::timestamp AT TIME ZONE 'Asia/Shanghai' {only}
        GROUP BY 1, 2, 3, 4
    ) AS counted CROSS JOIN LATERAL (VALUES
        (ticket_type, opened, 0), ('answered', answered, answered_well), ('settled', settled, settled_well),
        ('reopened', reopened, 0),
        ('about ' || cause, opened, CASE WHEN ticket_type = 'complaint' THEN opened ELSE 0 END)
    ) AS told(measure, number, good) GROUP BY 1, 2, 3"""
SURVEYS = """
    SELECT unit_id, month, measure, told.number, told.good, told.amount FROM (
        SELECT customer.unit_id, date_trunc('month', answered_at AT TIME ZONE 'Asia/Shanghai')::date AS month,
            count(*) AS answers, sum(satisfaction) AS satisfaction, count(reputation) AS asked_reputation,
            count(*) FILTER (WHERE reputation) AS reputation, count(preference) AS asked_preference,
            count(*) FILTER (WHERE preference) AS preference
        FROM servicedesk_survey AS counted JOIN customers_customer AS customer ON customer.id = counted.customer_id
        WHERE counted.removed_at IS NULL AND counted.state = 'answered'
            AND answered_at >= %(since)s::timestamp AT TIME ZONE 'Asia/Shanghai' {only}
        GROUP BY 1, 2
    ) AS counted CROSS JOIN LATERAL (VALUES
        ('satisfaction', answers, 0, satisfaction), ('reputation', asked_reputation, reputation, 0),
        ('preference', asked_preference, preference, 0)
    ) AS told(measure, number, good, amount)"""
ORDERS = """
    SELECT unit_id, date_trunc('month', completed_on)::date AS month, 'completed' AS measure, count(*) AS number,
        count(*) FILTER (WHERE promised_on IS NULL OR completed_on <= promised_on) AS good, 0 AS amount
    FROM ordering_productorder AS counted
    WHERE removed_at IS NULL AND state = 'completed' AND completed_on >= %(since)s {only}
    GROUP BY 1, 2"""
COUNTS: Mapping[type[Record], str] = {Ticket: TICKETS, Survey: SURVEYS, ProductOrder: ORDERS}


def counts(lens: Lens, model: type[Record], *, since: dt.date) -> list[MonthCount]:
    """Return what the months from ``since`` on brought of ``model`` within the lens, by month and measure."""
    units = whole_units(lens, model)
    if units is None:
        return _live(lens, model, since=since)
    rows = UnitMonth.objects.filter(unit_id__in=units, kind=model.kind(), month__gte=since)
    found = rows.order_by("month", "measure").values_list("month", "measure")
    return [MonthCount(*one) for one in found.annotate(Sum("number"), Sum("good"), Sum("amount"))]


def by_child(units: Sequence[int], measure: str, *, since: dt.date) -> list[tuple[Any, str, int, Decimal]]:
    """Return (uid, name, number, amount) of the units directly below ``units``, or of these where none lie below."""
    below = Unit.objects.filter(Q(parent_id__in=units), removed_at=None)
    places = list(below.values_list("pk", flat=True)) or list(units)
    rows = UnitMonth.objects.filter(unit_id__in=places, measure=measure, month__gte=since)
    found = rows.values_list("unit__uid", "unit__name")
    return list(found.annotate(Sum("number"), Sum("amount")).order_by())


def counted_at(lens: Lens, model: type[Record]) -> dt.datetime | None:
    """Return when the figures within the lens were counted; None where they are counted live, or never were."""
    units = whole_units(lens, model)
    if units is None:
        return None
    return UnitMonth.objects.filter(unit_id__in=units, kind=model.kind()).aggregate(last=Max("counted_at"))[
        "last"
    ]


def whole_units(lens: Lens, model: type[Record]) -> list[int] | None:
    """Return the units that make up, with everything below them, what the lens shows of ``model``.

    None where a reader has rows of their own only, or units without what lies below: these few are counted live.
    """
    reach = lens.actor.reach(f"{model.kind()}:view")
    if not lens.team:
        return None
    if reach.everything:
        roots = Unit.objects.filter(parent=None, removed_at=None).values_list("pk", flat=True)
        return [lens.unit.pk] if lens.unit is not None else list(roots)
    units = reach.units & frozenset(lens.units) if lens.unit is not None else reach.units
    if units not in lens.covered:
        lens.covered[units] = _tops(units)
    return lens.covered[units]


def _tops(units: frozenset[int]) -> list[int] | None:
    """Return the highest of ``units``; None where something below one of them is missing, or there are none."""
    known = Unit.objects.filter(pk__among=units).values_list("pk", "parent_id")
    tops = [number for number, parent in known if parent not in units]
    within = Unit.objects.filter(Q(pk__in=tops) | Q(ancestors__overlap=tops), removed_at=None).count()
    return tops if tops and within <= len(units) else None


SUMMED = """
    SELECT month, measure, sum(number)::bigint, sum(good)::bigint, sum(amount)
    FROM ({counts}) AS counted GROUP BY 1, 2 ORDER BY 1, 2"""


def _live(lens: Lens, model: type[Record], *, since: dt.date) -> list[MonthCount]:
    """MonthCount the rows that the lens shows, one by one."""
    try:
        sql, given = lens.rows(model).values("pk").query.sql_with_params()
    except EmptyResultSet:
        return []
    names = {f"given_{place}": value for place, value in enumerate(given)}
    only = f"AND counted.id IN ({sql % tuple(f'%({name})s' for name in names)})"
    statement = SUMMED.format(counts=COUNTS[model].format(only=only))
    with connection.cursor() as cursor:
        cursor.execute(statement, {"since": since, **names})
        return [MonthCount(*row) for row in cursor.fetchall()]
