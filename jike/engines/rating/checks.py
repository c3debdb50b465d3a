"""Does a tariff say exactly one thing? Every gap, overlap, unreachable rule, cycle and result below zero is named."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import product
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from jike.engines.rating import checks_lines
from jike.engines.rating.checks_bands import TOP_PRICE, bands
from jike.engines.rating.errors import TariffInvalid
from jike.engines.rating.tariff import (
    UNITS,
    DayKind,
    Party,
    Rule,
    Service,
    Tariff,
    UsageItem,
)

PREFIX_DIGITS = 7
NO_ZONE = ""


def check(tariff: Tariff) -> Tariff:
    """Return the tariff if it is sound.

    Raises
    ------
    TariffInvalid
        With one sentence per problem.
    """
    problems = [
        *_names(tariff),
        *_time(tariff),
        *_zones(tariff),
        *_items(tariff),
        *_allowances(tariff),
        *_orders(tariff),
    ]
    problems += checks_lines.problems(tariff)
    if not problems:
        problems = [*_unreachable(tariff), *checks_lines.below_zero(tariff)]
    if problems:
        raise TariffInvalid([f"{tariff.name}: {problem}" for problem in problems])
    return tariff


def _names(tariff: Tariff) -> Iterator[str]:
    groups = {
        "zone": [z.name for z in tariff.zones],
        "window": [w.name for w in tariff.windows],
        "line": [i.name for i in tariff.items]
        + [f.name for f in tariff.fees]
        + [a.name for a in tariff.adjustments],
        "allowance": [a.name for a in tariff.allowances],
        "payment or sharing": [p.name for p in tariff.payments] + [s.name for s in tariff.sharing],
    }
    for what, found in groups.items():
        for name, times in Counter(found).items():
            if times > 1:
                yield f"{what} {name!r} is defined {times} times"
            if not name:
                yield f"a {what} has no name"
    for reserved in {"early_termination", "tax", "all"} & set(groups["line"]):
        yield f"line {reserved!r} has a name the engine uses itself"


def _time(tariff: Tariff) -> Iterator[str]:
    try:
        ZoneInfo(tariff.time_zone)
    except (ZoneInfoNotFoundError, ValueError):
        yield f"time zone {tariff.time_zone!r} is unknown"
    for day in sorted(tariff.holidays & tariff.working_weekends):
        yield f"{day} is both a holiday and a working weekend"
    for window in tariff.windows:
        for span in window.spans:
            if not 0 <= span.start < span.end <= 1440:
                yield f"window {window.name}: {_clock(span.start)}–{_clock(span.end)} is not a part of a day"
    if tariff.windows:
        for kind in DayKind:
            yield from _coverage(tariff, kind)


def _coverage(tariff: Tariff, kind: DayKind) -> Iterator[str]:
    """Name the minutes of one kind of day that belong to no window or to two."""
    spans = sorted((s.start, s.end, w.name) for w in tariff.windows for s in w.spans if kind in s.days)
    reached, last = 0, ""
    for start, end, name in spans:
        if start > reached:
            yield f"windows leave a gap on a {kind.value} from {_clock(reached)} to {_clock(start)}"
        if start < reached:
            until = _clock(min(end, reached))
            yield f"windows {last} and {name} overlap on a {kind.value} from {_clock(start)} to {until}"
        if end > reached:
            reached, last = end, name
    if reached < 1440:
        yield f"windows leave a gap on a {kind.value} from {_clock(reached)} to 24:00"


def _clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"


def _zones(tariff: Tariff) -> Iterator[str]:
    owner: dict[str, str] = {}
    for zone in tariff.zones:
        if not zone.prefixes:
            yield f"zone {zone.name}: no prefix, so no record can reach it"
        for prefix in zone.prefixes:
            if not (prefix.isascii() and prefix.isdigit() and len(prefix) <= PREFIX_DIGITS):
                yield f"zone {zone.name}: prefix {prefix!r} is not 1 to {PREFIX_DIGITS} digits"
            elif prefix in owner:
                yield f"prefix {prefix} is in zones {owner[prefix]} and {zone.name}"
            owner[prefix] = zone.name


def _items(tariff: Tariff) -> Iterator[str]:
    for item in tariff.items:
        yield from (f"item {item.name}: {problem}" for problem in _item(tariff, item))
    for service, quantity in tariff.largest:
        if not 0 < quantity <= 10**12:
            yield f"largest {service.name.lower()}: {quantity} is not between 1 and 10^12"


def _item(tariff: Tariff, item: UsageItem) -> Iterator[str]:
    if not item.rules:
        yield "no rule, so no record can reach it"
    for key in ("per", "minimum", "step"):
        if not 1 <= getattr(item, key) <= 10**9:
            yield f"{key} must be from 1 to 10^9 {UNITS[item.service]}, not {getattr(item, key)}"
    zones, windows = {z.name for z in tariff.zones}, {w.name for w in tariff.windows}
    for number, rule in enumerate(item.rules, 1):
        for name in [*(set(rule.zones) - zones), *(set(rule.windows) - windows)]:
            yield f"rule {number} names {name!r}, which is no zone or window of this tariff"
        if (rule.price is None) != (item.tiers is not None):
            yield (
                f"rule {number} needs a price"
                if item.tiers is None
                else f"rule {number} has a price beside tiers"
            )
        elif rule.price is not None and not 0 <= rule.price <= TOP_PRICE:
            yield f"rule {number}: the price is below zero or above ten million yuan"
    if item.tiers:
        yield from bands(item.tiers.bands)
    elif item.name in tariff.running and len({rule.price for rule in item.rules}) > 1:
        yield "it is priced on the month's sum (allowance or rounding on the bill), so all its rules need one price"


def _allowances(tariff: Tariff) -> Iterator[str]:
    for allowance in tariff.allowances:
        missing = [name for name in allowance.items if name not in tariff.item]
        for name in missing:
            yield f"allowance {allowance.name} names {name!r}, which is no usage item"
        if not missing:
            services = {tariff.item[name].service for name in allowance.items}
            if len(services) != 1:
                yield f"allowance {allowance.name} needs items of one service, not {len(services)}"
        if len(set(allowance.items)) != len(allowance.items):
            yield f"allowance {allowance.name} names an item twice"
        if not 0 < allowance.quantity <= 10**12:
            yield f"allowance {allowance.name}: the quantity is not from 1 to 10^12"
        if allowance.for_customer and allowance.scope.value == "member":
            yield f"allowance {allowance.name} is for the customer, so it must be pooled"


def _orders(tariff: Tariff) -> Iterator[str]:
    """Name items whose allowances are spent in different orders."""
    order: dict[str, str] = {}
    for allowance in tariff.allowances:
        for name in allowance.items:
            if order.setdefault(name, allowance.spend.value) != allowance.spend.value:
                yield f"the allowances of item {name} must all be spent as listed, or all in time order"


def matching(
    tariff: Tariff, service: Service
) -> Iterator[tuple[tuple[str, str, Party], tuple[int, int] | None]]:
    """Yield every (zone, window, party) of a service with the (item, rule) that is the first to admit it."""
    rules = [
        (i, r, rule)
        for i, item in enumerate(tariff.items)
        if item.service is service
        for r, rule in enumerate(item.rules)
    ]
    zones = [zone.name for zone in tariff.zones] + [NO_ZONE]
    windows = [window.name for window in tariff.windows] or [""]
    for zone, window, party in product(zones, windows, Party):
        yield (zone, window, party), _first(rules, zone, window, party=party)


def _first(
    rules: Iterable[tuple[int, int, Rule]], zone: str, window: str, *, party: Party
) -> tuple[int, int] | None:
    for i, r, rule in rules:
        if rule.zones and zone not in rule.zones:
            continue
        if rule.windows and window not in rule.windows:
            continue
        if not rule.parties or party in rule.parties:
            return i, r
    return None


def _unreachable(tariff: Tariff) -> Iterator[str]:
    for service in Service:
        reached = {found for _, found in matching(tariff, service) if found}
        for i, item in enumerate(tariff.items):
            if item.service is not service:
                continue
            for r in range(len(item.rules)):
                if (i, r) not in reached:
                    yield f"item {item.name}: rule {r + 1} is unreachable, earlier rules take all its records"
