"""`verify`: does the change stream still say what was sealed? It names the first row that does not.

Per block the database recomputes each row's digest and compares the whole list with the sealed one; the chain of hashes
is recomputed here. Then the values are held against the rows' digests: a value may be missing only where a later
``forget`` of the same record explains it.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from jike.foundation.audit.encoding import decode
from jike.foundation.audit.sealing import GENESIS, block_hash, position_of
from jike.foundation.audit.stream import Position
from jike.foundation.models.change import Change, Seal

__all__ = ["Finding", "Verdict", "verify"]

ENTRY_BYTES = 40
VERIFIERS, CHAIN_CHUNK = 2, 40
"""Blocks are verified two at a time, each by a connection of its own: the work is the database's."""
BLOCK = """
    FROM foundation_change c LEFT JOIN foundation_changevalues v ON v.change_id = c.id
    WHERE (c.era, c.xid, c.id) > (%s, %s::xid8, %s) AND (c.era, c.xid, c.id) <= (%s, %s::xid8, %s)"""
DOUBTFUL = """c.digests <> '' AND c.digests IS DISTINCT FROM
    (SELECT string_agg(sha256(convert_to(p, 'UTF8')), '') FROM unnest(v.payloads) AS p)"""
ENTRIES = f"""
    SELECT string_agg(int8send(c.id) || foundation_change_digest(c), '' ORDER BY c.era, c.xid, c.id),
           count(*) FILTER (WHERE {DOUBTFUL}) {BLOCK}"""
DOUBTFUL_VALUES = f"""
    SELECT c.id, c.kind, c.uid, c.fields, c.digests, v.payloads {BLOCK} AND {DOUBTFUL} ORDER BY c.era, c.xid, c.id"""


@dataclass(frozen=True)
class Finding:
    """The first thing that is wrong: in which block, at which change (None: the block itself), said in a sentence."""

    seal: int
    change: int | None
    sentence: str


@dataclass(frozen=True)
class Verdict:
    """How much was verified, what was found, and the chain's head (keep it elsewhere: it vouches for all before it)."""

    changes: int
    seals: int
    head: bytes
    finding: Finding | None

    @property
    def sound(self) -> bool:
        """Whether nothing was found."""
        return self.finding is None


def verify(*, expected_head: bytes | None = None, progress: Callable[[int], None] | None = None) -> Verdict:
    """Verify the whole chain and stop at the first finding.

    Parameters
    ----------
    expected_head
        A head noted earlier; it must still be in the chain.
    progress
        Called with the number of changes verified so far.
    """
    chain = Seal.objects.order_by("id").defer("entries")
    previous, after, rows, blocks = GENESIS, Position(), 0, 0
    met = expected_head in (None, GENESIS)
    with ThreadPoolExecutor(VERIFIERS) as pool:
        for seals in _some(chain):
            begins = [(previous, after), *((bytes(seal.hash), position_of(seal)) for seal in seals[:-1])]
            for seal, finding in zip(seals, pool.map(_finding, seals, begins), strict=True):
                if finding:
                    return Verdict(rows, blocks, previous, finding)
                previous, after = bytes(seal.hash), position_of(seal)
                rows, blocks, met = rows + seal.rows, blocks + 1, met or previous == expected_head
                if progress:
                    progress(rows)
    lost = None if met else Finding(0, None, _("The chain no longer contains the head that was expected."))
    return Verdict(rows, blocks, previous, lost)


def _some(chain: QuerySet[Seal]) -> Iterator[list[Seal]]:
    source = chain.iterator(chunk_size=CHAIN_CHUNK)
    while some := list(islice(source, CHAIN_CHUNK)):
        yield some


def _finding(seal: Seal, begin: tuple[bytes, Position]) -> Finding | None:
    """Verify one block by itself: it needs only where it begins and the hash it must tie to."""
    previous, after = begin
    try:
        return _chain_finding(seal, previous) or _content_finding(seal, after)
    finally:
        connection.close()


def _chain_finding(seal: Seal, previous: bytes) -> Finding | None:
    entries = bytes(seal.entries)
    broken = bytes(seal.previous) != previous or len(entries) != seal.rows * ENTRY_BYTES
    if broken or block_hash(previous, position_of(seal), entries) != bytes(seal.hash):
        return Finding(
            seal.id, None, _("Seal %(seal)s does not follow from the one before.") % {"seal": seal.id}
        )
    return None


def _content_finding(seal: Seal, after: Position) -> Finding | None:
    actual, doubtful = _block(ENTRIES, seal, after)[0]
    found = _rows_finding(seal, bytes(actual or b""))
    return found or (_values_finding(seal, after) if doubtful else None)


def _rows_finding(seal: Seal, actual: bytes) -> Finding | None:
    sealed = bytes(seal.entries)
    if actual == sealed:
        return None
    there, wanted = _entries(actual), _entries(sealed)
    for number, digest in wanted.items():
        words = {"change": number, "seal": seal.id}
        if number not in there:
            return Finding(seal.id, number, _("Change %(change)s is missing; seal %(seal)s has it.") % words)
        if there[number] != digest:
            return Finding(seal.id, number, _("Change %(change)s was altered after seal %(seal)s.") % words)
    extra = next(number for number in there if number not in wanted)
    sentence = _("Change %(change)s was slipped in after seal %(seal)s.")
    return Finding(seal.id, extra, sentence % {"change": extra, "seal": seal.id})


def _entries(joined: bytes) -> dict[int, bytes]:
    cut = [joined[i : i + ENTRY_BYTES] for i in range(0, len(joined), ENTRY_BYTES)]
    return {int.from_bytes(entry[:8], "big"): entry[8:] for entry in cut}


def _values_finding(seal: Seal, after: Position) -> Finding | None:
    for number, kind, uid, fields, digests, payloads in _block(DOUBTFUL_VALUES, seal, after):
        for place, name in enumerate(fields):
            payload = payloads[place] if payloads and place < len(payloads) else None
            words = {"change": number, "field": name}
            if payload is None and not _forgotten(kind, uid, name, number=number):
                return Finding(
                    seal.id, number, _("Change %(change)s lost its values of “%(field)s”.") % words
                )
            if (
                payload is not None
                and sha256(payload.encode()).digest() != bytes(digests)[place * 32 : place * 32 + 32]
            ):
                sentence = _("The values of “%(field)s” in change %(change)s were altered.")
                return Finding(seal.id, number, sentence % words)
    return None


def _forgotten(kind: str, uid: UUID, field: str, *, number: int) -> bool:
    """Whether a later act of forgetting explains that the field's values are gone."""
    acts = Change.objects.filter(kind=kind, uid=uid, verb="forget", id__gt=number).values_list(
        "values_row__payloads"
    )
    named = [decode(payloads[0]) for (payloads,) in acts if payloads and payloads[0]]
    return any(names and ("*" in names[1] or field in names[1]) for names in named)


def _block(query: str, seal: Seal, after: Position) -> list[Any]:
    last = position_of(seal)
    with connection.cursor() as cursor:
        cursor.execute(query, [after.era, str(after.xid), after.id, last.era, str(last.xid), last.id])
        return cursor.fetchall()
