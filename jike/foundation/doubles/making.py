"""Merging: one record is kept, field by field as chosen; the others go to the bin, and all that named them follows.

Splitting is its opposite: a new record is made, and what is chosen goes over to it. Both are one transaction, under one
request, by which `undoing` finds what to take back.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from jike.foundation.audit import changing, note, removing
from jike.foundation.audit.gate import may_write
from jike.foundation.custom.storing import mentions
from jike.foundation.doubles.gathering import chosen
from jike.foundation.doubles.references import Reference, references_to
from jike.foundation.doubles.repointing import follow_rows
from jike.foundation.errors import NotFound, RuleBroken, Stale
from jike.foundation.models import DuplicatePair, Merge
from jike.foundation.models.record import Record
from jike.foundation.models.tag import COLUMN as TAGS
from jike.foundation.resource.declaration import Resource
from jike.foundation.resource.editing import add_row
from jike.foundation.scope import Actor, require, sealed_fields

__all__ = ["MOST", "Made", "choosable", "merge", "split"]

MOST = 10
"""Records that one merge takes."""


@dataclass
class Made:
    """What a merge or a split did.

    Attributes
    ----------
    moved
        Reference name → how many rows follow.
    left
        Reference name → sentences on rows that had to stay.
    """

    merge: Merge
    row: Record
    moved: dict[str, int] = field(default_factory=dict)
    left: dict[str, list[str]] = field(default_factory=dict)


def choosable(resource: Resource, rows: Sequence[Record], actor: Actor) -> list[str]:
    """Return the fields in which one may choose: those of the form that all ``rows`` open to the actor.

    Tags are not among them: the record kept has those of all.
    """
    hidden = {name for row in rows for name in sealed_fields(actor, row)}
    known = resource.attributes
    return [
        name
        for name in resource.form_fields
        if name not in hidden
        and known[name].editable
        and name != TAGS
        and (not mentions([name]) or all(known[name].may_fill(actor, row) for row in rows))
    ]


@transaction.atomic
def merge(
    resource: Resource,
    kept: Record,
    others: Sequence[Record],
    *,
    actor: Actor,
    values: Mapping[str, Any] | None = None,
    versions: Mapping[UUID, int] | None = None,
) -> Made:
    """Make ``others`` one with ``kept``, which takes ``values`` (field → value of any of the records).

    It has the tags of all; a custom field of which it says nothing says what one of the others said.

    Parameters
    ----------
    versions
        Uid → version that whoever merges saw.

    Raises
    ------
    Stale
        Somebody saved one of the records meanwhile; nothing is merged.
    Refused
        The actor may not merge one of them.
    RuleBroken
        Too many, the same twice, or what a capability refuses.
    """
    may_write(actor)
    if not others or len(others) >= MOST or len({kept.pk, *(one.pk for one in others)}) <= len(others):
        raise RuleBroken(_("Choose from two to %(most)s different records to merge.") % {"most": MOST})
    rows = [kept, *others]
    _lock(rows, versions or {})
    for row in rows:
        require(actor, "merge", row)
    made = Made(_begun(resource, rows, actor), kept)
    under = replace(actor, request=made.merge.uid)
    for gone in others:
        for reference in references_to(type(kept)):
            _follow(made, reference, gone, actor=under)
    _remove(others, actor=under)
    kept.refresh_from_db()
    _fill(kept, chosen(resource, kept, others, values=values or {}), actor=under)
    for gone in others:
        _settle(made, gone, kept, actor=under)
    facts = {"merged": (None, [str(one) for one in others]), "moved": (None, made.moved)}
    note(kept, actor=under, verb="merge", facts=facts)
    made.merge.save()
    _settle_pairs(kept, others, actor)
    return made


def _begun(resource: Resource, rows: Sequence[Record], actor: Actor) -> Merge:
    return Merge(
        kind=resource.kind,
        act=Merge.Act.MERGE,
        kept=rows[0].uid,
        others=[one.uid for one in rows[1:]],
        titles=[str(one)[:200] for one in rows],
        person=actor.uid,
    )


@transaction.atomic
def split(
    resource: Resource,
    row: Record,
    *,
    actor: Actor,
    values: dict[str, Any],
    moves: Mapping[str, Sequence[int]],
    version: int | None = None,
) -> Made:
    """Make a new record with ``values`` and hand it the rows in ``moves`` (reference name → ids) that named ``row``.

    Raises
    ------
    Stale, Refused, RuleBroken
        As `merge` does; the new record's own rules speak too.
    """
    may_write(actor)
    _lock([row], {} if version is None else {row.uid: version})
    require(actor, "split", row)
    act = Merge(kind=resource.kind, act=Merge.Act.SPLIT, kept=row.uid, others=[], titles=[], person=actor.uid)
    under = replace(actor, request=act.uid)
    new = add_row(resource, values, under)
    act.others, act.titles = [new.uid], [str(row)[:200], str(new)[:200]]
    made = Made(act, new)
    for reference in references_to(type(row)):
        ids = moves.get(reference.name, ())
        if ids and reference.gated:
            moved = follow_rows(reference, row, new, actor=under, right="split", only=ids)
            _count(made, reference, number=len(moved.ids), left=moved.left)
            act.moved[reference.name] = {str(new.uid): moved.ids}
    _settle(made, row, new, actor=under)
    note(row, actor=under, verb="split", facts={"split_off": (None, str(new)), "moved": (None, made.moved)})
    note(new, actor=under, verb="split", facts={"split_from": (None, str(row))})
    act.save()
    return made


def _lock(rows: Sequence[Record], versions: Mapping[UUID, int]) -> None:
    """Lock the records in the order of their ids and refuse what is gone or was saved meanwhile."""
    model = type(rows[0])
    locked = model._default_manager.select_for_update(of=("self",), no_key=True).order_by("pk")
    stored = {one.pk: one for one in locked.filter(pk__in=[row.pk for row in rows], removed_at=None)}
    for row in rows:
        now = stored.get(row.pk)
        if now is None:
            raise NotFound(_("“%(name)s” is no longer there; look again.") % {"name": row})
        seen = versions.get(row.uid, now.version)
        if seen != now.version:
            sentence = _("Somebody saved “%(name)s” while you were choosing; look at it again.")
            raise Stale(sentence % {"name": now}, expected=seen, current=now.version)


def _follow(made: Made, reference: Reference, gone: Record, *, actor: Actor) -> None:
    kept, act = made.row, made.merge
    if reference.how.reason:
        return
    remembered: Any
    if reference.how.move is not None:
        remembered = reference.how.move(kept, gone, actor=actor, merge=act.uid)
        _count(made, reference, number=len(remembered), left={})
    else:
        moved = follow_rows(reference, gone, kept, actor=actor, right="merge")
        _count(made, reference, number=len(moved.ids), left=moved.left)
        remembered = moved.ids
    if remembered:
        act.moved.setdefault(reference.name, {})[str(gone.uid)] = remembered


def _remove(others: Sequence[Record], *, actor: Actor) -> None:
    for gone in others:
        gone.refresh_from_db()
        removing(gone, actor=actor, verb="merge")


def _fill(kept: Record, values: Mapping[str, Any], *, actor: Actor) -> None:
    with changing(kept, actor=actor, verb="merge"):
        for name, value in values.items():
            setattr(kept, name, value)


def _settle(made: Made, source: Record, target: Record, *, actor: Actor) -> None:
    """Let capabilities put right what both records hold of the rows that went from one to the other."""
    for reference in references_to(type(source)):
        if reference.how.settled is not None and reference.name in made.merge.moved:
            reference.how.settled(source, target, actor=actor, act=made.merge.act)


def _count(made: Made, reference: Reference, *, number: int, left: Mapping[int, str]) -> None:
    if number:
        made.moved[reference.name] = made.moved.get(reference.name, 0) + number
    if left:
        made.left.setdefault(reference.name, []).extend(left.values())


def _settle_pairs(kept: Record, others: Sequence[Record], actor: Actor) -> None:
    """The pairs among these records are decided; those of a record that is gone with others are no longer asked."""
    gone, all_ = [one.pk for one in others], [kept.pk, *(one.pk for one in others)]
    pairs = DuplicatePair.objects.filter(kind=kept.kind())
    pairs.filter(first__in=all_, second__in=all_).update(
        state=DuplicatePair.State.MERGED, decided_by=actor.uid
    )
    with_others = Q(first__in=gone) | Q(second__in=gone)
    pairs.filter(with_others, state__in=(DuplicatePair.State.OPEN, DuplicatePair.State.LATER)).delete()
