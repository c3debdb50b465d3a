"""The words of `explain`: which grant, at which breadth, carries or misses a row."""

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
    owner, unit = lies_at(row)
    lines += [
        _grant_sentence(actor, breadth, post_unit, owner=owner, unit=unit)
        for breadth, post_unit in sorted(grants, key=str)
    ]
    holder = follow(row, share_place(type(row))[0])
    if Share.objects.filter(Q(person=actor.uid), about_uid=holder, removed_at=None).exists():
        lines.append(_("The record was shared with this person."))
    return lines


def _grant_sentence(
    actor: Actor, breadth: Breadth, post_unit: int | None, *, owner: int | None, unit: int | None
) -> str:
    if breadth is Breadth.ALL:
        return _("A post carries it for every record.")
    if breadth is Breadth.OWN:
        if owner is not None and owner == actor.person:
            return _("A post carries it for own records, and this one is their own.")
        if owner in actor.principals:
            return _("A post carries it for own records, and they stand in for this one's owner.")
        return _("A post carries it for own records, but somebody else owns this one.")
    if breadth is Breadth.TEAM:
        if unit is not None and unit == post_unit:
            return _("A post carries it for its own unit, and the record lies there.")
        return _("A post carries it for its own unit, but the record lies in another one.")
    if post_unit is not None and unit in actor.below.get(post_unit, frozenset()):
        return _("A post carries it for its unit and all below, and the record lies there.")
    return _("A post carries it for its unit and all below, but the record lies elsewhere.")
