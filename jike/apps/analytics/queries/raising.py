"""Which customers show a sign of danger today: one statement per kind over all customers, only what is not raised yet.

Every statement yields customer, owner, unit, occasion and figures; the occasion makes a sign the same sign on the next
night, so that a job that runs twice finds nothing the second time.
"""

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from django.db import connection, transaction

from jike.apps.analytics.rules import Kind, Thresholds

__all__ = ["SIGNS", "Sign", "signs_of"]

PIECE = 5000


class Sign(NamedTuple):
    """A customer that shows a sign, and to whom it is told."""

    customer: int
    owner: int | None
    unit: int
    occasion: str
    figures: Mapping[str, Any]


SIGNS: Mapping[Kind, str] = {
    # Arrears of a customer are raised once a month while they last.
    Kind.ARREARS: """
        SELECT customer.id, customer.owner_id, customer.unit_id, to_char(%(today)s::date, 'YYYY-MM') AS occasion,
            jsonb_build_object('arrears', customer.arrears::text, 'monthly', customer.monthly_revenue::text,
                'months', round(customer.arrears / greatest(customer.monthly_revenue, 1), 1)::text) AS figures
        FROM customers_customer customer
        WHERE customer.arrears > 0
            AND customer.arrears >= %(threshold)s * greatest(customer.monthly_revenue, 1)""",
    Kind.REVENUE_FELL: """
        SELECT id, owner_id, unit_id, to_char(%(month)s::date, 'YYYY-MM') AS occasion,
            jsonb_build_object('now', round(now, 2)::text, 'before', round(before, 2)::text,
                'percent', round((before - now) / before * 100, 1)::text) AS figures
        FROM (
            SELECT customer.id, customer.owner_id, customer.unit_id,
                (revenue_trend[10] + revenue_trend[11] + revenue_trend[12]) / 3 AS now,
                (revenue_trend[7] + revenue_trend[8] + revenue_trend[9]) / 3 AS before
            FROM customers_customer customer WHERE cardinality(revenue_trend) = 12
        ) AS quarters WHERE before > 0 AND now <= before * (1 - %(threshold)s::numeric / 100)""",
    Kind.GRADE_FELL: """
        SELECT customer.id, customer.owner_id, customer.unit_id,
            to_char(%(month)s::date, 'YYYY-MM') || ' ' || customer.grade AS occasion,
            jsonb_build_object('before', former.grade, 'now', customer.grade) AS figures
        FROM customers_customer customer
        JOIN analytics_snapshot former ON former.customer_id = customer.id AND former.taken_on = (
            SELECT max(taken_on) FROM analytics_snapshot WHERE taken_on < %(today)s::date)
        WHERE array_position(ARRAY['D', 'C', 'B2', 'B1', 'A2', 'A1'], former.grade)
            - array_position(ARRAY['D', 'C', 'B2', 'B1', 'A2', 'A1'], customer.grade::text) >= %(threshold)s""",
    # 20,000 tickets a day make few customers who complain twice; the sign is the last complaint.
    Kind.COMPLAINT_REPEATED: """
        SELECT customer.id, customer.owner_id, customer.unit_id, said.last_code AS occasion,
            jsonb_build_object('complaints', said.number::text, 'last', said.last_title) AS figures
        FROM customers_customer customer JOIN (
            SELECT customer_id, count(*) AS number, (array_agg(code ORDER BY opened_at DESC))[1] AS last_code,
                (array_agg(title ORDER BY opened_at DESC))[1] AS last_title
            FROM servicedesk_ticket
            WHERE removed_at IS NULL AND ticket_type = 'complaint' AND state <> 'cancelled'
                AND opened_at >= %(since)s AND opened_at < %(until)s
            GROUP BY customer_id HAVING count(*) >= %(threshold)s
        ) AS said ON said.customer_id = customer.id""",
    # The sign is the last answer that disappoints: one more such answer is one more sign.
    Kind.DISSATISFIED: """
        SELECT customer.id, customer.owner_id, customer.unit_id, 'survey ' || said.code AS occasion,
            jsonb_build_object('survey', said.code, 'expected', said.expectation::text,
                'perceived', said.perception::text) AS figures
        FROM customers_customer customer JOIN (
            SELECT DISTINCT ON (customer_id) customer_id, code, expectation, perception FROM servicedesk_survey
            WHERE removed_at IS NULL AND state = 'answered' AND answered_at >= %(since)s
                AND answered_at < %(until)s AND satisfaction <= -%(threshold)s::numeric
            ORDER BY customer_id, answered_at DESC
        ) AS said ON said.customer_id = customer.id""",
    Kind.AGREEMENT_ENDING: """
        SELECT customer.id, agreement.owner_id, agreement.unit_id, 'agreement ' || agreement.code AS occasion,
            jsonb_build_object('agreement', agreement.code, 'uid', agreement.uid, 'ends', agreement.ends_on,
                'monthly', agreement.monthly_amount::text) AS figures
        FROM quoting_agreement agreement JOIN customers_customer customer ON customer.id = agreement.customer_id
        WHERE agreement.removed_at IS NULL AND agreement.state = 'active'
            AND agreement.ends_on BETWEEN %(today)s::date AND %(today)s::date + %(days)s""",
    # A quarter's visits are judged once they are due; whoever plans none is told by their head, not by this.
    Kind.VISITS_BELOW_PLAN: """
        SELECT customer.id, customer.owner_id, customer.unit_id, to_char(%(today)s::date, 'YYYY "Q"Q') AS occasion,
            jsonb_build_object('planned', plan.planned::text, 'done', plan.done::text) AS figures
        FROM customers_customer customer JOIN (
            SELECT customer_id, count(*) AS planned, count(*) FILTER (WHERE state = 'done') AS done
            FROM sales_visit
            WHERE removed_at IS NULL AND planned_on >= %(today)s::date - %(days)s AND planned_on < %(today)s::date
            GROUP BY customer_id HAVING count(*) >= 2
                AND count(*) FILTER (WHERE state = 'done') * 100 < count(*) * %(threshold)s
        ) AS plan ON plan.customer_id = customer.id""",
    # Day and month only, and only of people who are still there; 29 February is kept on 1 March in other years.
    Kind.MEMORIAL_DAY: """
        SELECT customer.id, customer.owner_id, customer.unit_id,
            to_char(near.day, 'YYYY') || ' ' || person.uid AS occasion,
            jsonb_build_object('person', person.name, 'uid', person.uid) AS figures
        FROM generate_series(%(today)s::date, %(today)s::date + %(days)s, interval '1 day') AS near(day)
        JOIN customers_keyperson person ON person.removed_at IS NULL AND person.left_on IS NULL
            AND person.birthday IS NOT NULL AND (
                to_char(person.birthday, 'MM-DD') = to_char(near.day, 'MM-DD')
                OR (to_char(person.birthday, 'MM-DD') = '02-29' AND to_char(near.day, 'MM-DD') = '03-01'
                    AND extract(day FROM near.day - interval '1 day') = 28))
        JOIN customers_customer customer ON customer.id = person.customer_id""",
}
FRESH = """
    SELECT sign.id, sign.owner_id, sign.unit_id, sign.occasion, sign.figures FROM ({sign}) AS sign
    JOIN customers_customer alive ON alive.id = sign.id AND alive.removed_at IS NULL
        AND alive.state IN ('active', 'silent')
    WHERE NOT EXISTS (SELECT FROM analytics_earlywarning known
        WHERE known.customer_id = sign.id AND known.sign = %(kind)s AND (known.occasion = sign.occasion
            OR (%(lasting)s AND known.state IN ('open', 'answering'))))"""
LASTING = frozenset({Kind.ARREARS, Kind.REVENUE_FELL, Kind.GRADE_FELL, Kind.VISITS_BELOW_PLAN})
"""What goes on from month to month is not raised again while somebody still answers it."""


def signs_of(kind: Kind, limits: Thresholds, *, today: dt.date, month: dt.date) -> Iterator[list[Sign]]:
    """Return the new signs of ``kind`` piece by piece; ``month`` is the last that was billed."""
    given: dict[str, Any] = {
        "kind": kind,
        "lasting": kind in LASTING,
        "threshold": limits.threshold,
        "days": limits.days,
        "today": today,
        "month": month,
        "since": today - dt.timedelta(days=limits.days),
        "until": today + dt.timedelta(days=1),
    }
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"DECLARE warning_signs CURSOR FOR {FRESH.format(sign=SIGNS[kind])}", given)
        while rows := _piece(cursor):
            yield [Sign(row[0], row[1], row[2], row[3], _figures(row[4])) for row in rows]
        cursor.execute("CLOSE warning_signs")


def _piece(cursor: Any) -> list[tuple[Any, ...]]:
    cursor.execute(f"FETCH {PIECE} FROM warning_signs")
    return cursor.fetchall()


def _figures(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else json.loads(value)
