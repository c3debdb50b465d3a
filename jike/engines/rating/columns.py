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

from jike.engines.rating.amounts import MICRO_PER_LI, Mode, Rounding
from jike.engines.rating.tariff import TierKind, UsageItem

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
    return ibis.cases(*((column == number, answer) for number, answer in answers), else_=default) if answers else default


def clip(value: Column, low: Column, high: Column) -> Column:
    """Return the value held between two bounds."""
    return ibis.least(ibis.greatest(value, low), high)


def clip_to(value: Column, bound: Column) -> Column:
    """Return the part of the value between zero and the bound, on whichever side that lies."""
    return clip(value, ibis.least(bound, whole(0)), ibis.greatest(bound, whole(0)))


def rounded(number: Column, by: int, mode: Mode) -> Column:
    """Return number / by, rounded on its magnitude; `amounts.divide` in columns."""
    size = number.abs()
    if mode is Mode.DOWN:
        result = div(size, whole(by))
    elif mode is Mode.UP:
        result = div(size + whole(by - 1), whole(by))
    else:
        result = div(size + whole(by // 2), whole(by))
        if mode is Mode.HALF_EVEN:
            tie = (size + whole(by // 2)) % whole(by) == 0
            result = result - either(tie & (result % 2 == 1), whole(1), whole(0))
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


def ladder(item: UsageItem, units: Column, total: Column) -> Column:
    """Return micro-yuan × per of units from zero up; `reference.ladder` in columns."""
    bands = item.bands
    if len(bands) == 1:
        return units * whole(bands[0].price)
    if item.tiers and item.tiers.kind is TierKind.VOLUME:
        *first, last = bands
        ends = ((total.abs() <= whole(band.up_to or 0), whole(band.price)) for band in first)
        return units * ibis.cases(*ends, else_=whole(last.price))
    parts, reached = [], 0
    for band in bands:
        part = ibis.greatest(units - whole(reached), whole(0))
        if band.up_to is not None:
            part = ibis.least(part, whole(band.up_to - reached))
            reached = band.up_to
        parts.append(part * whole(band.price))
    return reduce(lambda a, b: a + b, parts)


def running_charge(item: UsageItem, units: Column, total: Column) -> Column:
    """Return the charge in li of a running sum; `reference.running_charge` in columns."""
    charge = li_of_price(ladder(item, units.abs(), total), item.per, item.rounding)
    return either(units < 0, -charge, charge)
