"""Lines join, leave and change by the file: copied in, judged and stored set-wise, each file one recorded batch.

A file of a million lines is one transaction. Lines that may not join or leave are told by number and reason and stop no
others: read = done + refused. Files take turns, so that two of them never give one number to two customers.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jike.apps.customers.actions.judging_members import COPY_IN, INCOMING, TABLES, judge
from jike.apps.customers.models import Customer, Member, MemberBatch, MemberFormer
from jike.apps.customers.rules import Line
from jike.foundation.audit.gate import may_write
from jike.foundation.audit.ledger import copy_rows
from jike.foundation.audit.stream import Written, record_changes
from jike.foundation.errors import RuleBroken
from jike.foundation.models import RecordKey
from jike.foundation.scope import Actor, require_permission

__all__ = ["Stored", "members_back", "move_members", "name_file", "store_members", "undo_members"]

Kind = MemberBatch.Kind
PERMISSION = "customers.customer:change"
LOCK = "SELECT pg_advisory_xact_lock(1835364978)"
STORE = {
    Kind.JOIN: """
    INSERT INTO customers_member
        (number, customer_id, short_number, department, bundle, bundle_start, bundle_end, joined_on, batch)
    SELECT number, customer_id, short_number, department, bundle, bundle_start, bundle_end, %(day)s, %(batch)s
    FROM member_judged WHERE refusal = '' ORDER BY number""",
    Kind.LEAVE: """
    UPDATE customers_member AS member SET left_on = %(day)s, left_batch = %(batch)s
    FROM member_judged AS told WHERE told.refusal = '' AND member.number = told.number AND member.batch = held_batch""",
    # What a line leaves empty stays as it was; a bundle named anew takes its days with it.
    Kind.CHANGE: """
    WITH former AS (
        INSERT INTO customers_memberformer
            (batch, number, joined_by, short_number, department, bundle, bundle_start, bundle_end)
        SELECT %(batch)s, member.number, member.batch, member.short_number, member.department, member.bundle,
            member.bundle_start, member.bundle_end
        FROM customers_member AS member JOIN member_judged AS told
            ON told.refusal = '' AND member.number = told.number AND member.batch = told.held_batch)
    UPDATE customers_member AS member SET
        short_number = coalesce(nullif(told.short_number, ''), member.short_number),
        department = coalesce(nullif(told.department, ''), member.department),
        bundle = coalesce(nullif(told.bundle, ''), member.bundle),
        bundle_start = CASE WHEN told.bundle <> '' THEN told.bundle_start
            ELSE coalesce(told.bundle_start, member.bundle_start) END,
        bundle_end = CASE WHEN told.bundle <> '' THEN told.bundle_end
            ELSE coalesce(told.bundle_end, member.bundle_end) END
    FROM member_judged AS told WHERE told.refusal = '' AND member.number = told.number AND member.batch = held_batch""",
}
# Whose number belongs to somebody again stays away.
LEAVE_BACK = """
UPDATE customers_member AS member SET left_on = NULL, left_batch = NULL
WHERE member.left_batch = %(batch)s AND NOT EXISTS (SELECT FROM customers_member AS held
    WHERE held.number = member.number AND held.left_on IS NULL)"""
# A later file that changed the same member again keeps its word.
CHANGE_BACK = """
UPDATE customers_member AS member SET short_number = former.short_number, department = former.department,
    bundle = former.bundle, bundle_start = former.bundle_start, bundle_end = former.bundle_end
FROM customers_memberformer AS former
WHERE former.batch = %(batch)s AND member.number = former.number AND member.batch = former.joined_by
    AND member.left_on IS NULL AND NOT EXISTS (SELECT FROM customers_memberformer AS later
        WHERE later.number = former.number AND later.joined_by = former.joined_by AND later.id > former.id)"""
VERBS = {Kind.JOIN: "join_members", Kind.LEAVE: "leave_members", Kind.CHANGE: "change_members"}
CONCERNED = """
SELECT customer.uid, customer.version, count(*) FROM member_judged AS told
JOIN customers_customer AS customer ON customer.id = coalesce(told.customer_id, told.holder)
WHERE told.refusal = '' GROUP BY customer.uid, customer.version"""
REFUSED = """
SELECT line, number, refusal, CASE WHEN refusal = 'short' THEN coalesce(short_holder, '') ELSE '' END
FROM member_judged WHERE refusal <> '' ORDER BY line"""


@dataclass(frozen=True)
class Stored:
    """What became of a file: read = done + refused."""

    read: int
    done: int
    refused: int


def name_file(kind: str, name: str, *, actor: Actor, person: UUID, day: date) -> MemberBatch:
    """Name a file whose lines come from elsewhere (demo data) and join or leave on ``day``, in a person's name."""
    may_write(actor)
    require_permission(actor, PERMISSION)
    return MemberBatch.objects.create(person=person, kind=kind, file_name=name, day=day)


@transaction.atomic
def store_members(
    batch: MemberBatch,
    lines: Iterable[Line],
    *,
    actor: Actor,
    refuse: Callable[[int, str, str, str], None] = lambda line, number, why, held: None,
) -> Stored:
    """Let the lines of a file join, leave or change at customers that the actor may change.

    ``refuse(line, number, why, held)`` is told of each line refused; ``held`` is the number that has the short number.

    Raises
    ------
    RuleBroken
        The file was stored before.
    """
    may_write(actor)
    require_permission(actor, PERMISSION)
    kind, digest = Kind(batch.kind), sha256()
    with connection.cursor() as cursor:
        cursor.execute(LOCK)
        if MemberBatch.objects.select_for_update().get(pk=batch.pk).stored_at is not None:
            raise RuleBroken(_("This file was stored before."))
        cursor.execute(INCOMING)
        read = copy_rows(COPY_IN, lines, digest=digest)
        judge(cursor, kind, actor=actor)
        cursor.execute(STORE[kind], {"day": batch.day, "batch": batch.uid})
        done = cursor.rowcount
        cursor.execute(CONCERNED)
        concerned = cursor.fetchall()
    refused = 0
    for line, number, why, held in _refused():
        refused += 1
        refuse(line, number, why, held)
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE {TABLES}")
    stored = Stored(read, done, refused)
    batch.counts = {"read": read, "done": done, "refused": refused}
    batch.stored_at = timezone.now()
    batch.save(update_fields=["counts", "stored_at"])
    _record(batch, concerned, digest.hexdigest(), actor=actor)
    return stored


@transaction.atomic
def undo_members(batch: MemberBatch, *, actor: Actor) -> int:
    """Take a file back: what joined by it is gone, what left by it belongs again, what it changed is as it was.

    Returns
    -------
    int
        How many lines were taken back; those that moved on since stay.
    """
    may_write(actor)
    require_permission(actor, PERMISSION)
    locked = MemberBatch.objects.select_for_update().get(pk=batch.pk)
    if locked.stored_at is None or locked.undone_at is not None:
        raise RuleBroken(_("This file is not stored, or taken back already."))
    with connection.cursor() as cursor:
        cursor.execute(LOCK)
    count = TAKE_BACK[Kind(batch.kind)](batch)
    locked.undone_at = timezone.now()
    locked.save(update_fields=["undone_at"])
    facts = {"lines": (None, count)}
    record_changes([Written("customers.member", batch.uid, 2, facts)], actor=actor, verb="undo")
    return count


def _join_back(batch: MemberBatch) -> int:
    count, _by_model = Member.objects.filter(batch=batch.uid, left_on=None).delete()
    return count


def _leave_back(batch: MemberBatch) -> int:
    with connection.cursor() as cursor:
        cursor.execute(LEAVE_BACK, {"batch": batch.uid})
        return int(cursor.rowcount)


def _change_back(batch: MemberBatch) -> int:
    with connection.cursor() as cursor:
        cursor.execute(CHANGE_BACK, {"batch": batch.uid})
        count = int(cursor.rowcount)
    MemberFormer.objects.filter(batch=batch.uid).delete()
    return count


TAKE_BACK = {Kind.JOIN: _join_back, Kind.LEAVE: _leave_back, Kind.CHANGE: _change_back}


def move_members(kept: Customer, gone: Customer, *, actor: Actor, merge: Any) -> list[str]:
    """Give the members of ``gone`` to ``kept``; return their numbers."""
    numbers = list(Member.objects.filter(customer=gone, left_on=None).values_list("number", flat=True))
    Member.objects.filter(customer=gone, left_on=None).update(customer=kept)
    return numbers


def members_back(kept: Customer, gone: Customer, remembered: list[str], *, actor: Actor, merge: Any) -> None:
    """Give them back, those that still belong to ``kept``."""
    Member.objects.filter(customer=kept, left_on=None, number__in=remembered).update(customer=gone)


def _refused() -> Iterator[tuple[int, str, str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(REFUSED)
        while some := cursor.fetchmany(10_000):
            yield from some


def _record(batch: MemberBatch, concerned: list[tuple[Any, int, int]], digest: str, *, actor: Actor) -> None:
    """Record the batch with its digest, and with each customer how many lines came or went."""
    verb = VERBS[Kind(batch.kind)]
    facts = {"lines": (None, batch.counts["done"]), "file": (None, batch.file_name), "sha256": (None, digest)}
    key = RecordKey("customers.member", batch.uid)
    record_changes([Written(key.kind, key.uid, 1, facts)], actor=actor, verb=verb)
    kind = Customer.kind()
    told = [Written(kind, uid, version, {"members": (None, count)}) for uid, version, count in concerned]
    record_changes(told, actor=actor, verb=verb)
