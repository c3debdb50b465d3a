"""Visits in the calendar of whoever visits."""

import datetime as dt

from jike.apps.sales import queries
from jike.foundation.directory import address_of
from jike.foundation.personal_calendar import Dated
from jike.foundation.scope import Actor

__all__ = ["visit_dates"]

REMIND = dt.timedelta(minutes=30)


def visit_dates(actor: Actor, *, since: dt.date, until: dt.date, limit: int) -> list[Dated]:
    """Return one's own visits, those cancelled left out."""
    if not actor.holds("sales.visit:view"):
        return []
    rows = queries.own_visits(actor, since=since, until=until)[:limit]
    return [
        Dated(
            name=f"visit-{one.uid}",
            title=f"{one.customer.name} · {one.purpose}",
            begins=one.planned_at,
            place=one.place or one.customer.address,
            words=one.minutes,
            link=address_of(one.key) or "",
            remind=REMIND if one.finished_at is None else None,
        )
        for one in rows
    ]
