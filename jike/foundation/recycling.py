"""The recycle bin keeps records for 30 days; a nightly job then purges them with what hangs on them."""

import datetime as dt
from collections.abc import Collection
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy

from jike.foundation.audit.purging import purging
from jike.foundation.jobs import job
from jike.foundation.models import Attachment, Bookmark, Comment, Follow, Share
from jike.foundation.resource.registry import all_resources
from jike.foundation.scope import system_actor

__all__ = ["KEPT_DAYS", "purge_bin"]

KEPT_DAYS = 30
ACTOR = system_actor("recycle bin")
HANGING = (Comment, Attachment, Bookmark, Follow, Share)
"""What names a record by its uid and means nothing without it; files go with the nightly sweep."""


@job("foundation.purge_bin", label=gettext_lazy("Empty the recycle bin after 30 days"), cron="50 3 * * *")
def purge_bin() -> None:
    """Purge what was removed more than `KEPT_DAYS` days ago; what others still refer to stays."""
    purge_removed(before=timezone.now() - dt.timedelta(days=KEPT_DAYS))


def purge_removed(*, before: dt.datetime) -> int:
    """Purge every kind that has a recycle bin; return how many records went."""
    count = 0
    for resource in all_resources().values():
        gone = purging(resource.model, actor=ACTOR, before=before)
        _drop_hanging(gone)
        count += len(gone)
    return count


def _drop_hanging(uids: Collection[UUID]) -> None:
    for model in HANGING if uids else ():
        model._default_manager.filter(about_uid__in=uids).delete()
