"""A charge written out, so that a person can check it: rule, quantity, price, rounding."""

from __future__ import annotations

from jike.engines.rating.amounts import yuan
from jike.engines.rating.reference import ladder, running_charge
from jike.engines.rating.tariff import UNITS, Tariff, TierKind, UsageItem

MICRO = 1_000_000


def price_text(micro: int) -> str:
    """Write micro-yuan as yuan without superfluous zeros.

    >>> price_text(150_000), price_text(3)
    ('0.15', '0.000003')
    """
    text = f"{micro // MICRO}.{micro % MICRO:06d}".rstrip("0")
    return text.rstrip(".")


def explain(tariff: Tariff, name: str, *, units: int, free: int = 0, charge: int | None = None) -> str:
    """Return the sum that makes a member's line of an item with tiers, an allowance or rounding on the bill.

    For items rounded record by record the sentence states price and rounding; `charge` is then the line's charge.

    Examples
    --------
    >>> from jike.engines.rating.loading import loads
    >>> plan = loads('''
    ... name: T
    ... items:
    ...   - name: sms
    ...     service: message
    ...     tiers: {kind: graduated, bands: [{up_to: 100, price: "0.1"}, {price: "0.08"}]}
    ... ''')
    >>> explain(plan, "sms", units=160, free=10)
    'sms: 160 message − 10 free = 150; 100 × 0.1 + 50 × 0.08 = 14.00 yuan, half up to the fen on the month'
    """
    item = tariff.item[name]
    unit = UNITS[item.service]
    per = f" per {item.per} {unit}" if item.per > 1 else ""
    if name not in tariff.running:
        prices = ", ".join(sorted({price_text(rule.price or 0) for rule in item.rules}))
        result = f" = {yuan(charge)} yuan" if charge is not None else ""
        return f"{name}: {units:,} {unit} at {prices} yuan{per}{result}, each record {item.rounding}"
    left = units - free
    quantity = f"{units:,} {unit}" + (f" − {free:,} free = {left:,}" if free else "")
    total = running_charge(item, left, left)
    return f"{name}: {quantity}; {_parts(item, abs(left))}{per} = {yuan(total)} yuan, {item.rounding} on the month"


def _parts(item: UsageItem, units: int) -> str:
    if item.tiers is None or item.tiers.kind is TierKind.VOLUME:
        price = ladder(item, units, units) // units if units else item.bands[0].price
        return f"{units:,} × {price_text(price)}"
    parts, reached = [], 0
    for band in item.bands:
        end = units if band.up_to is None else min(units, band.up_to)
        if end > reached:
            parts.append(f"{end - reached:,} × {price_text(band.price)}")
        reached = max(reached, end)
    return " + ".join(parts) or f"0 × {price_text(item.bands[0].price)}"
