"""What is to be rated, checked as a whole before anything is computed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pyarrow as pa

from jike.engines.rating.admission import Usage, check_prices
from jike.engines.rating.checks import check
from jike.engines.rating.errors import UsageRefused
from jike.engines.rating.facts import check_members
from jike.engines.rating.members import Member, Month
from jike.engines.rating.tariff import Tariff

CIRCLES = pa.schema([("holder", pa.int64()), ("circle_number", pa.string())])


def circles_of(members: list[Member]) -> pa.Table:
    """Return the calling circles of members as an Arrow table."""
    rows = [{"holder": m.id, "circle_number": number} for m in members for number in m.circle]
    return pa.Table.from_pylist(rows, schema=CIRCLES)


def no_circles() -> pa.Table:
    """Return an empty table of circles."""
    return CIRCLES.empty_table()


@dataclass(frozen=True)
class Problem:
    """One tariff, the usage of one month, and the members who used it.

    Parameters
    ----------
    tariff
        The tariff; checked here.
    usage
        Admitted files, from `admission.admit`.
    members
        Arrow table of `facts.MEMBERS`: member, customer, ordered, until, number.
    month
        The month of the bill.
    circles
        Arrow table (holder, circle_number) of calling circles.
    carried
        Units carried in, by (member or customer, allowance name).

    Raises
    ------
    TariffInvalid, UsageRefused, AmountTooLarge
        The parts are not sound or do not fit together.
    """

    tariff: Tariff
    usage: Usage
    members: pa.Table
    month: Month
    circles: pa.Table = field(default_factory=no_circles)
    carried: Mapping[tuple[int, str], int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        check(self.tariff)
        check_members(self.members)
        check_prices(self.usage, [self.tariff])
        names = {a.name for a in self.tariff.allowances if a.rolls_over}
        for owner, name in self.carried:
            if name not in names:
                raise UsageRefused([f"carried units of {owner}: {name!r} is no allowance that rolls over"])
