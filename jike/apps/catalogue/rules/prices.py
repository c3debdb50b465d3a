"""What prices may be: never negative, the floor never above the list price, and one of the tax rates there are."""

from collections.abc import Iterator
from decimal import Decimal

__all__ = ["TAX_RATES", "price_problems"]

TAX_RATES = (Decimal("0.06"), Decimal("0.09"), Decimal("0.13"))
"""Value-added tax: value-added telecom and IT services, basic telecom services, equipment."""


def price_problems(
    *, monthly: Decimal, one_off: Decimal, unit: Decimal, floor: Decimal
) -> Iterator[tuple[str, str]]:
    """Yield (field, kind of mistake): ``negative``, ``floor`` (above the monthly price), ``free`` (costs nothing)."""
    amounts = {
        "monthly_price": monthly,
        "one_off_price": one_off,
        "unit_price": unit,
        "floor_price": floor,
    }
    yield from ((name, "negative") for name, amount in amounts.items() if amount < 0)
    if floor > monthly >= 0:
        yield "floor_price", "floor"
    if not (monthly or one_off or unit):
        yield "monthly_price", "free"
