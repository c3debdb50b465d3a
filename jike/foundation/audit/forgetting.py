"""Erasing at a person's wish: from the change stream, out of texts, and whole rows; the chain of seals still verifies.

What is erased leaves no trace of its value: neither `blotting` nor `erasing` records what stood there before, and both
erase what the stream remembered of it. That it was done is recorded as a change of the verb ``forget``.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.db import connection, transaction
from django.db.models import F, ProtectedError, RestrictedError
from django.utils.translation import gettext as _

from jike.foundation.audit.gate import Under, may_write
from jike.foundation.audit.purging import drop_hanging
from jike.foundation.audit.stream import Written, record_changes
from jike.foundation.errors import RuleBroken
from jike.foundation.matching.keeping import keep_keys
from jike.foundation.models.record import Record, RecordKey
from jike.foundation.models.search_entry import SearchEntry
from jike.foundation.scope.actor import Actor
from jike.foundation.scope.reading import require
from jike.foundation.search.keeping import keep

__all__ = ["blotting", "erasing", "forget", "forgetting"]


def forget(
    record: Record,
    *,
    actor: Actor,
    fields: Sequence[str] = (),
    action: str = "forget",
    under: Under | None = None,
) -> int:
    """Erase the recorded values of ``record``.

    Parameters
    ----------
    fields
        The fields to erase; all of them when empty.
    action
        The action that ``actor`` must be allowed upon the record.
    under
        The row whose rights count instead of this one's.

    Returns
    -------
    int
        How many changes lost values. The act itself is recorded as a change, and only such an act makes missing values
        pass verification.
    """
    may_write(actor)
    require(actor, under.action if under else action, under.record if under else record)
    with transaction.atomic():
        return _forgotten(record.key, record.version, actor=actor, fields=fields)


def forgetting(fields: Mapping[RecordKey, Collection[str]], *, actor: Actor, under: Under) -> None:
    """Erase what the stream remembers of these fields, of rows whose texts named a person once and no longer do."""
    may_write(actor)
    require(actor, under.action, under.record)
    with transaction.atomic():
        for key, names in fields.items():
            _forgotten(key, 0, actor=actor, fields=sorted(names))


def blotting(
    model: type[Record], texts: Mapping[int, Mapping[str, Any]], *, actor: Actor, under: Under
) -> None:
    """Replace texts that name a person, in rows in the recycle bin too, and erase what is remembered of these fields.

    Parameters
    ----------
    texts
        Row id → {field: the text without what names the person}.
    under
        The person's own row, and the action that the actor must be allowed upon it.
    """
    may_write(actor)
    require(actor, under.action, under.record)
    with transaction.atomic():
        rows = model._base_manager.select_for_update(of=("self",)).filter(pk__in=list(texts)).order_by("pk")
        for row in rows:
            values = texts[row.pk]
            model._base_manager.filter(pk=row.pk).update(**values, version=F("version") + 1)
            _forgotten(row.key, row.version + 1, actor=actor, fields=sorted(values))
        touched = {name for values in texts.values() for name in values}
        keep(model, list(texts), touched)
        keep_keys(model, list(texts), touched)


def erasing(rows: Collection[Record], *, actor: Actor, under: Under) -> None:
    """Delete rows that are a person's own, with what hangs on them, and erase what is remembered of them.

    Raises
    ------
    RuleBroken
        Others refer to one of them.
    """
    may_write(actor)
    require(actor, under.action, under.record)
    with transaction.atomic():
        for row in rows:
            try:
                type(row)._base_manager.filter(pk=row.pk).delete()
            except (ProtectedError, RestrictedError) as error:
                sentence = _("“%(name)s” cannot be erased: other records refer to it.")
                raise RuleBroken(sentence % {"name": row}) from error
            _forgotten(row.key, row.version + 1, actor=actor)
        uids = [row.uid for row in rows]
        SearchEntry.objects.filter(uid__in=uids).delete()
        drop_hanging(uids)


def _forgotten(key: RecordKey, version: int, *, actor: Actor, fields: Sequence[str] = ()) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT foundation_forget(%s, %s, %s::text[])", [key.kind, key.uid, list(fields) or None]
        )
        erased = int(cursor.fetchone()[0])
    facts = {"forgotten": (None, sorted(fields) if fields else ["*"])}
    record_changes([Written(key.kind, key.uid, version, facts)], actor=actor, verb="forget")
    return erased
