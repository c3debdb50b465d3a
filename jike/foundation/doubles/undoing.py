"""Taking a merge or a split back, for 30 days: what was edited since stays as edited, and is told."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from jike.foundation.audit import Under, changing, note, removing, restoring
from jike.foundation.audit.encoding import decode
from jike.foundation.audit.gate import may_write
from jike.foundation.doubles.gathering import PARTED, taken_out
from jike.foundation.doubles.references import Reference, references_to
from jike.foundation.doubles.repointing import return_rows
from jike.foundation.errors import RuleBroken
from jike.foundation.models import Change, DuplicatePair, Merge
from jike.foundation.models.record import Record
from jike.foundation.resource.declaration import Resource
from jike.foundation.scope import Actor, require, visible
from jike.values.identifiers import uid7

__all__ = ["KEPT_DAYS", "Undone", "take_back", "went_into"]

KEPT_DAYS = 30
MOST_STEPS = 10
"""Merges of merged records that an old link is followed through."""


@dataclass
class Undone:
    """What could not be taken back, since it was edited later.

    Attributes
    ----------
    fields
        Fields of the record kept.
    rows
        Reference name → ids of rows that meanwhile name something else, or are gone.
    """

    fields: list[str] = field(default_factory=list)
    rows: dict[str, list[int]] = field(default_factory=dict)


@transaction.atomic
def take_back(resource: Resource, act: Merge, *, actor: Actor, now: dt.datetime) -> Undone:
    """Undo the merge or split; later edits are kept and told.

    Raises
    ------
    RuleBroken
        It was undone before, is older than `KEPT_DAYS`, or one of the records was merged on since.
    """
    may_write(actor)
    act = Merge.objects.select_for_update().get(pk=act.pk)
    if act.undone_at is not None:
        raise RuleBroken(_("This was undone already."))
    if now - act.made_at > dt.timedelta(days=KEPT_DAYS):
        raise RuleBroken(
            _("This is older than %(days)s days and can no longer be undone.") % {"days": KEPT_DAYS}
        )
    rows = resource.model._default_manager.select_for_update(of=("self",), no_key=True).order_by("pk")
    found = {row.uid: row for row in rows.filter(uid__in=[act.kept, *act.others])}
    kept = found.get(act.kept)
    if kept is None or kept.removed_at is not None or any(uid not in found for uid in act.others):
        raise RuleBroken(_("One of the records was merged on or removed since; take that back first."))
    under = replace(actor, request=uid7())
    undo = _unmerged if act.act == Merge.Act.MERGE else _joined
    undone = undo(act, kept, [found[uid] for uid in act.others], actor=under)
    Merge.objects.filter(pk=act.pk).update(undone_at=timezone.now())
    return undone


def _unmerged(act: Merge, kept: Record, gone: list[Record], *, actor: Actor) -> Undone:
    require(actor, "merge", kept)
    if any(one.removed_at is None for one in gone):
        raise RuleBroken(_("One of the records was taken out of the recycle bin already."))
    undone = Undone()
    _restore_fields(act, kept, undone, actor=actor)
    for one in gone:
        restoring(one, actor=actor, under=Under(kept, "merge"))
    references = {one.name: one for one in references_to(type(kept))}
    for name, remembered in act.moved.items():
        for one in gone:
            if str(one.uid) in remembered and name in references:
                _return(
                    act,
                    references[name],
                    remembered[str(one.uid)],
                    rows=(kept, one),
                    undone=undone,
                    actor=actor,
                )
    for one in gone:
        _settle(act, references, rows=(kept, one), actor=actor)
    note(kept, actor=actor, verb="merge", facts={"undone": (None, [str(one) for one in gone])})
    pairs = DuplicatePair.objects.filter(kind=kept.kind(), state=DuplicatePair.State.MERGED)
    ids = [kept.pk, *(one.pk for one in gone)]
    pairs.filter(first__in=ids, second__in=ids).update(state=DuplicatePair.State.OPEN, decided_by=None)
    return undone


def _joined(act: Merge, kept: Record, new: list[Record], *, actor: Actor) -> Undone:
    require(actor, "split", kept)
    undone = Undone()
    one = new[0]
    if one.removed_at is not None:
        raise RuleBroken(_("One of the records was merged on or removed since; take that back first."))
    references = {reference.name: reference for reference in references_to(type(kept))}
    for name, remembered in act.moved.items():
        if name in references:
            ids = remembered[str(one.uid)]
            left = return_rows(references[name], ids, now=one, before=kept, actor=actor, right="split")
            if left:
                undone.rows[name] = left
    busy = [r.name for r in references.values() if r.gated and not r.by_uid and r.rows(one).exists()]
    if busy:
        raise RuleBroken(_("The new record has been used since; move what belongs to it, or merge the two."))
    _settle(act, references, rows=(one, kept), actor=actor)
    removing(one, actor=actor, verb="split", under=Under(kept, "split"))
    note(kept, actor=actor, verb="split", facts={"undone": (None, str(one))})
    return undone


def _settle(
    act: Merge, references: Mapping[str, Reference], *, rows: tuple[Record, Record], actor: Actor
) -> None:
    for name in act.moved:
        if name in references and (settled := references[name].how.settled) is not None:
            settled(*rows, actor=actor, act=act.act)


def _restore_fields(act: Merge, kept: Record, undone: Undone, *, actor: Actor) -> None:
    """Give the record kept what the merge replaced in it, wherever the merged value still stands."""
    before = _replaced(act, kept)
    fields = {f.attname: f for f in kept._meta.concrete_fields}
    with changing(kept, actor=actor, verb="merge"):
        for name, (old, new) in before.items():
            column: Any = fields.get(name)
            if column is None or (name in kept.DERIVED and name not in _free(kept)):
                continue
            if name in PARTED:
                held, later = taken_out(name, getattr(kept, name), before=old or PARTED[name](), merged=new)
                setattr(kept, name, held)
                undone.fields += later
                continue
            if column.to_python(new) == getattr(kept, name):
                setattr(kept, name, column.to_python(old))
            else:
                undone.fields.append(name)


def _free(kept: Record) -> set[str]:
    """Return the fields that are only made plain from themselves, not computed from others."""
    return {name for name, derived in kept.DERIVED.items() if derived.sources == (name,)}


def _replaced(act: Merge, kept: Record) -> Mapping[str, tuple[Any, Any]]:
    changes = Change.objects.filter(request=act.uid, uid=kept.uid, verb="merge").order_by("id")
    found: dict[str, tuple[Any, Any]] = {}
    for change in changes.annotate(payloads=F("values_row__payloads")):
        if change.version != 0 and "merged" not in change.fields:
            for name, payload in zip(change.fields, change.payloads or (), strict=True):
                pair = decode(payload)
                if pair is not None:
                    found[name] = (found[name][0] if name in found else pair[0], pair[1])
    return found


def _return(
    act: Merge,
    reference: Reference,
    remembered: Any,
    *,
    rows: tuple[Record, Record],
    undone: Undone,
    actor: Actor,
) -> None:
    kept, one = rows
    if reference.how.back is not None:
        reference.how.back(kept, one, remembered, actor=actor, merge=act.uid)
        return
    left = return_rows(reference, remembered, now=kept, before=one, actor=actor, right="merge")
    if left:
        undone.rows.setdefault(reference.name, []).extend(left)


def went_into(model: type[Record], uid: UUID, actor: Actor) -> Record | None:
    """Return the record into which the one named was merged, as far as the actor may see it; None for any other."""
    for _step in range(MOST_STEPS):
        act = Merge.objects.filter(
            kind=model.kind(), act=Merge.Act.MERGE, others__contains=[uid], undone_at=None
        ).last()
        if act is None:
            return None
        kept = visible(model, actor).filter(uid=act.kept).first()
        if kept is not None:
            return kept
        uid = act.kept
    return None
