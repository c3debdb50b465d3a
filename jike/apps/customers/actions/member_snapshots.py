"""Snapshots of members (拍照) are taken, and what became of their members is counted: one statement each over all."""

import datetime as dt
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jike.apps.customers.models import MemberFate, MemberRetention, MemberSnapshot
from jike.foundation import background
from jike.foundation.audit import note
from jike.foundation.audit.gate import may_write
from jike.foundation.background import Attempt
from jike.foundation.directory import actor_of
from jike.foundation.errors import Refused, RuleBroken
from jike.foundation.jobs import Progress, job
from jike.foundation.models import RecordKey
from jike.foundation.scope import Actor, require_permission, system_actor

__all__ = [
    "count_member_fates",
    "count_member_snapshots",
    "order_member_snapshot",
    "take_member_snapshot",
    "take_ordered_snapshot",
]

PERMISSION = "customers.customer:load_figures"
NIGHTLY = system_actor("customers.member_snapshots")
COUNTED = 3
"""So many latest snapshots are counted every month; older ones keep what was counted last."""
MEMORY = "SET LOCAL work_mem = '256MB'"
# A snapshot just taken has no statistics: it would be taken for a few rows, each looked up by itself.
WHOLE = "SET LOCAL enable_nestloop = off"
# Rows sorted by customer need no table of a million growing arrays in memory.
IN_ORDER = "SET LOCAL enable_hashagg = off"
TAKE = """
    INSERT INTO customers_membersnapshotline (snapshot_id, customer_id, numbers)
    SELECT %(snapshot)s, customer_id, array_agg(number) FROM (
        SELECT DISTINCT customer_id, number FROM customers_member
        WHERE joined_on <= %(day)s AND (left_on IS NULL OR left_on > %(day)s)
        ORDER BY customer_id, number) AS standing
    GROUP BY customer_id"""
SIZE = """
    SELECT count(*), coalesce(sum(cardinality(numbers)), 0) FROM customers_membersnapshotline
    WHERE snapshot_id = %(snapshot)s"""
FATES = """
    INSERT INTO customers_memberfate
        (snapshot_id, customer_id, frozen, retained, rejoined, moved, gone, bundled)
    SELECT %(snapshot)s, line.customer_id, count(line.number),
        count(*) FILTER (WHERE held.customer_id = line.customer_id AND held.joined_on <= %(taken)s),
        count(*) FILTER (WHERE held.customer_id = line.customer_id AND held.joined_on > %(taken)s),
        count(*) FILTER (WHERE held.customer_id <> line.customer_id),
        count(*) FILTER (WHERE held.customer_id IS NULL),
        count(*) FILTER (WHERE held.customer_id = line.customer_id AND held.bundle_end > %(last)s)
    FROM (SELECT customer_id, unnest(numbers) AS number FROM customers_membersnapshotline
        WHERE snapshot_id = %(snapshot)s) AS line
    LEFT JOIN customers_member AS held ON held.number = line.number AND held.left_on IS NULL
    GROUP BY line.customer_id"""
SUMS = """
    INSERT INTO customers_memberretention
        (snapshot_id, month, unit_id, owner_id, customers, frozen, retained, rejoined, moved, gone, bundled)
    SELECT %(snapshot)s, %(month)s, customer.unit_id, customer.owner_id, count(*), sum(frozen), sum(retained),
        sum(rejoined), sum(moved), sum(gone), sum(bundled)
    FROM customers_memberfate AS fate JOIN customers_customer AS customer ON customer.id = fate.customer_id
    WHERE fate.snapshot_id = %(snapshot)s
    GROUP BY customer.unit_id, customer.owner_id"""


@transaction.atomic
def take_member_snapshot(*, actor: Actor, on: dt.date, person: Any = None) -> MemberSnapshot:
    """Freeze the members as they stood at the end of the day ``on``, as far as is known today.

    Raises
    ------
    RuleBroken
        The day lies ahead, or there is a snapshot of it.
    """
    may_write(actor)
    require_permission(actor, PERMISSION)
    if on > timezone.localdate():
        raise RuleBroken(_("A day that lies ahead cannot be photographed."))
    try:
        with transaction.atomic():
            snapshot = MemberSnapshot.objects.create(taken_on=on, person=person)
    except IntegrityError as error:
        raise RuleBroken(_("There is a snapshot of this day already.")) from error
    given: dict[str, Any] = {"snapshot": snapshot.pk, "day": on}
    with connection.cursor() as cursor:
        for statement in (MEMORY, IN_ORDER, TAKE, "SET LOCAL enable_hashagg = on", SIZE):
            cursor.execute(statement, given)
        snapshot.customers, snapshot.members = cursor.fetchone()
    snapshot.save(update_fields=["customers", "members"])
    facts = {"rows": (None, int(snapshot.members))}
    note(RecordKey(MemberSnapshot._meta.label_lower, snapshot.uid), actor=actor, verb="load", facts=facts)
    return snapshot


@transaction.atomic
def count_member_fates(snapshot: MemberSnapshot, *, actor: Actor, on: dt.date) -> int:
    """Count what became of the snapshot's members, as the month of ``on``; return of how many customers."""
    may_write(actor)
    require_permission(actor, PERMISSION)
    MemberSnapshot.objects.select_for_update().get(pk=snapshot.pk)
    month = on.replace(day=1)
    last = (month + dt.timedelta(days=32)).replace(day=1) - dt.timedelta(days=1)
    MemberFate.objects.filter(snapshot=snapshot).delete()
    MemberRetention.objects.filter(snapshot=snapshot, month=month).delete()
    given: dict[str, Any] = {
        "snapshot": snapshot.pk,
        "taken": snapshot.taken_on,
        "month": month,
        "last": last,
    }
    with connection.cursor() as cursor:
        cursor.execute(MEMORY)
        cursor.execute(WHOLE)
        cursor.execute(FATES, given)
        customers = int(cursor.rowcount)
        cursor.execute(SUMS, given)
    snapshot.counted_on = on
    snapshot.save(update_fields=["counted_on"])
    facts = {"rows": (None, customers)}
    note(RecordKey(MemberSnapshot._meta.label_lower, snapshot.uid), actor=actor, verb="refresh", facts=facts)
    return customers


def order_member_snapshot(on: dt.date, *, actor: Actor) -> None:
    """Begin to take a snapshot and to count it; the task centre tells when it is there."""
    may_write(actor)
    require_permission(actor, PERMISSION)
    if on > timezone.localdate():
        raise RuleBroken(_("A day that lies ahead cannot be photographed."))
    title = _("Snapshot of members on %(day)s") % {"day": on}
    background.begin(take_ordered_snapshot, title=title, order={"day": on.isoformat()}, actor=actor)


@job("customers.take_member_snapshot", label=gettext_lazy("Take a snapshot of members"))
def take_ordered_snapshot(task: str, *, progress: Progress) -> None:
    """Take the snapshot that the task names, and count it."""
    background.carry_out(task, _take, progress=progress)


def _take(attempt: Attempt) -> None:
    actor, on = actor_of(attempt.task.person), dt.date.fromisoformat(attempt.task.order["day"])
    if actor is None:
        raise Refused(_("The person who ordered this may no longer sign in."))
    with transaction.atomic():
        snapshot = take_member_snapshot(actor=actor, on=on, person=attempt.task.person)
        count_member_fates(snapshot, actor=actor, on=timezone.localdate())
        words = {"members": f"{snapshot.members:,}", "customers": f"{snapshot.customers:,}"}
        attempt.finish(_("%(members)s members of %(customers)s customers") % words)


@job(
    "customers.count_member_snapshots",
    label=gettext_lazy("Count what became of snapshots of members"),
    cron="40 2 1 * *",
)
def count_member_snapshots() -> None:
    """Count the latest snapshots as the month before left them; the first of January takes one of the year's end."""
    before = timezone.localdate().replace(day=1) - dt.timedelta(days=1)
    if before.month == 12 and not MemberSnapshot.objects.filter(taken_on=before).exists():
        take_member_snapshot(actor=NIGHTLY, on=before)
    for snapshot in MemberSnapshot.objects.filter(taken_on__lte=before).order_by("-taken_on")[:COUNTED]:
        count_member_fates(snapshot, actor=NIGHTLY, on=before)
