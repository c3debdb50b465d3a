"""Sharing a record: a collaborator sees what its owner sees, and may change it where that is said.

Whoever may change a record may share it; the shares themselves are recorded like any other change.
"""

from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from jike.foundation.audit import changing, creating, removing, restoring
from jike.foundation.audit.gate import Under
from jike.foundation.directory import actor_of
from jike.foundation.errors import NotFound, RuleBroken
from jike.foundation.models import Record, Share
from jike.foundation.scope import Actor

__all__ = ["share", "shares_of", "unshare"]


@transaction.atomic
def share(record: Record, person: UUID, *, may_change: bool = False, actor: Actor) -> Share:
    """Make ``person`` a collaborator on ``record``, or change what they may do there."""
    if "own" not in record.SCOPE:
        raise RuleBroken(_("Records of this kind belong to nobody and cannot be shared."))
    if actor_of(person) is None:
        raise RuleBroken(_("Only people who can sign in can collaborate."))
    under = Under(record, "change")
    known = Share.objects.filter(about_kind=record.kind(), about_uid=record.uid, person=person).first()
    if known is None:
        row = Share(about_kind=record.kind(), about_uid=record.uid, person=person, may_change=may_change)
        return creating(row, actor=actor, verb="share", under=under)
    if known.removed_at is not None:
        restoring(known, actor=actor, under=under)
    with changing(known, actor=actor, verb="share", under=under):
        known.may_change = may_change
    return known


def unshare(record: Record, person: UUID, *, actor: Actor) -> None:
    """End the collaboration; ``person`` keeps what their posts give them."""
    row = shares_of(record).filter(person=person).first()
    if row is None:
        raise NotFound(_("This person does not collaborate here."))
    removing(row, actor=actor, verb="unshare", under=Under(record, "change"))


def shares_of(record: Record) -> QuerySet[Share]:
    """Return who collaborates on the record, for whoever was allowed to fetch it."""
    return Share.objects.filter(about_kind=record.kind(), about_uid=record.uid, removed_at=None).order_by(
        "id"
    )
