"""Members who left are kept for some years, for what became of them, and then go set-wise."""

import datetime as dt

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jike.foundation.privacy.retention import Kept, declare_retention

__all__ = ["declare_members"]

YEARS, YEAR = 3, 365
LEFT = "FROM customers_member WHERE left_on < %s"


def members_left(before: dt.datetime) -> int:
    """Return how many lines left before."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) {LEFT}", [timezone.localdate(before)])
        return int(cursor.fetchone()[0])


def drop_members(before: dt.datetime) -> int:
    """Delete the lines that left before; snapshots counted them already."""
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE {LEFT}", [timezone.localdate(before)])
        return int(cursor.rowcount)


def declare_members() -> None:
    """Declare them; called once when everything is loaded."""
    declare_retention(Kept("members", _("Members who left"), YEARS * YEAR, YEAR, members_left, drop_members))
