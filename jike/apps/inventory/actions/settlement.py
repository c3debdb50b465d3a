"""Bills are settled from what their account has paid, the oldest first; the same sum as `rules.settle`, in SQL."""

import datetime as dt
from collections.abc import Collection, Mapping
from decimal import Decimal

from django.db import connection

from jike.apps.inventory.models import Bill
from jike.foundation.audit import note
from jike.foundation.models.record import RecordKey
from jike.foundation.scope import Actor
from jike.values.identifiers import uid7

__all__ = ["LOCK_MONTHS", "settle_accounts"]

LOCK = "SELECT id FROM inventory_billingaccount WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE"

LOCK_MONTHS = "SELECT month FROM inventory_billmonth WHERE month = ANY(%s) ORDER BY month FOR UPDATE"
"""Whoever changes bills first changes them and then takes their months' rows, so that a count sees either all of
another transaction's changes or none, and that transaction adds them afterwards."""

SHIFT = """
UPDATE inventory_billmonth AS kept SET owed = kept.owed + told.change
FROM unnest(%s::date[], %s::numeric[]) AS told(month, change) WHERE kept.month = told.month"""

SETTLE = """
WITH received AS (
    SELECT account_id, sum(amount) AS received FROM inventory_payment
    WHERE account_id = ANY(%s) AND state = 'received' AND removed_at IS NULL GROUP BY account_id
), told AS (
    SELECT bill.id, bill.amount, bill.paid AS before, least(greatest(coalesce(received, 0) - (
               sum(bill.amount) OVER (PARTITION BY account_id ORDER BY month, bill.id) - bill.amount), 0),
               bill.amount) AS paid
    FROM inventory_bill AS bill LEFT JOIN received USING (account_id)
    WHERE account_id = ANY(%s) AND bill.removed_at IS NULL
), changed AS (
    UPDATE inventory_bill AS bill
    SET paid = told.paid, owed = told.amount - told.paid, version = version + 1,
        state = CASE WHEN told.paid >= told.amount THEN 'paid' WHEN told.paid > 0 THEN 'part' ELSE 'open' END
    FROM told WHERE bill.id = told.id AND bill.paid <> told.paid
    RETURNING bill.month, told.before - told.paid AS change
)
SELECT month, count(*), sum(change) FROM changed GROUP BY month"""

CREDIT = """
UPDATE inventory_billingaccount AS account SET credit = told.credit, version = version + 1
FROM (SELECT one.id, greatest(
          coalesce((SELECT sum(amount) FROM inventory_payment
                    WHERE account_id = one.id AND state = 'received' AND removed_at IS NULL), 0)
          - coalesce((SELECT sum(amount) FROM inventory_bill WHERE account_id = one.id AND removed_at IS NULL), 0),
          0) AS credit
      FROM inventory_billingaccount AS one WHERE one.id = ANY(%s)) AS told
WHERE account.id = told.id AND account.credit <> told.credit"""


def settle_accounts(accounts: Collection[int], *, actor: Actor) -> int:
    """Spread what these accounts paid over their bills, inside the caller's transaction; return the bills changed."""
    numbers = sorted(set(accounts))
    if not numbers:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(LOCK, [numbers])
        cursor.execute(SETTLE, [numbers, numbers])
        months = cursor.fetchall()
        cursor.execute(CREDIT, [numbers])
    changed = sum(bills for _month, bills, _change in months)
    if changed:
        _shift_owed({month: change for month, _bills, change in months})
        note(RecordKey(Bill.kind(), uid7()), actor=actor, verb="settle", facts={"bills": (None, changed)})
    return changed


def _shift_owed(changes: Mapping[dt.date, Decimal]) -> None:
    """Add to what is owed of each month."""
    with connection.cursor() as cursor:
        cursor.execute(LOCK_MONTHS, [list(changes)])
        cursor.execute(SHIFT, [list(changes), list(changes.values())])
