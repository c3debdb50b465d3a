"""The figures of a group, added up from below, and where it crosses the borders of cities and provinces."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

__all__ = ["Crossing", "Figures", "Node", "Rolled", "children_of", "crossing", "rolled_up"]

PROVINCE, CITY = 2, 4
"""Digits of a region's code (GB/T 2260) that name its province, and its city."""
NOTHING = Decimal(0)


class Crossing(StrEnum):
    """Which border lies between two customers."""

    NONE = ""
    CITY = "city"
    PROVINCE = "province"


class Figures(NamedTuple):
    """What one customer brings by itself; yuan a month, yuan owed, lines, and its health where it is known."""

    revenue: Decimal = NOTHING
    arrears: Decimal = NOTHING
    lines: int = 0
    health: int | None = None


class Node(NamedTuple):
    """One customer of a group as far as it may be seen."""

    number: int
    ancestors: Sequence[int]
    """Everyone above, the top one first, whether they may be seen or not."""
    region: str
    figures: Figures


class Rolled(NamedTuple):
    """A customer with everything below it."""

    customers: int
    """Itself among them."""
    revenue: Decimal
    arrears: Decimal
    lines: int
    worst_health: int | None
    cities: int
    provinces: int


def crossing(region: str, other: str) -> Crossing:
    """Return which border lies between two regions; none where either is not known.

    >>> crossing("440106", "440304"), crossing("440106", "110101"), crossing("440106", "")
    (<Crossing.CITY: 'city'>, <Crossing.PROVINCE: 'province'>, <Crossing.NONE: ''>)
    """
    if not region or not other:
        return Crossing.NONE
    if region[:PROVINCE] != other[:PROVINCE]:
        return Crossing.PROVINCE
    known = not (region.endswith("0000") or other.endswith("0000"))
    return Crossing.CITY if known and region[:CITY] != other[:CITY] else Crossing.NONE


def children_of(nodes: Iterable[Node]) -> dict[int | None, list[int]]:
    """Return who hangs on whom (None: at the top); below a hidden one, on the nearest above that is not hidden."""
    known = {one.number: one for one in nodes}
    found: dict[int | None, list[int]] = {}
    for one in known.values():
        above = next((number for number in reversed(one.ancestors) if number in known), None)
        found.setdefault(above, []).append(one.number)
    return found


def rolled_up(nodes: Sequence[Node]) -> Mapping[int, Rolled]:
    """Return every customer's figures with those of everything below it that is among ``nodes``.

    One pass over the customers, deepest first, each added to the nearest above it: the work grows with their number.
    """
    children = children_of(nodes)
    above = {number: parent for parent, numbers in children.items() for number in numbers}
    sums = {one.number: _Sum(one) for one in nodes}
    for one in sorted(nodes, key=lambda node: -len(node.ancestors)):
        parent = above[one.number]
        if parent is not None:
            sums[parent].add(sums[one.number])
    return {number: one.rolled() for number, one in sums.items()}


class _Sum:
    """Adds up one subtree; regions are kept as sets, so that a city counts once."""

    def __init__(self, node: Node) -> None:
        self.customers, self.revenue, self.arrears, self.lines, self.worst = 1, *node.figures
        self.cities = {node.region[:CITY]} if node.region and not node.region.endswith("0000") else set()
        self.provinces = {node.region[:PROVINCE]} if node.region else set()

    def add(self, other: "_Sum") -> None:
        self.customers += other.customers
        self.revenue += other.revenue
        self.arrears += other.arrears
        self.lines += other.lines
        if self.worst is None or (other.worst is not None and other.worst < self.worst):
            self.worst = other.worst
        self.cities |= other.cities
        self.provinces |= other.provinces

    def rolled(self) -> Rolled:
        sums = (self.customers, self.revenue, self.arrears, self.lines, self.worst)
        return Rolled(*sums, len(self.cities), len(self.provinces))
