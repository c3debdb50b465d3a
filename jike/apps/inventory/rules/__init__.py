"""What may be with products, bills and payments: states, charges pro rata, settlement, arrears, and rights."""

from jike.apps.inventory.rules.charging import Charged, LineKind, charge, days_within, due_day, monthly_amount
from jike.apps.inventory.rules.grants import GRANTS
from jike.apps.inventory.rules.settling import (
    AGES,
    DEEP_DAYS,
    DEEP_MONTHS,
    BillState,
    PaymentMethod,
    PaymentState,
    age_band,
    bill_state,
    is_deeply_in_arrears,
    settle,
)
from jike.apps.inventory.rules.standing import NEXT, AccountState, ProductState, may_follow

__all__ = [
    "AGES",
    "DEEP_DAYS",
    "DEEP_MONTHS",
    "GRANTS",
    "NEXT",
    "AccountState",
    "BillState",
    "Charged",
    "LineKind",
    "PaymentMethod",
    "PaymentState",
    "ProductState",
    "age_band",
    "bill_state",
    "charge",
    "days_within",
    "due_day",
    "is_deeply_in_arrears",
    "may_follow",
    "monthly_amount",
    "settle",
]
