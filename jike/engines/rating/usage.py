"""Usage records: their schema, the code of a dialled number, and the reasons why a record is not rated.

Files lie in folders `month=YYYY-MM` (the local month of the tariff's time zone), as Parquet:

| column | type | meaning |
|---|---|---|
| id | int64 | number of the record, unique within the month |
| member | int64 | who used it (1 to 2^44) |
| service | int8 | 1 voice, 2 message, 3 data session, 4 event, 5 member-month |
| start | timestamp[us, UTC] | when it began |
| quantity | int64 | voice: s, message: messages, data: KB, event: events, member-month: months × members |
| peer_code | int32, may be null | the first digits of the other number, see `peer_code` |
| peer | string, may be null | the whole other number; read only where in-group or circle prices are |
| credit | bool | True gives the quantity back (refund, correction) instead of using it |
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from enum import IntEnum
from typing import NamedTuple

import pyarrow as pa

from jike.engines.rating.amounts import INT64_ROOM
from jike.engines.rating.errors import AmountTooLarge
from jike.engines.rating.tariff import Service, Tariff, UsageItem

DIGITS = 7
LARGEST_QUANTITY = 10**12
LARGEST_MEMBER = 2**44

SCHEMA = pa.schema(
    [
        ("id", pa.int64()),
        ("member", pa.int64()),
        ("service", pa.int8()),
        ("start", pa.timestamp("us", tz="UTC")),
        ("quantity", pa.int64()),
        ("peer_code", pa.int32()),
        ("peer", pa.string()),
        ("credit", pa.bool_()),
    ]
)


class Reason(IntEnum):
    """Why a record is not rated; where several hold, the first counts."""

    DUPLICATE_ID = -1
    MISSING_VALUE = -2
    NEGATIVE_QUANTITY = -3
    ZERO_QUANTITY = -4
    UNKNOWN_SERVICE = -5
    QUANTITY_TOO_LARGE = -6
    OUTSIDE_PERIOD = -7
    UNKNOWN_MEMBER = -8
    MEMBER_NOT_ACTIVE = -9
    NO_ZONE = -10
    NO_RULE = -11


class Record(NamedTuple):
    """One usage record for the reference execution; `start` is microseconds UTC since 1970."""

    id: int | None
    member: int | None
    service: int | None
    start: int | None
    quantity: int | None
    peer_code: int | None = None
    peer: str | None = None
    credit: bool | None = False


def peer_code(number: str) -> int:
    """Return how many of its first seven digits a number has, followed by those, filled with zeros.

    The length keeps 100 apart from 1000, and the code stays readable.

    Raises
    ------
    ValueError
        The number is not made of digits.

    Examples
    --------
    >>> peer_code("057188888888"), peer_code("10086")
    (70571888, 51008600)
    """
    if not (number.isascii() and number.isdigit()):
        raise ValueError(f"{number!r} is not a number of digits")
    head = number[:DIGITS]
    return int(f"{len(head)}{head:0<{DIGITS}}")


def digits_of(code: int) -> str:
    """Return the digits that a peer code stands for; none if it is no such code.

    >>> digits_of(51008600)
    '10086'
    """
    length, digits = divmod(code, 10**DIGITS)
    if not 1 <= length <= DIGITS:
        return ""
    return f"{digits:0{DIGITS}d}"[:length]


def instant(text: str) -> datetime:
    """Read an ISO time with its offset; a leap second counts as the last microsecond of its minute.

    >>> instant("2016-12-31T23:59:60Z").isoformat()
    '2016-12-31T23:59:59.999999+00:00'
    """
    leap = re.fullmatch(r"(.*T\d\d:\d\d):60(?:\.\d+)?(.*)", text)
    found = datetime.fromisoformat(f"{leap[1]}:59.999999{leap[2]}" if leap else text)
    if found.tzinfo is None:
        raise ValueError(f"{text!r} has no offset from UTC")
    return found.astimezone(UTC)


def micros(when: datetime) -> int:
    """Return microseconds UTC since 1970."""
    return (when - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


def table_of_records(records: Iterable[Record]) -> pa.Table:
    """Return records as the Arrow table that the files hold."""
    rows = [record._asdict() for record in records]
    return pa.Table.from_pylist(rows, schema=SCHEMA)


def largest_quantity(tariff: Tariff, service: Service) -> int:
    """Return the largest quantity of a record that is believed."""
    return dict(tariff.largest).get(service, LARGEST_QUANTITY)


def check_product(item: UsageItem, units: int, where: str) -> None:
    """Refuse an amount that would come near the end of int64.

    Raises
    ------
    AmountTooLarge
        `units` at the item's highest price do not fit.
    """
    if (abs(units) + item.minimum + item.step) * max(item.top_price, 1) > INT64_ROOM:
        raise AmountTooLarge(f"{where}: {units:,} units of {item.name} at its price do not fit into int64")
