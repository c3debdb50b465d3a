"""What may be in the organisation: levels, who may hold which rights, how long a password must be."""

from collections.abc import Iterable
from enum import StrEnum

from jike.values.rights import Domain

__all__ = ["UnitLevel", "administrative_domains", "domains_conflict", "level_fits", "role_may_hold"]


class UnitLevel(StrEnum):
    """The levels of units from the top down; a team may lie under any of them."""

    HEADQUARTERS = "headquarters"
    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"
    GRID = "grid"
    TEAM = "team"


ORDER = {level: place for place, level in enumerate(UnitLevel)}


def level_fits(level: UnitLevel, parent: UnitLevel | None) -> bool:
    """Whether a unit of ``level`` may lie under one of ``parent`` (None: at the top): never under a lower one.

    Equal levels may nest (a team within a team, a grid within a grid), as real organisations do.
    """
    return parent is None or ORDER[parent] <= ORDER[level]


def role_may_hold(role: Domain, permission: Domain, action: str) -> bool:
    """Whether a role of domain ``role`` may hold a permission of domain ``permission``.

    Business roles hold business permissions only. Administrative roles hold those of their own domain, and may look at
    business rows (to find the people and units they administer) but not act on them.
    """
    if role is permission:
        return True
    return role.administrative and permission is Domain.BUSINESS and action == "view"


def administrative_domains(roles: Iterable[Domain]) -> frozenset[Domain]:
    """Return the administrative domains among those of a person's roles."""
    return frozenset(domain for domain in roles if domain.administrative)


def domains_conflict(roles: Iterable[Domain]) -> bool:
    """Whether one person would hold two kinds of administration, which GB/T 22239 keeps apart."""
    return len(administrative_domains(roles)) > 1
