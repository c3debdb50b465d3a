"""Allowances that are spent record by record in order of time: first come, first served.

All else follows from sums. How many units such an allowance makes free on which line does not: the records it covers
must be put in order, once for each tariff. This is the only work of bill mode, and of comparisons, that does so.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import ibis
import numpy as np
import pyarrow as pa

from jike.engines.rating.columns import Column, bigint, clip_to, div, either, whole
from jike.engines.rating.facts import Ints
from jike.engines.rating.gathering import Gathering
from jike.engines.rating.pricing import Pricing
from jike.engines.rating.tariff import Scope, Spend, Tariff

PER_MILLE = 1_000


@dataclass(frozen=True)
class FreeInTime:
    """Units that allowances spent in time order make free, by line.

    Attributes
    ----------
    key
        Row of the owner × items + item, ascending.
    parts
        Free units by allowance (index), of those that roll over.
    """

    key: Ints
    free: Ints
    parts: dict[int, Ints]

    def of(self, key: Ints) -> tuple[Ints, dict[int, Ints]]:
        """Return the free units of lines, in all and by allowance; 0 for lines that no such allowance covers."""
        at = np.minimum(np.searchsorted(self.key, key), max(len(self.key) - 1, 0))
        there = self.key[at] == key if len(self.key) else np.zeros(len(key), dtype=np.bool_)

        def found(column: Ints) -> Ints:
            return np.where(there, column[at], 0) if len(column) else np.zeros(len(key), dtype=np.int64)

        return found(self.free), {n: found(part) for n, part in self.parts.items()}


def by_time(tariff: Tariff) -> bool:
    """Return whether some allowance is spent record by record in time."""
    return any(a.spend is Spend.TIME for a in tariff.allowances)


def timed_items(tariff: Tariff) -> list[int]:
    """Return the items (indices) whose allowances are spent in time order."""
    names = {name for a in tariff.allowances if a.spend is Spend.TIME for name in a.items}
    return [n for n, item in enumerate(tariff.items) if item.name in names]


def with_timed_free(pricing: Pricing, records: Any) -> Any:
    """Return rated records with the units that allowances spent in time order make free."""
    for n, allowance in enumerate(pricing.tariff.allowances):
        if allowance.spend is Spend.LISTED:
            continue
        covered = [pricing.index[name] for name in allowance.items]
        mine, others = records.filter(records.item.isin(covered)), records.filter(~records.item.isin(covered))
        by = mine.customer if allowance.scope is Scope.CUSTOMER else mine.owner
        left = mine.units - mine.free
        window = ibis.window(group_by=by, order_by=[mine.start, mine.id], preceding=None, following=0)
        kept = mine.mutate(left=left, after=bigint(left.sum().over(window)))
        room = kept[f"room{n}"]
        part = clip_to(kept.after, room) - clip_to(kept.after - kept.left, room)
        columns = {"free": kept.free + part}
        if allowance.rolls_over:
            columns[f"free{n}"] = part
            others = others.mutate(**{f"free{n}": whole(0)})
        records = kept.mutate(**columns).drop("left", "after").union(others)
    return records


def free_in_time(
    pricing: Pricing, gathering: Gathering, records: Any, *, owners: pa.Table, scale: int = PER_MILLE
) -> FreeInTime:
    """Return what the allowances of one tariff that are spent in time order make free, from the records themselves.

    With a `scale` other than 1000 each record's units are scaled, such that each cell's are cut to whole units as
    `comparing.py` cuts its sums.
    """
    measured = records.mutate(**gathering.measures(records))
    priced = pricing.mapped(measured, ("id", "start", "member", "owner", "key"))
    covered = priced.filter(priced.item.isin(timed_items(pricing.tariff))).mutate(free=whole(0))
    if scale != PER_MILLE:
        covered = _scaled(covered, scale)
    timed = with_timed_free(pricing, covered.join(pricing.owners, "owner"))
    names = [name for name in timed.columns if name.startswith("free")]
    summed = timed.group_by("owner", "item").agg(**{name: bigint(timed[name].sum()) for name in names})
    return _by_line(pricing.backend.arrow(summed), pricing.tariff, owners)


def _scaled(records: Any, scale: int) -> Any:
    """Return records of which each has what it adds to the scaled running sum of its cell."""
    window = ibis.window(
        group_by=records.key, order_by=[records.start, records.id], preceding=None, following=0
    )
    kept = records.mutate(after=bigint(records.units.sum().over(window)))

    def cut(units: Column) -> Column:
        size = div(units.abs() * whole(scale), whole(PER_MILLE))
        return either(units < 0, -size, size)

    return kept.mutate(units=cut(kept.after) - cut(kept.after - kept.units)).drop("after")


def _by_line(sums: pa.Table, tariff: Tariff, owners: pa.Table) -> FreeInTime:
    known = owners["owner"].to_numpy()
    order = np.argsort(known, kind="stable")
    columns = {name: sums[name].to_numpy() for name in sums.column_names}
    row = order[np.searchsorted(known[order], columns["owner"])]
    key = row * len(tariff.items) + columns["item"]
    at = np.argsort(key)
    parts = {n: columns[f"free{n}"][at] for n in range(len(tariff.allowances)) if f"free{n}" in columns}
    return FreeInTime(key[at], columns["free"][at], parts)
