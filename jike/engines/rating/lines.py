"""From sums to charged lines: the steps of `reference.py` over columns of member × item (NumPy).

No record is touched here. Lines are taken in blocks of whole customers, small enough for the processor's cache.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pyarrow as pa

from jike.engines.rating.amounts import INT64_ROOM, MICRO_PER_LI, Mode
from jike.engines.rating.book import Book, is_exact
from jike.engines.rating.cells import Cells
from jike.engines.rating.errors import AmountTooLarge
from jike.engines.rating.facts import Ints, divided
from jike.engines.rating.in_time import FreeInTime
from jike.engines.rating.ladders import Ladders
from jike.engines.rating.reference import AMOUNT_LIMIT
from jike.engines.rating.tariff import Allowance, Scope, Spend, Tariff

BLOCK = 1 << 16


@dataclass(frozen=True)
class Lines:
    """Lines by owner (member and month) and item, ordered by owner.

    Attributes
    ----------
    row
        Index of the owner in the table of owners.
    charge
        Li; before `Pricer.priced` only of items that are priced record by record.
    parts
        Free units by allowance (index), of those that roll over.
    before, total
        Where tiers are shared: chargeable units of the customer's earlier members, and of all of them.
    """

    row: Ints
    item: Ints
    records: Ints
    credits: Ints
    units: Ints
    charge: Ints
    free: Ints
    parts: dict[int, Ints] = field(default_factory=dict)
    before: Ints | None = None
    total: Ints | None = None

    @property
    def chargeable(self) -> Ints:
        """Units that are not free."""
        return self.units - self.free

    def table(self, owners: pa.Table) -> pa.Table:
        """Return owner, customer, item, records, credits, units, free, chargeable, charge; before, total if shared."""
        columns = {
            "owner": owners["owner"].to_numpy()[self.row],
            "customer": owners["customer"].to_numpy()[self.row],
            "item": self.item,
            "records": self.records,
            "credits": self.credits,
            "units": self.units,
            "free": self.free,
            "chargeable": self.chargeable,
            "charge": self.charge,
        }
        if self.before is not None and self.total is not None:
            columns |= {"before": self.before, "total": self.total}
        return pa.table(columns)


class Numbers:
    """What the cells of a book are for one of its tariffs: arrays by cell of item, profile, and price as a fraction."""

    def __init__(self, book: Book, t: int) -> None:
        self.tariff, self.t = book.tariffs[t], t
        self.item, self.profile, self.price, self.by = np.zeros((4, len(book.cells)), dtype=np.int64)
        self.item[:], self.by[:] = -1, 1
        for cell, results in enumerate(book.cells):
            i, r = results[t]
            if i < 0:
                continue
            item = self.tariff.items[i]
            price = item.rules[r].price or 0
            self.item[cell] = i
            self.profile[cell] = book.profiles[item.service].index((item.minimum, item.step))
            if item.name not in self.tariff.running and price and is_exact(item, price):
                self.price[cell], self.by[cell] = price, item.per * MICRO_PER_LI
        rated = self.item[self.item >= 0]
        self.all_rated = len(rated) == len(self.item)
        self.apart = len(np.unique(rated)) == len(rated)

    def lines(self, cells: Cells) -> Lines:
        """Return the lines, with the charge of items that are priced record by record."""
        if not self.all_rated:
            cells = cells[np.flatnonzero(self.item[cells.cell] >= 0)]
        item, sums, nothing = self.item[cells.cell], cells.sums, np.zeros(len(cells.row), dtype=np.int64)
        units = sums.get("u0", nothing)
        if self.profile.any():
            profile = self.profile[cells.cell]
            for n in range(1, int(self.profile.max()) + 1):
                units = np.where(profile == n, sums[f"u{n}"], units)
        _check_units(self.tariff, item, units)
        charge = sums.get(f"c{self.t}", nothing)
        if self.price.any():
            exact = divided(units * self.price[cells.cell], self.by[cells.cell], Mode.DOWN)
            charge = charge + exact
        lines = Lines(cells.row, item, sums["records"], sums["credits"], units, charge, nothing)
        return lines if self.apart else _by_item(lines, self.tariff)


def _by_item(lines: Lines, tariff: Tariff) -> Lines:
    """Return cells of one item as one line."""
    if not len(lines.row):
        return lines
    key = lines.row * len(tariff.items) + lines.item
    order = np.argsort(key, kind="stable")
    starts = np.flatnonzero(np.r_[True, key[order][1:] != key[order][:-1]])
    summed: dict[str, Any] = {
        name: np.add.reduceat(getattr(lines, name)[order], starts)
        for name in ("records", "credits", "units", "charge", "free")
    }
    return Lines(lines.row[order][starts], lines.item[order][starts], **summed)


def _check_units(tariff: Tariff, item: Ints, units: Ints) -> None:
    """Refuse lines whose units leave int64, together or at their items' prices."""
    if np.abs(units.astype(np.float64)).sum() > INT64_ROOM:
        raise AmountTooLarge("the units of all lines together do not fit into int64")
    check_fit(tariff, item, units)


def check_fit(tariff: Tariff, item: Ints, units: Ints) -> None:
    """Refuse units that, at their item's top price, would leave int64.

    Mostly the most units of all fit at the highest price of all; only else are the items looked at one by one.
    """
    beside = max((one.minimum + one.step for one in tariff.items), default=0)
    most = int(np.abs(units).max(initial=0))
    if (most + beside) * max((one.top_price for one in tariff.items), default=0) <= INT64_ROOM:
        return
    for n, one in enumerate(tariff.items):
        most = int(np.abs(units[item == n]).max(initial=0))
        if (most + one.minimum + one.step) * max(one.top_price, 1) > INT64_ROOM:
            raise AmountTooLarge(f"item {one.name}: {most:,} units at its price do not fit into int64")


class Pricer:
    """Free units and charges of the lines of one tariff.

    Parameters
    ----------
    owners
        The table of `pricing.owners_table`: owner, customer, and the room of each allowance.
    """

    def __init__(self, tariff: Tariff, owners: pa.Table) -> None:
        self.tariff = tariff
        self.customer = owners["customer"].to_numpy()
        self.rooms = {n: owners[f"room{n}"].to_numpy() for n in range(len(tariff.allowances))}
        self.index = {item.name: n for n, item in enumerate(tariff.items)}
        self.shared = {n for n, i in enumerate(tariff.items) if i.tiers and i.tiers.scope is Scope.CUSTOMER}
        self.ladders = Ladders(tariff.items, tariff.running)

    def of_cells(
        self, book: Book, t: int, cells: Cells, *, threads: int = 1, in_time: FreeInTime | None = None
    ) -> Lines:
        """Return the lines of one tariff of a book, with free units and charges.

        `in_time` are the units that allowances spent in time order make free.

        Raises
        ------
        AmountTooLarge
            A line, or the units by which its customer's tiers are decided, are too large.
        """
        numbers = Numbers(book, t)
        blocks = [cells[part] for part in self._blocks(cells.row)]

        def one(block: Cells) -> Lines:
            lines = numbers.lines(block)
            if in_time:
                free, parts = in_time.of(lines.row * len(self.index) + lines.item)
                lines = replace(lines, free=free, parts=parts)
            return self.priced(lines)

        if len(blocks) == 1 or threads == 1:
            return _joined([one(block) for block in blocks])
        with ThreadPoolExecutor(threads) as pool:
            return _joined(list(pool.map(one, blocks)))

    def _blocks(self, row: Ints) -> list[slice]:
        customer = self.customer[row]
        starts = np.flatnonzero(customer[1:] != customer[:-1]) + 1
        wanted = np.searchsorted(starts, np.arange(BLOCK, len(customer), BLOCK))
        cuts = np.unique(starts[wanted[wanted < len(starts)]]).tolist()
        return [slice(a, b) for a, b in zip([0, *cuts], [*cuts, len(customer)], strict=True)]

    def priced(self, lines: Lines) -> Lines:
        """Return lines of whole customers with free units and charges."""
        for n, allowance in enumerate(self.tariff.allowances):
            if allowance.spend is Spend.LISTED:
                lines = self._spent(lines, n, allowance)
        lines = self._with_shared(lines)
        charge = self._charges(lines)
        if np.abs(charge).max(initial=0) > AMOUNT_LIMIT:
            raise AmountTooLarge(f"a usage line is above {AMOUNT_LIMIT} li and may not fit into int64")
        return replace(lines, charge=charge)

    def _charges(self, lines: Lines) -> Ints:
        """Return what each line adds to the running sum of its item; the charge it has where priced by record."""
        found = lines.charge.copy()
        for (volume, mode), items in self.ladders.shapes.items():
            wanted = np.zeros(len(self.tariff.items), dtype=np.bool_)
            wanted[items] = True
            at = slice(None) if wanted.all() else np.flatnonzero(wanted[lines.item])
            item, units = lines.item[at], lines.chargeable[at]
            if lines.before is None or lines.total is None:
                found[at] = self.ladders.charge(item, units, units, volume=volume, mode=mode)
                continue
            before, total = lines.before[at], lines.total[at]
            high = self.ladders.charge(item, before + units, total, volume=volume, mode=mode)
            found[at] = high - self.ladders.charge(item, before, total, volume=volume, mode=mode)
        return found

    def _spent(self, lines: Lines, n: int, allowance: Allowance) -> Lines:
        covered = [self.index[name] for name in allowance.items]
        place = np.full(len(self.index), -1, dtype=np.int64)
        place[covered] = np.arange(len(covered))
        mine = np.flatnonzero(place[lines.item] >= 0)
        row, left = lines.row[mine], lines.chargeable[mine]
        room, part = self.rooms[n][row], np.zeros_like(lines.free)
        if allowance.scope is Scope.MEMBER and len(covered) == 1:
            part[mine] = clipped(left, room)
        else:
            owner = self.customer[row] if allowance.scope is Scope.CUSTOMER else row
            order = np.lexsort((row, place[lines.item[mine]], owner))
            after = running(left[order], owner[order])
            room = room[order]
            part[mine[order]] = clipped(after, room) - clipped(after - left[order], room)
        parts = {**lines.parts, n: part} if allowance.rolls_over else lines.parts
        return replace(lines, free=lines.free + part, parts=parts)

    def _with_shared(self, lines: Lines) -> Lines:
        """Return the lines with the units of the customer's earlier members, and of all of them."""
        if not self.shared:
            return lines
        mine = np.flatnonzero(np.isin(lines.item, list(self.shared)))
        order = mine[np.lexsort((lines.row[mine], lines.item[mine], self.customer[lines.row[mine]]))]
        group = self.customer[lines.row[order]] * len(self.index) + lines.item[order]
        chargeable = lines.chargeable
        after = running(chargeable[order], group)
        before, total = np.zeros_like(chargeable), chargeable.copy()
        before[order] = after - chargeable[order]
        last = np.flatnonzero(np.r_[group[1:] != group[:-1], True]) if len(group) else group
        total[order] = after[last][np.searchsorted(last, np.arange(len(group)))]
        _check_units(self.tariff, lines.item, np.abs(before) + np.abs(total))
        return replace(lines, before=before, total=total)


def clipped(value: Ints, bound: Ints) -> Ints:
    """Return the part of each value between zero and its bound, on whichever side that lies."""
    return np.minimum(np.maximum(value, np.minimum(bound, 0)), np.maximum(bound, 0))


def running(values: Ints, group: Ints) -> Ints:
    """Return running sums that begin anew with each group; groups lie together."""
    if not len(values):
        return values
    sums = np.cumsum(values)
    first = np.flatnonzero(np.r_[True, group[1:] != group[:-1]])
    return sums - np.repeat(sums[first] - values[first], np.diff(np.r_[first, len(group)]))


def _joined(blocks: Sequence[Lines]) -> Lines:
    if len(blocks) == 1:
        return blocks[0]
    first = blocks[0]
    names = ["row", "item", "records", "credits", "units", "charge", "free"]
    names += ["before", "total"] if first.before is not None else []
    columns = {name: np.concatenate([getattr(block, name) for block in blocks]) for name in names}
    parts = {n: np.concatenate([block.parts[n] for block in blocks]) for n in first.parts}
    return Lines(**columns, parts=parts)


def atoms(tariff: Tariff) -> dict[str, list[int]]:
    """Return groups of usage items that every later step treats alike, by the name of their first item.

    Items that a bundle asks for, or that are paid, rounded or shared one by one, stand alone.
    """
    alone = {n for a in tariff.adjustments if a.kind.value == "bundle" for n in tariff.seen_by(a)}
    alone |= {n for p in tariff.payments for n in p.of}
    rates = dict(tariff.tax.rates)
    lists = [tariff.seen_by(a) for a in tariff.adjustments] + [s.of for s in tariff.sharing]
    found: dict[Any, list[int]] = {}
    for n, item in enumerate(tariff.items):
        signature = (
            item.name in alone and item.name,
            rates.get(item.name),
            *(item.name in one for one in lists),
        )
        found.setdefault(signature, []).append(n)
    return {tariff.items[members[0]].name: members for members in found.values()}


def by_owner(tariff: Tariff, lines: Lines, owners: int) -> dict[str, Ints]:
    """Return the charges of each atom, one entry for each row of the table of owners."""
    groups = atoms(tariff)
    found = {name: np.zeros(owners, dtype=np.int64) for name in groups}
    if not len(lines.row):
        return found
    starts = np.flatnonzero(np.r_[True, lines.row[1:] != lines.row[:-1]])
    for name, items in groups.items():
        charge = lines.charge if len(groups) == 1 else lines.charge * np.isin(lines.item, items)
        found[name][lines.row[starts]] = np.add.reduceat(charge, starts)
    return found


def spent(tariff: Tariff, lines: Lines, owners: pa.Table) -> dict[int, dict[int, int]]:
    """Return the free units of each allowance (index) that rolls over, by member or customer."""
    found: dict[int, dict[int, int]] = {}
    for n, part in lines.parts.items():
        name = "customer" if tariff.allowances[n].scope is Scope.CUSTOMER else "owner"
        by, at = np.unique(owners[name].to_numpy()[lines.row], return_inverse=True)
        sums = np.zeros(len(by), dtype=np.int64)
        np.add.at(sums, at.reshape(-1), part)
        found[n] = dict(zip(by.tolist(), sums.tolist(), strict=True))
    return found
