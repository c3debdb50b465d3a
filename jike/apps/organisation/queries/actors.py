"""Who acts: a person through their posts, a security administrator through another's eyes, a program by its token."""

import datetime as dt
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection

from jike.apps.organisation.models import Person, Token
from jike.apps.organisation.rules import EVERYONE, token_digest
from jike.foundation.scope import Actor, ActorKind, may, permission_catalogue
from jike.foundation.scope.actor import Grant
from jike.values.rights import Breadth

__all__ = ["CHINA", "actor_of", "actor_of_token"]

CHINA = ZoneInfo("Asia/Shanghai")
BREADTHS = {breadth.value: breadth for breadth in Breadth}
"""Looked up some hundred times a request, in a tenth of the time that the class takes."""

BEHIND = """
    WITH held AS MATERIALIZED (
        SELECT post.unit_id, role_grant.permission, role_grant.breadth
        FROM organisation_post post
        JOIN organisation_role role ON role.id = post.role_id AND role.removed_at IS NULL
        JOIN organisation_grant role_grant ON role_grant.role_id = role.id AND role_grant.removed_at IS NULL
        WHERE post.person_id = %(person)s AND post.removed_at IS NULL
          AND post.since <= %(today)s AND (post.until IS NULL OR post.until > %(today)s)),
    top AS (SELECT DISTINCT unit_id AS id FROM held WHERE breadth = %(below)s)
    SELECT array_agg(unit_id), array_agg(permission), array_agg(breadth),
        ARRAY(SELECT person_id FROM organisation_deputy
            WHERE deputy_id = %(person)s AND removed_at IS NULL AND since <= %(now)s AND until > %(now)s),
        ARRAY(SELECT DISTINCT about_kind FROM foundation_share WHERE person = %(uid)s AND removed_at IS NULL),
        ARRAY(SELECT id FROM top),
        ARRAY(SELECT (SELECT array_agg(unit.id) FROM organisation_unit unit
            WHERE unit.id = top.id OR unit.ancestors @> ARRAY[top.id])::text FROM top)
    FROM held"""
"""What stands behind a person: grants by post, for whom they stand in, of which kinds something is shared with them,
and for each unit from which they reach downwards the units there, as PostgreSQL writes an array (the arrays of an array
have all one length)."""


class _Behind(NamedTuple):
    """What `BEHIND` answers."""

    grants: dict[str, set[Grant]]
    below: dict[int, frozenset[int]]
    principals: frozenset[int]
    shared_kinds: frozenset[str]


def actor_of(person: Person, *, now: dt.datetime, request: UUID, see_as: UUID | None = None) -> Actor:
    """Return the actor for ``person``, or for the one whom they see as (then unable to write).

    One query, whatever the size of the organisation; nothing is kept between requests, so that a changed role, post
    or deputy takes effect with the next one. Whoever lost the right to see as somebody is themselves again, and so they
    are once that person administers: administrations stay apart.
    """
    actor = _actor(person, now, request)
    if see_as is None:
        return actor
    seen = Person.objects.filter(uid=see_as, removed_at=None).first()
    if seen is None or not may(actor, "see_as", seen):
        return actor
    through = _actor(seen, now, request, on_behalf=person.uid)
    return actor if _administers(through) else through


def _administers(actor: Actor) -> bool:
    """Whether a post of theirs carries a right of administration; such eyes nobody looks through."""
    catalogue = permission_catalogue()
    by_post = (name for name, held in actor.grants.items() if any(unit is not None for _, unit in held))
    return any(name in catalogue and catalogue[name].domain.administrative for name in by_post)


def actor_of_token(secret: str, *, now: dt.datetime, request: UUID) -> tuple[Actor, Token] | None:
    """Return the actor of an integration token and its row, or None when it is forged, revoked, expired or orphaned.

    A token acts within its scopes and never beyond what the person who answers for it may do by their posts now.
    """
    standing = Token.objects.filter(digest=token_digest(secret), removed_at=None, expires_at__gt=now)
    token = standing.filter(person__is_active=True, person__removed_at=None).select_related("person").first()
    if token is None:
        return None
    behind = _behind(token.person, now)
    grants = {name: frozenset(behind.grants[name]) for name in token.scopes if name in behind.grants}
    actor = Actor(
        kind=ActorKind.TOKEN,
        uid=token.uid,
        name=token.name,
        person=token.person_id,
        grants=grants,
        below=behind.below,
        request=request,
    )
    return actor, token


def _actor(person: Person, now: dt.datetime, request: UUID, *, on_behalf: UUID | None = None) -> Actor:
    grants: dict[str, frozenset[Grant]] = {name: frozenset({(at, None)}) for name, at in EVERYONE.items()}
    behind = _behind(person, now)
    for name, held in behind.grants.items():
        grants[name] = grants.get(name, frozenset()) | frozenset(held)
    return Actor(
        kind=ActorKind.PERSON,
        uid=person.uid,
        name=person.name,
        person=person.pk,
        grants=grants,
        below=behind.below,
        principals=behind.principals,
        shared_kinds=behind.shared_kinds,
        request=request,
        on_behalf=on_behalf,
    )


def _behind(person: Person, now: dt.datetime) -> _Behind:
    """Return what stands behind the person now: read anew each time."""
    asked: dict[str, Any] = {
        "person": person.pk,
        "uid": person.uid,
        "now": now,
        "today": now.astimezone(CHINA).date(),
        "below": Breadth.BELOW.value,
    }
    with connection.cursor() as cursor:
        cursor.execute(BEHIND, asked)
        [(units, permissions, breadths, principals, kinds, tops, below)] = cursor.fetchall()
    grants: dict[str, set[Grant]] = {}
    for unit, permission, breadth in zip(units or (), permissions or (), breadths or (), strict=True):
        grants.setdefault(permission, set()).add((BREADTHS[breadth], unit))
    under = (frozenset(map(int, one[1:-1].split(","))) for one in below)
    return _Behind(grants, dict(zip(tops, under, strict=True)), frozenset(principals), frozenset(kinds))
