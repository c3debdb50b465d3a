"""The words of `explain`: which grant, at which breadth, of which unit, carries or misses a row."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from jike.foundation.models.record import Record
from jike.foundation.models.share import Share
from jike.foundation.scope.actor import Actor
from jike.foundation.scope.permissions import permission_catalogue
from jike.foundation.scope.reading import follow, lies_at, may, permission_name, share_place
from jike.values.rights import Breadth

__all__ = ["explain"]


def explain(actor: Actor, action: str, row: Record) -> list[str]:
    """Say in sentences why ``actor`` may or may not do ``action`` to ``row``: the verdict, then every grant weighed."""
    permission = permission_name(type(row), action)
    named = permission_catalogue()[permission]
    words = {"name": actor.name, "right": f"{named.kind_label}: {named.label}"}
    allowed = may(actor, action, row)
    verdict = (
        _("%(name)s may do this: “%(right)s”.") if allowed else _("%(name)s may not do this: “%(right)s”.")
    )
    lines = [verdict % words]
    if actor.is_system:
        return [*lines, _("The system acts here as a named job.")]
    grants = actor.grants.get(permission, frozenset())
    if not grants:
        return [*lines, _("None of the posts carries this right.")]
    lies = _Lies(row)
    lines += [
        _grant_sentence(actor, breadth, post_unit, lies=lies)
        for breadth, post_unit in sorted(grants, key=str)
    ]
    holder = follow(row, share_place(type(row))[0])
    if Share.objects.filter(Q(person=actor.uid), about_uid=holder, removed_at=None).exists():
        lines.append(_("The record was shared with this person."))
    return lines


class _Lies:
    """Where a row lies, with the names of its owner and its unit."""

    def __init__(self, row: Record) -> None:
        self.row = row
        self.owner, self.unit = lies_at(row)
        self.units = _related(type(row), row.SCOPE.get("unit", ""))
        self.owner_name = _named(_related(type(row), row.SCOPE.get("own", "")), self.owner) or _("nobody")
        self.unit_name = self.named(self.unit)

    def named(self, unit: int | None) -> str:
        """Return what a unit is called."""
        return _named(self.units, unit) or _("no unit")


def _grant_sentence(actor: Actor, breadth: Breadth, post_unit: int | None, *, lies: _Lies) -> str:
    words = {"owner": lies.owner_name, "unit": lies.unit_name, "post": lies.named(post_unit)}
    if breadth is Breadth.ALL:
        return _("A post carries it for every record.")
    if breadth is Breadth.OWN:
        if lies.owner is not None and lies.owner == actor.person:
            return _("A post carries it for own records, and this one is their own.")
        if lies.owner in actor.principals:
            return _("A post carries it for own records, and they stand in for %(owner)s.") % words
        return _("A post carries it for own records, but this one belongs to %(owner)s.") % words
    if breadth is Breadth.TEAM:
        if lies.unit is not None and lies.unit == post_unit:
            return _("A post at %(post)s carries it for that unit, and the record lies there.") % words
        return _("A post at %(post)s carries it for that unit, but the record lies in %(unit)s.") % words
    if post_unit is not None and lies.unit in actor.below.get(post_unit, frozenset()):
        return _("A post at %(post)s carries it there and below, and the record lies in %(unit)s.") % words
    return _("A post at %(post)s carries it there and below, but the record lies in %(unit)s.") % words


def _related(model: type[Record], path: str) -> Any:
    """Return the model whose id lies at the end of a path such as ``customer__owner_id``; None without a path."""
    related: Any = model if path else None
    for step in path.split("__") if path else ():
        name = step.removesuffix("_id")
        related = related if name == "id" else related._meta.get_field(name).related_model
    return related


def _named(model: Any, number: int | None) -> str:
    row = model._base_manager.filter(pk=number).first() if model is not None and number is not None else None
    return str(row) if row is not None else ""
