"""Price bands and roundings of a tariff's running items as arrays by item; `columns.Prices` in NumPy."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np

from jike.engines.rating.amounts import MICRO_PER_LI, Mode
from jike.engines.rating.facts import Ints, divided
from jike.engines.rating.tariff import TierKind, UsageItem

ENDLESS = 2**62


class Ladders:
    """What a running sum of each item costs.

    Attributes
    ----------
    shapes
        Running items (indices) by whether the month's total decides their price, and by rounding.
    """

    def __init__(self, items: Sequence[UsageItem], running_items: frozenset[str]) -> None:
        self.items = items
        self.shapes: dict[tuple[bool, Mode], list[int]] = {}
        for n, item in enumerate(items):
            if item.name in running_items:
                volume = item.tiers is not None and item.tiers.kind is TierKind.VOLUME
                self.shapes.setdefault((volume, item.rounding.mode), []).append(n)
        self.bands = max((len(item.bands) for item in items if item.name in running_items), default=0)
        self.resolution = np.array([item.rounding.li for item in items], dtype=np.int64)
        self.divisor = np.array([item.per * MICRO_PER_LI for item in items], dtype=np.int64) * self.resolution

    @cached_property
    def ends(self) -> list[Ints]:
        """End of each band but the last by item; items with fewer bands have endless ones."""
        return [
            np.array([_end(item, b) for item in self.items], dtype=np.int64) for b in range(self.bands - 1)
        ]

    @cached_property
    def prices(self) -> list[Ints]:
        """Price of each band by item."""
        return [
            np.array([item.bands[min(b, len(item.bands) - 1)].price for item in self.items], dtype=np.int64)
            for b in range(self.bands)
        ]

    def charge(self, item: Ints, units: Ints, total: Ints, *, volume: bool, mode: Mode) -> Ints:
        """Return the charge in li of running sums; a sum below zero mirrors the one above."""
        size = np.abs(units)
        number = self._of_volume(item, size, total) if volume else self._graduated(item, size)
        charge = divided(number, self.divisor[item], mode) * self.resolution[item]
        return np.where(units < 0, -charge, charge)

    def _of_volume(self, item: Ints, size: Ints, total: Ints) -> Ints:
        price = self.prices[-1][item]
        for end, lower in reversed(list(zip(self.ends, self.prices, strict=False))):
            price = np.where(np.abs(total) <= end[item], lower[item], price)
        return size * price

    def _graduated(self, item: Ints, size: Ints) -> Ints:
        """Price all at the first band, and what lies beyond each end at the difference of the prices."""
        number = size * self.prices[0][item]
        for end, lower, upper in zip(self.ends, self.prices, self.prices[1:], strict=False):
            beyond = np.flatnonzero(size > end[item])
            one = item[beyond]
            number[beyond] += (size[beyond] - end[one]) * (upper - lower)[one]
        return number


def _end(item: UsageItem, band: int) -> int:
    end = item.bands[band].up_to if band < len(item.bands) else None
    return ENDLESS if end is None else end
