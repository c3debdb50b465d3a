"""Favourites and the records opened last, by name: for the palette before anything is typed, and for the home page."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from jike.foundation.directory import address_of
from jike.foundation.errors import NotFound
from jike.foundation.models.record import RecordKey
from jike.foundation.personal import favourites_of, recent_of
from jike.foundation.resource.registry import resource_of_kind
from jike.foundation.scope import Actor, visible
from jike.foundation.scope.reading import model_of

__all__ = ["Near", "named", "opened_by"]

FAVOURITES, RECENT = 8, 8


@dataclass(frozen=True)
class Near:
    """A record that somebody keeps near."""

    name: str
    address: str
    icon: str
    favourite: bool


def opened_by(actor: Actor) -> list[Near]:
    """Return the person's favourites, then what they opened last; what they may no longer see is left out."""
    if actor.uid is None:
        return []
    kept = favourites_of(actor, limit=FAVOURITES)
    stars = {one.uid for one in kept}
    kept += [one for one in recent_of(actor, limit=RECENT + len(stars)) if one.uid not in stars]
    names = named({RecordKey(one.kind, one.uid) for one in kept}, actor)
    found = []
    for one in kept:
        key = RecordKey(one.kind, one.uid)
        address, resource = address_of(key), resource_of_kind(one.kind)
        if key in names and address:
            icon = "filled/star" if one.favourite else resource.icon if resource else "history"
            found.append(Near(names[key], address, icon, one.favourite))
    return found[: FAVOURITES + RECENT]


def named(keys: Iterable[RecordKey], actor: Actor) -> dict[RecordKey, str]:
    """Return the names of those records that the actor may see: one query for each kind among them."""
    by_kind: dict[str, set[UUID]] = {}
    for key in keys:
        by_kind.setdefault(key.kind, set()).add(key.uid)
    names: dict[RecordKey, str] = {}
    for kind, uids in by_kind.items():
        try:
            model = model_of(kind)
        except NotFound:
            continue
        names |= {RecordKey(kind, row.uid): str(row) for row in visible(model, actor).filter(uid__in=uids)}
    return names
