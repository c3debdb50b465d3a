"""Every permission there is: collected from the models' declarations, plus the few that belong to no row."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from django.apps import apps
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from jike.foundation.models.record import Record
from jike.values.rights import Breadth, Domain, split_permission

__all__ = ["BREADTH_LABELS", "Permission", "declare_permission", "permission_catalogue"]

BREADTH_LABELS = {
    Breadth.OWN: _("Own"),
    Breadth.TEAM: _("Own unit"),
    Breadth.BELOW: _("Unit and below"),
    Breadth.ALL: _("All"),
}


@dataclass(frozen=True)
class Permission:
    """One permission: its name ``kind:action``, the labels of both halves and the side it lies on."""

    name: str
    kind_label: str | Promise
    label: str | Promise
    domain: Domain


_declared: dict[str, Permission] = {}


def declare_permission(permission: Permission) -> Permission:
    """Add a permission that belongs to no model (a page, a command); call it where the module is loaded at start."""
    split_permission(permission.name)
    _declared[permission.name] = permission
    permission_catalogue.cache_clear()
    return permission


@cache
def permission_catalogue() -> Mapping[str, Permission]:
    """Return every permission by name, in the order of the installed capabilities."""
    found: dict[str, Permission] = {}
    for model in apps.get_models():
        if not issubclass(model, Record):
            continue
        if not callable(model.kind):
            raise LookupError(
                f"{model._meta.label}: no field may be called 'kind', which names the kind of record"
            )
        label = model._meta.verbose_name or model.kind()
        for action, action_label in model.ACTIONS.items():
            name = f"{model.kind()}:{action}"
            found[name] = Permission(name, label, action_label, model.DOMAINS.get(action, model.DOMAIN))
    found |= _declared
    for model in apps.get_models():
        for name in getattr(model, "SEALED", {}).values():
            if name not in found:
                raise LookupError(f"{model._meta.label} seals a field with {name!r}, which nothing declares")
    return found
