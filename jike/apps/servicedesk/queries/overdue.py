"""Overdue tickets, and who up the tree of units is to know of them."""

import datetime as dt
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from jike.apps.servicedesk.rules import ESCALATE_AFTER, escalation_level

__all__ = ["Overdue", "overdue_tickets", "superiors_of"]


class Overdue(NamedTuple):
    """A ticket whose escalation lags behind its lateness; ``level`` is what it should be."""

    id: int
    uid: UUID
    level: int


LATE = """
    SELECT id, uid, next_due_at, escalation FROM servicedesk_ticket
    WHERE removed_at IS NULL AND next_due_at < %(now)s AND escalation < %(most)s
    ORDER BY next_due_at LIMIT %(limit)s"""
# Superiors hold the right to oversee in a post at or above the customer's unit; the first unit that has such people is
# level 1, the next above it level 2. The handler belongs to level 1.
SUPERIORS = """
    WITH place AS (
        SELECT unit.id, unit.ancestors || unit.id AS path FROM customers_customer customer
        JOIN organisation_unit unit ON unit.id = customer.unit_id
        JOIN servicedesk_ticket ticket ON ticket.customer_id = customer.id WHERE ticket.uid = %(ticket)s
    ), heads AS (
        SELECT array_position(place.path, post.unit_id) AS height, person.uid
        FROM place JOIN organisation_post post ON post.unit_id = ANY (place.path)
        JOIN organisation_grant granted ON granted.role_id = post.role_id AND granted.removed_at IS NULL
            AND granted.permission = 'servicedesk.ticket:oversee'
        JOIN organisation_person person ON person.id = post.person_id
        WHERE post.removed_at IS NULL AND post.since <= %(today)s AND (post.until IS NULL OR post.until > %(today)s)
            AND person.is_active AND person.removed_at IS NULL
    )
    SELECT uid FROM (SELECT uid, dense_rank() OVER (ORDER BY height DESC) AS level FROM heads) AS ranked
    WHERE level = %(level)s"""


def overdue_tickets(now: dt.datetime, *, limit: int = 5000) -> list[Overdue]:
    """Return the tickets to be escalated at ``now``, the latest first, each with the level it should have."""
    wanted: dict[str, Any] = {"now": now, "most": len(ESCALATE_AFTER), "limit": limit}
    with connection.cursor() as cursor:
        cursor.execute(LATE, wanted)
        rows = cursor.fetchall()
    found = [(number, uid, escalation_level(due, now), level) for number, uid, due, level in rows]
    return [Overdue(number, uid, wanted) for number, uid, wanted, level in found if wanted > level]


def superiors_of(ticket: UUID, *, level: int, today: dt.date) -> frozenset[UUID]:
    """Return the people ``level`` steps up the units from the ticket's customer who oversee tickets there."""
    given: dict[str, Any] = {"ticket": ticket, "level": level, "today": today}
    with connection.cursor() as cursor:
        cursor.execute(SUPERIORS, given)
        return frozenset(uid for (uid,) in cursor.fetchall())
