"""What the parts need beside the demo data: members by the million, and one customer's long life.

Members are a ledger: they come set-wise, by the statement that a file of them ends in, and are counted once. The long
life is made by the actions that people use, so that its page shows what theirs do.
"""

import datetime as dt
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from benchmarks.ground.run import Report
from jike.apps.customers.actions import name_file
from jike.apps.customers.actions.interactions import record_interaction
from jike.apps.customers.models import Customer, Member, MemberBatch, PartyInteraction
from jike.apps.organisation.models import Person
from jike.apps.sales.actions import plan_visit
from jike.foundation.conversation import comment_on
from jike.foundation.scope import Actor, system_actor, visible
from jike.site.postgres import open_database
from tests.making import acting

__all__ = ["MANAGER", "PROVINCE", "large_customer", "make_entries", "make_members", "owner_cursor", "someone"]

MANAGER, PROVINCE = "AM001", "PH001"
ACTOR = system_actor("bench archive")
FILE = "bench archive"
FIRST_NUMBER = 13_400_000_000
"""Ten million numbers from here lie in ranges that one operator was given."""
PIECE = 1_000_000
TOGETHER = 50
DEPARTMENTS = 12
LEFT_EACH = 20
"""One of so many has left, so that the history has something in it."""
# Every customer has about as many, neighbours in the file as they are when a customer's file comes.
FILL = """
    INSERT INTO customers_member
        (number, customer_id, short_number, department, bundle, bundle_start, bundle_end, joined_on, batch)
    SELECT (%(first)s + n)::text, customer.id, '', '部门' || n %% %(departments)s,
        CASE WHEN n %% 3 = 0 THEN '融合套餐' ELSE '' END,
        CASE WHEN n %% 3 = 0 THEN %(day)s::date - 300 END,
        CASE WHEN n %% 3 = 0 THEN %(day)s::date + (n %% 700)::int - 30 END, %(day)s::date - 400, %(batch)s
    FROM generate_series(%(begin)s::bigint, %(end)s::bigint) AS n
    JOIN bench_member_place AS place ON place.number = (n - %(large)s) / %(each)s
    JOIN customers_customer AS customer ON customer.id = place.customer_id
    ON CONFLICT DO NOTHING"""
FILL_LARGE = """
    INSERT INTO customers_member
        (number, customer_id, short_number, department, bundle, bundle_start, bundle_end, joined_on, batch)
    SELECT (%(first)s + n)::text, %(customer)s, (600000 + n)::text, '部门' || n %% %(departments)s, '', NULL, NULL,
        %(day)s::date - 400, %(batch)s
    FROM generate_series(0, %(large)s - 1) AS n ON CONFLICT DO NOTHING"""
PLACES = """
    CREATE TEMP TABLE bench_member_place AS
    SELECT (row_number() OVER (ORDER BY id)) - 1 AS number, id AS customer_id FROM customers_customer
    WHERE removed_at IS NULL AND id <> %(customer)s"""


@contextmanager
def owner_cursor() -> Iterator[psycopg.Cursor[tuple[Any, ...]]]:
    """Give a cursor of the schema's owner, who alone may do what autovacuum does."""
    known = {**open_database(settings.CONFIG).owner, "dbname": connection.settings_dict["NAME"]}
    with psycopg.connect(**known, autocommit=True) as link, link.cursor() as cursor:
        cursor.execute("SET maintenance_work_mem = '256MB'")
        yield cursor


def someone(staff_no: str) -> Person:
    """Return the demo person."""
    return Person.objects.get(staff_no=staff_no)


def large_customer() -> Customer:
    """Return the customer with many members and a long life: the first of the first account manager's."""
    rows = visible(Customer, acting(someone(MANAGER))).filter(owner=someone(MANAGER))
    found = rows.order_by("id").first()
    if found is None:
        raise LookupError(
            "the site of JIKE_HOME has no demo data of a bench scale: jike demo --scale M --no-serve"
        )
    return found


def make_members(report: Report, *, members: int, large: int) -> None:
    """Make ``members`` members, ``large`` of them the large customer's, unless they are there."""
    if MemberBatch.objects.filter(file_name=FILE, stored_at__isnull=False).exists():
        return
    began, day = time.perf_counter(), timezone.localdate()
    batch = name_file("join", FILE, actor=ACTOR, person=someone(MANAGER).uid, day=day)
    customer = large_customer()
    others = Customer.objects.filter(removed_at=None).exclude(pk=customer.pk).count()
    given: dict[str, Any] = {
        "first": FIRST_NUMBER,
        "departments": DEPARTMENTS,
        "day": day,
        "batch": batch.uid,
        "customer": customer.pk,
        "large": large,
        "each": max(1, -(-(members - large) // max(1, others))),
    }
    with connection.cursor() as cursor:
        cursor.execute(PLACES, given)
        cursor.execute(FILL_LARGE, given)
        for begin in range(large, members, PIECE):
            cursor.execute(FILL, {**given, "begin": begin, "end": min(begin + PIECE, members) - 1})
        cursor.execute("DROP TABLE bench_member_place")
        cursor.execute(
            "UPDATE customers_member SET left_on = joined_on + 200 WHERE batch = %s AND customer_id <> %s"
            " AND number::bigint %% %s = 0",
            [batch.uid, customer.pk, LEFT_EACH],
        )
    MemberBatch.objects.filter(pk=batch.pk).update(stored_at=timezone.now(), counts={"read": members})
    with owner_cursor() as owner:
        owner.execute("VACUUM (ANALYZE) customers_member")
    report.figure("making the members", round(time.perf_counter() - began, 1), "s")
    report.size("members with those that left", Member.objects.count())


def make_entries(report: Report, *, entries: int) -> None:
    """Give the large customer's timeline ``entries`` entries, unless it has them: talks, comments and visits."""
    customer, person = large_customer(), someone(MANAGER)
    known = PartyInteraction.objects.filter(customer=customer).count()
    if known >= entries // 2:
        return
    began, actor, now = time.perf_counter(), acting(person), timezone.now()
    for begin in range(0, entries, TOGETHER):
        with transaction.atomic():
            for place in range(begin, min(begin + TOGETHER, entries)):
                at = now - dt.timedelta(hours=3 * place + 1)
                _make_entry(customer, person, actor, place=place, at=at)
    report.figure("making the entries", round(time.perf_counter() - began, 1), "s")


def _make_entry(customer: Customer, person: Person, actor: Actor, *, place: int, at: dt.datetime) -> None:
    if place % 2 == 0:
        words = f"第 {place} 次沟通：确认专线扩容进度，客户关注报价与开通时间。"
        given = {"channel": "call", "direction": "out", "happened_at": at, "words": words}
        record_interaction(actor=actor, customer=customer, **given)
    elif place % 4 == 1:
        comment_on(customer, f"备注 {place}：合同条款待法务确认。", actor=actor)
    else:
        plan_visit(actor=ACTOR, customer=customer, owner=person, purpose="例行走访", planned_at=at)
