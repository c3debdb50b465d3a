"""Where an actor may look: per kind the condition on the index that `scope.visible` is on the records."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from jike.foundation.models.share import Share
from jike.foundation.scope import Actor, Reach
from jike.foundation.scope.reading import sharable, share_place, shared
from jike.foundation.search.kinds import Kind, kinds

__all__ = ["Condition", "Place", "places"]

WIDE = 200
"""Units from which on walking a sample of the kind meets enough of them."""


class Condition(NamedTuple):
    """A part of a statement with its parameters."""

    sql: str
    values: list[Any]


@dataclass(frozen=True)
class Place:
    """The entries of one kind that the actor may see."""

    kind: Kind
    reach: Reach
    within: Condition
    """What lies at their owners and units."""
    lent: Condition | None = None
    """What others share with them; asked for apart, since the planner takes both together for half of everything."""

    @property
    def condition(self) -> Condition:
        """All of it."""
        if self.lent is None:
            return self.within
        return Condition(f"({self.within.sql} OR {self.lent.sql})", [*self.within.values, *self.lent.values])

    @property
    def everything(self) -> bool:
        """Whether every entry of the kind may be seen."""
        return self.reach.everything

    @property
    def units(self) -> list[int]:
        """The units whose entries may be seen."""
        return sorted(self.reach.units)

    @property
    def wide(self) -> bool:
        """Whether the units are a good part of all."""
        return len(self.reach.units) >= WIDE

    def opened(self, actor: Actor, field: str) -> Condition | None:
        """Return the condition that the actor may also read a sealed field; None when nowhere."""
        reach = actor.reach(self.kind.sealed[field])
        return _within(self.kind, reach) if reach else None


def places(actor: Actor) -> list[Place]:
    """Return where the actor may look; a kind of which nothing may be seen is not there."""
    shared_kinds = _shared_kinds(actor)
    found = (_place(kind, actor, shared_kinds) for kind in kinds().values())
    return [place for place in found if place is not None]


def _place(kind: Kind, actor: Actor, shared_kinds: Sequence[str]) -> Place | None:
    reach = actor.reach(kind.permission)
    within = _within(kind, reach)
    lent = sharable(actor, kind.model, "view") and share_place(kind.model)[1] in shared_kinds
    if not reach.everything and lent:
        rows = kind.model._default_manager.filter(shared(kind.model, actor, "view")).order_by().values("id")
        sql, values = rows.query.sql_with_params()
        lent_rows = Condition(f"(kind = %s AND record IN ({sql}))", [kind.name, *values])
        return Place(kind, reach, within, lent_rows)
    return Place(kind, reach, within) if reach else None


def _shared_kinds(actor: Actor) -> list[str]:
    if actor.person is None or actor.uid is None:
        return []
    mine = Share.objects.filter(person=actor.uid, removed_at=None)
    return list(mine.order_by().values_list("about_kind", flat=True).distinct())


def _within(kind: Kind, reach: Reach) -> Condition:
    if reach.everything:
        return Condition("kind = %s", [kind.name])
    parts, values = [], []
    if reach.units and "unit" in kind.model.SCOPE:
        parts.append("unit = ANY(%s)")
        values.append(sorted(reach.units))
    if reach.owners and "own" in kind.model.SCOPE:
        parts.append("owner = ANY(%s)")
        values.append(sorted(reach.owners))
    if not parts:
        return Condition("FALSE", [])
    return Condition(f"(kind = %s AND ({' OR '.join(parts)}))", [kind.name, *values])
