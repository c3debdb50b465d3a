"""The facts of `members.py` for many members at once, as columns of whole numbers (NumPy)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from jike.engines.rating.amounts import BASIS, Mode, Rounding
from jike.engines.rating.errors import UsageRefused
from jike.engines.rating.members import Member, Month
from jike.engines.rating.tariff import EARLY, Contract, Effect, Fee, Prorate, Scope, Tariff, TierKind
from jike.engines.rating.usage import LARGEST_MEMBER

Ints = npt.NDArray[np.int64]
FOREVER = 2**31

MEMBERS = pa.schema(
    [
        ("member", pa.int64()),
        ("customer", pa.int64()),
        ("ordered", pa.date32()),
        ("until", pa.date32()),
        ("number", pa.string()),
    ]
)


def table_of(members: Sequence[Member]) -> pa.Table:
    """Return members as the Arrow table the columnar execution takes."""
    rows = [
        {"member": m.id, "customer": m.customer, "ordered": m.ordered, "until": m.until, "number": m.number}
        for m in members
    ]
    return pa.Table.from_pylist(rows, schema=MEMBERS)


def check_members(table: pa.Table) -> None:
    """Refuse members without a number, customer or order date, twice, or out of range.

    Raises
    ------
    UsageRefused
        The member is named.
    """
    for name in ("member", "customer", "ordered"):
        if table[name].null_count:
            raise UsageRefused([f"members: {table[name].null_count} rows without {name}"])
    for name in ("member", "customer"):
        numbers = table[name].to_numpy()
        wrong = numbers[(numbers < 1) | (numbers > LARGEST_MEMBER)]
        if len(wrong):
            raise UsageRefused([f"members: {name} {wrong[0]} is not from 1 to 2^44"])
    numbers, times = np.unique(table["member"].to_numpy(), return_counts=True)
    if (times > 1).any():
        raise UsageRefused([f"members: member {numbers[times > 1][0]} is listed twice"])


def distinct(numbers: Ints) -> Ints:
    """Return each number once, ascending; for hundreds of thousands much faster than `np.unique`, which hashes them."""
    ordered = np.sort(numbers)
    return ordered[np.r_[True, ordered[1:] != ordered[:-1]]] if len(ordered) else ordered


def divided(number: Ints, by: int | Ints, mode: Mode) -> Ints:
    """Return number / by rounded on its magnitude; `amounts.divide` for columns."""
    size = np.abs(number)
    whole = size // by
    rest = size - whole * by
    if mode is Mode.HALF_UP:
        whole = whole + (2 * rest >= by)
    elif mode is Mode.HALF_EVEN:
        whole = whole + ((2 * rest > by) | ((2 * rest == by) & (whole % 2 == 1)))
    elif mode is Mode.UP:
        whole = whole + (rest > 0)
    return np.where(number < 0, -whole, whole)


def share(charge: Ints, parts: int | Ints, of: int | Ints, *, rounding: Rounding) -> Ints:
    """Return charge × parts / of in li; `amounts.li_of_share` for columns."""
    return divided(charge * parts, np.multiply(of, rounding.li), rounding.mode) * rounding.li


@dataclass
class Facts:
    """Members served in a month, sorted by customer and member; all columns have one entry a member.

    Attributes
    ----------
    first, last
        First and last day of service within the month, as days since 1970.
    months
        Month of service from 1.
    begins
        Whether service begins in the month.
    customers, at
        The customers, and for each member the index of its customer.
    """

    month: Month
    member: Ints
    customer: Ints
    first: Ints
    last: Ints
    months: Ints
    begins: npt.NDArray[np.bool_]
    start: Ints
    until: Ints
    customers: Ints
    at: Ints
    customer_begins: npt.NDArray[np.bool_]
    known: Ints

    @property
    def days(self) -> Ints:
        """Days of service."""
        return self.last - self.first + 1


def _day(day: date) -> int:
    return (day - date(1970, 1, 1)).days


def _starts(ordered: Ints, effect: Effect) -> Ints:
    if effect is Effect.AT_ONCE:
        return ordered
    if effect is Effect.NEXT_DAY:
        return ordered + 1
    return (ordered.astype("M8[D]").astype("M8[M]") + 1).astype("M8[D]").astype(np.int64)


def _month_numbers(days: Ints) -> Ints:
    return days.astype("M8[D]").astype("M8[M]").astype(np.int64)


def facts_of(tariff: Tariff, members: pa.Table, month: Month) -> Facts:
    """Return the facts of the members that are served in the month."""
    ordered = members["ordered"].cast(pa.int32()).to_numpy().astype(np.int64)
    until = pc.fill_null(members["until"].cast(pa.int32()), FOREVER - 1).to_numpy().astype(np.int64)
    start = _starts(ordered, tariff.effect)
    first, last = np.maximum(start, _day(month.first)), np.minimum(until, _day(month.last))
    customer, member = members["customer"].to_numpy(), members["member"].to_numpy()
    keep = np.flatnonzero(first <= last)
    keep = keep[np.lexsort((member[keep], customer[keep]))]
    customers, at = np.unique(customer[keep], return_inverse=True)
    earliest = np.full(len(customers), FOREVER, dtype=np.int64)
    place = np.searchsorted(customers, customer)
    served = (
        (place < len(customers)) & (customers[np.minimum(place, len(customers) - 1)] == customer)
        if len(keep)
        else []
    )
    np.minimum.at(earliest, place[served], start[served])
    return Facts(
        month=month,
        member=member[keep],
        customer=customer[keep],
        first=first[keep],
        last=last[keep],
        months=month.number - (_month_numbers(start[keep]) + 1970 * 12) + 1,
        begins=start[keep] >= _day(month.first),
        start=start[keep],
        until=until[keep],
        customers=customers,
        at=at.reshape(-1),
        customer_begins=earliest >= _day(month.first),
        known=np.sort(member),
    )


def fee_column(fee: Fee, facts: Facts) -> Ints:
    """Return a member's fee for each member in li; `members.fee_of` for columns."""
    price = np.full(len(facts.member), fee.price, dtype=np.int64)
    if fee.once:
        return np.where(facts.begins, price, 0)
    if fee.prorate is Prorate.DAYS:
        return share(price, facts.days, facts.month.days, rounding=fee.rounding)
    if fee.prorate is Prorate.NEXT_MONTH:
        return np.where(facts.months == 1, 0, price)
    return price


def early_column(tariff: Tariff, contract: Contract, facts: Facts) -> Ints:
    """Return the early-termination fee of each member in li; `members.early_fee` for columns."""
    start = facts.start.astype("M8[D]")
    month = start.astype("M8[M]") + contract.months
    length = ((month + 1).astype("M8[D]") - month.astype("M8[D]")).astype(np.int64)
    day = np.minimum((start - start.astype("M8[M]")).astype(np.int64), length - 1)
    end, after = month.astype("M8[D]").astype(np.int64) + day, np.minimum(facts.until, facts.last) + 1
    after_day = after - after.astype("M8[D]").astype("M8[M]").astype("M8[D]").astype(np.int64)
    rest = np.maximum(_month_numbers(end) - _month_numbers(after) + (day > after_day), 0)
    monthly = sum(fee.price for fee in tariff.fees if fee.name in contract.of)
    if contract.fee_months is not None:
        fee = monthly * np.minimum(contract.fee_months, rest)
    else:
        fee = share(monthly * rest, contract.ratio, BASIS, rounding=contract.rounding)
    return np.where(facts.until <= _day(facts.month.last), fee, 0)


def member_fees(tariff: Tariff, facts: Facts) -> dict[str, Ints]:
    """Return the fees of all members by name."""
    found = {f.name: fee_column(f, facts) for f in tariff.fees if f.scope is Scope.MEMBER}
    if tariff.contract:
        found[EARLY] = early_column(tariff, tariff.contract, facts)
    return found


def customer_fee(fee: Fee, facts: Facts) -> Ints:
    """Return a fee of each customer in li; `members.customer_fee` for columns."""
    members = np.bincount(facts.at, minlength=len(facts.customers)).astype(np.int64)
    total, reached = np.zeros_like(members), 0
    if not fee.bands:
        total += fee.price
    elif fee.band_kind is TierKind.VOLUME:
        for band in reversed(fee.bands):
            inside = members <= (FOREVER if band.up_to is None else band.up_to)
            total = np.where(inside, members * band.price, total)
    else:
        for band in fee.bands:
            end = FOREVER if band.up_to is None else band.up_to
            total += np.clip(members - reached, 0, end - reached) * band.price
            reached = end
    return np.where(facts.customer_begins, total, 0) if fee.once else total
