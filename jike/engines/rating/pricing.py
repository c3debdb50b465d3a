"""What records are joined with to be priced one by one: cells to items, owners with their allowances, price ladders."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from jike.engines.rating.amounts import MICRO_PER_LI
from jike.engines.rating.backends import Backend
from jike.engines.rating.book import Book, is_exact
from jike.engines.rating.columns import Prices, by_number, div, either, whole
from jike.engines.rating.facts import Facts, Ints
from jike.engines.rating.gathering import MONTH_STRIDE
from jike.engines.rating.tariff import Scope, Tariff
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

    def with_prices(self, rows: Any) -> Any:
        """Return lines or records with the price ladder of their item; null where priced by record."""
        if not self.prices.items:
            return rows
        small = self.backend.small(self.prices.table())
        return rows.left_join(small, rows.item == small.priced)
