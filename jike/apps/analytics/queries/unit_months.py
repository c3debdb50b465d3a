"""What months brought and what stands now: read from what a job counted for whole units, counted live for one's own.

Both ways come from the same statements (`COUNTS`), so that they cannot say different things.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Max, Q, Sum

from jike.apps.analytics.models import EarlyWarning, UnitMonth
from jike.apps.analytics.queries.lens import Lens
from jike.apps.inventory.models import Product
from jike.apps.ordering.models import ProductOrder, ServiceTask
from jike.apps.organisation.models import Unit
from jike.apps.quoting.models import Agreement
from jike.apps.sales.models import Opportunity
from jike.apps.servicedesk.models import Survey, Ticket
from jike.foundation.models import Record

__all__ = ["ABOUT", "COUNTS", "MonthCount", "by_child", "counted_at", "counts", "moments", "whole_units"]

ABOUT = "about "
"""Before a ticket's cause in its measure."""


class MonthCount(NamedTuple):
    """What one month brought under one measure; the fields are those of `UnitMonth`."""

    month: dt.date
    measure: str
    number: int
    good: int
    amount: Decimal


# Each yields unit_id, month, measure, number, good and amount; {only} narrows the rows counted. Of what is under way
# or waits, good are those that are late.
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
# What stands now is told under the present month; what ends, under the month in which it does.
RUNNING = """
    SELECT customer.unit_id, %(month)s::date AS month, CASE WHEN counted.state = 'waiting' THEN 'waiting'
            WHEN next_due_at < %(now)s THEN 'overdue' WHEN next_due_at < %(now)s + interval '1 hour' THEN 'hour'
            WHEN next_due_at < %(now)s + interval '1 day' THEN 'day' ELSE 'later' END AS measure,
        count(*) AS number, 0 AS good, 0 AS amount
    FROM servicedesk_ticket AS counted JOIN customers_customer AS customer ON customer.id = counted.customer_id
    WHERE counted.removed_at IS NULL AND counted.state IN ('open', 'handling', 'waiting') {only}
    GROUP BY 1, 3"""
FUNNEL = """
    SELECT unit_id, %(month)s::date AS month, stage AS measure, count(*) AS number, 0 AS good, sum(amount) AS amount
    FROM sales_opportunity AS counted
    WHERE removed_at IS NULL AND stage IN ('need', 'solution', 'negotiation', 'signing') {only} GROUP BY 1, 3"""
FAMILIES = """
    SELECT counted.unit_id, %(month)s::date AS month, offering.family AS measure, count(*) AS number, 0 AS good,
        sum(counted.monthly_price * quantity) AS amount
    FROM inventory_product AS counted JOIN catalogue_productoffering AS offering ON offering.id = counted.offering_id
    WHERE counted.removed_at IS NULL AND counted.state = 'active' {only} GROUP BY 1, 3"""
ENDING = """
    SELECT unit_id, month, measure, count(*) AS number, 0 AS good, sum(monthly_amount) AS amount FROM (
        SELECT unit_id, date_trunc('month', ends_on)::date AS month, monthly_amount, CASE WHEN EXISTS (
                SELECT FROM sales_opportunity AS deal WHERE deal.customer_id = counted.customer_id
                    AND deal.deal_kind = 'renewal' AND deal.stage <> 'lost' AND deal.removed_at IS NULL
            ) THEN 'begun' ELSE 'idle' END AS measure
        FROM quoting_agreement AS counted WHERE removed_at IS NULL AND state = 'active'
            AND ends_on >= %(today)s AND ends_on < %(month)s::date + interval '1 year' {only}
    ) AS counted GROUP BY 1, 2, 3"""
STEPS = """
    SELECT unit_id, %(month)s::date AS month, step AS measure, count(*) AS number,
        count(*) FILTER (WHERE due_at < %(now)s) AS good, 0 AS amount
    FROM ordering_servicetask AS counted
    WHERE removed_at IS NULL AND state IN ('ready', 'running', 'failed') {only} GROUP BY 1, 3"""
UNDER_WAY = """
    SELECT unit_id, %(month)s::date AS month, state AS measure, count(*) AS number, 0 AS good, 0 AS amount
    FROM ordering_productorder AS counted
    WHERE removed_at IS NULL AND state IN ('running', 'held') {only} GROUP BY 1, 3"""
WARNINGS = """
    SELECT unit_id, %(month)s::date AS month, sign AS measure, count(*) AS number,
        count(*) FILTER (WHERE due_at < %(now)s) AS good, 0 AS amount
    FROM analytics_earlywarning AS counted
    WHERE removed_at IS NULL AND state IN ('open', 'answering') {only} GROUP BY 1, 3"""
COUNTS: Mapping[str, tuple[type[Record], str]] = {
    "tickets": (Ticket, TICKETS),
    "surveys": (Survey, SURVEYS),
    "orders": (ProductOrder, ORDERS),
    "running": (Ticket, RUNNING),
    "funnel": (Opportunity, FUNNEL),
    "families": (Product, FAMILIES),
    "ending": (Agreement, ENDING),
    "steps": (ServiceTask, STEPS),
    "under_way": (ProductOrder, UNDER_WAY),
    "warnings": (EarlyWarning, WARNINGS),
}


def counts(lens: Lens, name: str, *, since: dt.date | None = None) -> list[MonthCount]:
    """Return what `COUNTS` tells under ``name`` within the lens, by month (from ``since`` on) and measure."""
    first = since or lens.today.replace(day=1)
    units = whole_units(lens, COUNTS[name][0])
    if units is None:
        return _live(lens, name, since=first)
    rows = UnitMonth.objects.filter(unit_id__in=units, kind=name, month__gte=first)
    found = rows.order_by("month", "measure").values_list("month", "measure")
    return [MonthCount(*one) for one in found.annotate(Sum("number"), Sum("good"), Sum("amount"))]


def by_child(
    units: Sequence[int], name: str, measure: str, *, since: dt.date
) -> list[tuple[Any, str, int, Decimal]]:
    """Return (uid, name, number, amount) of the units directly below ``units``, or of these where none lie below."""
    below = Unit.objects.filter(Q(parent_id__in=units), removed_at=None)
    places = list(below.values_list("pk", flat=True)) or list(units)
    rows = UnitMonth.objects.filter(unit_id__in=places, kind=name, measure=measure, month__gte=since)
    found = rows.values_list("unit__uid", "unit__name")
    return list(found.annotate(Sum("number"), Sum("amount")).order_by())


def moments(now: dt.datetime, today: dt.date, *, since: dt.date) -> dict[str, Any]:
    """Return the times that the statements name."""
    return {"now": now, "today": today, "month": today.replace(day=1), "since": since}


def counted_at(lens: Lens, name: str) -> dt.datetime | None:
    """Return when the figures within the lens were counted; None where they are counted live, or never were."""
    units = whole_units(lens, COUNTS[name][0])
    if units is None:
        return None
    rows = UnitMonth.objects.filter(unit_id__in=units, kind=name)
    return rows.aggregate(last=Max("counted_at"))["last"]


def whole_units(lens: Lens, model: type[Record]) -> list[int] | None:
    """Return the units that make up what the lens shows of ``model`` (see `Lens.whole`); None: it is counted live."""
    return lens.whole(lens.actor.reach(f"{model.kind()}:view"))


SUMMED = """
    SELECT month, measure, sum(number)::bigint, sum(good)::bigint, sum(amount)
    FROM ({counts}) AS counted GROUP BY 1, 2 ORDER BY 1, 2"""


def _live(lens: Lens, name: str, *, since: dt.date) -> list[MonthCount]:
    """Count the rows that the lens shows, one by one."""
    model, counts_of = COUNTS[name]
    try:
        sql, given = lens.rows(model).values("pk").query.sql_with_params()
    except EmptyResultSet:
        return []
    names = {f"given_{place}": value for place, value in enumerate(given)}
    only = f"AND counted.id IN ({sql % tuple(f'%({name})s' for name in names)})"
    statement = SUMMED.format(counts=counts_of.format(only=only))
    with connection.cursor() as cursor:
        cursor.execute(statement, {**moments(lens.now, lens.today, since=since), **names})
        return [MonthCount(*row) for row in cursor.fetchall()]
