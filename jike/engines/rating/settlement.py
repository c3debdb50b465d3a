"""From charges to a bill, step by step as a person would: adjustments in order, tax, and who pays what.

`settlement_columns.py` says the same over columns; both are compared to the last unit by the tests.
"""

from __future__ import annotations

from collections.abc import Mapping

from jike.engines.rating.amounts import BASIS, Rounding, divide, li_of_share
from jike.engines.rating.tariff import (
    TAX,
    Adjustment,
    Alters,
    Payment,
    Pays,
    Scope,
    Sharing,
    Step,
    Tariff,
    TierKind,
)

CUSTOMER = "customer"
MEMBER = "member"
REST = "rest"


def member_lines(tariff: Tariff, charges: Mapping[str, int], *, months: int) -> dict[str, int]:
    """Return a member's lines with its adjustments; `months` counts from 1 in the month of the start."""
    return _adjusted(tariff, charges, Scope.MEMBER, months=months)


def customer_lines(tariff: Tariff, sums: Mapping[str, int]) -> dict[str, int]:
    """Return the sums over a customer's members, its own fees and its adjustments."""
    return _adjusted(tariff, sums, Scope.CUSTOMER, months=1)


def _adjusted(tariff: Tariff, charges: Mapping[str, int], scope: Scope, *, months: int) -> dict[str, int]:
    lines = dict(charges)
    changes = {a.name for a in tariff.adjustments}
    for one in tariff.adjustments:
        if one.scope is scope:
            seen = tariff.seen_by(one)
            complete = all(lines.get(name, 0) for name in seen if name not in changes)
            lines[one.name] = alteration(
                one, sum(lines.get(n, 0) for n in seen), complete=complete, months=months
            )
    return lines


def alteration(one: Adjustment, base: int, *, complete: bool = True, months: int = 1) -> int:
    """Return the line in li that an adjustment makes of the sum `base`.

    Parameters
    ----------
    complete
        Whether every part of a bundle is there.
    months
        The month of service, counted from 1.

    Examples
    --------
    >>> alteration(Adjustment("cap", Alters.CAP, ("calls",), sum=50_000), 60_500)
    -10500
    >>> alteration(Adjustment("12% off", Alters.RATIO, ("calls",), ratio=8_800), 60_500)
    -7260
    """
    if one.kind is Alters.RATIO:
        return li_of_share(base, one.ratio - BASIS, BASIS, rounding=one.rounding)
    if one.kind is Alters.SUM:
        return -min(one.sum, max(base, 0))
    if one.kind is Alters.FREE_MONTHS:
        return -base if one.free[0] <= months <= one.free[1] else 0
    if one.kind is Alters.MINIMUM:
        return max(one.sum - base, 0)
    if one.kind is Alters.CAP:
        return min(one.sum - base, 0)
    if one.kind is Alters.BUNDLE:
        return one.sum - base if complete else 0
    if one.kind is Alters.COMMITMENT:
        return max(li_of_share(base, one.ratio, BASIS, rounding=one.rounding), one.sum) - base
    return spend_discount(one.steps, base, one.step_kind, rounding=one.rounding)


def spend_discount(steps: tuple[Step, ...], base: int, kind: TierKind, *, rounding: Rounding) -> int:
    """Return the (negative) discount on a sum that grows with the sum.

    >>> steps = (Step(100_000, 9_000), Step(200_000, 8_000))
    >>> spend_discount(steps, 250_000, TierKind.VOLUME, rounding=Rounding())
    -50000
    >>> spend_discount(steps, 250_000, TierKind.GRADUATED, rounding=Rounding())
    -20000
    """
    number = 0
    for this, following in zip(steps, [*steps[1:], None], strict=True):
        if base < this.start:
            continue
        if kind is TierKind.VOLUME:
            number = base * (this.ratio - BASIS)
        else:
            end = base if following is None else min(base, following.start)
            number += (end - this.start) * (this.ratio - BASIS)
    return divide(number, BASIS * rounding.li, rounding.mode) * rounding.li


def taxes(tariff: Tariff, lines: Mapping[str, int]) -> dict[int, tuple[int, int]]:
    """Return for each tax rate (basis points) the sum of its lines and the tax in or on it."""
    rates = dict(tariff.tax.rates)
    bases: dict[int, int] = {}
    for name, charge in lines.items():
        rate = rates.get(name, tariff.tax.rate)
        bases[rate] = bases.get(rate, 0) + charge
    return {rate: (base, tax_of(tariff, rate, base)) for rate, base in bases.items()}


def tax_of(tariff: Tariff, rate: int, base: int) -> int:
    """Return the tax contained in, or due on, `base`.

    >>> tax_of(Tariff("t"), 600, 106_000)
    6000
    """
    return li_of_share(
        base, rate, BASIS + rate if tariff.tax.included else BASIS, rounding=tariff.tax.rounding
    )


def with_tax(tariff: Tariff, lines: Mapping[str, int]) -> dict[str, int]:
    """Return the lines with tax as one more when it is not included in the prices."""
    if tariff.tax.included:
        return dict(lines)
    return {**lines, TAX: sum(tax for _, tax in taxes(tariff, lines).values())}


def payers(tariff: Tariff, lines: Mapping[str, int]) -> dict[tuple[str, str], int]:
    """Return who pays how much of a member's lines, by (payer, name of the agreement); together the whole sum."""
    left = dict(lines)
    paid: dict[tuple[str, str], int] = {}
    for sharing in tariff.sharing:
        for payer, part in _shared(sharing, left).items():
            paid[payer, sharing.name] = part
    for payment in tariff.payments:
        paid[CUSTOMER, payment.name] = _taken_over(payment, left)
    paid[MEMBER, REST] = sum(lines.values()) - sum(paid.values())
    return paid


def _shared(sharing: Sharing, left: dict[str, int]) -> dict[str, int]:
    total = sum(left.get(name, 0) for name in sharing.of)
    left.update(dict.fromkeys(sharing.of, 0))
    parts = {
        payer: li_of_share(total, ratio, BASIS, rounding=sharing.rounding)
        for payer, ratio in sharing.parts[:-1]
    }
    return {**parts, sharing.parts[-1][0]: total - sum(parts.values())}


def _taken_over(payment: Payment, left: dict[str, int]) -> int:
    """Return what the customer takes over, and lower what is left by it."""
    room, whole = payment.sum, 0
    for name in payment.of:
        charge = left.get(name, 0)
        if payment.kind is Pays.WHOLE:
            part = charge
        elif payment.kind is Pays.RATIO:
            part = li_of_share(charge, payment.ratio, BASIS, rounding=payment.rounding)
        else:
            part = min(max(charge, 0), room)
            room -= part
        left[name] = charge - part
        whole += part
    return payment.sum if payment.kind is Pays.FIXED else whole
