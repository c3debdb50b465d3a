"""After a restore transaction ids start again; a new era keeps the stream in order."""

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper

__all__ = ["begin_new_era"]


def begin_new_era(owner_connection: BaseDatabaseWrapper) -> int:
    """Begin the next era and return its number; needs the owner's role, since it changes a column's default."""
    with transaction.atomic(using=owner_connection.alias), owner_connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO foundation_streamera (number)"
            " SELECT max(number) + 1 FROM foundation_streamera RETURNING number"
        )
        era = int(cursor.fetchone()[0])
        cursor.execute(f"ALTER TABLE foundation_change ALTER COLUMN era SET DEFAULT {era}")
    return era
