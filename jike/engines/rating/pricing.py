"""From cells to charged lines: the steps of `reference.py` over sums, as Ibis expressions.

No record is touched here. Windows run over lines (member × item) only, and only where an allowance covers several
items or is pooled, or tiers are shared by a customer's members.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import ibis
import numpy as np
import pyarrow as pa

from jike.engines.rating.amounts import MICRO_PER_LI
from jike.engines.rating.backends import Backend
from jike.engines.rating.book import Book, is_exact
from jike.engines.rating.columns import Column, Prices, bigint, by_number, clip_to, div, either, whole
from jike.engines.rating.facts import Facts, Ints
from jike.engines.rating.gathering import MONTH_STRIDE
from jike.engines.rating.tariff import Allowance, Scope, Spend, Tariff
from jike.engines.rating.usage import Reason

CELL_MAP = pa.schema(
    [(name, pa.int64()) for name in ("mapped", "item", "rule", "profile", "price", "by", "reason")]
)
NOTHING = {"item": -1, "rule": -1, "profile": 0, "price": 0, "by": 1}
Carried = Mapping[tuple[int, str], int]


def rooms(tariff: Tariff, facts: Facts, carried: Carried) -> dict[str, tuple[Ints, Ints]]:
    """Return for each allowance the units of this month and those with what was carried in, one entry a member.

    For pooled allowances the entry of each member is that of its customer.
    """
    found = {}
    for allowance in tariff.allowances:
        if allowance.for_customer:
            own = np.full(len(facts.customers), allowance.quantity, dtype=np.int64)
        else:
            each = np.full(len(facts.member), allowance.quantity, dtype=np.int64)
            if allowance.prorated:
                each = each * facts.days // facts.month.days
            own = each
            if allowance.scope is Scope.CUSTOMER:
                own = np.zeros(len(facts.customers), dtype=np.int64)
                np.add.at(own, facts.at, each)
        pooled = allowance.scope is Scope.CUSTOMER
        owners = facts.customers if pooled else facts.member
        brought = (
            np.array([carried.get((int(o), allowance.name), 0) for o in owners], dtype=np.int64)
            if carried
            else 0
        )
        total = own + brought
        found[allowance.name] = (own[facts.at], total[facts.at]) if pooled else (own, total)
    return found


def owners_table(tariff: Tariff, facts: Sequence[Facts], carried: Carried) -> pa.Table:
    """Return one row for each member and month: owner, customer, and the room of each allowance."""
    parts = []
    for index, one in enumerate(facts):
        shift = index * MONTH_STRIDE
        columns = {"owner": one.member + shift, "customer": one.customer + shift}
        for n, (_, room) in enumerate(rooms(tariff, one, carried).values()):
            columns[f"room{n}"] = room
        parts.append(pa.table(columns))
    return pa.concat_tables(parts)


class Pricing:
    """The lines of one tariff of a book."""

    def __init__(self, book: Book, t: int, backend: Backend, *, owners: Any) -> None:
        self.book, self.t, self.backend, self.owners = book, t, backend, owners
        self.tariff = book.tariffs[t]
        self.prices = Prices(self.tariff.items, self.tariff.running)
        self.index = {item.name: n for n, item in enumerate(self.tariff.items)}

    def cell_map(self, *, every: bool = False) -> pa.Table:
        """Return for each rated cell: item, rule, profile, and its price in li as a fraction where records are exact.

        With `every`, cells and reasons that are not rated are there too, with item -1 and their reason, and items
        priced on the running sum have the price of their first band, for records that need not be put in order.
        """
        rows = []
        for cell, results in enumerate(self.book.cells):
            i, r = results[self.t]
            if i < 0:
                rows.append({**NOTHING, "mapped": cell, "reason": i})
                continue
            item = self.tariff.items[i]
            price, by = item.rules[r].price or 0, item.per * MICRO_PER_LI
            if item.name in self.tariff.running:
                price = item.bands[0].price if every else 0
            if not price or not is_exact(item, price):
                price, by = 0, 1
            profile = self.book.profiles[item.service].index((item.minimum, item.step))
            row = {
                "mapped": cell,
                "item": i,
                "rule": r,
                "profile": profile,
                "price": price,
                "by": by,
                "reason": 0,
            }
            rows.append(row)
        rows += [{**NOTHING, "mapped": int(reason), "reason": int(reason)} for reason in Reason]
        return pa.Table.from_pylist([row for row in rows if every or row["item"] >= 0], schema=CELL_MAP)

    def lines(self, cells: Any) -> Any:
        """Return owner, customer, item, records, units, free and charge, one row a line; not yet computed."""
        priced = self.with_free(self.unpriced(cells))
        return self.charged(priced)

    def mapped(self, cells: Any, keep: Sequence[str], *, every: bool = False) -> Any:
        """Return rated cells (or records) with item, rule, units, and the charge of items priced by record."""
        table = self.cell_map(every=every)
        small = self.backend.small(table)
        joined = cells.join(small, cells.cell == small.mapped)
        profiles = sorted(set(table["profile"].to_pylist())) or [0]
        others = [(n, joined[f"u{n}"]) for n in profiles[1:]]
        units = (
            by_number(joined.profile, others, joined[f"u{profiles[0]}"]) if self.book.profiles else whole(0)
        )
        charge = whole(0)
        if any(table["price"].to_pylist()):
            charge = either(joined.price == 0, whole(0), div(units * joined.price, joined.by))
        if f"c{self.t}" in cells.columns:
            charge = charge + joined[f"c{self.t}"]
        if every:
            units = either(joined.item < 0, whole(0), units)
        return joined.select(*keep, "item", "rule", "reason", units=units, charge=charge)

    def unpriced(self, cells: Any) -> Any:
        """Return lines with units, and the charge of items priced by record."""
        counts = [name for name in ("records", "credits") if name in cells.columns]
        found = self.mapped(cells, ("owner", *counts)).drop("rule", "reason")
        items = [results[self.t][0] for results in self.book.cells if results[self.t][0] >= 0]
        if len(set(items)) < len(items):
            sums = {name: bigint(found[name].sum()) for name in (*counts, "units", "charge")}
            found = found.group_by("owner", "item").agg(**sums)
        return found.join(self.owners, "owner").mutate(free=whole(0))

    def with_free(self, lines: Any) -> Any:
        """Return the lines with the units that allowances make free."""
        for n, allowance in enumerate(self.tariff.allowances):
            if allowance.spend is Spend.LISTED:
                lines = self._spent(lines, n, allowance)
        return lines

    def _spent(self, lines: Any, n: int, allowance: Allowance) -> Any:
        covered = [self.index[name] for name in allowance.items]
        if allowance.scope is Scope.MEMBER and len(covered) == 1:
            left = clip_to(lines.units - lines.free, lines[f"room{n}"])
            return self._with_part(lines, n, either(lines.item == covered[0], left, whole(0)))
        mine, others = lines.filter(lines.item.isin(covered)), lines.filter(~lines.item.isin(covered))
        place = by_number(
            mine.item, [(item, whole(p)) for p, item in enumerate(covered)], whole(len(covered))
        )
        by = mine.customer if allowance.scope is Scope.CUSTOMER else mine.owner
        left = mine.units - mine.free
        window = ibis.window(group_by=by, order_by=[place, mine.owner], preceding=None, following=0)
        kept = mine.mutate(left=left, after=bigint(left.sum().over(window)))
        room = kept[f"room{n}"]
        part = clip_to(kept.after, room) - clip_to(kept.after - kept.left, room)
        return (
            self._with_part(kept, n, part).drop("left", "after").union(self._with_part(others, n, whole(0)))
        )

    def _with_part(self, lines: Any, n: int, part: Column) -> Any:
        columns = {"free": lines.free + part}
        if self.tariff.allowances[n].rolls_over:
            columns[f"free{n}"] = part
        return lines.mutate(**columns)

    def charged(self, lines: Any) -> Any:
        """Return the lines with the charge of items priced on the month's running sum."""
        lines = lines.mutate(chargeable=lines.units - lines.free)
        lines = self.with_prices(self.with_shared(lines))
        keep = ["owner", "customer", "item", "records", "units", "free", "chargeable", *self._more_columns]
        keep += [name for name in ("credits",) if name in lines.columns]
        return lines.select(*keep, charge=self._line_charge(lines))

    def with_prices(self, rows: Any) -> Any:
        """Return lines or records with the price ladder of their item; null where priced by record."""
        if not self.prices.items:
            return rows
        small = self.backend.small(self.prices.table())
        return rows.left_join(small, rows.item == small.priced)

    def _line_charge(self, lines: Any) -> Column:
        """Return what a line adds to the running sum of its item."""
        if not self.prices.items:
            return lines.charge
        if self.shared:
            charge = self.prices.charge(lines, lines.before + lines.chargeable, lines.total)
            charge = charge - self.prices.charge(lines, lines.before, lines.total)
        else:
            charge = self.prices.charge(lines, lines.chargeable, lines.chargeable)
        return either(lines.priced.isnull(), lines.charge, charge)

    @property
    def shared(self) -> list[int]:
        """Items whose tiers are shared by a customer's members."""
        return [n for n, i in enumerate(self.tariff.items) if i.tiers and i.tiers.scope is Scope.CUSTOMER]

    @property
    def _more_columns(self) -> list[str]:
        rolling = [f"free{n}" for n, a in enumerate(self.tariff.allowances) if a.rolls_over]
        return (["before", "total"] if self.shared else []) + rolling

    def with_shared(self, lines: Any) -> Any:
        """Return the lines with the units of the customer's earlier members, and of all of them."""
        if not self.shared:
            return lines
        mine, others = lines.filter(lines.item.isin(self.shared)), lines.filter(~lines.item.isin(self.shared))
        running = ibis.window(
            group_by=[mine.customer, mine.item], order_by=mine.owner, preceding=None, following=0
        )
        every = ibis.window(group_by=[mine.customer, mine.item])
        mine = mine.mutate(
            before=bigint(mine.chargeable.sum().over(running)) - mine.chargeable,
            total=bigint(mine.chargeable.sum().over(every)),
        )
        return mine.union(others.mutate(before=whole(0), total=others.chargeable))


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


def sums_by_owner(tariff: Tariff, lines: Any) -> Any:
    """Return one row by owner with the sum of each atom (a0, a1 …) and the most units of a line; not yet computed."""
    groups = atoms(tariff).values()
    sums = {
        f"a{n}": bigint(
            (
                lines.charge if len(groups) == 1 else either(lines.item.isin(members), lines.charge, whole(0))
            ).sum()
        )
        for n, members in enumerate(groups)
    }
    most = lines.units.abs()
    if "total" in lines.columns:
        most = ibis.greatest(most, lines.before.abs() + lines.total.abs())
    return lines.group_by("owner").agg(most=most.max(), **sums)
