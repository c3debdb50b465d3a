"""How payments settle bills, and what being in arrears means.

Whatever an account has paid settles its bills from the oldest on; what is left over is its credit. So the state of
every bill follows from the sums alone: no payment can be lost between bills, and computing it twice changes nothing.
"""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from enum import StrEnum

__all__ = [
    "AGES",
    "DEEP_DAYS",
    "DEEP_MONTHS",
    "BillState",
    "PaymentMethod",
    "PaymentState",
    "age_band",
    "bill_state",
    "is_deeply_in_arrears",
    "settle",
]

AGES = (30, 60, 90)
"""Bounds of the ages of arrears, in days after the bill was due."""
DEEP_DAYS = 90
DEEP_MONTHS = 2
"""【Default】 Long means more than so many days overdue; deep means more owed than so many months' bills."""


class BillState(StrEnum):
    """How far a bill is paid."""

    OPEN = "open"
    PART = "part"
    PAID = "paid"


class PaymentState(StrEnum):
    """Whether a payment counts."""

    RECEIVED = "received"
    REVERSED = "reversed"


class PaymentMethod(StrEnum):
    """How the money came."""

    TRANSFER = "transfer"
    COLLECTION = "collection"
    ONLINE = "online"
    CHEQUE = "cheque"
    CASH = "cash"


def settle(amounts: Sequence[Decimal], received: Decimal) -> tuple[list[Decimal], Decimal]:
    """Return what of ``received`` pays each of the bills, the oldest first, and what is left over."""
    paid, left = [], received
    for amount in amounts:
        part = min(max(left, Decimal(0)), amount)
        paid.append(part)
        left -= part
    return paid, left


def bill_state(amount: Decimal, paid: Decimal) -> BillState:
    """Return the state of a bill of ``amount`` of which ``paid`` is paid."""
    if paid >= amount:
        return BillState.PAID
    return BillState.PART if paid else BillState.OPEN


def age_band(due_on: dt.date, today: dt.date) -> int | None:
    """Return in which band of `AGES` an unpaid bill lies (0 is the youngest); None before it is overdue."""
    days = (today - due_on).days
    return None if days <= 0 else sum(days > bound for bound in AGES)


def is_deeply_in_arrears(owed: Decimal, *, oldest_days: int, monthly: Decimal) -> bool:
    """Whether somebody owes so long and so much that nothing new may be ordered.

    Parameters
    ----------
    owed
        Yuan overdue.
    oldest_days
        Days for which the oldest of it has been overdue.
    monthly
        Yuan that an ordinary month brings.
    """
    return oldest_days > DEEP_DAYS and owed > monthly * DEEP_MONTHS
