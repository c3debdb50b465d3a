"""A rate book: one or more tariffs compiled into small tables, so that columns need only look up and add.

Every record gets one cell number. All records of a cell have, for every tariff of the book, the same item (and price,
where records are priced one by one), so that summing by member and cell loses nothing. Zones and windows that no
price tells apart share a cell: fewer cells, fewer groups.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import product
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from jike.engines.rating.amounts import MICRO_PER_LI
from jike.engines.rating.checks import NO_ZONE, matching
from jike.engines.rating.members import Month
from jike.engines.rating.tariff import DayKind, Party, Service, Tariff, UsageItem, Zone
from jike.engines.rating.usage import DIGITS, Reason

Ints = npt.NDArray[np.int64]
Found = tuple[int, int]
HALF_HOUR = 30 * 60_000_000
SLOTS = (1440, 720, 480, 360, 240, 120, 60, 30, 15, 10, 5, 1)
PARTIES = (Party.OTHER, Party.GROUP, Party.CIRCLE)
NOT_FOUND = {Reason.NO_ZONE: (int(Reason.NO_ZONE), 0), Reason.NO_RULE: (int(Reason.NO_RULE), 0)}


@dataclass(frozen=True)
class Block:
    """How the cells of one service are numbered: first + zone × by_zone + window × by_window + party × by_party."""

    service: Service
    first: int
    by_zone: int
    by_window: int
    by_party: int


def is_exact(item: UsageItem, price: int) -> bool:
    """Return whether every record's charge is a whole number at the item's resolution without rounding."""
    unit = item.per * MICRO_PER_LI * item.rounding.li
    return item.minimum * price % unit == 0 and item.step * price % unit == 0


class Book:
    """Lookups for `tariffs` over consecutive or single `months`, which share one time zone.

    Attributes
    ----------
    cells
        For each cell number the (item, rule) of each tariff, or (reason, 0).
    profiles
        For each service the distinct (minimum, step) that its items use.
    slot_minutes, slots
        Length of a time slot and the window class of each slot since the begin of the first month.
    """

    def __init__(self, tariffs: Sequence[Tariff], months: Sequence[Month], *, fine: bool = False) -> None:
        self.tariffs, self.months, self.fine = list(tariffs), list(months), fine
        zones = {tariff.time_zone for tariff in tariffs}
        if len(zones) != 1:
            raise ValueError(f"tariffs rated together need one time zone, not {', '.join(sorted(zones))}")
        self.time_zone = zones.pop()
        self.bounds = [month.bounds(self.time_zone) for month in months]
        self.begin, self.end = min(b for b, _ in self.bounds), max(e for _, e in self.bounds)
        self.services = sorted({item.service for tariff in tariffs for item in tariff.items})
        self.uses_party = any(rule.parties for t in tariffs for item in t.items for rule in item.rules)
        self._matched = [{s: dict(matching(t, s)) for s in self.services} for t in tariffs]
        self.zone_tuples, self._zone_rows = self._joint_zones()
        window_rows, window_ids = self._joint_windows()
        self._number_cells(window_rows, window_ids)
        self.profiles = {
            s: sorted({(i.minimum, i.step) for t in tariffs for i in t.items if i.service is s})
            for s in self.services
        }

    def _joint_zones(self) -> tuple[list[tuple[str, ...]], dict[tuple[str, ...], int]]:
        """Return the combinations of zones (one per tariff) that a number can be in."""
        distinct = list(dict.fromkeys(tariff.zones for tariff in self.tariffs))
        which = [distinct.index(tariff.zones) for tariff in self.tariffs]
        owners = [{p: zone.name for zone in zones for p in zone.prefixes} for zones in distinct]
        few = {tuple(_longest(owner, prefix) for owner in owners) for one in owners for prefix in one}
        rows = {tuple(NO_ZONE for _ in self.tariffs), *(tuple(row[n] for n in which) for row in few)}
        ordered = sorted(rows)
        return ordered, {row: n for n, row in enumerate(ordered)}

    def _joint_windows(self) -> tuple[list[tuple[str, ...]], Ints]:
        """Return the combinations of windows, and which one each minute since the begin is in."""
        if not any(tariff.windows for tariff in self.tariffs):
            minutes = (self.end - self.begin) // 60_000_000
            return [tuple("" for _ in self.tariffs)], np.zeros(minutes, dtype=np.int64)
        zone, epoch = ZoneInfo(self.time_zone), datetime(1970, 1, 1, tzinfo=UTC)
        halves = []
        for half in range(self.begin // HALF_HOUR, self.end // HALF_HOUR):
            local = (epoch + timedelta(minutes=30 * half)).astimezone(zone)
            kinds = self._kinds(local.date())
            halves.append((kinds, local.hour * 60 + local.minute))
        days = dict.fromkeys(kinds for kinds, _ in halves)
        painted = [
            np.stack([_painted(t, k) for t, k in zip(self.tariffs, kinds, strict=True)], 1) for kinds in days
        ]
        rows, back = np.unique(np.concatenate(painted), axis=0, return_inverse=True)
        by_day = dict(zip(days, back.reshape(len(days), 1440), strict=True))
        names = [[window.name for window in tariff.windows] or [""] for tariff in self.tariffs]
        named = [tuple(n[i] for n, i in zip(names, row, strict=True)) for row in rows.tolist()]
        return named, np.concatenate([by_day[kinds][at : at + 30] for kinds, at in halves])

    @lru_cache(maxsize=4_000)  # noqa: B019 - a book lives as long as one rating
    def _kinds(self, day: date) -> tuple[DayKind, ...]:
        return tuple(tariff.day_kind(day) for tariff in self.tariffs)

    def _found(
        self, service: Service, zones: tuple[str, ...], windows: tuple[str, ...], *, party: Party
    ) -> tuple[Found, ...]:
        return tuple(
            self._canonical(t, service, matched[service][zone, window, party], zone=zone)
            for t, matched, zone, window in zip(self.tariffs, self._matched, zones, windows, strict=True)
        )

    def _canonical(self, tariff: Tariff, service: Service, found: Found | None, *, zone: str) -> Found:
        if found is None:
            zoned = any(rule.zones for i in tariff.items if i.service is service for rule in i.rules)
            return NOT_FOUND[Reason.NO_ZONE if zone == NO_ZONE and zoned else Reason.NO_RULE]
        if self.fine:
            return found
        item = tariff.items[found[0]]
        if item.name in tariff.running:
            return found[0], 0
        prices = [rule.price for rule in item.rules]
        return found[0], prices.index(item.rules[found[1]].price)

    def _number_cells(self, window_rows: list[tuple[str, ...]], window_ids: Ints) -> None:
        """Merge zones and windows that no service tells apart, then number the cells service by service."""
        table = {
            (s, z, w, p): self._found(s, zones, windows, party=party)
            for s in self.services
            for (z, zones), (w, windows), (p, party) in product(
                enumerate(self.zone_tuples), enumerate(window_rows), enumerate(PARTIES)
            )
        }
        zone_class = _classes(table, 1, len(self.zone_tuples))
        window_class = _classes(table, 2, len(window_rows))
        self.zone_class = np.array(zone_class, dtype=np.int64)
        self.slot_minutes, self.slots = _slots(np.array(window_class, dtype=np.int64)[window_ids])
        small = {(s, zone_class[z], window_class[w], p): found for (s, z, w, p), found in table.items()}
        self.cells: list[tuple[Found, ...]] = []
        self.blocks = [
            self._block(s, {k[1:]: v for k, v in small.items() if k[0] is s}) for s in self.services
        ]

    def _block(self, service: Service, table: dict[tuple[int, ...], tuple[Found, ...]]) -> Block:
        sizes = [max(key[axis] for key in table) + 1 for axis in range(3)]
        first, strides = len(self.cells), [0, 0, 0]
        kept = []
        for axis in range(3):
            flat = {key: table[(*key[:axis], 0, *key[axis + 1 :])] for key in table}
            kept.append(range(1) if flat == table else range(sizes[axis]))
        if not self.uses_party:
            kept[2] = range(1)
        strides = [len(kept[1]) * len(kept[2]), len(kept[2]), 1]
        strides = [stride if len(one) > 1 else 0 for stride, one in zip(strides, kept, strict=True)]
        self.cells += [table[key] for key in product(*kept)]
        return Block(service, first, *strides)

    def zone_of_codes(self, codes: Ints) -> Ints:
        """Return the zone class of each peer code, by the longest prefix in each tariff."""
        numbers = {zones: _zone_numbers(zones, codes) for zones in {tariff.zones for tariff in self.tariffs}}
        columns = [numbers[tariff.zones] for tariff in self.tariffs]
        names = [[NO_ZONE, *(zone.name for zone in tariff.zones)] for tariff in self.tariffs]
        rows, back = np.unique(np.stack(columns, axis=1), axis=0, return_inverse=True)
        ids = [self._zone_rows[tuple(n[i] for n, i in zip(names, row, strict=True))] for row in rows.tolist()]
        return self.zone_class[np.array(ids, dtype=np.int64)][back.reshape(-1)]

    @property
    def no_zone(self) -> int:
        """The zone class of numbers without a zone."""
        return int(self.zone_class[self._zone_rows[tuple(NO_ZONE for _ in self.tariffs)]])


def _longest(owner: dict[str, str], number: str) -> str:
    return next((owner[number[:n]] for n in range(len(number), 0, -1) if number[:n] in owner), NO_ZONE)


def _painted(tariff: Tariff, kind: DayKind) -> Ints:
    """Return the index of the window of each minute of a day."""
    minutes = np.zeros(1440, dtype=np.int64)
    for n, window in enumerate(tariff.windows):
        for span in window.spans:
            if kind in span.days:
                minutes[span.start : span.end] = n
    return minutes


def _zone_numbers(zones: tuple[Zone, ...], codes: Ints) -> Ints:
    """Return 1 + the index of the zone with the longest prefix, 0 without one."""
    found = np.zeros(len(codes), dtype=np.int64)
    lengths, digits = codes // 10**DIGITS, codes % 10**DIGITS
    valid = (lengths >= 1) & (lengths <= DIGITS)
    for n in range(1, DIGITS + 1):
        pairs = sorted((int(p), z) for z, zone in enumerate(zones, 1) for p in zone.prefixes if len(p) == n)
        if pairs:
            heads, places = np.array(pairs, dtype=np.int64).T
            mine = digits // 10 ** (DIGITS - n)
            at = np.minimum(np.searchsorted(heads, mine), len(heads) - 1)
            hit = valid & (lengths >= n) & (heads[at] == mine)
            found[hit] = places[at][hit]
    return found


def _classes(
    table: dict[tuple[Service, int, int, int], tuple[Found, ...]], axis: int, size: int
) -> list[int]:
    """Return a class number for each value of an axis; values with the same results share one."""
    signatures: list[list[object]] = [[] for _ in range(size)]
    for key in sorted(table):
        signatures[key[axis]].append(table[key])
    numbers: dict[object, int] = {}
    return [numbers.setdefault(tuple(s), len(numbers)) for s in signatures]


def _slots(minutes: Ints) -> tuple[int, Ints]:
    """Return the longest slot within which no minute differs, and the class of each slot."""
    for size in SLOTS:
        if len(minutes) % size == 0:
            rows = minutes.reshape(-1, size)
            if (rows == rows[:, :1]).all():
                return size, rows[:, 0].copy()
    return 1, minutes
