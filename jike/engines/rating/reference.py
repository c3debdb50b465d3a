"""The plain execution: one record after the other, as a person could follow with a pencil.

It is the definition; `columnar.py` must give the same to the last unit. `explaining_bill.py` writes its sums out.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from jike.engines.rating.amounts import INT64_ROOM, li_of_price
from jike.engines.rating.classifying import Classifier
from jike.engines.rating.errors import AmountTooLarge
from jike.engines.rating.members import Member, Month, Served, customer_fee, member_fees, served
from jike.engines.rating.settlement import CUSTOMER, customer_lines, member_lines, payers, taxes, with_tax
from jike.engines.rating.tariff import Allowance, Scope, Spend, Tariff, TierKind, UsageItem
from jike.engines.rating.usage import Record, check_product

Key = tuple[int, int]
AMOUNT_LIMIT = 9 * 10**14


@dataclass(slots=True)
class Line:
    """Usage of one member under one item: records, billed units, units free, charge in li."""

    records: int = 0
    units: int = 0
    free: int = 0
    charge: int = 0


@dataclass(slots=True)
class Rated:
    """One rated record; `free` and `charge` are what it adds to the running sums."""

    record: Record
    item: int
    rule: int
    units: int
    free: int = 0
    charge: int = 0


@dataclass
class Bill:
    """What the reference returns; the columnar execution returns the same tables.

    Attributes
    ----------
    usage
        Lines by (member, item index).
    lines
        All charges in li by (customer, member, line name); member 0 stands for the customer itself.
    paid
        Charges by (customer, member, payer, agreement).
    taxes
        (sum, tax) by (customer, member, rate).
    carried
        Units carried into the next month by (owner, allowance name).
    """

    tariff: Tariff
    read: int
    unrated: dict[str, int]
    rated: list[Rated]
    usage: dict[Key, Line]
    lines: dict[tuple[int, int, str], int] = field(default_factory=dict)
    paid: dict[tuple[int, int, str, str], int] = field(default_factory=dict)
    taxes: dict[tuple[int, int, int], tuple[int, int]] = field(default_factory=dict)
    carried: dict[tuple[int, str], int] = field(default_factory=dict)


def ladder(item: UsageItem, units: int, total: int) -> int:
    """Return micro-yuan × per of `units` (≥ 0) on the item's bands, where `total` decides a volume tier.

    >>> from jike.engines.rating.tariff import *
    >>> bands = (Band(100, 30), Band(None, 20))
    >>> rules = (Rule(),)
    >>> ladder(UsageItem("a", Service.EVENT, rules, tiers=Tiers(TierKind.GRADUATED, bands)), 150, 150)
    4000
    >>> ladder(UsageItem("a", Service.EVENT, rules, tiers=Tiers(TierKind.VOLUME, bands)), 150, 150)
    3000
    """
    if item.tiers and item.tiers.kind is TierKind.VOLUME:
        return units * next(b.price for b in item.bands if b.up_to is None or abs(total) <= b.up_to)
    reached = number = 0
    for band in item.bands:
        if band.up_to is None or units <= band.up_to:
            return number + (units - reached) * band.price
        number += (band.up_to - reached) * band.price
        reached = band.up_to
    raise ValueError(f"the bands of {item.name} have an end")


def running_charge(item: UsageItem, units: int, total: int) -> int:
    """Return the charge in li of a running sum; a sum below zero mirrors the one above."""
    number = ladder(item, abs(units), total)
    return li_of_price(number if units >= 0 else -number, item.per, item.rounding)


def clipped(value: int, bound: int) -> int:
    """Return the part of `value` between zero and `bound`, on whichever side that lies."""
    return min(max(value, min(bound, 0)), max(bound, 0))


class Reference:
    """One month of one tariff, rated record by record."""

    def __init__(
        self, tariff: Tariff, members: Iterable[Member], month: Month, *, carried: dict[tuple[int, str], int]
    ) -> None:
        self.tariff, self.month, self.carried = tariff, month, carried
        self.members = {member.id: member for member in members}
        self.served: dict[int, Served] = {}
        for member in self.members.values():
            what = served(tariff, member, month)
            if what:
                self.served[member.id] = what
        self.of_customer: dict[int, list[int]] = defaultdict(list)
        for identity in sorted(self.served):
            self.of_customer[self.members[identity].customer].append(identity)

    def bill(self, records: Iterable[Record]) -> Bill:
        """Rate all records and settle the month.

        Raises
        ------
        AmountTooLarge
            A record or sum does not fit into int64.
        """
        bill = self._classified(records)
        bill.rated.sort(key=lambda r: (r.record.start, r.record.id))
        lines: dict[Key, Line] = defaultdict(Line)
        for one in bill.rated:
            line = lines[one.record.member or 0, one.item]
            line.records += 1
            line.units += one.units
        bill.usage = lines
        self._allow(bill)
        self._price(bill)
        self._settle(bill)
        return bill

    def _classified(self, records: Iterable[Record]) -> Bill:
        classify = Classifier(self.tariff, self.members, self.month).classify
        items, reasons, rated, read = self.tariff.items, Counter[str](), [], 0
        most = [INT64_ROOM // max(item.top_price, 1) - item.minimum - item.step for item in items]
        for record in once_each(records, reasons):
            read += 1
            found = classify(record)
            if isinstance(found, tuple):
                item = items[found[0]]
                units = item.billed(record.quantity or 0)
                if units > most[found[0]]:
                    check_product(item, units, f"record {record.id}")
                rated.append(Rated(record, *found, -units if record.credit else units))
            else:
                reasons[found.name.lower()] += 1
        return Bill(self.tariff, read + reasons["duplicate_id"], dict(+reasons), rated, {})

    def _allow(self, bill: Bill) -> None:
        for allowance in self.tariff.allowances:
            covered = [
                n for name in allowance.items for n, i in enumerate(self.tariff.items) if i.name == name
            ]
            owners = self._owners(allowance)
            room = {owner: self._room(allowance, owner, members) for owner, members in owners.items()}
            own = {member: owner for owner, members in owners.items() for member in members}
            used: dict[int, int] = defaultdict(int)
            if allowance.spend is Spend.TIME:
                wanted = [r for r in bill.rated if r.item in covered]
                for one in wanted:
                    owner = own[one.record.member or 0]
                    part = overlap(used, owner, one.units - one.free, room=room[owner])
                    one.free += part
                    bill.usage[one.record.member or 0, one.item].free += part
            else:
                order = sorted(bill.usage, key=lambda key: (own[key[0]], _place(covered, key[1]), key[0]))
                for key in [key for key in order if key[1] in covered]:
                    line, owner = bill.usage[key], own[key[0]]
                    line.free += overlap(used, owner, line.units - line.free, room=room[owner])
            if allowance.rolls_over:
                self._carry(bill, allowance, room, used=used)

    def _owners(self, allowance: Allowance) -> dict[int, list[int]]:
        if allowance.scope is Scope.CUSTOMER:
            return self.of_customer
        return {member: [member] for member in self.served}

    def _room(self, allowance: Allowance, owner: int, members: Sequence[int]) -> int:
        return self._own_quantity(allowance, members) + self.carried.get((owner, allowance.name), 0)

    def _own_quantity(self, allowance: Allowance, members: Sequence[int]) -> int:
        if allowance.for_customer:
            return allowance.quantity
        if not allowance.prorated:
            return allowance.quantity * len(members)
        return sum(allowance.quantity * self.served[m].days // self.month.days for m in members)

    def _carry(self, bill: Bill, allowance: Allowance, room: dict[int, int], *, used: dict[int, int]) -> None:
        for owner, members in self._owners(allowance).items():
            left = room[owner] - clipped(used[owner], room[owner])
            left = min(left, self._own_quantity(allowance, members))
            if left:
                bill.carried[owner, allowance.name] = left

    def _price(self, bill: Bill) -> None:
        """Charge each record what it adds to its item's running sum, or by itself."""
        items, running = self.tariff.items, self.tariff.running
        totals = self.totals(bill)
        offsets = self.before(bill)
        free_so_far: dict[Key, int] = defaultdict(int)
        sums: dict[Key, int] = {}
        charged: dict[Key, int] = {}
        in_time = {name for a in self.tariff.allowances if a.spend is Spend.TIME for name in a.items}
        units_so_far: dict[Key, int] = defaultdict(int)
        ways = [(item, item.name in running, item.name in in_time) for item in items]
        for one in bill.rated:
            item, summed, timed = ways[one.item]
            key = one.record.member or 0, one.item
            line = bill.usage[key]
            if not summed:
                price = item.rules[one.rule].price or 0
                one.charge = li_of_price(one.units * price, item.per, item.rounding)
                line.charge += one.charge
                continue
            if line.free and not timed:
                units_so_far[key] += one.units
                one.free = clipped(units_so_far[key], line.free) - free_so_far[key]
                free_so_far[key] += one.free
            if key not in charged:
                start = offsets.get(key, 0)
                sums[key], charged[key] = start, running_charge(item, start, totals[key])
            sums[key] += one.units - one.free
            after = running_charge(item, sums[key], totals[key])
            one.charge = after - charged[key]
            charged[key] = after
            line.charge += one.charge

    def totals(self, bill: Bill) -> dict[Key, int]:
        """Return for each line the chargeable units that decide its volume tier; sums are checked here."""
        totals: dict[Key, int] = defaultdict(int)
        owner: dict[Key, Key] = {}
        for (member, n), line in bill.usage.items():
            item = self.tariff.items[n]
            wide = item.tiers is not None and item.tiers.scope is Scope.CUSTOMER
            owner[member, n] = (-self.members[member].customer if wide else member, n)
            totals[owner[member, n]] += line.units - line.free
            check_product(item, line.units, f"member {member}")
            check_product(item, totals[owner[member, n]], f"customer of member {member}")
        return {key: totals[own] for key, own in owner.items()}

    def before(self, bill: Bill) -> dict[Key, int]:
        """Return the chargeable units of the customer's earlier members, where an item's tiers are shared."""
        found: dict[Key, int] = {}
        for n, item in enumerate(self.tariff.items):
            if item.tiers and item.tiers.scope is Scope.CUSTOMER:
                for members in self.of_customer.values():
                    so_far = 0
                    for member in members:
                        found[member, n] = so_far
                        line = bill.usage.get((member, n), Line())
                        so_far += line.units - line.free
        return found

    def _settle(self, bill: Bill) -> None:
        for customer, members in self.of_customer.items():
            sums: dict[str, int] = defaultdict(int)
            for member in members:
                charges = {i.name: 0 for i in self.tariff.items}
                charges |= {
                    i.name: bill.usage[member, n].charge
                    for n, i in enumerate(self.tariff.items)
                    if (member, n) in bill.usage
                }
                charges |= member_fees(self.tariff, self.members[member], self.month)
                lines = member_lines(self.tariff, charges, months=self.served[member].months)
                for name, charge in lines.items():
                    sums[name] += charge
                self._store(bill, customer, member, lines=lines)
            own = self._customer(customer, members, sums)
            self._store(bill, customer, 0, lines=own)

    def _customer(self, customer: int, members: list[int], sums: dict[str, int]) -> dict[str, int]:
        begins = all(self.served[m].begins for m in members) and not self._served_before(customer)
        fees = {
            fee.name: customer_fee(fee, len(members), begins=begins)
            for fee in self.tariff.fees
            if fee.scope is Scope.CUSTOMER
        }
        lines = customer_lines(self.tariff, {**sums, **fees})
        return {name: lines[name] for name in self.tariff.line_names(Scope.CUSTOMER)}

    def _served_before(self, customer: int) -> bool:
        from jike.engines.rating.members import start_of

        starts = (
            start_of(m.ordered, self.tariff.effect) for m in self.members.values() if m.customer == customer
        )
        return min(starts) < self.month.first

    def _store(self, bill: Bill, customer: int, member: int, *, lines: dict[str, int]) -> None:
        found = with_tax(self.tariff, lines)
        for name, charge in found.items():
            if charge:
                bill.lines[customer, member, name] = charge
            if abs(charge) > AMOUNT_LIMIT:
                raise AmountTooLarge(
                    f"member {member} of customer {customer}: {name} is above {AMOUNT_LIMIT} li"
                )
        for rate, (total, tax) in taxes(self.tariff, lines).items():
            if total or tax:
                bill.taxes[customer, member, rate] = (total, tax)
        parts = payers(self.tariff, found) if member else {(CUSTOMER, CUSTOMER): sum(found.values())}
        for (payer, agreement), charge in parts.items():
            if charge:
                bill.paid[customer, member, payer, agreement] = charge


def overlap(used: dict[int, int], owner: int, units: int, *, room: int) -> int:
    """Return how many of `units`, which move the owner's use on, lie within its allowance."""
    before = clipped(used[owner], room)
    used[owner] += units
    return clipped(used[owner], room) - before


def _place(covered: list[int], item: int) -> int:
    return covered.index(item) if item in covered else len(covered)


def once_each(records: Iterable[Record], reasons: Counter[str]) -> list[Record]:
    """Return one record for each id (missing ids are kept for their own reason) and count the others."""
    first: dict[int, Record] = {}
    unnumbered = []
    for record in records:
        if record.id is None:
            unnumbered.append(record)
        elif record.id not in first:
            first[record.id] = record
        else:
            reasons["duplicate_id"] += 1
            first[record.id] = min(first[record.id], record, key=_copy_order)
    return [*first.values(), *unnumbered]


def _copy_order(record: Record) -> tuple[tuple[bool, int | str], ...]:
    """Order copies of one id by their values, nulls last, so that which one counts never depends on the files."""
    fields = (record.start, record.member, record.service, record.quantity, record.peer_code, record.credit)
    return (*((value is None, value or 0) for value in fields), (record.peer is None, record.peer or ""))
