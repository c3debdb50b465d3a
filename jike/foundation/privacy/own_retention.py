"""What the foundation itself keeps by time: the recycle bin, files of imports, exported files, notices, drafts."""

import datetime as dt

from django.utils.translation import gettext_lazy as _

from jike.foundation.background import UNFINISHED
from jike.foundation.exchange.uploads import UNDO_DAYS, drop_old_files, old_imports
from jike.foundation.models import BackgroundTask, Draft, Notice
from jike.foundation.privacy.retention import Kept, declare_retention
from jike.foundation.recycling import KEPT_DAYS, purge_removed
from jike.foundation.resource.registry import all_resources

__all__ = ["declare_own"]

MONTH, QUARTER, YEAR = 30, 90, 365


def removed_before(before: dt.datetime) -> int:
    """Return how many records lie in the recycle bin since before."""
    rows = (one.model._default_manager.filter(removed_at__lt=before) for one in all_resources().values())
    return sum(found.count() for found in rows)


def notices_before(before: dt.datetime) -> int:
    """Return how many notices were read and are older."""
    return Notice.objects.filter(created_at__lt=before, read_at__isnull=False).count()


def drop_notices(before: dt.datetime) -> int:
    """Delete notices that were read and are older."""
    return Notice.objects.filter(created_at__lt=before, read_at__isnull=False).delete()[0]


def drafts_before(before: dt.datetime) -> int:
    """Return how many drafts nobody went on with since."""
    return Draft.objects.filter(typed_at__lt=before).count()


def drop_drafts(before: dt.datetime) -> int:
    """Delete drafts that nobody went on with since."""
    return Draft.objects.filter(typed_at__lt=before).delete()[0]


def tasks_before(before: dt.datetime) -> int:
    """Return how many tasks with results ended before."""
    return BackgroundTask.objects.filter(finished_at__lt=before).exclude(state__in=UNFINISHED).count()


def drop_tasks(before: dt.datetime) -> int:
    """Delete tasks that ended before; the sweep then removes their files."""
    return BackgroundTask.objects.filter(finished_at__lt=before).exclude(state__in=UNFINISHED).delete()[0]


def declare_own() -> None:
    """Declare them; called once when everything is loaded."""
    declare_retention(
        Kept(
            "bin",
            _("Records in the recycle bin"),
            KEPT_DAYS,
            KEPT_DAYS,
            removed_before,
            lambda before: purge_removed(before=before),
        ),
        Kept("imports", _("Files of imports"), UNDO_DAYS, UNDO_DAYS, old_imports, drop_old_files),
        Kept("tasks", _("Exports and results of tasks"), MONTH, 1, tasks_before, drop_tasks),
        Kept("notices", _("Notices that were read"), YEAR, 7, notices_before, drop_notices),
        Kept("drafts", _("Drafts of forms"), QUARTER, 1, drafts_before, drop_drafts),
    )
