"""How much of what a key account's archive should hold is there, and what is missing."""

from collections.abc import Mapping

__all__ = ["WEIGHTS", "completeness", "missing_fields"]

WEIGHTS: Mapping[str, int] = {
    "owner_id": 10,
    "credit_code": 8,
    "certificate_number": 8,
    "industry": 8,
    "phone": 7,
    "address": 6,
    "region": 6,
    "staff_count": 6,
    "needs": 6,
    "yearly_turnover": 5,
    "legal_representative": 4,
    "it_department": 4,
    "our_share": 4,
    "next_step": 4,
    "deputy_id": 3,
    "registered_capital": 3,
    "domain": 3,
    "ability": 3,
    "established": 2,
}
"""Field → what it counts of 100: most what identifies the customer, and who looks after it."""
NOTHING = (None, "", "unknown")


def missing_fields(known: Mapping[str, object]) -> tuple[str, ...]:
    """Return the fields that are not filled in, the weightiest first."""
    return tuple(name for name in WEIGHTS if known.get(name) in NOTHING)


def completeness(*values: object) -> int:
    """Return the score from 0 to 100 of the values, given in the order of `WEIGHTS`."""
    return sum(weight for weight, value in zip(WEIGHTS.values(), values, strict=True) if value not in NOTHING)
