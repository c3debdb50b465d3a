"""How the records of a line become charges: each by itself, all free, or only in order of time.

Most lines lie wholly within an allowance or within one band whose price makes every record a whole number; their
records need no order. Itemised mode asks this of each line before it looks at records again.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from jike.engines.rating.book import is_exact
from jike.engines.rating.facts import Ints
from jike.engines.rating.ladders import ENDLESS
from jike.engines.rating.lines import Lines
from jike.engines.rating.tariff import Scope, Tariff, TierKind, UsageItem

DIRECT, FREE, ORDERED = 0, 1, 2


def volume_items(tariff: Tariff) -> list[int]:
    """Return the items whose price is decided by the month's total."""
    return [n for n, i in enumerate(tariff.items) if i.tiers and i.tiers.kind is TierKind.VOLUME]


def one_price(item: UsageItem) -> bool:
    """Return whether the price of a line's records is a whole number by record: of the first band, or of any band."""
    volume = item.tiers is not None and item.tiers.kind is TierKind.VOLUME
    return all(is_exact(item, band.price) for band in (item.bands if volume else item.bands[:1]))


def ways(tariff: Tariff, lines: Lines) -> npt.NDArray[np.int8]:
    """Return for each line whether its records cost by themselves, are all free, or must be put in order.

    Lines with credits are put in order, since a credit gives back what the records before it cost.
    """
    within = np.full(len(tariff.items), ENDLESS, dtype=np.int64)
    for n, item in enumerate(tariff.items):
        if item.name not in tariff.running:
            continue
        shared = item.tiers is not None and item.tiers.scope is Scope.CUSTOMER
        if shared or not one_price(item):
            within[n] = -ENDLESS
        elif n not in volume_items(tariff) and item.bands[0].up_to is not None:
            within[n] = item.bands[0].up_to
    found = np.full(len(lines.item), ORDERED, dtype=np.int8)
    found[(lines.units <= within[lines.item]) & (lines.free == 0)] = DIRECT
    found[(lines.free == lines.units) & (lines.free > 0)] = FREE
    found[lines.credits > 0] = ORDERED
    alone = np.array([item.name not in tariff.running for item in tariff.items], dtype=np.bool_)
    found[alone[lines.item]] = DIRECT
    return found


def line_facts(tariff: Tariff, lines: Lines, owners: pa.Table) -> pa.Table:
    """Return what records must know of their lines, for all lines whose records are not simply priced one by one."""
    way = ways(tariff, lines)
    at = np.flatnonzero((way != DIRECT) | np.isin(lines.item, volume_items(tariff)))
    before = np.zeros_like(lines.units) if lines.before is None else lines.before
    total = lines.chargeable if lines.total is None else lines.total
    columns: dict[str, Ints] = {
        "line_owner": owners["owner"].to_numpy()[lines.row[at]],
        "line_item": lines.item[at],
        "line_kind": way[at].astype(np.int64),
        "line_free": lines.free[at],
        "line_before": before[at],
        "line_total": total[at],
    }
    return pa.table(columns)
