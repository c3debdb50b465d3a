"""Acts of capabilities upon many chosen rows: a button each in the bar that appears while rows are chosen.

The site registers them. An act's view gets the choice as the bar sends it (`jike.foundation.pages.resources.bulk`) and
answers with a dialog, or with what it did.
"""

from collections.abc import Iterable
from typing import NamedTuple

from django.utils.functional import Promise

from jike.foundation.resource.declaration import Resource
from jike.foundation.scope import Actor

__all__ = ["BulkAct", "bulk_acts", "register_bulk_acts"]


class BulkAct(NamedTuple):
    """One act: the kind it is done to, the right it needs of that kind, and the view that asks and does it."""

    kind: str
    action: str
    label: str | Promise
    icon: str
    url: str
    """Name of a view without arguments."""


class _Registered:
    acts: tuple[BulkAct, ...] = ()


def register_bulk_acts(acts: Iterable[BulkAct]) -> None:
    """Name the acts in their order; the last call counts."""
    _Registered.acts = tuple(acts)


def bulk_acts(resource: Resource, actor: Actor) -> list[BulkAct]:
    """Return what the actor may do to chosen rows of the list besides changing, merging and exporting."""
    found = (one for one in _Registered.acts if one.kind == resource.kind)
    return [one for one in found if actor.holds(f"{one.kind}:{one.action}")]
