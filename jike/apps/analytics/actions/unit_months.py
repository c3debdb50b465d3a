"""What boards show of units is counted for each of them and what lies below it, before anybody asks."""

import datetime as dt

from django.db import connection, transaction
from django.utils import timezone

from jike.apps.analytics.models import REFRESH, UnitMonth
from jike.apps.analytics.queries.unit_months import COUNTS, moments
from jike.foundation.audit import note
from jike.foundation.models import RecordKey
from jike.foundation.scope import Actor, require_permission
from jike.values.identifiers import uid7
from jike.values.period import add_months

__all__ = ["refresh_unit_months"]

MONTHS = 13
LOCK = 0x756E6974
# A count belongs to its unit and to every unit above it.
KEEP = """
    INSERT INTO analytics_unitmonth (unit_id, kind, month, measure, number, good, amount, counted_at)
    SELECT place.id, %(kind)s, month, measure, sum(number), sum(good), sum(amount), %(now)s
    FROM ({counts}) AS fact JOIN organisation_unit AS unit ON unit.id = fact.unit_id
    CROSS JOIN LATERAL unnest(unit.ancestors || unit.id) AS place(id)
    GROUP BY place.id, month, measure"""


@transaction.atomic
def refresh_unit_months(*, actor: Actor, months: int = MONTHS, at: dt.datetime | None = None) -> int:
    """Count the last ``months`` months anew, the present one among them; return how many rows boards then read."""
    require_permission(actor, REFRESH)
    now = at or timezone.now()
    since = add_months(timezone.localdate(now).replace(day=1), 1 - months)
    rows = 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        UnitMonth.objects.filter(month__gte=since).delete()
        for name, (_model, counts) in COUNTS.items():
            given = {"kind": name, **moments(now, timezone.localdate(now), since=since)}
            cursor.execute(KEEP.format(counts=counts.format(only="")), given)
            rows += int(cursor.rowcount)
    about = RecordKey(UnitMonth._meta.label_lower, uid7())
    note(about, actor=actor, verb="refresh", facts={"rows": (None, rows)})
    return rows
