"""What one needs to know of the organisation; first of all, who somebody is: `actor_of`."""

import datetime as dt
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import Q, QuerySet

from jike.apps.organisation.models import Deputy, Person, Unit
from jike.foundation.errors import NotFound
from jike.foundation.scope import Actor, ActorKind
from jike.foundation.scope.actor import Grant
from jike.values.rights import Breadth

__all__ = ["actor_of", "below"]

CHINA = ZoneInfo("Asia/Shanghai")

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


def actor_of(person: Person, *, now: dt.datetime, request: UUID, see_as: UUID | None = None) -> Actor:
    """Return the actor for ``person``, or for the one whom they see as (then unable to write).

    Three queries, whatever the size of the organisation; nothing is kept between requests, so that a changed role, post
    or deputy takes effect with the next one.
    """
    if see_as is not None:
        seen = Person.objects.filter(uid=see_as, removed_at=None).first()
        if seen is None:
            raise NotFound
        return _actor(seen, now, request, on_behalf=person.uid)
    return _actor(person, now, request, on_behalf=None)


def _actor(person: Person, now: dt.datetime, request: UUID, on_behalf: UUID | None) -> Actor:
    grants = _grants(person, now)
    tops = {unit for held in grants.values() for breadth, unit in held if breadth is Breadth.BELOW}
    return Actor(
        kind=ActorKind.PERSON,
        uid=person.uid,
        name=person.name,
        person=person.pk,
        grants={permission: frozenset(held) for permission, held in grants.items()},
        below=_below(sorted(unit for unit in tops if unit is not None)),
        principals=_principals(person, now),
        request=request,
        on_behalf=on_behalf,
    )


def _grants(person: Person, now: dt.datetime) -> dict[str, set[Grant]]:
    today = now.astimezone(CHINA).date()
    grants: dict[str, set[Grant]] = {}
    with connection.cursor() as cursor:
        cursor.execute(HELD, [person.pk, today, today])
        for unit, permission, breadth in cursor.fetchall():
            grants.setdefault(permission, set()).add((Breadth(breadth), unit))
    return grants


def _below(tops: list[int]) -> dict[int, frozenset[int]]:
    if not tops:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(UNDER, [tops])
        return {top: frozenset(units) for top, units in cursor.fetchall()}


def _principals(person: Person, now: dt.datetime) -> frozenset[int]:
    standing = Deputy.objects.filter(deputy=person, removed_at=None, since__lte=now, until__gt=now)
    return frozenset(standing.values_list("person_id", flat=True))


def below(unit: Unit) -> QuerySet[Unit]:
    """Return ``unit`` and everything under it."""
    return Unit.objects.filter(Q(pk=unit.pk) | Q(ancestors__contains=[unit.pk]), removed_at=None)


