"""The beginning of an organisation: its ready-made roles, its top unit and its first three administrators."""

from collections.abc import Mapping

from django.apps import apps
from django.db import transaction
from django.utils import timezone

from jike.apps.organisation.actions.people import NewPerson, add_person
from jike.apps.organisation.actions.posts import assign_post
from jike.apps.organisation.actions.roles import set_grants
from jike.apps.organisation.actions.units import add_unit
from jike.apps.organisation.models import Grant, Role, Unit
from jike.apps.organisation.queries.roles import lock_administration
from jike.apps.organisation.rules import READY_MADE, ReadyMadeRole, UnitLevel
from jike.foundation.audit import creating
from jike.foundation.scope import Actor, permission_catalogue
from jike.values.rights import Breadth, Domain

__all__ = ["found_organisation", "install_ready_made_roles"]


@transaction.atomic
def install_ready_made_roles(*, actor: Actor) -> list[Role]:
    """Install the ready-made roles with what every capability declares for them; a second time changes nothing.

    A right that was ever given to a role, by hand or by an installation, and later changed or taken away stays so.
    """
    lock_administration()
    roles = {role.code: role for role in Role.objects.filter(is_ready_made=True, removed_at=None)}
    for place, declared in enumerate(READY_MADE, start=1):
        if declared.code not in roles:
            roles[declared.code] = creating(_role(declared, place), actor=actor)
    for code, grants in _declared().items():
        role = roles[code]
        known = set(Grant.objects.filter(role=role).values_list("permission", flat=True))
        set_grants(
            role, actor=actor, cells={name: breadth for name, breadth in grants.items() if name not in known}
        )
    return [roles[declared.code] for declared in READY_MADE]


@transaction.atomic
def found_organisation(*, actor: Actor, name: str, name_en: str = "") -> tuple[Unit, list[NewPerson]]:
    """Make the top unit and one administrator of each kind, with first passwords; for an empty installation."""
    roles = {role.code: role for role in install_ready_made_roles(actor=actor)}
    top = add_unit(
        actor=actor, code="TOP", name=name, name_en=name_en, level=UnitLevel.HEADQUARTERS, parent=None
    )
    administrators = []
    for code, staff_no in (
        ("system_admin", "ADMIN1"),
        ("security_admin", "ADMIN2"),
        ("audit_admin", "ADMIN3"),
    ):
        new = add_person(actor=actor, staff_no=staff_no, name=roles[code].name, unit=top)
        assign_post(new.person, actor=actor, unit=top, role=roles[code], since=timezone.localdate())
        administrators.append(new)
    return top, administrators


def _role(declared: ReadyMadeRole, place: int) -> Role:
    return Role(
        code=declared.code,
        name=declared.name,
        name_en=declared.name_en,
        purpose=declared.purpose,
        domain=Domain(declared.domain),
        is_ready_made=True,
        place=place,
    )


def _declared() -> Mapping[str, Mapping[str, Breadth]]:
    """Role code → all that the capabilities grant it, by ``GRANTS`` (code → permission → breadth) on their apps."""
    catalogue = permission_catalogue()
    found: dict[str, dict[str, Breadth]] = {declared.code: {} for declared in READY_MADE}
    for config in apps.get_app_configs():
        for code, grants in getattr(config, "GRANTS", {}).items():
            unknown = [name for name in grants if name not in catalogue]
            if code not in found or unknown:
                raise LookupError(
                    f"{config.name}.GRANTS names {code!r} with {unknown or 'no ready-made role'}"
                )
            found[code].update(grants)
    return found
