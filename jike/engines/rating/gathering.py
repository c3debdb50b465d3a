"""From records to cells: the one pass over all records, as an Ibis expression.

Each record becomes a cell number (see `book.py`) or a negative reason, a sign, and billed units. Bill mode sums them
by member and cell; itemised mode keeps them. Tests that the admission proved needless are left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import ibis
import numpy as np
import pyarrow as pa

from jike.engines.rating.admission import Usage
from jike.engines.rating.backends import Backend
from jike.engines.rating.book import PARTIES, Block, Book, is_exact
from jike.engines.rating.columns import (
    Column,
    bigint,
    billed,
    by_number,
    div,
    either,
    li_of_price,
    unix_micros,
    whole,
)
from jike.engines.rating.members import Month, day_begin
from jike.engines.rating.tariff import Party, UsageItem
from jike.engines.rating.usage import LARGEST_MEMBER, LARGEST_QUANTITY, Reason, largest_quantity, micros

MONTH_STRIDE = LARGEST_MEMBER * 2
MINUTE = 60_000_000
DAY = 1_440 * MINUTE
MOST_TURNS = 6
REASONS = len(Reason)


@dataclass(frozen=True)
class People:
    """Tables about members that records are joined with, where prices or service days need it.

    Attributes
    ----------
    partly
        (month index, member, begin, end): microseconds UTC of service of members not served the whole month.
    group, circle
        (member, customer, number) of members, and (member, number) of circles.
    """

    partly: pa.Table
    group: pa.Table
    circle: pa.Table


class Gathering:
    """Builds the expressions over one set of usage files, or over some of its records only."""

    def __init__(
        self, book: Book, usage: Usage, people: People, *, backend: Backend, only: pa.Table | None = None
    ) -> None:
        self.book, self.usage, self.people, self.backend = book, usage, people, backend
        self.only = only
        self.cells = len(book.cells)
        self.radix = self.cells + REASONS + 1

    def records(self) -> Any:
        """Return a table of id, owner (member and month), cell, sign, and the columns that prices need.

        `owner` is member + month index × 2^45; 0 for records that are not rated.
        """
        read = self.backend.read(self.usage.files) if self.only is None else self.backend.small(self.only)
        table = self._once(read)
        table = self._with_party(self._with_activity(self._with_window(self._with_zone(table))))
        table = table.mutate(reason=self._reason(table), month_index=self._month(unix_micros(table.start)))
        blocks = [(int(block.service), self._cell(block, table)) for block in self.book.blocks]
        cell, valid = (
            by_number(table.service, blocks[1:], blocks[0][1] if blocks else whole(0)),
            table.reason == 0,
        )
        owner = (
            table.member + table.month_index * whole(MONTH_STRIDE)
            if len(self.book.months) > 1
            else table.member
        )
        return table.select(
            id=table.id,
            start=table.start,
            member=table.member,
            owner=either(valid, owner, whole(0)),
            cell=either(valid, cell, table.reason),
            key=either(
                valid, owner * whole(self.radix) + (cell + whole(REASONS)), table.reason + whole(REASONS)
            ),
            service=table.service,
            quantity=table.quantity,
            short=table.quantity.cast("int32") if self._narrow() else table.quantity,
            sign=either(table.credit, whole(-1), whole(1)),
        )

    def _narrow(self) -> bool:
        """Return whether billed units surely fit into 32 bits, which DuckDB divides and adds faster."""
        most = max((m + 2 * s for profiles in self.book.profiles.values() for m, s in profiles), default=0)
        bounds = self.usage.bounds["quantity"]
        return _inside(bounds, -(2**31) + 1, 2**31 - 1 - most)

    def sums(self, records: Any = None, *, credits: bool = False) -> Any:
        """Return one row by owner and cell with the number of records and the sum of each measure.

        Owner and cell are packed into one number while grouping, which is faster than two columns.
        """
        records = self.records() if records is None else records
        measures = self.measures(records)
        if credits:
            measures["credits"] = either((records.sign < 0) & (records.cell >= 0), whole(1), whole(0))
        packed = records.select("key", **measures)
        summed = packed.group_by("key").agg(
            records=packed.count(), **{name: bigint(packed[name].sum()) for name in measures}
        )
        return summed.mutate(
            owner=div(summed.key, whole(self.radix)), cell=summed.key % whole(self.radix) - whole(REASONS)
        ).drop("key")

    def measures(self, records: Any) -> dict[str, Column]:
        """Return what is summed: billed units by profile (u0, u1 …), and li of items rounded by record (c0 …)."""
        found: dict[str, Column] = {}
        most = max((len(p) for p in self.book.profiles.values()), default=0)
        for n in range(most):
            cases = [
                (int(service), billed(records.short, *profiles[n]))
                for service, profiles in self.book.profiles.items()
                if n < len(profiles)
            ]
            same = (
                len({self.book.profiles[s][n] for s in self.book.profiles if n < len(self.book.profiles[s])})
                == 1
            )
            units = cases[0][1] if same else by_number(records.service, cases[1:], cases[0][1])
            signed = units * records.sign
            found[f"u{n}"] = signed if self._narrow() else either(records.cell < 0, whole(0), signed)
        for t in range(len(self.book.tariffs)):
            by_record = inexact(self.book, t)
            if by_record:
                cases = [(cell, self._charge(records, item, price)) for cell, item, price in by_record]
                found[f"c{t}"] = by_number(records.cell, cases, whole(0))
        return found

    def _charge(self, records: Any, item: UsageItem, price: int) -> Column:
        units = billed(records.quantity, item.minimum, item.step) * records.sign
        return li_of_price(units * whole(price), item.per, item.rounding)

    def _once(self, table: Any) -> Any:
        """Leave one copy of records whose id occurs more than once: the first by its values."""
        if not len(self.usage.doubled):
            return table
        ids = self.backend.small(pa.table({"id": pa.array(self.usage.doubled)}))
        twice = table.semi_join(ids, "id")
        order = [
            twice[n].asc() for n in ("start", "member", "service", "quantity", "peer_code", "credit", "peer")
        ]
        copies = twice.mutate(copy=ibis.row_number().over(group_by=twice.id, order_by=order))
        return table.anti_join(ids, "id").union(copies.filter(copies.copy == 0).drop("copy"))

    def _with_zone(self, table: Any) -> Any:
        if not any(block.by_zone for block in self.book.blocks):
            return table
        codes = self.usage.codes
        zones = self.book.zone_of_codes(codes)
        lookup = pa.table(
            {"code": pa.array(codes.astype(np.int32)), "zone": pa.array(zones.astype(np.int32))}
        )
        small = self.backend.small(lookup)
        return table.left_join(small, table.peer_code == small.code).drop("code")

    def _with_window(self, table: Any) -> Any:
        """Look the window up by time of day where all days are alike, else by time slot."""
        if not any(block.by_window for block in self.book.blocks):
            return table
        size, slots = self.book.slot_minutes, self.book.slots
        a_day = 1440 // size
        if len(slots) % a_day == 0 and (slots.reshape(-1, a_day) == slots[:a_day]).all():
            turns = np.flatnonzero(slots[:a_day] != np.roll(slots[:a_day], 1))
            if 1 < len(turns) <= MOST_TURNS:
                return table.mutate(window=self._by_time_of_day(unix_micros(table.start), slots, turns))
        small = self.backend.small(pa.table({"slot": np.arange(len(slots)), "window": slots}))
        slot = div(unix_micros(table.start) - whole(self.book.begin), whole(size * MINUTE))
        keyed = table.mutate(slot_number=slot)
        return keyed.left_join(small, keyed.slot_number == small.slot).drop("slot", "slot_number")

    def _by_time_of_day(self, when: Column, slots: Any, turns: Any) -> Column:
        """Compare the time since the day's first turn with the other turns: one comparison fewer."""
        step = self.book.slot_minutes * MINUTE
        first = int(turns[0])
        time = (when - whole(self.book.begin - DAY + first * step)) % whole(DAY)
        ends = zip(turns[1:].tolist(), turns[:-1].tolist(), strict=True)
        answers = [(time < whole((end - first) * step), whole(int(slots[start]))) for end, start in ends]
        return ibis.cases(*answers, else_=whole(int(slots[turns[-1]])))

    def _with_activity(self, table: Any) -> Any:
        """Say of each record whether its member was served then."""
        partly = self.people.partly
        if not partly.num_rows:
            return table
        if len(self.book.months) == 1:
            small = self.backend.small(partly.drop_columns(["index"]))
            joined = table.left_join(small, table.member == small.one)
        else:
            small = self.backend.small(partly)
            keyed = table.mutate(served_month=self._month(unix_micros(table.start)))
            joined = keyed.left_join(small, [keyed.member == small.one, keyed.served_month == small.index])
        now = unix_micros(joined.start)
        away = (now < joined.begin) | (now >= joined.end)
        return joined.mutate(away=either(joined.one.notnull(), away, ibis.literal(False)))

    def _with_party(self, table: Any) -> Any:
        if not self.book.uses_party:
            return table
        group, circle = self.backend.small(self.people.group), self.backend.small(self.people.circle)
        of = group.select(caller=group.member, caller_customer=group.customer).distinct()
        numbers = group.filter(group.number.notnull()).select(
            group_customer=group.customer, group_number=group.number
        )
        numbers = numbers.distinct()
        joined = table.left_join(of, table.member == of.caller)
        joined = joined.left_join(
            numbers, [joined.caller_customer == numbers.group_customer, joined.peer == numbers.group_number]
        )
        joined = joined.left_join(
            circle, [joined.member == circle.holder, joined.peer == circle.circle_number]
        )
        places = {party: n for n, party in enumerate(PARTIES)}
        party = ibis.cases(
            (joined.circle_number.notnull(), whole(places[Party.CIRCLE])),
            (joined.group_number.notnull(), whole(places[Party.GROUP])),
            else_=whole(places[Party.OTHER]),
        )
        return joined.mutate(party=party)

    def _month(self, when: Column) -> Column:
        """Return the index of the month; records between the months have none."""
        bounds = self.book.bounds
        if len(bounds) == 1:
            return whole(0)
        return ibis.cases(
            *(((when >= whole(b)) & (when < whole(e)), whole(n)) for n, (b, e) in enumerate(bounds)),
            else_=whole(0),
        )

    def _cell(self, block: Block, table: Any) -> Column:
        cell = whole(block.first)
        if block.by_zone:
            cell = cell + ibis.coalesce(table.zone.cast("int64"), whole(self.book.no_zone)) * whole(
                block.by_zone
            )
        if block.by_window:
            cell = cell + table.window * whole(block.by_window)
        if block.by_party:
            cell = cell + table.party * whole(block.by_party)
        return cell

    def _reason(self, table: Any) -> Column:
        """Return the first reason why a record cannot be rated, 0 for none."""
        when = unix_micros(table.start)
        tests: list[tuple[Column, Reason]] = []
        bounds = self.usage.bounds
        required = ("id", "member", "service", "start", "quantity", "credit")
        tests += [(table[name].isnull(), Reason.MISSING_VALUE) for name in required if bounds[name].nulls]
        if not _inside(bounds["quantity"], 1, LARGEST_QUANTITY):
            tests += [
                (table.quantity < 0, Reason.NEGATIVE_QUANTITY),
                (table.quantity == 0, Reason.ZERO_QUANTITY),
            ]
        tests += self._unknown_service(table) + self._too_large(table) + self._outside(when)
        if not _inside(bounds["member"], 1, LARGEST_MEMBER):
            wrong = (table.member < 1) | (table.member > whole(LARGEST_MEMBER))
            tests.append((wrong, Reason.UNKNOWN_MEMBER))
        if "away" in table.columns:
            tests.append((table.away, Reason.MEMBER_NOT_ACTIVE))
        answers = ((test, whole(int(reason))) for test, reason in tests)
        return ibis.cases(*answers, else_=whole(0)) if tests else whole(0)

    def _unknown_service(self, table: Any) -> list[tuple[Column, Reason]]:
        services = [int(service) for service in self.book.services]
        if not services:
            return [(table.service.notnull(), Reason.UNKNOWN_SERVICE)]
        low, high = min(services), max(services)
        if len(services) == high - low + 1 and _inside(self.usage.bounds["service"], low, high):
            return []
        return [(~table.service.isin(services), Reason.UNKNOWN_SERVICE)]

    def _too_large(self, table: Any) -> list[tuple[Column, Reason]]:
        high = self.usage.bounds["quantity"].high
        limits = {int(s): min(largest_quantity(t, s) for t in self.book.tariffs) for s in self.book.services}
        low = {s: most for s, most in limits.items() if high is None or most < high}
        return [
            ((table.service == s) & (table.quantity > whole(most)), Reason.QUANTITY_TOO_LARGE)
            for s, most in low.items()
        ]

    def _outside(self, when: Column) -> list[tuple[Column, Reason]]:
        found = self.usage.bounds["start"]
        bounds = self.book.bounds
        known = found.low is not None and found.high is not None
        if (
            known
            and len(bounds) == 1
            and self.book.begin <= micros(found.low)
            and micros(found.high) < self.book.end
        ):
            return []
        inside = [(when >= whole(b)) & (when < whole(e)) for b, e in bounds]
        together = inside[0]
        for one in inside[1:]:
            together = together | one
        return [(~together, Reason.OUTSIDE_PERIOD)]


def inexact(book: Book, t: int) -> list[tuple[int, UsageItem, int]]:
    """Return cell, item and price where each record's charge must be rounded by itself."""
    tariff, found = book.tariffs[t], []
    for cell, results in enumerate(book.cells):
        i, r = results[t]
        if i >= 0 and tariff.items[i].name not in tariff.running:
            price = tariff.items[i].rules[r].price or 0
            if not is_exact(tariff.items[i], price):
                found.append((cell, tariff.items[i], price))
    return found


def _inside(bounds: Any, low: int, high: int) -> bool:
    return bounds.low is not None and low <= bounds.low and bounds.high <= high


def partly_served(facts: list[Any], months: list[Month], time_zone: str) -> pa.Table:
    """Return when those members are served who are not served for a whole month; never served is an empty span."""
    columns: dict[str, list[Any]] = {"index": [], "one": [], "begin": [], "end": []}
    for index, (one, month) in enumerate(zip(facts, months, strict=True)):
        begin = np.array([day_begin(month, n, time_zone) for n in range(month.days + 1)], dtype=np.int64)
        offset = month.first.toordinal() - 719_163
        some = one.days < month.days
        never = np.setdiff1d(one.known, one.member, assume_unique=True)
        columns["one"] += [one.member[some], never]
        columns["begin"] += [begin[one.first[some] - offset], np.zeros_like(never)]
        columns["end"] += [begin[one.last[some] - offset + 1], np.zeros_like(never)]
        columns["index"] += [np.full(some.sum() + len(never), index, dtype=np.int64)]
    return pa.table({name: np.concatenate(parts) for name, parts in columns.items()})
