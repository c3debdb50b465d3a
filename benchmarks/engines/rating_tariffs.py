"""The tariff of the rating benchmark: 1,500 prefixes in 12 zones, two windows, three tiers, an allowance."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from jike.engines.rating import tariff as t
from jike.engines.rating.amounts import Rounding

ZONES = 12
PREFIXES = 1_500
ALL_DAYS = frozenset(t.DayKind)
LI = Rounding("li")


def prefixes() -> list[str]:
    """Return distinct prefixes of three to seven digits, always the same."""
    draw = np.random.default_rng(20_260_301)
    found: set[str] = set()
    while len(found) < PREFIXES:
        length = int(draw.choice([3, 4, 4, 5, 7, 7, 7]))
        found.add("".join(map(str, draw.integers(0, 10, length))))
    return sorted(found, key=lambda p: (hash_of(p), p))


def hash_of(prefix: str) -> int:
    """Return a number that shuffles prefixes the same way in every run."""
    return int(prefix) * 2_654_435_761 % 2**32


def windows() -> tuple[t.Window, ...]:
    """Return busy (08:00 to 20:00) and quiet hours."""
    quiet = (t.Span(ALL_DAYS, 0, 480), t.Span(ALL_DAYS, 1200, 1440))
    return (t.Window("busy", (t.Span(ALL_DAYS, 480, 1200),)), t.Window("quiet", quiet))


def call(zone: int, window: str, *, tiers: bool) -> t.UsageItem:
    """Return one zone's calls in one window: 60 s, then 6 s, dearer by zone, three tiers."""
    price = 60_000 * (zone + 1) + (0 if window == "quiet" else 30_000)
    bands = (t.Band(3_000, price), t.Band(9_000, price * 9 // 10), t.Band(None, price * 8 // 10))
    table = t.Tiers(t.TierKind.GRADUATED, bands) if tiers else None
    rule = t.Rule((f"zone{zone}",), (window,), (), None if tiers else price)
    return t.UsageItem(f"zone{zone}-{window}", t.Service.VOICE, (rule,), 60, 60, 6, table, LI, whole=tiers)


def tariff(*, tiers: bool = True) -> t.Tariff:
    """Return the benchmark's tariff; without tiers every record is priced by itself and nothing is free."""
    listed = prefixes()
    items = [call(z, w, tiers=tiers) for z in range(ZONES) for w in ("busy", "quiet")]
    items.append(t.UsageItem("messages", t.Service.MESSAGE, (t.Rule(price=100_000),), rounding=LI))
    data = t.Tiers(t.TierKind.GRADUATED, (t.Band(1_000_000, 20), t.Band(10_000_000, 10), t.Band(None, 5)))
    items.append(
        t.UsageItem(
            "data",
            t.Service.DATA,
            (t.Rule(price=None if tiers else 20),),
            1,
            50,
            50,
            data if tiers else None,
            LI,
            whole=tiers,
        )
    )
    calls = tuple(item.name for item in items[: 2 * ZONES])
    return t.Tariff(
        "benchmark",
        tuple(items),
        zones=tuple(t.Zone(f"zone{z}", tuple(listed[z::ZONES])) for z in range(ZONES)),
        windows=windows(),
        fees=(t.Fee("line", 20_000),),
        allowances=(t.Allowance("free minutes", (calls[0],), 6_000),) if tiers else (),
        adjustments=(
            t.Adjustment(
                "committed",
                t.Alters.COMMITMENT,
                (*calls, "messages", "data"),
                t.Scope.CUSTOMER,
                9_000,
                500_000,
            ),
        ),
        tax=t.Tax(600),
    )


def candidates(count: int) -> list[t.Tariff]:
    """Return tariffs that differ in prices, steps, allowance and fee, as offers to one customer do."""
    first, found = tariff(), []
    for n in range(count):
        items = []
        for item in first.items:
            factor = 100 - (7 * n) % 30
            bands = tuple(replace(b, price=b.price * factor // 100 // 10 * 10) for b in item.bands)
            step = 60 if item.service is t.Service.VOICE and n % 4 == 3 else item.step
            items.append(replace(item, tiers=item.tiers and replace(item.tiers, bands=bands), step=step))
        allowances = tuple(replace(a, quantity=a.quantity + 600 * n) for a in first.allowances)
        fees = tuple(replace(f, price=f.price + 3_000 * n) for f in first.fees)
        found.append(replace(first, name=f"offer {n}", items=tuple(items), allowances=allowances, fees=fees))
    return found
