"""A group as a tree that is opened step by step: its rows with the figures of everything below, and its picture.

The light columns of a whole subtree are read in one query and added up in Python (`rolled_up`); names and owners are
read for the rows shown alone. So a group of ten thousand answers as one of ten does, only later.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet

from jike.apps.customers.models import Customer, Member
from jike.apps.customers.rules import (
    Crossing,
    Figures,
    Node,
    Rolled,
    State,
    children_of,
    crossing,
    rolled_up,
)
from jike.foundation.resource.listing import within_time
from jike.foundation.scope import Actor, visible

__all__ = ["GroupTree", "TreeRow", "count_group_members", "group_picture", "group_tree", "tree_children"]

LEVEL_SHOWN = 100
"""Rows of one level at a time; further ones are asked for."""
PICTURED = 3_000
"""Customers in a picture; beyond that nobody sees anything."""
LIGHT = ("pk", "ancestors", "region", "monthly_revenue", "arrears", "lines", "health")


class TreeRow(NamedTuple):
    """One customer as a row of the tree."""

    customer: Customer
    level: int
    """From 1, the shown top."""
    children: int
    open: bool
    rolled: Rolled
    crossing: Crossing
    """The border between it and the customer it hangs on here."""
    cancelled: bool
    may_move: bool
    above: Customer | None


class GroupTree(NamedTuple):
    """A group as far as it may be seen, opened down to one customer."""

    rows: Sequence[TreeRow]
    whole: Rolled
    """All of it added up; of several visible tops that of the one above the customer."""
    further: int
    """Rows of the top level that are not shown."""


class _Group:
    """The subtree below one customer as far as the actor may see it."""

    def __init__(self, rows: QuerySet[Customer]) -> None:
        found = rows.order_by("name_key", "pk").values_list(*LIGHT)
        self.nodes = [
            Node(number, ancestors, region, Figures(*figures))
            for number, ancestors, region, *figures in found
        ]
        self.known = {one.number: one for one in self.nodes}
        self.children = children_of(self.nodes)
        self.above = {child: parent for parent, some in self.children.items() for child in some}
        self.rolled = rolled_up(self.nodes)

    def way_to(self, number: int) -> list[int]:
        """Return the customers from the shown top down to this one."""
        way: list[int] = []
        now: int | None = number
        while now is not None:
            way.append(now)
            now = self.above[now]
        return way[::-1]


def group_tree(customer: Customer, actor: Actor) -> GroupTree:
    """Return the group of ``customer``, opened down to it and one level below."""
    group = _Group(_seen(customer, actor))
    if customer.pk not in group.known:
        return GroupTree((), Rolled(0, *Figures()[:3], None, 0, 0), 0)
    way = group.way_to(customer.pk)
    opened = set(way)
    tops = [way[0]]
    order: list[tuple[int, int]] = []
    waiting = [(number, 1) for number in reversed(tops)]
    while waiting:
        number, level = waiting.pop()
        order.append((number, level))
        if number in opened:
            below = _first(group.children.get(number, ()), keep=opened)
            waiting += [(child, level + 1) for child in reversed(below)]
    rows = _rows(group, order, actor, opened=opened)
    return GroupTree(rows, group.rolled[way[0]], len(group.children.get(None, ())) - 1)


def tree_children(
    customer: Customer, actor: Actor, *, level: int, after: int = 0
) -> tuple[list[TreeRow], int]:
    """Return the rows directly below ``customer``, which stands at ``level``, and how many follow beyond them."""
    below = visible(Customer, actor).filter(Q(ancestors__contains=[customer.pk]) | Q(pk=customer.pk))
    group = _Group(below)
    found = group.children.get(customer.pk, ())
    some = found[after : after + LEVEL_SHOWN]
    rows = _rows(group, [(number, level + 1) for number in some], actor, opened=set())
    return rows, max(0, len(found) - after - len(some))


def group_picture(customer: Customer, actor: Actor) -> Mapping[str, Any]:
    """Return the whole group nested, for a picture: name, address part, children, revenue, health, crossing.

    Of a group larger than `PICTURED` come the upper levels, and ``more`` says that others lie below.
    """
    group = _Group(_seen(customer, actor))
    if customer.pk not in group.known:
        return {}
    top = group.way_to(customer.pk)[0]
    order = [top]
    for number in order:  # level by level: the list grows while it is read
        if len(order) < PICTURED:
            order += group.children.get(number, ())[: PICTURED - len(order)]
    names = {
        pk: (uid, name, state)
        for pk, uid, name, state in Customer.objects.filter(pk__among=order).values_list(
            "pk", "uid", "name", "state"
        )
    }
    nested: dict[int, dict[str, Any]] = {}
    for number in order:
        uid, name, state = names[number]
        rolled, parent = group.rolled[number], group.above[number]
        nested[number] = {
            "name": name,
            "uid": str(uid),
            "customers": rolled.customers,
            "revenue": float(rolled.revenue),
            "health": rolled.worst_health,
            "crossing": str(_crossing(group, number)),
            "cancelled": state == State.ARCHIVED,
            "current": number == customer.pk,
            "children": [],
        }
        if parent in nested and number != top:
            nested[parent]["children"].append(nested[number])
    for number, one in nested.items():
        one["more"] = len(group.children.get(number, ())) - len(one["children"])
    return nested[top]


def count_group_members(customer: Customer, actor: Actor) -> int | None:
    """Return how many lines belong to the customer and everything below; None when counting takes too long."""
    below = visible(Customer, actor).filter(Q(ancestors__contains=[customer.pk]) | Q(pk=customer.pk))
    numbers = list(below.order_by().values_list("pk", flat=True))
    lines = Member.objects.filter(customer__among=numbers, left_on=None)
    return within_time(lambda: lines.order_by().count())


def _seen(customer: Customer, actor: Actor) -> QuerySet[Customer]:
    top = customer.ancestors[0] if customer.ancestors else customer.pk
    return visible(Customer, actor).filter(Q(pk=top) | Q(ancestors__contains=[top]))


def _first(numbers: Sequence[int], *, keep: Iterable[int]) -> list[int]:
    """Return as many as a level shows, and those on the way."""
    shown = list(numbers[:LEVEL_SHOWN])
    return shown + [number for number in numbers[LEVEL_SHOWN:] if number in set(keep)]


def _rows(
    group: _Group, order: Sequence[tuple[int, int]], actor: Actor, *, opened: set[int]
) -> list[TreeRow]:
    numbers = [number for number, _level in order]
    customers = Customer.objects.select_related("owner").in_bulk(numbers)
    movable = set(visible(Customer, actor, "move").filter(pk__in=numbers).values_list("pk", flat=True))
    rows = []
    for number, level in order:
        parent = group.above[number]
        rows.append(
            TreeRow(
                customer=customers[number],
                level=level,
                children=len(group.children.get(number, ())),
                open=number in opened and bool(group.children.get(number)),
                rolled=group.rolled[number],
                crossing=_crossing(group, number),
                cancelled=customers[number].state == State.ARCHIVED,
                may_move=number in movable,
                above=customers.get(parent) if parent is not None else None,
            )
        )
    return rows


def _crossing(group: _Group, number: int) -> Crossing:
    parent = group.above[number]
    return (
        Crossing.NONE if parent is None else crossing(group.known[number].region, group.known[parent].region)
    )
