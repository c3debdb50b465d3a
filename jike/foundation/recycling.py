"""The recycle bin keeps records for 30 days; a nightly job then purges them with what hangs on them."""

import datetime as dt

from django.utils import timezone
from django.utils.translation import gettext_lazy

from jike.foundation.audit.purging import drop_hanging, purging
from jike.foundation.jobs import job
from jike.foundation.resource.registry import all_resources
from jike.foundation.scope import system_actor

__all__ = ["KEPT_DAYS", "purge_bin"]

KEPT_DAYS = 30
ACTOR = system_actor("recycle bin")


@job("foundation.purge_bin", label=gettext_lazy("Empty the recycle bin after 30 days"), cron="50 3 * * *")
def purge_bin() -> None:
    """Purge what was removed more than `KEPT_DAYS` days ago; what others still refer to stays."""
    purge_removed(before=timezone.now() - dt.timedelta(days=KEPT_DAYS))


def purge_removed(*, before: dt.datetime) -> int:
    """Purge every kind that has a recycle bin; return how many records went."""
    count = 0
    for resource in all_resources().values():
        gone = purging(resource.model, actor=ACTOR, before=before)
        drop_hanging(gone)
        count += len(gone)
    return count
