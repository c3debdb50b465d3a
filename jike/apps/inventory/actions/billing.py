"""A month is billed: lines of all products, bills of all accounts, settled from what was paid before; all in SQL.

Running a month again compares what is with what should be and writes only the difference, so that a second run changes
nothing; two runs of one month wait for each other. One note in the history tells rows and sum of each run.
"""

import datetime as dt
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jike.apps.inventory.actions.settlement import LOCK_MONTHS, settle_accounts
from jike.apps.inventory.models import Bill, BillMonth
from jike.apps.inventory.rules import due_day
from jike.foundation.audit import note
from jike.foundation.errors import RuleBroken
from jike.foundation.models.record import RecordKey
from jike.foundation.scope import Actor, require_permission
from jike.values.identifiers import uid7
from jike.values.period import add_months, month_start

__all__ = ["BillRun", "add_bill", "change_bill", "run_month"]

LOCK_SPACE = 0x62696C6C
PERMISSION = "inventory.bill:run"

FRESH_LINES = """
CREATE TEMPORARY TABLE fresh_line ON COMMIT DROP AS
SELECT product.customer_id, product.id AS product_id, 'monthly'::varchar AS kind, product.account_id,
       sum(within.days)::int AS days,
       round(sum(period.monthly_amount * within.days) / %(length)s, 2)::numeric(14, 2) AS amount
FROM inventory_chargeperiod AS period
JOIN inventory_product AS product ON product.id = period.product_id AND product.removed_at IS NULL
CROSS JOIN LATERAL (SELECT least(coalesce(period.ends_on, %(after)s), %(after)s)
                           - greatest(period.starts_on, %(month)s) AS days) AS within
WHERE period.starts_on < %(after)s AND (period.ends_on IS NULL OR period.ends_on > %(month)s)
  AND period.removed_at IS NULL AND within.days > 0
GROUP BY product.id, product.customer_id, product.account_id
UNION ALL
SELECT customer_id, id, 'one_off', account_id, 0, one_off_price FROM inventory_product
WHERE started_on >= %(month)s AND started_on < %(after)s AND one_off_price > 0 AND removed_at IS NULL"""

OUTDATED_LINES = """
DELETE FROM inventory_billline AS old WHERE month = %(month)s AND NOT EXISTS (
    SELECT FROM fresh_line AS new
    WHERE (new.customer_id, new.product_id, new.kind) = (old.customer_id, old.product_id, old.kind)
      AND (new.account_id, new.days, new.amount) = (old.account_id, old.days, old.amount))"""

NEW_LINES = """
INSERT INTO inventory_billline (month, customer_id, product_id, kind, account_id, days, amount, batch)
SELECT %(month)s, customer_id, product_id, kind, account_id, days, amount, %(batch)s FROM fresh_line AS new
WHERE NOT EXISTS (
    SELECT FROM inventory_billline AS old
    WHERE (old.month, old.customer_id, old.product_id, old.kind)
          = (%(month)s, new.customer_id, new.product_id, new.kind))
ORDER BY customer_id, product_id, kind"""

FRESH_BILLS = """
CREATE TEMPORARY TABLE fresh_bill ON COMMIT DROP AS
SELECT account_id, customer_id, sum(amount)::numeric(14, 2) AS amount FROM fresh_line
GROUP BY account_id, customer_id"""

CHANGED_BILLS = """
UPDATE inventory_bill AS bill
SET amount = sums.amount, paid = 0, owed = sums.amount, version = version + 1,
    state = CASE WHEN sums.amount > 0 THEN 'open' ELSE 'paid' END
FROM (SELECT old.id, coalesce(new.amount, 0) AS amount
      FROM inventory_bill AS old LEFT JOIN fresh_bill AS new USING (account_id) WHERE old.month = %(month)s) AS sums
WHERE bill.id = sums.id AND bill.amount <> sums.amount RETURNING bill.account_id"""

# uid: a UUIDv7 (RFC 9562, section 5.7) made from the clock and PostgreSQL's random one.
NEW_BILLS = """
INSERT INTO inventory_bill
    (uid, version, code, account_id, customer_id, month, amount, paid, owed, state, due_on)
SELECT encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid()) PLACING
           substring(int8send((extract(epoch FROM clock_timestamp()) * 1000)::bigint) FROM 3) FROM 1 FOR 6),
           52, 1), 53, 1), 'hex')::uuid,
       1, to_char(%(month)s::date, 'YYYYMM') || '-' || account.code, account_id, new.customer_id, %(month)s, amount,
       0, amount, CASE WHEN amount > 0 THEN 'open' ELSE 'paid' END, %(due_on)s
FROM fresh_bill AS new JOIN inventory_billingaccount AS account ON account.id = new.account_id
WHERE NOT EXISTS (SELECT FROM inventory_bill AS old
                  WHERE old.account_id = new.account_id AND old.month = %(month)s)
ORDER BY account_id RETURNING CASE WHEN (SELECT credit FROM inventory_billingaccount AS one
                                         WHERE one.id = inventory_bill.account_id) > 0 THEN account_id END"""

COUNT = """
UPDATE inventory_billmonth AS kept SET bills = told.bills, amount = told.amount, owed = told.owed
FROM (SELECT count(*) AS bills, coalesce(sum(amount), 0) AS amount, coalesce(sum(owed), 0) AS owed
      FROM inventory_bill WHERE month = %(month)s AND removed_at IS NULL) AS told
WHERE kept.month = %(month)s AND (kept.bills, kept.amount, kept.owed) IS DISTINCT FROM
      (told.bills, told.amount, told.owed)"""


class BillRun(NamedTuple):
    """What a run found and did: lines and bills of the month, their sum in yuan, how many rows it wrote."""

    month: dt.date
    lines: int
    bills: int
    amount: Decimal
    written: int


@transaction.atomic
def run_month(month: dt.date, *, actor: Actor, today: dt.date | None = None) -> BillRun:
    """Bill the month that begins on ``month``, which must be over; run again it corrects what differs."""
    require_permission(actor, PERMISSION)
    day = today or timezone.localdate()
    if month != month_start(month) or add_months(month, 1) > day:
        raise RuleBroken(_("Only a month that is over can be billed."))
    batch, after = uid7(), add_months(month, 1)
    values = {"month": month, "after": after, "length": (after - month).days, "batch": batch}
    values["due_on"] = due_day(month)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK_SPACE, month.year * 12 + month.month])
        written = _write_lines(cursor, values)
        written += _write_bills(cursor, values, actor=actor)
        cursor.execute("SELECT count(*), coalesce(sum(amount), 0) FROM fresh_line")
        lines, amount = cursor.fetchone()
        cursor.execute("SELECT count(*) FROM fresh_bill")
        bills = cursor.fetchone()[0]
        cursor.execute("DROP TABLE fresh_line, fresh_bill")
    _recount(month)
    run = BillRun(month, lines, bills, amount, written)
    facts = {"month": (None, month), "lines": (None, lines), "bills": (None, bills), "amount": (None, amount)}
    note(RecordKey(Bill.kind(), batch), actor=actor, verb="run", facts=facts)
    return run


def add_bill(*, actor: Actor, **details: Any) -> Bill:
    """Refuse: bills are made by the run of a month alone."""
    raise RuleBroken(_("Bills follow from the charge periods; run the month instead."))


def change_bill(bill: Bill, *, actor: Actor, version: int | None = None, **details: Any) -> Bill:
    """Refuse: a bill is corrected by running its month again."""
    raise RuleBroken(_("Bills follow from the charge periods; run the month instead."))


def _write_lines(cursor: Any, values: dict[str, Any]) -> int:
    """Write the lines that differ; return how many were taken away or added."""
    cursor.execute(FRESH_LINES, values)
    cursor.execute("ANALYZE fresh_line")
    cursor.execute(OUTDATED_LINES, values)
    gone = int(cursor.rowcount)
    cursor.execute(NEW_LINES, values)
    return gone + int(cursor.rowcount)


def _write_bills(cursor: Any, values: dict[str, Any], *, actor: Actor) -> int:
    """Write the bills that differ, and settle the accounts concerned; return how many were changed or added."""
    cursor.execute(FRESH_BILLS)
    cursor.execute("ANALYZE fresh_bill")
    cursor.execute(CHANGED_BILLS, values)
    changed = [number for (number,) in cursor.fetchall()]
    cursor.execute(NEW_BILLS, values)
    added = [number for (number,) in cursor.fetchall()]
    settle_accounts({*changed, *(number for number in added if number is not None)}, actor=actor)
    return len(changed) + len(added)


def _recount(month: dt.date) -> None:
    """Count the month's bills anew, after they were written."""
    BillMonth.objects.bulk_create([BillMonth(month=month)], ignore_conflicts=True)
    with connection.cursor() as cursor:
        cursor.execute(LOCK_MONTHS, [[month]])
        cursor.execute(COUNT, {"month": month})
