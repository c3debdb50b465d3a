"""The settlement of `settlement.py` for all members and customers at once, as NumPy columns of int64 li."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from jike.engines.rating.amounts import BASIS
from jike.engines.rating.errors import AmountTooLarge
from jike.engines.rating.facts import Facts, Ints, customer_fee, divided, member_fees, share
from jike.engines.rating.reference import AMOUNT_LIMIT
from jike.engines.rating.settlement import CUSTOMER, MEMBER, REST
from jike.engines.rating.tariff import (
    TAX,
    Adjustment,
    Alters,
    Payment,
    Pays,
    Scope,
    Sharing,
    Tariff,
    TierKind,
)

Lines = dict[str, Ints]


@dataclass
class Settled:
    """Lines, payers and taxes of a month: columns by members (`member_…`) and by customers (`customer_…`)."""

    facts: Facts
    member_lines: Lines
    customer_lines: Lines
    member_paid: dict[tuple[str, str], Ints] = field(default_factory=dict)
    customer_paid: dict[tuple[str, str], Ints] = field(default_factory=dict)
    member_taxes: dict[int, tuple[Ints, Ints]] = field(default_factory=dict)
    customer_taxes: dict[int, tuple[Ints, Ints]] = field(default_factory=dict)

    @property
    def member_totals(self) -> Ints:
        """Sum of each member's lines in li."""
        return sum(self.member_lines.values(), np.zeros(len(self.facts.member), dtype=np.int64))

    @property
    def customer_totals(self) -> Ints:
        """Sum of each customer's bill in li, its members' lines included."""
        own = sum(self.customer_lines.values(), np.zeros(len(self.facts.customers), dtype=np.int64))
        return own + by_customer(self.facts, self.member_totals)


def by_customer(facts: Facts, column: Ints) -> Ints:
    """Return sums over each customer's members; members are sorted by customer."""
    if not len(column):
        return np.zeros(0, dtype=np.int64)
    starts = np.flatnonzero(np.r_[True, facts.at[1:] != facts.at[:-1]])
    return np.add.reduceat(column, starts)


def settle(tariff: Tariff, facts: Facts, usage: Mapping[str, Ints]) -> Settled:
    """Return the settled month from the usage charges by item (or atom of items), one entry a member.

    Raises
    ------
    AmountTooLarge
        A line is above the limit within which all products fit into int64.
    """
    charges = {**usage, **member_fees(tariff, facts)}
    lines = adjusted(tariff, charges, Scope.MEMBER, facts=facts)
    sums = {name: by_customer(facts, column) for name, column in lines.items()}
    sums |= {fee.name: customer_fee(fee, facts) for fee in tariff.fees if fee.scope is Scope.CUSTOMER}
    theirs = adjusted(tariff, sums, Scope.CUSTOMER, facts=facts)
    theirs = {name: theirs[name] for name in tariff.line_names(Scope.CUSTOMER)}
    settled = Settled(facts, with_tax(tariff, lines), with_tax(tariff, theirs))
    settled.member_taxes, settled.customer_taxes = taxes(tariff, lines), taxes(tariff, theirs)
    settled.member_paid = payers(tariff, settled.member_lines)
    own = sum(settled.customer_lines.values(), np.zeros(len(facts.customers), dtype=np.int64))
    settled.customer_paid = {(CUSTOMER, CUSTOMER): own}
    return settled


def adjusted(tariff: Tariff, charges: Mapping[str, Ints], scope: Scope, *, facts: Facts) -> Lines:
    """Return the lines with the adjustments of one scope, in order."""
    lines = dict(charges)
    size = len(facts.member if scope is Scope.MEMBER else facts.customers)
    nothing = np.zeros(size, dtype=np.int64)
    changes = {a.name for a in tariff.adjustments}
    for one in tariff.adjustments:
        if one.scope is scope:
            seen = tariff.seen_by(one)
            base = sum((lines[n] for n in seen if n in lines), nothing)
            complete = np.ones(size, dtype=np.bool_)
            if one.kind is Alters.BUNDLE:
                for name in [n for n in seen if n not in changes]:
                    complete &= lines.get(name, nothing) != 0
            _check(one.name, base)
            lines[one.name] = alteration(one, base, complete=complete, months=facts.months)
    for name, column in lines.items():
        _check(name, column)
    return lines


def _check(name: str, column: Ints) -> None:
    if len(column) and np.abs(column).max() > AMOUNT_LIMIT:
        raise AmountTooLarge(f"line {name} is above {AMOUNT_LIMIT} li")


def alteration(one: Adjustment, base: Ints, *, complete: Ints | np.ndarray, months: Ints) -> Ints:
    """Return the line of an adjustment; `settlement.alteration` for columns."""
    if one.kind is Alters.RATIO:
        return share(base, one.ratio - BASIS, BASIS, rounding=one.rounding)
    if one.kind is Alters.SUM:
        return -np.minimum(one.sum, np.maximum(base, 0))
    if one.kind is Alters.FREE_MONTHS:
        return np.where((one.free[0] <= months) & (months <= one.free[1]), -base, 0)
    if one.kind is Alters.MINIMUM:
        return np.maximum(one.sum - base, 0)
    if one.kind is Alters.CAP:
        return np.minimum(one.sum - base, 0)
    if one.kind is Alters.BUNDLE:
        return np.where(complete, one.sum - base, 0)
    if one.kind is Alters.COMMITMENT:
        return np.maximum(share(base, one.ratio, BASIS, rounding=one.rounding), one.sum) - base
    return spend_discount(one, base)


def spend_discount(one: Adjustment, base: Ints) -> Ints:
    """Return the discount that grows with the sum; `settlement.spend_discount` for columns."""
    number = np.zeros_like(base)
    for this, following in zip(one.steps, [*one.steps[1:], None], strict=True):
        if one.step_kind is TierKind.VOLUME:
            number = np.where(base >= this.start, base * (this.ratio - BASIS), number)
        else:
            end = base if following is None else np.minimum(base, following.start)
            number = number + np.maximum(end - this.start, 0) * (this.ratio - BASIS)
    return divided(number, BASIS * one.rounding.li, one.rounding.mode) * one.rounding.li


def taxes(tariff: Tariff, lines: Mapping[str, Ints]) -> dict[int, tuple[Ints, Ints]]:
    """Return for each rate the sum of its lines and the tax in or on it."""
    rates = dict(tariff.tax.rates)
    bases: dict[int, Ints] = {}
    for name, column in lines.items():
        rate = rates.get(name, tariff.tax.rate)
        bases[rate] = bases[rate] + column if rate in bases else column
    whole = BASIS if not tariff.tax.included else None
    return {
        rate: (base, share(base, rate, whole or BASIS + rate, rounding=tariff.tax.rounding))
        for rate, base in bases.items()
    }


def with_tax(tariff: Tariff, lines: Lines) -> Lines:
    """Return the lines with tax as one more when it is not included in the prices."""
    if tariff.tax.included or not lines:
        return lines
    parts = [tax for _, tax in taxes(tariff, lines).values()]
    return {**lines, TAX: sum(parts[1:], parts[0])}


def payers(tariff: Tariff, lines: Lines) -> dict[tuple[str, str], Ints]:
    """Return who pays how much; `settlement.payers` for columns."""
    left = dict(lines)
    paid: dict[tuple[str, str], Ints] = {}
    total = sum(lines.values(), np.zeros(1, dtype=np.int64))
    for sharing in tariff.sharing:
        for payer, part in _shared(sharing, left, total).items():
            paid[payer, sharing.name] = part
    for payment in tariff.payments:
        paid[CUSTOMER, payment.name] = _taken_over(payment, left, total)
    paid[MEMBER, REST] = total - sum(paid.values(), np.zeros(1, dtype=np.int64))
    return paid


def _shared(sharing: Sharing, left: Lines, like: Ints) -> Lines:
    total = sum((left[n] for n in sharing.of if n in left), np.zeros_like(like))
    left.update({n: np.zeros_like(like) for n in sharing.of})
    parts = {
        payer: share(total, ratio, BASIS, rounding=sharing.rounding) for payer, ratio in sharing.parts[:-1]
    }
    return {**parts, sharing.parts[-1][0]: total - sum(parts.values(), np.zeros_like(like))}


def _taken_over(payment: Payment, left: Lines, like: Ints) -> Ints:
    room, whole = np.full_like(like, payment.sum), np.zeros_like(like)
    for name in payment.of:
        charge = left.get(name, np.zeros_like(like))
        if payment.kind is Pays.WHOLE:
            part = charge
        elif payment.kind is Pays.RATIO:
            part = share(charge, payment.ratio, BASIS, rounding=payment.rounding)
        else:
            part = np.minimum(np.maximum(charge, 0), room)
            room = room - part
        left[name] = charge - part
        whole = whole + part
    return np.full_like(like, payment.sum) if payment.kind is Pays.FIXED else whole
