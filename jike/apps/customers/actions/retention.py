"""Members who left are kept for some years, for what became of them, and then go set-wise."""

import datetime as dt

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jike.foundation.privacy.retention import Kept

__all__ = ["MEMBERS"]

YEARS, YEAR = 3, 365
LEFT = "FROM customers_member WHERE left_on < %s"


def _members_left(before: dt.datetime) -> int:
    """Return how many lines left before."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) {LEFT}", [timezone.localdate(before)])
        return int(cursor.fetchone()[0])


def _drop_members(before: dt.datetime) -> int:
    """Delete the lines that left before; snapshots counted them already."""
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE {LEFT}", [timezone.localdate(before)])
        return int(cursor.rowcount)


MEMBERS = Kept("members", _("Members who left"), YEARS * YEAR, YEAR, _members_left, _drop_members)
"""Declared by the site."""
