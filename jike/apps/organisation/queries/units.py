"""The tree of units: what lies below, what is in a unit, and the lock under which the tree changes."""

from collections.abc import Sequence
from typing import NamedTuple

from django.db import connection
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from jike.apps.organisation.models import Person, Post, Unit
from jike.apps.organisation.rules import UnitLevel
from jike.foundation.errors import RuleBroken
from jike.foundation.scope import Actor, visible

__all__ = [
    "TreeLine",
    "below",
    "children_of",
    "contents_of",
    "lock_standing_unit",
    "lock_tree",
    "path_of",
    "removed_units",
    "tree_lines",
]

ICONS = {
    UnitLevel.HEADQUARTERS: "world",
    UnitLevel.PROVINCE: "building-community",
    UnitLevel.CITY: "building",
    UnitLevel.COUNTY: "map-pin",
    UnitLevel.GRID: "point",
}
TREE_LOCK = 7_402_001
"""Whoever changes the shape of the tree holds this advisory lock until the end of the transaction."""


class TreeLine(NamedTuple):
    """One unit as a line of the drawn tree: how deep it lies and how many people it is home to."""

    unit: Unit
    depth: int
    people: int
    units: int

    @property
    def indent(self) -> str:
        """Wide spaces as deep as the line, for choices."""
        return "　" * self.depth

    @property
    def step(self) -> int:
        """The depth as far as the page draws it."""
        return min(self.depth, 5)

    @property
    def icon(self) -> str:
        """The drawing of the unit's level."""
        return ICONS.get(UnitLevel(self.unit.level), "users-group")


def below(unit: Unit) -> QuerySet[Unit]:
    """Return ``unit`` and everything under it."""
    return Unit.objects.filter(Q(pk=unit.pk) | Q(ancestors__contains=[unit.pk]), removed_at=None)


def path_of(unit: Unit, actor: Actor) -> list[Unit]:
    """Return the units above ``unit`` that the actor may see, root first."""
    known = {one.pk: one for one in visible(Unit, actor).filter(pk__in=unit.ancestors)}
    return [known[number] for number in unit.ancestors if number in known]


def tree_lines(actor: Actor) -> list[TreeLine]:
    """Return the units that the actor may see in the order of a drawn tree, each with its counts."""
    units = list(visible(Unit, actor).order_by("name_key", "id"))
    known = {unit.pk for unit in units}
    counted = Person.objects.filter(unit__in=known, removed_at=None).values_list("unit").annotate(Count("id"))
    people = dict(counted.order_by())
    children: dict[int | None, list[Unit]] = {}
    for unit in units:
        children.setdefault(unit.parent_id if unit.parent_id in known else None, []).append(unit)
    return list(_lines(children, people))


def _lines(children: dict[int | None, list[Unit]], people: dict[int, int]) -> Sequence[TreeLine]:
    lines: list[TreeLine] = []
    waiting = [(unit, 0) for unit in reversed(children.get(None, []))]
    while waiting:
        unit, depth = waiting.pop()
        under = children.get(unit.pk, [])
        lines.append(TreeLine(unit, depth, people.get(unit.pk, 0), len(under)))
        waiting += [(child, depth + 1) for child in reversed(under)]
    return lines


def children_of(unit: Unit, actor: Actor) -> QuerySet[Unit]:
    """Return the units directly below that the actor may see."""
    return visible(Unit, actor).filter(parent=unit).order_by("name_key", "id")


def removed_units(actor: Actor) -> QuerySet[Unit]:
    """Return the units in the recycle bin that the actor may see, the last removed first, with what they lay under."""
    return visible(Unit, actor, removed=True).select_related("parent").order_by("-removed_at", "id")


def contents_of(unit: Unit) -> tuple[int, int, int]:
    """Return how many units lie directly in it, how many people it is home to and how many posts lie in it."""
    return (
        Unit.objects.filter(parent=unit, removed_at=None).count(),
        Person.objects.filter(unit=unit, removed_at=None).count(),
        Post.objects.filter(unit=unit, removed_at=None, person__removed_at=None).count(),
    )


def lock_tree() -> None:
    """Wait until nobody else changes the shape of the tree; others wait for this transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [TREE_LOCK])


def lock_standing_unit(unit: Unit) -> Unit:
    """Return ``unit`` as stored now, so locked that nobody removes it before this transaction ends."""
    stored = Unit.objects.select_for_update(no_key=True).filter(pk=unit.pk, removed_at=None).first()
    if stored is None:
        raise RuleBroken(_("The unit “%(name)s” has been removed; choose another one.") % {"name": unit.name})
    return stored
