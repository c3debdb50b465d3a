"""Who acts: a person through their posts, a security administrator through another's eyes, a program by its token."""

import datetime as dt
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

HELD = """
    SELECT post.unit_id, role_grant.permission, role_grant.breadth
    FROM organisation_post post
    JOIN organisation_role role ON role.id = post.role_id AND role.removed_at IS NULL
    JOIN organisation_grant role_grant ON role_grant.role_id = role.id AND role_grant.removed_at IS NULL
    WHERE post.person_id = %s AND post.removed_at IS NULL
      AND post.since <= %s AND (post.until IS NULL OR post.until > %s)"""
UNDER = """
    SELECT top.id, array_agg(unit.id)
    FROM unnest(%s::bigint[]) AS top(id)
    JOIN organisation_unit unit ON unit.id = top.id OR unit.ancestors @> ARRAY[top.id]
    GROUP BY top.id"""
LENT = """
    SELECT ARRAY(SELECT person_id FROM organisation_deputy
            WHERE deputy_id = %s AND removed_at IS NULL AND since <= %s AND until > %s),
        ARRAY(SELECT DISTINCT about_kind FROM foundation_share WHERE person = %s AND removed_at IS NULL)"""
"""For whom somebody stands in, and of which kinds something is shared with them."""
UNDER_ONE = "SELECT id FROM organisation_unit WHERE id = %s OR ancestors @> ARRAY[%s::bigint]"


def actor_of(person: Person, *, now: dt.datetime, request: UUID, see_as: UUID | None = None) -> Actor:
    """Return the actor for ``person``, or for the one whom they see as (then unable to write).

    Three queries, whatever the size of the organisation; nothing is kept between requests, so that a changed role, post
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
    held = _grants(token.person, now)
    grants = {name: frozenset(held[name]) for name in token.scopes if name in held}
    actor = Actor(
        kind=ActorKind.TOKEN,
        uid=token.uid,
        name=token.name,
        person=token.person_id,
        grants=grants,
        below=_below(grants),
        request=request,
    )
    return actor, token


def _actor(person: Person, now: dt.datetime, request: UUID, *, on_behalf: UUID | None = None) -> Actor:
    grants: dict[str, frozenset[Grant]] = {name: frozenset({(at, None)}) for name, at in EVERYONE.items()}
    for name, held in _grants(person, now).items():
        grants[name] = grants.get(name, frozenset()) | frozenset(held)
    principals, shared_kinds = _lent(person, now)
    return Actor(
        kind=ActorKind.PERSON,
        uid=person.uid,
        name=person.name,
        person=person.pk,
        grants=grants,
        below=_below(grants),
        principals=principals,
        shared_kinds=shared_kinds,
        request=request,
        on_behalf=on_behalf,
    )


def _grants(person: Person, now: dt.datetime) -> dict[str, set[Grant]]:
    today = now.astimezone(CHINA).date()
    grants: dict[str, set[Grant]] = {}
    with connection.cursor() as cursor:
        cursor.execute(HELD, [person.pk, today, today])
        for unit, permission, breadth in cursor.fetchall():
            grants.setdefault(permission, set()).add((BREADTHS[breadth], unit))
    return grants


def _below(grants: dict[str, frozenset[Grant]]) -> dict[int, frozenset[int]]:
    held = {unit for some in grants.values() for breadth, unit in some if breadth is Breadth.BELOW}
    tops = sorted(unit for unit in held if unit is not None)
    if not tops:
        return {}
    with connection.cursor() as cursor:
        if len(tops) == 1:
            cursor.execute(UNDER_ONE, [tops[0], tops[0]])
            return {tops[0]: frozenset(unit for (unit,) in cursor.fetchall())}
        cursor.execute(UNDER, [tops])
        return {top: frozenset(units) for top, units in cursor.fetchall()}


def _lent(person: Person, now: dt.datetime) -> tuple[frozenset[int], frozenset[str]]:
    """Return for whom the person stands in, and of which kinds something is shared with them."""
    with connection.cursor() as cursor:
        cursor.execute(LENT, [person.pk, now, now, person.uid])
        [(principals, kinds)] = cursor.fetchall()
        return frozenset(principals), frozenset(kinds)
