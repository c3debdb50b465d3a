"""Lines join and leave customers by the file: copied in, judged and stored set-wise, each file one recorded batch.

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
from django.db.models.expressions import RawSQL
from django.utils import timezone
from django.utils.translation import gettext as _

from jike.apps.customers.models import Customer, Member, MemberBatch
from jike.apps.customers.rules import Line
from jike.foundation.audit.gate import may_write
from jike.foundation.audit.ledger import copy_rows
from jike.foundation.audit.stream import Written, record_changes
from jike.foundation.errors import RuleBroken
from jike.foundation.models import RecordKey
from jike.foundation.scope import Actor, require_permission, visible

__all__ = ["Stored", "members_back", "move_members", "name_file", "store_members", "undo_members"]

Kind = MemberBatch.Kind
PERMISSION = "customers.customer:change"
LOCK = "SELECT pg_advisory_xact_lock(1835364978)"
INCOMING = """
CREATE TEMP TABLE member_incoming (line integer, code text, number text, short_number text, department text,
    bundle text, bundle_end date, wrong text) ON COMMIT DROP"""
COPY_IN = "COPY member_incoming FROM STDIN"
JUDGED = """
CREATE TEMP TABLE member_judged ON COMMIT DROP AS
SELECT told.*, CASE
    WHEN wrong <> '' THEN wrong
    {cases}
    ELSE '' END AS refusal
FROM (
    SELECT incoming.*, able.id AS customer_id, held.customer_id AS holder, held.batch AS held_batch,
        row_number() OVER (PARTITION BY incoming.number, incoming.wrong <> '' ORDER BY line) AS turn
    FROM member_incoming AS incoming
    LEFT JOIN member_able AS able ON able.code = incoming.code
    LEFT JOIN customers_member AS held ON held.number = incoming.number AND held.left_on IS NULL
) AS told"""
CASES = {
    Kind.JOIN: """
    WHEN customer_id IS NULL THEN 'customer'
    WHEN turn > 1 THEN 'twice'
    WHEN holder = customer_id THEN 'here'
    WHEN holder IS NOT NULL THEN 'elsewhere'""",
    Kind.LEAVE: """
    WHEN holder IS NULL THEN 'absent'
    WHEN turn > 1 THEN 'twice'
    WHEN code <> '' AND holder IS DISTINCT FROM customer_id THEN 'elsewhere'
    WHEN holder NOT IN (SELECT id FROM member_able) THEN 'customer'""",
}
"""In the words of `Refusal`."""
STORE = {
    Kind.JOIN: """
    INSERT INTO customers_member (number, customer_id, short_number, department, bundle, bundle_end, joined_on, batch)
    SELECT number, customer_id, short_number, department, bundle, bundle_end, %s, %s
    FROM member_judged WHERE refusal = '' ORDER BY number""",
    Kind.LEAVE: """
    UPDATE customers_member AS member SET left_on = %s, left_batch = %s
    FROM member_judged AS told WHERE told.refusal = '' AND member.number = told.number AND member.batch = held_batch""",
}
CONCERNED = """
SELECT customer.uid, customer.version, count(*) FROM member_judged AS told
JOIN customers_customer AS customer ON customer.id = coalesce(told.customer_id, told.holder)
WHERE told.refusal = '' GROUP BY customer.uid, customer.version"""
REFUSED = "SELECT line, number, refusal FROM member_judged WHERE refusal <> '' ORDER BY line"


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
    refuse: Callable[[int, str, str], None] = lambda line, number, why: None,
) -> Stored:
    """Let the lines of a file join or leave customers that the actor may change; ``refuse(line, number, why)`` is told.

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
        cursor.execute("ANALYZE member_incoming")
        _find_customers(cursor, kind, actor)
        cursor.execute(JUDGED.format(cases=CASES[kind]))
        cursor.execute(STORE[kind], [batch.day, batch.uid])
        done = cursor.rowcount
        cursor.execute(CONCERNED)
        concerned = cursor.fetchall()
    refused = 0
    for line, number, why in _refused():
        refused += 1
        refuse(line, number, why)
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE member_incoming, member_able, member_judged")
    stored = Stored(read, done, refused)
    batch.counts = {"read": read, "done": done, "refused": refused}
    batch.stored_at = timezone.now()
    batch.save(update_fields=["counts", "stored_at"])
    _record(batch, concerned, digest.hexdigest(), actor=actor)
    return stored


@transaction.atomic
def undo_members(batch: MemberBatch, *, actor: Actor) -> int:
    """Take a file back: lines that joined by it and still belong are gone, lines that left by it belong again.

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
    if batch.kind == Kind.JOIN:
        count, _by_model = Member.objects.filter(batch=batch.uid, left_on=None).delete()
    else:
        back = Member.objects.filter(left_batch=batch.uid).exclude(
            number__in=RawSQL("SELECT number FROM customers_member WHERE left_on IS NULL", ())
        )
        count = back.update(left_on=None, left_batch=None)
    locked.undone_at = timezone.now()
    locked.save(update_fields=["undone_at"])
    facts = {"lines": (None, count)}
    record_changes([Written("customers.member", batch.uid, 2, facts)], actor=actor, verb="undo")
    return count


def move_members(kept: Customer, gone: Customer, *, actor: Actor, merge: Any) -> list[str]:
    """Give the members of ``gone`` to ``kept``; return their numbers."""
    numbers = list(Member.objects.filter(customer=gone, left_on=None).values_list("number", flat=True))
    Member.objects.filter(customer=gone, left_on=None).update(customer=kept)
    return numbers


def members_back(kept: Customer, gone: Customer, remembered: list[str], *, actor: Actor, merge: Any) -> None:
    """Give them back, those that still belong to ``kept``."""
    Member.objects.filter(customer=kept, left_on=None, number__in=remembered).update(customer=gone)


def _find_customers(cursor: Any, kind: str, actor: Actor) -> None:
    """Keep the customers that the file means and the actor may change."""
    able = visible(Customer, actor, "change").order_by()
    if kind == Kind.JOIN:
        able = able.filter(code__in=RawSQL("SELECT DISTINCT code FROM member_incoming", ()))
    else:
        held = Member.objects.filter(
            left_on=None, number__in=RawSQL("SELECT number FROM member_incoming", ())
        )
        able = able.filter(pk__in=held.values("customer"))
    text, values = able.values("id", "code").query.sql_with_params()
    cursor.execute(f"CREATE TEMP TABLE member_able ON COMMIT DROP AS {text}", values)
    cursor.execute("ANALYZE member_able")


def _refused() -> Iterator[tuple[int, str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(REFUSED)
        while some := cursor.fetchmany(10_000):
            yield from some


def _record(batch: MemberBatch, concerned: list[tuple[Any, int, int]], digest: str, *, actor: Actor) -> None:
    """Record the batch with its digest, and with each customer how many lines came or went."""
    verb = "join_members" if batch.kind == Kind.JOIN else "leave_members"
    facts = {"lines": (None, batch.counts["done"]), "file": (None, batch.file_name), "sha256": (None, digest)}
    key = RecordKey("customers.member", batch.uid)
    record_changes([Written(key.kind, key.uid, 1, facts)], actor=actor, verb=verb)
    kind = Customer.kind()
    told = [Written(kind, uid, version, {"members": (None, count)}) for uid, version, count in concerned]
    record_changes(told, actor=actor, verb=verb)
