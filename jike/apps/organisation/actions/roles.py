"""Roles and their rights: the matrix is edited cell by cell, and each edit holds from the next request on."""

from collections.abc import Mapping

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from jike.apps.organisation.models import Grant, Post, Role
from jike.apps.organisation.queries.roles import (
    cells_of,
    lock_administration,
    lock_standing_role,
    vital_permissions_without_holder,
)
from jike.apps.organisation.rules import role_may_hold
from jike.foundation.audit import Under, changing, creating, creating_many, note, removing
from jike.foundation.entering import entered
from jike.foundation.errors import Invalid, RuleBroken, Stale
from jike.foundation.scope import Actor, permission_catalogue, require
from jike.foundation.scope.permissions import BREADTH_LABELS
from jike.values.rights import Breadth, Domain
from jike.values.text import clean_line

__all__ = ["add_role", "change_role", "remove_role", "set_grant", "set_grants"]

LIMITS = {"code": 40, "name": 60, "name_en": 60, "purpose": 200, "domain": 8}


@transaction.atomic
def add_role(
    *, actor: Actor, code: str, name: str, name_en: str, domain: str = "business", purpose: str = ""
) -> Role:
    """Add a role without rights."""
    role = Role()
    _fill(role, code=code, name=name, name_en=name_en, domain=domain, purpose=purpose)
    return creating(role, actor=actor)


@transaction.atomic
def change_role(role: Role, *, actor: Actor, version: int | None = None, **fields: str) -> Role:
    """Change the role's names, purpose or, while nobody holds it, its domain."""
    with changing(role, actor=actor, version=version):
        domain = role.domain
        _fill(role, **fields)
        if role.domain != domain and (_held(role) or cells_of(role)):
            raise RuleBroken(
                _("The domain can be changed only while nobody holds the role and it has no rights.")
            )
    return role


@transaction.atomic
def remove_role(role: Role, *, actor: Actor, version: int | None = None) -> Role:
    """Put a role that nobody holds into the recycle bin."""
    lock_standing_role(role)
    if _held(role):
        sentence = _("Somebody holds the role “%(name)s”, or will; end those posts first.")
        raise RuleBroken(sentence % {"name": role.label})
    if role.is_ready_made:
        raise RuleBroken(_("Ready-made roles stay; take their rights away instead."))
    return removing(role, actor=actor, version=version)


def set_grant(
    role: Role, *, actor: Actor, permission: str, breadth: Breadth | None, seen: Breadth | None = None
) -> Breadth | None:
    """Set one cell of the matrix; ``seen`` is what the editor saw there, another stored value raises `Stale`."""
    set_grants(role, actor=actor, cells={permission: breadth}, seen={permission: seen})
    return breadth


@transaction.atomic
def set_grants(
    role: Role,
    *,
    actor: Actor,
    cells: Mapping[str, Breadth | None],
    seen: Mapping[str, Breadth | None] | None = None,
) -> Role:
    """Set many cells of one role at once, all or none."""
    require(actor, "grant", role)
    lock_administration()
    lock_standing_role(role)
    if not actor.is_system and Post.objects.filter(person=actor.person, role=role, removed_at=None).exists():
        raise RuleBroken(
            _("Nobody changes the rights of a role they hold; ask another security administrator.")
        )
    stored = {grant.permission: grant for grant in Grant.objects.filter(role=role, removed_at=None)}
    before = {name: Breadth(stored[name].breadth) if name in stored else None for name in cells}
    _refuse_stale(before, seen or {})
    changed = {name: breadth for name, breadth in cells.items() if breadth is not before[name]}
    for name in changed:
        _check_cell(role, name)
    _add_cells(role, {name: changed[name] for name in changed if name not in stored}, actor=actor)
    for name, breadth in changed.items():
        if name in stored:
            _change_cell(role, stored[name], breadth, actor=actor)
    if lost := vital_permissions_without_holder({name: None for name in changed if before[name]}):
        sentence = _("Without “%(right)s” nobody could administer any more; give it to another role first.")
        raise RuleBroken(sentence % {"right": permission_catalogue()[lost[0]].label})
    if changed:
        note(role, actor=actor, verb="grant", facts={name: (before[name], changed[name]) for name in changed})
    return role


def _fill(role: Role, **fields: str) -> None:
    for name, text in fields.items():
        setattr(role, name, entered(name, clean_line, text, limit=LIMITS[name]))
    if role.domain not in set(Domain):
        raise Invalid({"domain": [_("Choose one of the domains.")]})


def _held(role: Role) -> bool:
    standing = Post.objects.filter(role=role, removed_at=None, person__removed_at=None)
    return standing.filter(Q(until=None) | Q(until__gt=timezone.localdate())).exists()


def _refuse_stale(before: Mapping[str, Breadth | None], seen: Mapping[str, Breadth | None]) -> None:
    for name, breadth in seen.items():
        if before[name] is not breadth:
            current = before[name]
            now = _("not at all") if current is None else str(BREADTH_LABELS[current])
            sentence = _("Somebody changed this right meanwhile: it now reaches “%(breadth)s”.") % {
                "breadth": now
            }
            raise Stale(sentence, expected=0, current=0)


def _check_cell(role: Role, permission: str) -> None:
    known = permission_catalogue().get(permission)
    if known is None:
        raise Invalid({"permission": [_("There is no such right.")]})
    if not role_may_hold(Domain(role.domain), permission, known.domain):
        sentence = _("The role “%(role)s” belongs to another side; it cannot hold “%(kind)s: %(right)s”.")
        raise RuleBroken(sentence % {"role": role.label, "kind": known.kind_label, "right": known.label})


def _add_cells(role: Role, cells: Mapping[str, Breadth | None], *, actor: Actor) -> None:
    rows = [{"role_id": role.pk, "permission": name, "breadth": breadth} for name, breadth in cells.items()]
    outcome = creating_many(Grant, rows, actor=actor, under=Under(role, "grant"))
    if outcome.refused:
        raise Invalid({"": list(outcome.refused.values())})


def _change_cell(role: Role, grant: Grant, breadth: Breadth | None, *, actor: Actor) -> None:
    under = Under(role, "grant")
    if breadth is None:
        removing(grant, actor=actor, under=under)
    else:
        with changing(grant, actor=actor, under=under):
            grant.breadth = breadth
