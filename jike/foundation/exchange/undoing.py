"""An import taken back: what it created goes to the recycle bin, what it changed gets its old values again.

What somebody edited since stays as it is, and is listed.
"""

from collections.abc import Iterator
from itertools import islice
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from jike.foundation.audit import changing_many
from jike.foundation.errors import JikeError, NotFound
from jike.foundation.exchange.intake import PORTION
from jike.foundation.exchange.related import related_resources
from jike.foundation.exchange.running import Report
from jike.foundation.models import Change, ImportRun
from jike.foundation.models.record import Record
from jike.foundation.resource import bulk
from jike.foundation.resource.declaration import Resource
from jike.foundation.scope import Actor, visible

__all__ = ["undo_rows"]

KEPT_SHOWN = 200
AT_ONCE = 20_000


class _Undone:
    """What the undo has done so far."""

    def __init__(self) -> None:
        self.removed = self.reverted = self.kept = 0
        self.kept_rows: list[list[str]] = []

    def keep(self, row: Record) -> None:
        """Count a record that stays, and name it while there is room."""
        self.kept += 1
        if len(self.kept_rows) < KEPT_SHOWN:
            self.kept_rows.append([str(row.uid), str(row)])


def undo_rows(run: ImportRun, resource: Resource, report: Report, *, actor: Actor) -> dict[str, Any]:
    """Take back what the run did as far as nobody edited it since; return how many, and which were kept.

    Portions that are taken back stay so when the undo breaks off; it goes on with the rest when it is run again.
    """
    undone = _Undone()
    for one in (*(child for child, _link in related_resources(resource, actor)), resource):
        for made in _pieces(run, one):
            mine = visible(one.model, actor).filter(uid__in=made)
            for row in mine.exclude(version=1):
                undone.keep(row)
            untouched = list(mine.filter(version=1).order_by("-pk"))
            for start in range(0, len(untouched), PORTION):
                with transaction.atomic():
                    undone.removed += _removed(one, untouched[start : start + PORTION], undone, actor=actor)
                report(undone.removed, max(undone.removed, run.counts.get("created", 0)))
        _revert(run, one, undone, actor=actor)
    counts = {"removed": undone.removed, "reverted": undone.reverted, "kept": undone.kept}
    return counts | {"kept_rows": undone.kept_rows}


def _pieces(run: ImportRun, resource: Resource) -> Iterator[list[UUID]]:
    made = Change.objects.filter(request=run.uid, kind=resource.kind, verb="add").order_by("id")
    uids = made.values_list("uid", flat=True).iterator(AT_ONCE)
    while piece := list(islice(uids, AT_ONCE)):
        yield piece


def _revert(run: ImportRun, resource: Resource, undone: _Undone, *, actor: Actor) -> None:
    """Bring the old values back of what the run changed."""
    with transaction.atomic():
        try:
            outcome = bulk.undo(resource, run.uid, actor)
        except NotFound:
            return
    undone.reverted += len(outcome.written)
    for row in visible(resource.model, actor).filter(pk__in=list(outcome.refused)):
        undone.keep(row)


def _removed(resource: Resource, rows: list[Record], undone: _Undone, *, actor: Actor) -> int:
    """Put rows into the recycle bin; return how many went. The others are kept."""
    own, stayed = resource.actions.get("remove"), []
    if own is None:
        now = timezone.now()
        outcome = changing_many(
            resource.model, {row.pk: {"removed_at": now} for row in rows}, actor=actor, verb="remove"
        )
        stayed = [row for row in rows if row.pk in outcome.refused]
    else:
        for row in rows:
            try:
                with transaction.atomic():
                    own(row, actor=actor)
            except JikeError:
                stayed.append(row)
    for row in stayed:
        undone.keep(row)
    return len(rows) - len(stayed)
