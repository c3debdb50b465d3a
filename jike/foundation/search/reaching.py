"""Where an actor may look: per kind the condition on the index that `scope.visible` is on the records."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from jike.foundation.models.share import Share
from jike.foundation.scope import Actor, Reach
from jike.foundation.scope.among import id_array
from jike.foundation.scope.reading import sharable, share_place, shared
from jike.foundation.search.kinds import Kind, kinds

__all__ = ["Condition", "Place", "over", "places"]

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
    """Kind and id of what others share with them; asked for apart, since the planner takes both together for half of
    everything."""

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
        """Return the condition that the actor sees entries and a sealed field of theirs; None when nowhere.

        No index is asked for it: a whole value is rare, and leads.
        """
        reach = actor.reach(self.kind.sealed[field])
        if not reach:
            return None
        seen, opened = _extent(self.kind, self.reach), _extent(self.kind, reach)
        unsealed = _allowed([self.kind.name], opened, leading=True)
        if seen.holds(opened):
            return unsealed
        parts = [_allowed([self.kind.name], seen, leading=True)]
        if self.lent is not None:
            parts.append(Condition(f"(kind, record) IN ({self.lent.sql})", self.lent.values))
        seen_at_all = " OR ".join(part.sql for part in parts)
        values = [value for part in (*parts, unsealed) for value in part.values]
        return Condition(f"({seen_at_all}) AND {unsealed.sql}", values)


def places(actor: Actor) -> list[Place]:
    """Return where the actor may look; a kind of which nothing may be seen is not there."""
    shared_kinds = _shared_kinds(actor)
    found = (_place(kind, actor, shared_kinds) for kind in kinds().values())
    return [place for place in found if place is not None]


def _place(kind: Kind, actor: Actor, shared_kinds: Collection[str]) -> Place | None:
    reach = actor.reach(kind.permission)
    within = _within(kind, reach)
    lent = sharable(actor, kind.model, "view") and share_place(kind.model)[1] in shared_kinds
    if not reach.everything and lent:
        rows = kind.model._default_manager.filter(shared(kind.model, actor, "view")).order_by().values("id")
        sql, values = rows.query.sql_with_params()
        lent_rows = f"SELECT %s::varchar AS kind, id AS record FROM ({sql}) AS lent"
        return Place(kind, reach, within, Condition(lent_rows, [kind.name, *values]))
    return Place(kind, reach, within) if reach else None


def _shared_kinds(actor: Actor) -> Collection[str]:
    if actor.shared_kinds is not None or actor.person is None or actor.uid is None:
        return actor.shared_kinds or ()
    mine = Share.objects.filter(person=actor.uid, removed_at=None)
    return list(mine.order_by().values_list("about_kind", flat=True).distinct())


def over(among: Sequence[Place], *, rare: bool = False) -> Condition:
    """Return the condition that an entry lies within the reach of its kind.

    A head's thousand units stand in it once, not once for each kind. What was typed leads where it is ``rare``, or
    reaches cover most of what there is; where all are narrow the planner sees that an index answers each.
    """
    extents = [(place.kind.name, _extent(place.kind, place.reach)) for place in among]
    wide = any(one.is_wide for _name, one in extents) or all(one.everything for _name, one in extents)
    leading = rare or wide
    alike: dict[tuple[_Extent, str], list[str]] = {}
    for name, one in extents:
        apart = "" if leading or one.everything else name
        alike.setdefault((one, apart), []).append(name)
    parts = [_allowed(names, one, leading=leading) for (one, _apart), names in alike.items()]
    joined = " OR ".join(part.sql for part in parts)
    return Condition(f"({joined})", [value for part in parts for value in part.values])


class _Extent(NamedTuple):
    """Whose and where entries must be; neither matters where everything may be seen."""

    everything: bool
    units: frozenset[int]
    owners: frozenset[int]

    @property
    def is_wide(self) -> bool:
        """Whether its units are a good part of all."""
        return len(self.units) >= WIDE

    def holds(self, other: "_Extent") -> bool:
        """Whether whatever lies in the other lies in this one, too."""
        return self.everything or (
            not other.everything and other.units <= self.units and other.owners <= self.owners
        )


def _extent(kind: Kind, reach: Reach) -> _Extent:
    if reach.everything:
        return _Extent(True, frozenset(), frozenset())
    scope = kind.model.SCOPE
    return _Extent(
        False,
        reach.units if "unit" in scope else frozenset(),
        reach.owners if "own" in scope else frozenset(),
    )


def _within(kind: Kind, reach: Reach) -> Condition:
    extent = _extent(kind, reach)
    return _allowed([kind.name], extent, leading=extent.is_wide)


def _allowed(names: list[str], extent: _Extent, *, leading: bool) -> Condition:
    """Return the condition for kinds of one extent, such that no index is asked for it where what was typed leads."""
    held: Any = names[0] if len(names) == 1 else names
    is_one_of = "= %s" if len(names) == 1 else "= ANY(%s)"
    named = f"kind || '' {is_one_of}" if leading else f"kind {is_one_of}"
    if extent.everything:
        return Condition(named, [held])
    parts, values = [], []
    if extent.units:
        parts.append("unit + 0 = ANY(%s::bigint[])" if leading else "unit = ANY(%s::bigint[])")
        values.append(id_array(extent.units))
    if extent.owners:
        parts.append("owner + 0 = ANY(%s::bigint[])" if leading else "owner = ANY(%s::bigint[])")
        values.append(id_array(extent.owners))
    if not parts:
        return Condition("FALSE", [])
    return Condition(f"({named} AND ({' OR '.join(parts)}))", [held, *values])
