"""Roles: the matrix role × permission × breadth, who holds which, and who still administers."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import NamedTuple
from uuid import UUID

from django.apps import apps
from django.db import connection
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from jike.apps.organisation.models import Grant, Person, Post, Role
from jike.apps.organisation.rules import VITAL, role_may_hold
from jike.foundation.errors import RuleBroken
from jike.foundation.scope import Actor, Permission, permission_catalogue, visible
from jike.foundation.scope.permissions import BREADTH_LABELS
from jike.values.rights import Breadth, Domain, split_permission

__all__ = [
    "MatrixGroup",
    "MatrixRow",
    "administrative_domains_of",
    "cells_of",
    "fits",
    "holders_of_domain",
    "holders_of_permission",
    "lock_administration",
    "lock_standing_role",
    "matrix",
    "permissions_held",
    "roles_listed",
    "vital_permissions_without_holder",
]

ADMINISTRATION_LOCK = 7_402_002
"""Whoever takes an administrator away holds this advisory lock until the end of the transaction."""


class Cell(NamedTuple):
    """How far a role holds a permission (None: not at all), in words, and whether its domain may hold it."""

    role: Role
    breadth: Breadth | None
    word: str
    fits: bool


class MatrixRow(NamedTuple):
    """One permission of the matrix with its cell for each of the roles."""

    permission: Permission
    cells: list[Cell]


class MatrixGroup(NamedTuple):
    """The permissions of one kind of record, under the capability that keeps it."""

    capability: str
    kind_label: str
    rows: list[MatrixRow]

    @property
    def width(self) -> int:
        """How many columns the group's heading spans."""
        return 1 + len(self.rows[0].cells)


def roles_listed(actor: Actor, *, today: dt.date) -> QuerySet[Role]:
    """Return the roles that the actor may see, each with the number of people who hold it now (``holders``)."""
    current = Q(posts__removed_at=None, posts__since__lte=today, posts__person__removed_at=None)
    current &= Q(posts__until=None) | Q(posts__until__gt=today)
    holders = Count("posts__person", filter=current, distinct=True)
    return visible(Role, actor).annotate(holders=holders).order_by("place", "id")


def matrix(roles: Iterable[Role]) -> list[MatrixGroup]:
    """Return the whole catalogue of permissions, by capability and kind, against ``roles``."""
    shown = list(roles)
    held = {role.pk: cells for role, cells in _cells(shown).items()}
    groups: dict[tuple[str, str], MatrixGroup] = {}
    for permission in permission_catalogue().values():
        kind = split_permission(permission.name)[0]
        capability = str(apps.get_app_config(kind.partition(".")[0]).verbose_name)
        group = groups.setdefault((capability, kind), MatrixGroup(capability, str(permission.kind_label), []))
        group.rows.append(MatrixRow(permission, [_cell(role, permission, held[role.pk]) for role in shown]))
    return [groups[key] for key in sorted(groups, key=lambda key: key[0])]


def _cell(role: Role, permission: Permission, held: Mapping[str, Breadth]) -> Cell:
    breadth = held.get(permission.name)
    return Cell(role, breadth, str(BREADTH_LABELS[breadth]) if breadth else "", fits(role, permission))


def fits(role: Role, permission: Permission) -> bool:
    """Whether a role of that domain may hold the permission at all."""
    return role_may_hold(Domain(role.domain), permission.name, permission.domain)


def cells_of(role: Role) -> dict[str, Breadth]:
    """Return permission → breadth of the role."""
    return _cells([role])[role]


def _cells(roles: list[Role]) -> dict[Role, dict[str, Breadth]]:
    cells: dict[Role, dict[str, Breadth]] = {role: {} for role in roles}
    known = {role.pk: role for role in roles}
    standing = Grant.objects.filter(role__in=known, removed_at=None)
    for number, permission, breadth in standing.values_list("role_id", "permission", "breadth"):
        cells[known[number]][permission] = Breadth(breadth)
    return cells


def permissions_held(actor: Actor) -> list[Permission]:
    """Return the permissions that the actor's posts carry, in the catalogue's order (what a token may be given)."""
    by_post = {name for name, grants in actor.grants.items() if any(unit is not None for _, unit in grants)}
    return [permission for name, permission in permission_catalogue().items() if name in by_post]


def administrative_domains_of(person: Person, *, today: dt.date) -> frozenset[Domain]:
    """Return which administrations the person's present and coming posts belong to."""
    posts = Post.objects.filter(person=person, removed_at=None).filter(Q(until=None) | Q(until__gt=today))
    domains = posts.values_list("role__domain", flat=True).order_by().distinct()
    return frozenset(Domain(domain) for domain in domains if Domain(domain).administrative)


def holders_of_domain(domain: Domain, *, today: dt.date) -> set[int]:
    """Return ids of the people who hold an administrative role of ``domain`` now, without an end, and may sign in."""
    posts = Post.objects.filter(role__domain=domain, role__removed_at=None, removed_at=None)
    posts = posts.filter(until=None, since__lte=today)
    return set(
        posts.filter(person__is_active=True, person__removed_at=None).values_list("person_id", flat=True)
    )


def holders_of_permission(permission: str, *, today: dt.date) -> set[UUID]:
    """Return uids of the people whose posts of today carry the permission, at any breadth, and who may sign in."""
    posts = Post.objects.filter(removed_at=None, since__lte=today).filter(Q(until=None) | Q(until__gt=today))
    roles = Grant.objects.filter(permission=permission, removed_at=None, role__removed_at=None).values(
        "role_id"
    )
    held = posts.filter(role_id__in=roles, person__is_active=True, person__removed_at=None)
    return set(held.values_list("person__uid", flat=True))


def vital_permissions_without_holder(changed: Mapping[str, object]) -> list[str]:
    """Return those of the ``changed`` permissions that are vital and that no role of their domain holds any more."""
    vital = {name: domain for domain, names in VITAL.items() for name in names if name in changed}
    held = Grant.objects.filter(
        permission__in=vital, removed_at=None, role__removed_at=None, breadth=Breadth.ALL
    )
    return sorted(set(vital) - set(held.values_list("permission", flat=True)))


def lock_administration() -> None:
    """Wait until nobody else takes administrators away; others wait for this transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ADMINISTRATION_LOCK])


def lock_standing_role(role: Role) -> Role:
    """Return ``role`` as stored now, so locked that nobody removes it before this transaction ends."""
    stored = Role.objects.select_for_update(no_key=True).filter(pk=role.pk, removed_at=None).first()
    if stored is None:
        sentence = _("The role “%(name)s” has been removed; choose another one.")
        raise RuleBroken(sentence % {"name": role.label})
    return stored
