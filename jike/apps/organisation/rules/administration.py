"""Which rights a role may hold, and how system, security and audit administration are kept apart (GB/T 22239)."""

from collections.abc import Iterable, Mapping

from jike.values.rights import Breadth, Domain, split_permission

__all__ = ["EVERYONE", "VITAL", "administrative_domains", "domains_conflict", "role_may_hold"]

EVERYONE: Mapping[str, Breadth] = dict.fromkeys(
    (
        "organisation.person:view",
        "organisation.person:set_password",
        "organisation.person:set_preferences",
        "organisation.person:sign_out",
        "organisation.person:see_address",
        "organisation.post:view",
        "organisation.deputy:view",
        "organisation.deputy:add",
        "organisation.deputy:change",
        "organisation.token:view",
        "organisation.token:remove",
    ),
    Breadth.OWN,
)
"""What everybody may do with themselves, whatever their posts."""

ANY_SIDE = frozenset(
    {"organisation.person:see_phone", "organisation.person:see_address", "organisation.token:add"}
)
"""Business permissions that an administrative role may hold too: whom to call, who signed in from where, an interface
of one's own."""

VITAL: Mapping[Domain, frozenset[str]] = {
    Domain.SYSTEM: frozenset({"organisation.person:add", "organisation.person:change"}),
    Domain.SECURITY: frozenset({"organisation.role:grant", "organisation.post:add"}),
    Domain.AUDIT: frozenset({"foundation.change:view"}),
}
"""Without a holder of these the organisation could no longer be administered from within."""


def role_may_hold(role: Domain, permission: str, side: Domain) -> bool:
    """Whether a role of domain ``role`` may hold ``permission``, which lies on ``side``.

    Business roles hold business permissions only. Administrative roles hold those of their own domain, and may look at
    business rows (to find the people and units they administer) but not act on them.
    """
    if role is side:
        return True
    action = split_permission(permission)[1]
    return role.administrative and side is Domain.BUSINESS and (action == "view" or permission in ANY_SIDE)


def administrative_domains(roles: Iterable[Domain]) -> frozenset[Domain]:
    """Return the administrative domains among those of a person's roles."""
    return frozenset(domain for domain in roles if domain.administrative)


def domains_conflict(roles: Iterable[Domain]) -> bool:
    """Whether one person would hold two kinds of administration at the same time."""
    return len(administrative_domains(roles)) > 1
