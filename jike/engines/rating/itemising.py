"""Charges record by record, in columns: each record costs what it adds to its item's running sum.

Most records need no window: those priced by themselves, and those of lines that lie wholly within an allowance or
within one band whose price makes every record a whole number. Only the records of the other lines are put in order.
"""

from __future__ import annotations

from typing import Any

import ibis

from jike.engines.rating.book import is_exact
from jike.engines.rating.columns import Column, bigint, by_number, clip_to, either, running_charge, whole
from jike.engines.rating.gathering import Gathering
from jike.engines.rating.pricing import Pricing
from jike.engines.rating.tariff import Scope, Spend, Tariff, TierKind, UsageItem

DIRECT, FREE, ORDERED = 0, 1, 2


def by_time(tariff: Tariff) -> bool:
    """Return whether some allowance is spent record by record in time."""
    return any(a.spend is Spend.TIME for a in tariff.allowances)


def priced_records(pricing: Pricing, gathering: Gathering, records: Any) -> Any:
    """Return the rated records of known members with item, rule, units and the charge of items priced by record."""
    measured = records.mutate(**gathering.measures(records))
    mapped = pricing.mapped(measured, ("id", "start", "owner", "sign"))
    return mapped.mutate(free=whole(0))


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


def timed_records(pricing: Pricing, gathering: Gathering, records: Any) -> Any:
    """Return rated records joined with their owners, with free units."""
    priced = priced_records(pricing, gathering, records)
    return with_timed_free(pricing, priced.join(pricing.owners, "owner"))


def timed_lines(pricing: Pricing, gathering: Gathering, records: Any) -> Any:
    """Return charged lines where allowances are spent in time order, from the records themselves."""
    timed = timed_records(pricing, gathering, records)
    summed = [name for name in timed.columns if name in ("units", "charge") or name.startswith("free")]
    lines = timed.group_by("owner", "item").agg(
        records=timed.count(), **{name: bigint(timed[name].sum()) for name in summed}
    )
    return pricing.charged(pricing.with_free(lines.join(pricing.owners, "owner")))


def one_price(item: UsageItem) -> bool:
    """Return whether each of the item's band prices makes every record's charge a whole number."""
    return all(is_exact(item, band.price) for band in item.bands)


def kinds(pricing: Pricing, lines: Any) -> Column:
    """Return for each line whether its records cost by themselves, are all free, or must be put in order."""
    cases = []
    for n, item in enumerate(pricing.tariff.items):
        if item.name not in pricing.tariff.running:
            continue
        shared = item.tiers is not None and item.tiers.scope is Scope.CUSTOMER
        simple = one_price(item) & (not shared)
        volume = item.tiers is not None and item.tiers.kind is TierKind.VOLUME
        end = None if volume else item.bands[0].up_to
        within = ibis.literal(bool(simple)) if end is None else ibis.literal(bool(simple)) & (lines.units <= whole(end))
        free = (lines.free == lines.units) & (lines.free > 0)
        kind = ibis.cases((lines.credits > 0, whole(ORDERED)), (free, whole(FREE)), (within & (lines.free == 0), whole(DIRECT)), else_=whole(ORDERED))
        cases.append((n, kind))
    return by_number(lines.item, cases, whole(DIRECT))


def direct_charge(pricing: Pricing, records: Any, total: Column) -> Column:
    """Return the charge of records that need no order."""
    cases = []
    for n, item in enumerate(pricing.tariff.items):
        if item.name in pricing.tariff.running:
            cases.append((n, running_charge(item, records.units, total)))
    return by_number(records.item, cases, records.charge)


def ordered_charges(pricing: Pricing, records: Any) -> Any:
    """Return records of lines that must be put in order, with free units and charge."""
    window = ibis.window(
        group_by=[records.owner, records.item], order_by=[records.start, records.id], preceding=None, following=0
    )
    timed = {n for n, i in enumerate(pricing.tariff.items) if i.name in _timed_items(pricing.tariff)}
    after_units = bigint(records.units.sum().over(window))
    kept = records.mutate(after=after_units)
    if timed:
        kept = kept.mutate(after_free=bigint(records.free.sum().over(window)))
    free_after = clip_to(kept.after, kept.line_free)
    free_before = clip_to(kept.after - kept.units, kept.line_free)
    if timed:
        is_timed = kept.item.isin(sorted(timed))
        free_before = either(is_timed, kept.after_free - kept.free, free_before)
        free_after = either(is_timed, kept.after_free, free_after)
    kept = kept.mutate(
        free=free_after - free_before,
        high=kept.line_before + kept.after - free_after,
        low=kept.line_before + kept.after - kept.units - free_before,
    )
    cases = []
    for n, item in enumerate(pricing.tariff.items):
        if item.name in pricing.tariff.running:
            high, low = (running_charge(item, kept[name], kept.line_total) for name in ("high", "low"))
            cases.append((n, high - low))
    return kept.mutate(charge=by_number(kept.item, cases, kept.charge))


def _timed_items(tariff: Tariff) -> set[str]:
    return {name for a in tariff.allowances if a.spend is Spend.TIME for name in a.items}


def output(records: Any) -> Any:
    """Return the columns of the itemised files."""
    return records.select(
        id=records.id,
        member=records.owner,
        item=records.item.cast("int16"),
        rule=records.rule.cast("int16"),
        units=records.units,
        free=records.free,
        charge=records.charge,
    )

