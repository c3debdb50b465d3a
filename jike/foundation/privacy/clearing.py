"""What the foundation itself keeps beside a person's records: notices, drafts, originals of imports, exported lists.

None of it is a business row; it is deleted or emptied, and what is erased of the person is recorded by the caller.
"""

import json
from collections import defaultdict
from collections.abc import Collection
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from jike.foundation.audit.gate import may_write
from jike.foundation.exchange.uploads import drop_files
from jike.foundation.models import (
    BackgroundTask,
    Bookmark,
    Change,
    Draft,
    DuplicatePair,
    Follow,
    ImportMapping,
    ImportRun,
    Merge,
    Notice,
    Record,
    RecordKey,
    SavedView,
)
from jike.foundation.scope import Actor
from jike.values.blotting import BLOT, Words

__all__ = ["Beside", "clear_beside", "remembered"]

EXPORT = "exchange.export_rows"


class Beside:
    """What is cleared: the person's own uids, the uids around them, and what names them."""

    def __init__(
        self, person: Record, *, own: Collection[UUID], around: Collection[UUID], words: Words
    ) -> None:
        self.person, self.own, self.around, self.words = person, list(own), list(around), words


def clear_beside(beside: Beside, *, slug: str, actor: Actor) -> dict[str, int]:
    """Delete or empty what is kept beside the person's records; return how much of each.

    ``slug`` is the list in which the person stood: exports of it that can still be fetched expire at once.
    """
    may_write(actor)
    notices = Notice.objects.filter(about_uid__in=beside.own).delete()[0] + _blot_notices(beside)
    for model in (Bookmark, Follow):
        model.objects.filter(about_uid__in=beside.own).delete()
    drafts = Draft.objects.filter(about__in=beside.own).delete()[0] + _drop_drafts(beside)
    kind = beside.person.kind()
    DuplicatePair.objects.filter(Q(first=beside.person.pk) | Q(second=beside.person.pk), kind=kind).delete()
    for merge in Merge.objects.filter(Q(kept__in=beside.own) | Q(others__overlap=beside.own), kind=kind):
        merge.titles, merge.moved = [BLOT for _title in merge.titles], {}
        merge.save(update_fields=["titles", "moved"])
    exports = BackgroundTask.objects.filter(kind=EXPORT, order__resource=slug).exclude(file="")
    return {
        "notices": notices,
        "drafts": drafts,
        "conditions": _blot_conditions(beside),
        "imports": _drop_imports(beside),
        "exports": exports.update(expires_at=timezone.now()),
    }


def _blot_notices(beside: Beside) -> int:
    found = 0
    for notice in Notice.objects.filter(about_uid__in=beside.around).iterator():
        if beside.words.name(notice.text):
            Notice.objects.filter(pk=notice.pk).update(text=beside.words.blotted(notice.text))
            found += 1
    return found


def _drop_drafts(beside: Beside) -> int:
    named = [one.pk for one in Draft.objects.iterator() if beside.words.name(_as_text(one.data))]
    return Draft.objects.filter(pk__in=named).delete()[0]


def _blot_conditions(beside: Beside) -> int:
    """Take the person out of what people look for in lists they keep, and out of what they asked to be done."""
    found = 0
    for model, name in ((SavedView, "state"), (BackgroundTask, "order"), (ImportMapping, "values")):
        for row in model._base_manager.only(name).iterator(2000):
            if beside.words.name(_as_text(getattr(row, name))):
                blotted = _blotted(getattr(row, name), beside.words)
                found += model._base_manager.filter(pk=row.pk).update(**{name: blotted})
    return found


def _blotted(data: Any, words: Words) -> Any:
    if isinstance(data, dict):
        return {words.blotted(key): _blotted(one, words) for key, one in data.items()}
    if isinstance(data, list):
        return [_blotted(one, words) for one in data]
    return words.blotted(data) if isinstance(data, str) else data


def _drop_imports(beside: Beside) -> int:
    """Remove the files of imports that touched the person or refused them, and what of them was kept."""
    runs = set(
        Change.objects.filter(uid__in=beside.own).exclude(request=None).values_list("request", flat=True)
    )
    found = [
        run
        for run in ImportRun.objects.iterator(500)
        if run.uid in runs or beside.words.name(_as_text([run.problems, run.unknown, run.values]))
    ]
    for run in found:
        run.problems, run.unknown, run.values = [], {}, {}
        run.save(update_fields=["problems", "unknown", "values"])
        transaction.on_commit(partial(drop_files, run))
    return len(found)


def remembered(beside: Beside) -> dict[RecordKey, set[str]]:
    """Return the fields of records around the person of which the stream remembers a value that names them."""
    found: dict[RecordKey, set[str]] = defaultdict(set)
    changes = Change.objects.filter(uid__in=beside.around).annotate(payloads=F("values_row__payloads"))
    for change in changes.order_by().iterator(2000):
        for name, payload in zip(change.fields, change.payloads or (), strict=False):
            if payload and beside.words.name(_as_text(json.loads(payload)[1:])):
                found[RecordKey(change.kind, change.uid)].add(name)
    return found


def _as_text(data: Any) -> str:
    if isinstance(data, dict):
        return " ".join(f"{key} {_as_text(one)}" for key, one in data.items())
    return " ".join(map(_as_text, data)) if isinstance(data, list) else str(data)
