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


def per_text(item: UsageItem) -> str:
    """Return for how many units the item's prices hold; nothing for one."""
    return f" per {item.per} {UNITS[item.service]}" if item.per > 1 else ""


def explain(
    tariff: Tariff,
    name: str,
    *,
    units: int,
    free: int = 0,
    before: int = 0,
    total: int | None = None,
    charge: int | None = None,
) -> str:
    """Return the sum that makes a member's line of an item with tiers, an allowance or rounding on the bill.

    For items rounded record by record the sentence states price and rounding; `charge` is then the line's charge.

    Parameters
    ----------
    units, free
        Billed units of the line, and how many of them an allowance covers.
    before, total
        Where members share the item's tiers: the chargeable units of the customer's earlier members, and those of
        all its members, which decide a volume tier. `Reference.before` and `Reference.totals` return both.
    charge
        The line's charge in li.

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
    >>> explain(plan, "sms", units=60, before=80)
    'sms: 60 message, after 80 of other members; 20 × 0.1 + 40 × 0.08 = 5.20 yuan, half up to the fen on the month'
    """
    item = tariff.item[name]
    unit = UNITS[item.service]
    if name not in tariff.running:
        return f"{name}: {units:,} {unit} at {_prices(item, charge)}, each record {item.rounding}"
    left = units - free
    decisive = before + left if total is None else total
    quantity = f"{units:,} {unit}" + (f" − {free:,} free = {left:,}" if free else "")
    others = _others(item, before, decisive) if before else ""
    amount = running_charge(item, before + left, decisive) - running_charge(item, before, decisive)
    parts = _difference(item, before, before + left, total=decisive) + per_text(item)
    return f"{name}: {quantity}{others}; {parts} = {yuan(amount)} yuan, {item.rounding} on the month"


def _others(item: UsageItem, before: int, decisive: int) -> str:
    """Write what other members add to a line whose tiers are shared."""
    if item.tiers and item.tiers.kind is TierKind.VOLUME:
        return f", of {decisive:,} of all members"
    return f", after {before:,} of other members"


def _prices(item: UsageItem, charge: int | None) -> str:
    """Write the prices of an item rounded record by record, and the line's charge where it is given."""
    prices = ", ".join(sorted({price_text(rule.price or 0) for rule in item.rules}))
    result = f" = {yuan(charge)} yuan" if charge is not None else ""
    return f"{prices} yuan{per_text(item)}{result}"


def _difference(item: UsageItem, low: int, high: int, *, total: int) -> str:
    """Write what lies between two running sums; sums below zero mirror those above."""
    if item.tiers is None or item.tiers.kind is TierKind.VOLUME:
        return f"{high - low:,} × {price_text(ladder(item, 1, total))}"
    if low * high < 0:
        return f"{_difference(item, 0, high, total=total)} − ({_difference(item, 0, low, total=total)})"
    sign = 1 if high >= low else -1
    ends = sorted((abs(low), abs(high)))
    parts, reached = [], 0
    for band in item.bands:
        start, end = max(reached, ends[0]), ends[1] if band.up_to is None else min(ends[1], band.up_to)
        if end > start:
            parts.append(f"{sign * (end - start):,} × {price_text(band.price)}")
        reached = max(reached, end)
    return " + ".join(parts) or f"0 × {price_text(item.bands[0].price)}"
