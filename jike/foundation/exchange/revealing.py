"""Sealed fields of many records at once: ordered by who may reveal them one by one, and fetched only after a release.

Two people see to it (金库模式): whoever orders needs the kind's right ``reveal``; whoever releases holds it as well and
is somebody else, whatever the number of records. Each record's history says who had it revealed.
"""

from collections.abc import Iterable
from dataclasses import replace
from uuid import UUID

from django.utils.translation import gettext as _

from jike.foundation.audit.stream import Written, record_changes
from jike.foundation.errors import RuleBroken
from jike.foundation.resource.attributes import Attribute
from jike.foundation.resource.declaration import Resource
from jike.foundation.scope import Actor

__all__ = ["MOST", "may_reveal_many", "note_revealed", "require_few", "revealing"]

MOST = 5_000
"""Records at a time."""


def may_reveal_many(resource: Resource, actor: Actor) -> bool:
    """Whether the actor may order the list with its sealed fields open."""
    known = bool(resource.model.SEALED) and "reveal" in resource.model.ACTIONS
    return known and actor.holds(f"{resource.kind}:reveal")


def revealing(resource: Resource, actor: Actor) -> Actor:
    """Return the actor with the kind's sealed fields open wherever they may reveal them one by one."""
    reach = actor.grants.get(f"{resource.kind}:reveal", frozenset())
    opened = {
        permission: actor.grants.get(permission, frozenset()) | reach
        for permission in set(resource.model.SEALED.values())
    }
    return replace(actor, grants={**actor.grants, **opened})


def require_few(count: int) -> None:
    """Refuse more records than may be revealed at a time."""
    if count > MOST:
        sentence = _("Personal fields of at most %(most)s records are revealed at a time.")
        raise RuleBroken(sentence % {"most": f"{MOST:,}"})


def note_revealed(
    resource: Resource, rows: Iterable[tuple[UUID, int]], attributes: Iterable[Attribute], *, actor: Actor
) -> None:
    """Record in the history of each record (uid, version) which sealed fields were revealed, and to whom."""
    names = [one.name for one in attributes if one.sealed]
    facts = {"revealed": (None, names)}
    written = [Written(resource.kind, uid, version, facts) for uid, version in rows]
    if names:
        record_changes(written, actor=actor, verb="reveal")
