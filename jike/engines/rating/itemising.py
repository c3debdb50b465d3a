"""Charges record by record, in columns: each record costs what it adds to its item's running sum.

Most records need no window: those priced by themselves, and those of lines that lie wholly within an allowance or
within one band whose price makes every record a whole number. Only the records of the other lines are put in order.
"""

from __future__ import annotations

from typing import Any

import ibis

from jike.engines.rating.columns import bigint, clip_to, either, whole
from jike.engines.rating.gathering import Gathering
from jike.engines.rating.in_time import timed_items, with_timed_free
from jike.engines.rating.pricing import Pricing
from jike.engines.rating.usage import Reason
from jike.engines.rating.ways import FREE, ORDERED, volume_items


def priced_records(pricing: Pricing, gathering: Gathering, records: Any, *, every: bool = False) -> Any:
    """Return rated records with item, rule, units and the charge of items priced by record; or every record."""
    measured = records.mutate(**gathering.measures(records))
    return pricing.mapped(measured, ("id", "start", "member", "owner"), every=every).mutate(free=whole(0))


def timed_records(pricing: Pricing, gathering: Gathering, records: Any) -> Any:
    """Return rated records joined with their owners, with free units."""
    priced = priced_records(pricing, gathering, records)
    return with_timed_free(pricing, priced.join(pricing.owners, "owner"))


def direct_records(pricing: Pricing, records: Any, facts: Any | None) -> Any:
    """Return the records that cost by themselves or are free, with their charges; they need no order."""
    if facts is not None:
        joined = records.left_join(
            facts, [records.owner == facts.line_owner, records.item == facts.line_item]
        )
        records = joined.filter(joined.line_kind.isnull() | (joined.line_kind != ORDERED))
        free = ibis.coalesce(records.line_kind == FREE, ibis.literal(False))
        records = records.mutate(free=either(free, records.units, whole(0)))
        records = records.mutate(volume_total=ibis.coalesce(records.line_total, whole(0)))
        records = records.mutate(charge=either(records.free == records.units, whole(0), records.charge))
    if not volume_items(pricing.tariff):
        return records
    records = pricing.with_prices(records)
    charge = pricing.prices.charge(records, records.units - records.free, records.volume_total)
    return records.mutate(charge=either(records.priced.isnull(), records.charge, charge))


def ordered_records(pricing: Pricing, records: Any, facts: Any) -> Any:
    """Return the records of lines that must be put in order, with their charges."""
    joined = records.join(facts, [records.owner == facts.line_owner, records.item == facts.line_item])
    return ordered_charges(pricing, joined.filter(joined.line_kind == ORDERED))


def ordered_charges(pricing: Pricing, records: Any) -> Any:
    """Return records of lines that must be put in order, with free units and charge."""
    window = ibis.window(
        group_by=[records.owner, records.item],
        order_by=[records.start, records.id],
        preceding=None,
        following=0,
    )
    timed = timed_items(pricing.tariff)
    after_units = bigint(records.units.sum().over(window))
    kept = records.mutate(after=after_units)
    if timed:
        kept = kept.mutate(after_free=bigint(records.free.sum().over(window)))
    free_after = clip_to(kept.after, kept.line_free)
    free_before = clip_to(kept.after - kept.units, kept.line_free)
    if timed:
        is_timed = kept.item.isin(timed)
        free_before = either(is_timed, kept.after_free - kept.free, free_before)
        free_after = either(is_timed, kept.after_free, free_after)
    kept = kept.mutate(
        free=free_after - free_before,
        high=kept.line_before + kept.after - free_after,
        low=kept.line_before + kept.after - kept.units - free_before,
    )
    kept = pricing.with_prices(kept)
    high, low = (pricing.prices.charge(kept, kept[name], kept.line_total) for name in ("high", "low"))
    return kept.mutate(charge=high - low)


def with_unknown(records: Any, owners: Any) -> Any:
    """Return all records, those of unknown members with that as the reason and no charge."""
    known = owners.select(known_owner=owners.owner)
    joined = records.left_join(known, records.owner == known.known_owner)
    unknown = joined.known_owner.isnull() & (
        (joined.reason == 0) | (joined.reason < int(Reason.UNKNOWN_MEMBER))
    )
    changed = {"reason": int(Reason.UNKNOWN_MEMBER), "item": -1, "rule": -1, "units": 0, "charge": 0}
    rated = joined.owner > 0
    return joined.mutate(
        **{name: either(unknown & rated, whole(value), joined[name]) for name, value in changed.items()}
    ).drop("known_owner")


def output(records: Any) -> Any:
    """Return the columns of the itemised files: every record once, with its charge or its reason."""
    small = {name: records[name].cast("int16") for name in ("item", "rule", "reason")}
    return records.select("id", "member", "units", "free", "charge", **small)
