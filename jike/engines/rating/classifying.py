"""To which rule does a record belong? The plain answer, record by record."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from jike.engines.rating.checks import NO_ZONE, matching
from jike.engines.rating.members import Member, Month, served
from jike.engines.rating.tariff import Party, Service, Tariff
from jike.engines.rating.usage import LARGEST_MEMBER, Reason, Record, digits_of, largest_quantity

MINUTE = 60_000_000
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Classifier:
    """Finds the item and rule of a record, or the reason why there is none."""

    def __init__(self, tariff: Tariff, members: Mapping[int, Member], month: Month) -> None:
        self.tariff, self.members = tariff, members
        self.zone = ZoneInfo(tariff.time_zone)
        self.begin, self.end = month.bounds(tariff.time_zone)
        self.prefixes = {prefix: zone.name for zone in tariff.zones for prefix in zone.prefixes}
        self.largest = {int(s): largest_quantity(tariff, s) for s in Service}
        self.rules = {int(s): dict(matching(tariff, s)) for s in Service}
        used = {i.service for i in tariff.items}
        self.priced = {int(s) for s in used}
        self.zoned = {int(i.service) for i in tariff.items for rule in i.rules if rule.zones}
        self.parties = any(rule.parties for item in tariff.items for rule in item.rules)
        self.served = {i: served(tariff, m, month) for i, m in members.items()}
        self.whole = {i for i, what in self.served.items() if what and what.days == month.days}
        self.numbers = {i: {m.number} - {None} for i, m in members.items()}
        self.groups: dict[int, set[str]] = {}
        for member in members.values():
            if member.number is not None:
                self.groups.setdefault(member.customer, set()).add(member.number)
        self._windows: dict[int, str] = {}
        self._zones: dict[int, str] = {}

    def classify(self, record: Record) -> tuple[int, int] | Reason:
        """Return (item index, rule index) of a record, or why it is not rated."""
        reason = self._refused(record)
        if reason:
            return reason
        assert record.service is not None
        assert record.start is not None
        zone = self._zone(record.peer_code)
        key = zone, self._window(record.start), self._party(record) if self.parties else Party.OTHER
        found = self.rules[record.service][key]
        if found is None:
            return Reason.NO_ZONE if zone == NO_ZONE and record.service in self.zoned else Reason.NO_RULE
        return found

    def _refused(self, record: Record) -> Reason | None:
        if None in (record.id, record.member, record.service, record.start, record.quantity, record.credit):
            return Reason.MISSING_VALUE
        _, member, service, start, quantity, *_ = record
        assert member is not None
        assert service is not None
        assert start is not None
        assert quantity is not None
        if quantity <= 0:
            return Reason.NEGATIVE_QUANTITY if quantity < 0 else Reason.ZERO_QUANTITY
        if service not in self.priced:
            return Reason.UNKNOWN_SERVICE
        if quantity > self.largest[service]:
            return Reason.QUANTITY_TOO_LARGE
        if not self.begin <= start < self.end:
            return Reason.OUTSIDE_PERIOD
        if not 1 <= member <= LARGEST_MEMBER or member not in self.members:
            return Reason.UNKNOWN_MEMBER
        return None if member in self.whole else self._inactive(member, start)

    def _inactive(self, member: int, start: int) -> Reason | None:
        what = self.served[member]
        active = what is not None and what.first <= self._day(start) <= what.last
        return None if active else Reason.MEMBER_NOT_ACTIVE

    def _day(self, start: int) -> date:
        return (EPOCH + timedelta(microseconds=start)).astimezone(self.zone).date()

    def _zone(self, code: int | None) -> str:
        if code is None:
            return NO_ZONE
        found = self._zones.get(code)
        if found is None:
            digits = digits_of(code)
            heads = (digits[:n] for n in range(len(digits), 0, -1))
            found = next((self.prefixes[head] for head in heads if head in self.prefixes), NO_ZONE)
            self._zones[code] = found
        return found

    def _window(self, start: int) -> str:
        found = self._windows.get(start // MINUTE)
        if found is None:
            local = (EPOCH + timedelta(microseconds=start)).astimezone(self.zone)
            found = window_at(self.tariff, local)
            self._windows[start // MINUTE] = found
        return found

    def _party(self, record: Record) -> Party:
        member = self.members[record.member or 0]
        if record.peer is None:
            return Party.OTHER
        if record.peer in member.circle:
            return Party.CIRCLE
        return Party.GROUP if record.peer in self.groups.get(member.customer, ()) else Party.OTHER


def window_at(tariff: Tariff, local: datetime) -> str:
    """Return the name of the window a local time falls into, "" when the tariff has no windows."""
    kind, minute = tariff.day_kind(local.date()), local.hour * 60 + local.minute
    for window in tariff.windows:
        for span in window.spans:
            if kind in span.days and span.start <= minute < span.end:
                return window.name
    return ""
