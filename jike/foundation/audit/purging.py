"""Purging: what has lain in the recycle bin long enough goes for good, and the stream says that it did.

A row that others still refer to stays, however long; it is asked again next time. What the stream recorded of the row
stays too: only `forget` erases values.
"""

import datetime as dt
from collections.abc import Collection
from uuid import UUID

from django.db import transaction
from django.db.models import ProtectedError, RestrictedError

from jike.foundation.audit.gate import may_write
from jike.foundation.audit.stream import Written, record_changes
from jike.foundation.models import Attachment, Bookmark, Comment, Follow, Share
from jike.foundation.models.record import Record
from jike.foundation.scope.actor import Actor, ActorKind
from jike.foundation.scope.reading import refusal

__all__ = ["drop_hanging", "purging"]

HANGING = (Comment, Attachment, Bookmark, Follow, Share)
"""What names a record by its uid and means nothing without it; files go with the nightly sweep."""

AT_ONCE = 500


def purging(model: type[Record], *, actor: Actor, before: dt.datetime) -> list[UUID]:
    """Delete rows of ``model`` that were removed before ``before``, each by itself; return the uids of those that went.

    Raises
    ------
    Refused
        Only a named job of the system purges.
    """
    may_write(actor)
    if actor.kind is not ActorKind.SYSTEM:
        raise refusal(f"{model.kind()}:remove")
    waiting = model._default_manager.filter(removed_at__lt=before).order_by("-pk")
    return [row.uid for row in waiting.iterator(AT_ONCE) if _purged(row, actor)]


def _purged(row: Record, actor: Actor) -> bool:
    key, version, removed_at = row.key, row.version + 1, row.removed_at
    try:
        with transaction.atomic():
            # Whoever restored it meanwhile keeps it.
            locked = type(row)._default_manager.select_for_update().filter(pk=row.pk, removed_at=removed_at)
            if locked.first() is None:
                return False
            locked.delete()
            written = Written(key.kind, key.uid, version, {"removed_at": (removed_at, None)})
            record_changes([written], actor=actor, verb="purge")
    except (ProtectedError, RestrictedError):
        return False
    return True


def drop_hanging(uids: Collection[UUID]) -> None:
    """Delete what hung on the records that went."""
    for model in HANGING if uids else ():
        model._default_manager.filter(about_uid__in=uids).delete()
