"""The sealer: ties settled changes into a chain of hashes afterwards, so that writers never wait for each other."""

from hashlib import sha256

from django.db import connection, transaction

from jike.foundation.audit.stream import Position
from jike.foundation.models.change import Seal

__all__ = ["BLOCK_ROWS", "GENESIS", "block_hash", "position_of", "seal_pending", "sealing_lag_seconds"]

BLOCK_ROWS = 10_000
GENESIS = sha256(b"jike change stream").digest()
SEALER_LOCK = 0x6A696B65
"""Advisory lock: one sealer at a time, the others return at once."""

PENDING = """
    WITH block AS (
        SELECT c.era, c.xid, c.id, int8send(c.id) || foundation_change_digest(c) AS entry
        FROM foundation_change c
        WHERE (c.era, c.xid, c.id) > (%s, %s::xid8, %s)
          AND (c.era < (SELECT max(number) FROM foundation_streamera)
               OR c.xid < pg_snapshot_xmin(pg_current_snapshot()))
        ORDER BY c.era, c.xid, c.id
        LIMIT %s)
    INSERT INTO foundation_seal (era, xid, change, rows, entries, previous, hash, sealed_at)
    SELECT last.era, last.xid, last.id, whole.rows, whole.entries, %s,
           sha256(%s || int2send(last.era) || int8send(last.xid::text::bigint) || int8send(last.id)
                  || whole.entries), now()
    FROM (SELECT count(*) AS rows, string_agg(entry, '' ORDER BY era, xid, id) AS entries FROM block) AS whole,
         (SELECT era, xid, id FROM block ORDER BY era DESC, xid DESC, id DESC LIMIT 1) AS last
    RETURNING rows"""


def block_hash(previous: bytes, last: Position, entries: bytes) -> bytes:
    """Return the hash that ties a block to the one before; the same bytes as in `PENDING`."""
    place = last.era.to_bytes(2, "big") + last.xid.to_bytes(8, "big") + last.id.to_bytes(8, "big")
    return sha256(previous + place + entries).digest()


def position_of(seal: Seal | None) -> Position:
    """Return where the block ends; the stream's beginning for None."""
    return Position() if seal is None else Position(seal.era, seal.xid, seal.change)


def seal_pending(*, block_rows: int = BLOCK_ROWS) -> int:
    """Seal every settled change not yet sealed; return how many were. Returns 0 when another sealer is at work."""
    total = 0
    while True:
        sealed = _seal_block(block_rows)
        total += sealed
        if sealed < block_rows:
            return total


def _seal_block(block_rows: int) -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [SEALER_LOCK])
        if not cursor.fetchone()[0]:
            return 0
        last = Seal.objects.order_by("-id").first()
        previous = GENESIS if last is None else bytes(last.hash)
        era, xid, number = position_of(last)
        cursor.execute(PENDING, [era, str(xid), number, block_rows, previous, previous])
        row = cursor.fetchone()
        return int(row[0]) if row else 0


def sealing_lag_seconds() -> float:
    """Return the age of the oldest change not yet sealed, in seconds; 0 when all are."""
    era, xid, number = position_of(Seal.objects.order_by("-id").first())
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(extract(epoch FROM clock_timestamp() - recorded_at), 0) FROM foundation_change"
            " WHERE (era, xid, id) > (%s, %s::xid8, %s) ORDER BY era, xid, id LIMIT 1",
            [era, str(xid), number],
        )
        row = cursor.fetchone()
    return float(row[0]) if row else 0.0
