"""Exact integer arithmetic as Ibis expressions, the same for DuckDB and Spark.

Ibis writes `//` as a floating division rounded down, which is wrong above 2^53; so whole-number division is the
database's own: `div`, `shiftright` and `unix_micros` exist in Spark, and `engines.py` defines them in DuckDB.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from typing import Any

import ibis
import ibis.expr.datatypes as dt
import pyarrow as pa

from jike.engines.rating.amounts import MICRO_PER_LI, Mode, Rounding
from jike.engines.rating.tariff import TierKind, UsageItem

ENDLESS = 2**62

Column = Any
"""An Ibis integer or boolean column; Ibis gives its operators no useful types."""


@ibis.udf.scalar.builtin
def div(number: int, by: int) -> int:  # type: ignore[empty-body]
    """Whole-number division, cut towards zero."""


@ibis.udf.scalar.builtin
def shiftright(number: int, bits: int) -> int:  # type: ignore[empty-body]
    """The number shifted; by no bits, a way to say int64 that Ibis does not think superfluous."""


@ibis.udf.scalar.builtin(signature=((dt.Timestamp(timezone="UTC"),), dt.int64))
def unix_micros(when):  # type: ignore[no-untyped-def]
    """Microseconds since 1970."""


def bigint(number: Column) -> Column:
    """Return a sum as int64: DuckDB adds in 128 bits, and refuses here what does not fit."""
    return shiftright(number, ibis.literal(0, "int32"))


def whole(number: int) -> Column:
    """Return a 64-bit literal."""
    return ibis.literal(number, "int64")


def either(condition: Column, yes: Column, no: Column) -> Column:
    """Return `yes` where the condition holds, `no` elsewhere."""
    return ibis.ifelse(condition, yes, no)


def by_number(column: Column, answers: Sequence[tuple[int, Column]], default: Column) -> Column:
    """Return the answer whose number the column holds."""
    return (
        ibis.cases(*((column == number, answer) for number, answer in answers), else_=default)
        if answers
        else default
    )


def clip(value: Column, low: Column, high: Column) -> Column:
    """Return the value held between two bounds."""
    return ibis.least(ibis.greatest(value, low), high)


def clip_to(value: Column, bound: Column) -> Column:
    """Return the part of the value between zero and the bound, on whichever side that lies."""
    return clip(value, ibis.least(bound, whole(0)), ibis.greatest(bound, whole(0)))


def magnitude(size: Column, by: Column, half: Column, *, mode: Mode) -> Column:
    """Return size / by, rounded, for a size from zero and an even `by`, of which `half` is the half."""
    if mode is Mode.DOWN:
        return div(size, by)
    if mode is Mode.UP:
        return div(size + by - 1, by)
    result = div(size + half, by)
    if mode is Mode.HALF_UP:
        return result
    tie = (size + half) % by == 0
    return result - either(tie & (result % 2 == 1), whole(1), whole(0))


def rounded(number: Column, by: int, mode: Mode) -> Column:
    """Return number / by, rounded on its magnitude; `amounts.divide` in columns, for an even `by`."""
    result = magnitude(number.abs(), whole(by), whole(by // 2), mode=mode)
    return either(number < 0, -result, result)


def li_of_price(micro: Column, per: int, rounding: Rounding) -> Column:
    """Return the charge in li; `amounts.li_of_price` in columns."""
    return rounded(micro, per * MICRO_PER_LI * rounding.li, rounding.mode) * whole(rounding.li)


def billed(quantity: Column, minimum: int, step: int) -> Column:
    """Return the units billed; `UsageItem.billed` in columns."""
    if minimum == step == 1:
        return quantity
    beyond = ibis.greatest(quantity - whole(minimum), whole(0))
    steps = beyond if step == 1 else div(beyond + whole(step - 1), whole(step)) * whole(step)
    return whole(minimum) + steps


class Prices:
    """Price ladders and roundings of a tariff's running items, as a table to be joined by item.

    One formula with the item's bands as columns is far faster than a case for each item.
    """

    def __init__(self, items: Sequence[UsageItem], running: frozenset[str]) -> None:
        self.items = [(n, item) for n, item in enumerate(items) if item.name in running]
        self.bands = max((len(item.bands) for _, item in self.items), default=0)
        self.shapes = sorted({self._shape(item) for _, item in self.items})

    def _shape(self, item: UsageItem) -> tuple[bool, str]:
        volume = item.tiers is not None and item.tiers.kind is TierKind.VOLUME
        return volume, item.rounding.mode.value

    def table(self) -> pa.Table:
        """Return item, shape, divisor, resolution, and the end and price of each band."""
        rows = []
        for n, item in self.items:
            row: dict[str, int | None] = {
                "priced": n,
                "shape": self.shapes.index(self._shape(item)),
                "resolution": item.rounding.li,
            }
            row["divisor"] = item.per * MICRO_PER_LI * item.rounding.li
            row["half"] = item.per * MICRO_PER_LI * item.rounding.li // 2
            ends = [band.up_to for band in item.bands[:-1]] + [ENDLESS] * (self.bands - len(item.bands))
            prices = [band.price for band in item.bands]
            prices += [prices[-1]] * (self.bands - len(prices))
            row |= {f"end{b}": end for b, end in enumerate(ends)} | {
                f"price{b}": p for b, p in enumerate(prices)
            }
            rows.append(row)
        names = [
            "priced",
            "shape",
            "resolution",
            "divisor",
            "half",
            *(f"end{b}" for b in range(self.bands - 1)),
        ]
        names += [f"price{b}" for b in range(self.bands)]
        return pa.Table.from_pylist(rows, schema=pa.schema([(name, pa.int64()) for name in names]))

    def charge(self, row: Any, units: Column, total: Column) -> Column:
        """Return the charge in li of a running sum; `reference.running_charge` in columns.

        `row` has the columns of `table`, null for items that are priced by record.
        """
        size = units.abs()
        numbers = {
            volume: self._ladder(row, size, total, volume=volume) for volume in {v for v, _ in self.shapes}
        }
        cases = [
            (n, magnitude(numbers[v], row.divisor, row.half, mode=Mode(mode)))
            for n, (v, mode) in enumerate(self.shapes)
        ]
        sign = either(units < 0, -row.resolution, row.resolution)
        return by_number(row["shape"], cases[1:], cases[0][1]) * sign

    def _ladder(self, row: Any, units: Column, total: Column, *, volume: bool) -> Column:
        last = self.bands - 1
        if volume:
            ends = [(total.abs() <= row[f"end{b}"], row[f"price{b}"]) for b in range(last)]
            return units * (ibis.cases(*ends, else_=row[f"price{last}"]) if ends else row.price0)
        parts = []
        for b in range(self.bands):
            part = ibis.greatest(units - row[f"end{b - 1}"], whole(0)) if b else units
            if b < last:
                width = row[f"end{b}"] - row[f"end{b - 1}"] if b else row.end0
                part = ibis.least(part, width)
            parts.append(part * row[f"price{b}"])
        return reduce(lambda a, b: a + b, parts)
