"""Snapshots are taken and portfolios added up: one statement each over all customers, one Change per batch."""

import datetime as dt
from typing import Any

from django.db import connection, transaction

from jike.apps.analytics.models import REFRESH, PortfolioMonth, Snapshot
from jike.apps.customers.queries import latest_month
from jike.foundation.audit import note
from jike.foundation.models import RecordKey
from jike.foundation.scope import Actor, require_permission
from jike.values.identifiers import uid7
from jike.values.period import add_months

__all__ = ["refresh_portfolios", "take_snapshot"]

MONTHS = 24
TAKE = """
    INSERT INTO analytics_snapshot (taken_on, customer_id, grade, state, revenue, batch)
    SELECT %(day)s, customer.id, customer.grade, customer.state, round(coalesce(fact.revenue, 0) / 3, 2), %(batch)s
    FROM customers_customer customer LEFT JOIN (
        SELECT customer_id, sum(revenue) AS revenue FROM customers_customermonth
        WHERE month > %(since)s AND month <= %(day)s GROUP BY customer_id
    ) AS fact ON fact.customer_id = customer.id
    WHERE customer.removed_at IS NULL AND customer.state <> 'archived'
    ON CONFLICT DO NOTHING"""
BILLED = """
    INSERT INTO analytics_portfoliomonth (month, unit_id, owner_id, grade, customers, revenue, arrears,
        sound, watch, danger, frozen_customers, frozen_kept, frozen_mean, frozen_revenue, batch)
    SELECT fact.month, customer.unit_id, customer.owner_id, customer.grade,
        count(*) FILTER (WHERE fact.revenue > 0), sum(fact.revenue),
        sum(CASE WHEN fact.month = %(last)s THEN customer.arrears ELSE fact.arrears END),
        count(*) FILTER (WHERE fact.month = %(last)s AND customer.health >= 80),
        count(*) FILTER (WHERE fact.month = %(last)s AND customer.health BETWEEN 60 AND 79),
        count(*) FILTER (WHERE fact.month = %(last)s AND customer.health < 60), 0, 0, 0, 0, %(batch)s
    FROM customers_customermonth fact JOIN customers_customer customer ON customer.id = fact.customer_id
    WHERE fact.month >= %(first)s AND customer.removed_at IS NULL
    GROUP BY fact.month, customer.unit_id, customer.owner_id, customer.grade"""
# Whoever was in the snapshot of the last day of the year before counts, billed or gone.
KEPT = """
    INSERT INTO analytics_portfoliomonth (month, unit_id, owner_id, grade, customers, revenue, arrears,
        sound, watch, danger, frozen_customers, frozen_kept, frozen_mean, frozen_revenue, batch)
    SELECT calendar.month, customer.unit_id, customer.owner_id, customer.grade, 0, 0, 0, 0, 0, 0,
        count(*), count(*) FILTER (WHERE fact.revenue > 0), sum(frozen.revenue), coalesce(sum(fact.revenue), 0),
        %(batch)s
    FROM (SELECT generate_series(%(first)s::date, %(last)s::date, interval '1 month')::date AS month) AS calendar
    JOIN analytics_snapshot frozen ON frozen.revenue > 0
        AND frozen.taken_on = make_date(extract(year FROM calendar.month)::int - 1, 12, 31)
    JOIN customers_customer customer ON customer.id = frozen.customer_id AND customer.removed_at IS NULL
    LEFT JOIN customers_customermonth fact ON fact.customer_id = customer.id AND fact.month = calendar.month
    GROUP BY calendar.month, customer.unit_id, customer.owner_id, customer.grade"""
# What units show with everything below them, so that a province's board adds its grades and months, not its managers.
WHOLE = """
    INSERT INTO analytics_portfoliomonth (month, unit_id, owner_id, grade, customers, revenue, arrears,
        sound, watch, danger, frozen_customers, frozen_kept, frozen_mean, frozen_revenue, whole, batch)
    SELECT month, place.id, NULL, grade, sum(customers), sum(revenue), sum(arrears), sum(sound), sum(watch),
        sum(danger), sum(frozen_customers), sum(frozen_kept), sum(frozen_mean), sum(frozen_revenue), TRUE, %(batch)s
    FROM analytics_portfoliomonth AS fact JOIN organisation_unit AS unit ON unit.id = fact.unit_id
    CROSS JOIN LATERAL unnest(unit.ancestors || unit.id) AS place(id)
    GROUP BY month, place.id, grade"""


@transaction.atomic
def take_snapshot(*, actor: Actor, on: dt.date) -> int:
    """Freeze all customers as they stand, dated ``on``, with their mean revenue of the three months before.

    A day's snapshot is taken once; taking it again adds only whom it did not hold.
    """
    require_permission(actor, REFRESH)
    batch = uid7()
    since = add_months(on.replace(day=1), -3)
    with connection.cursor() as cursor:
        cursor.execute(TAKE, {"day": on, "since": since, "batch": batch})
        rows = int(cursor.rowcount)
    note(RecordKey(Snapshot._meta.label_lower, batch), actor=actor, verb="load", facts={"rows": (None, rows)})
    return rows


@transaction.atomic
def refresh_portfolios(*, actor: Actor) -> int:
    """Add up the last months of all portfolios anew; return how many rows the boards then read."""
    require_permission(actor, REFRESH)
    last = latest_month()
    PortfolioMonth.objects.all().delete()
    if last is None:
        return 0
    given: dict[str, Any] = {"first": add_months(last, 1 - MONTHS), "last": last, "batch": uid7()}
    rows = 0
    with connection.cursor() as cursor:
        for statement in (BILLED, KEPT, WHOLE):
            cursor.execute(statement, given)
            rows += int(cursor.rowcount)
    about = RecordKey(PortfolioMonth._meta.label_lower, given["batch"])
    note(about, actor=actor, verb="refresh", facts={"rows": (None, rows)})
    return rows
