"""The recycle bin keeps records for 30 days or more; the nightly tidying then purges them with what hangs on them."""

import datetime as dt

from jike.foundation.audit.purging import drop_hanging, purging
from jike.foundation.resource.registry import all_resources
from jike.foundation.scope import system_actor

__all__ = ["KEPT_DAYS", "purge_removed"]

KEPT_DAYS = 30
ACTOR = system_actor("recycle bin")


def purge_removed(*, before: dt.datetime) -> int:
    """Purge every kind that has a recycle bin; return how many records went."""
    count = 0
    for resource in all_resources().values():
        gone = purging(resource.model, actor=ACTOR, before=before)
        drop_hanging(gone)
        count += len(gone)
    return count
