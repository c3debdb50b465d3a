"""`Actor`: who acts, with which grants; built once per request and never changed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from uuid import UUID

from jike.values.identifiers import uid7
from jike.values.rights import Breadth

__all__ = ["Actor", "ActorKind", "Grant", "Reach", "system_actor"]

Grant = tuple[Breadth, int | None]
"""A breadth and the unit of the post that carries it (None for tokens, peers and the system)."""


class ActorKind(StrEnum):
    """What kind of somebody acts."""

    PERSON = "person"
    TOKEN = "token"
    PEER = "peer"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Reach:
    """The rows one permission covers: every row, or those of these units, or of these owners."""

    everything: bool = False
    units: frozenset[int] = frozenset()
    owners: frozenset[int] = frozenset()

    def __bool__(self) -> bool:
        return self.everything or bool(self.units) or bool(self.owners)

    def covers(self, *, owner: int | None, unit: int | None) -> bool:
        """Whether a row of that owner in that unit is within reach."""
        return self.everything or owner in self.owners or unit in self.units


NOWHERE = Reach()
EVERYWHERE = Reach(everything=True)


@dataclass(frozen=True)
class Actor:
    """A person, an integration token, a peer node, or the system acting as a named job.

    Attributes
    ----------
    kind, uid, name
        Who it is; ``uid`` is None for the system.
    person
        Row id of the person, for OWN; None for others.
    grants
        Permission → the (breadth, unit of the post) pairs that carry it.
    below
        Unit id → ids of it and of everything under it, for the units of BELOW grants.
    principals
        Ids of the people this actor stands in for at this moment (not transitive).
    shared_kinds
        Kinds of which some row is shared with the person: lists of the others need not ask. None when not known.
    request
        Id of the request; every change it makes carries it.
    on_behalf
        The security administrator who looks through this person's eyes; such an actor cannot write.
    trial
        Whether the set-wise gates shall only judge: they take back what they stored before they return, and leave no
        history, no search entries and no keys of doubles.
    """

    kind: ActorKind
    uid: UUID | None
    name: str
    person: int | None = None
    grants: Mapping[str, frozenset[Grant]] = field(default_factory=dict)
    below: Mapping[int, frozenset[int]] = field(default_factory=dict)
    principals: frozenset[int] = frozenset()
    shared_kinds: frozenset[str] | None = None
    request: UUID = field(default_factory=uid7)
    on_behalf: UUID | None = None
    trial: bool = False

    @property
    def is_system(self) -> bool:
        """The system may do everything; what it does is recorded under its job's name."""
        return self.kind is ActorKind.SYSTEM

    @cached_property
    def owners(self) -> frozenset[int]:
        """Whose rows count as mine: my own and my principals'."""
        return self.principals if self.person is None else self.principals | {self.person}

    @cached_property
    def units(self) -> frozenset[int]:
        """The units in which this actor holds posts: "my team"."""
        return frozenset(unit for held in self.grants.values() for _, unit in held if unit is not None)

    def reach(self, permission: str) -> Reach:
        """Return the rows that ``permission`` covers for this actor."""
        if self.is_system:
            return EVERYWHERE
        known = self._reaches.get(permission)
        if known is None:
            known = self._reaches[permission] = self._resolve(self.grants.get(permission, frozenset()))
        return known

    def holds(self, permission: str) -> bool:
        """Whether the actor holds the permission at any breadth (for menus and columns, never for rows)."""
        return self.is_system or permission in self.grants

    @cached_property
    def _reaches(self) -> dict[str, Reach]:
        return {}

    def _resolve(self, grants: frozenset[Grant]) -> Reach:
        if not grants:
            return NOWHERE
        units: set[int] = set()
        owners: frozenset[int] = frozenset()
        for breadth, unit in grants:
            if breadth is Breadth.ALL:
                return EVERYWHERE
            if breadth is Breadth.OWN:
                owners = self.owners
            elif unit is not None:
                units |= {unit} if breadth is Breadth.TEAM else self.below.get(unit, frozenset({unit}))
        return Reach(units=frozenset(units), owners=owners)


def system_actor(job: str) -> Actor:
    """Return the system acting as the named job."""
    return Actor(kind=ActorKind.SYSTEM, uid=None, name=job)
