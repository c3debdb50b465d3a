"""`forget`: erase what the change stream remembers of a person, and leave the chain of seals verifiable."""

from collections.abc import Sequence

from django.db import connection, transaction

from jike.foundation.audit.gate import may_write
from jike.foundation.audit.stream import Written, record_changes
from jike.foundation.models.record import Record
from jike.foundation.scope.actor import Actor
from jike.foundation.scope.reading import require

__all__ = ["forget"]


def forget(record: Record, *, actor: Actor, fields: Sequence[str] = (), action: str = "forget") -> int:
    """Erase the recorded values of ``record``.

    Parameters
    ----------
    fields
        The fields to erase; all of them when empty.
    action
        The action that ``actor`` must be allowed upon the record.

    Returns
    -------
    int
        How many changes lost values. The act itself is recorded as a change, and only such an act makes missing values
        pass verification.
    """
    may_write(actor)
    require(actor, action, record)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT foundation_forget(%s, %s, %s::text[])",
                [record.kind(), record.uid, list(fields) or None],
            )
            erased = int(cursor.fetchone()[0])
        names = sorted(fields) if fields else ["*"]
        facts = {"forgotten": (None, names)}
        record_changes(
            [Written(record.kind(), record.uid, record.version, facts)], actor=actor, verb="forget"
        )
    return erased
