"""The nightly sweep: every record is compared with those before it that share a key, a piece at a time.

A pair belongs to the younger of its two records, so each is weighed once; the walk keeps how far it came, and goes on
from there when its process ends. Keys that too many records share are left out: they tell nothing, and others meet
the same pairs.
"""

from collections import OrderedDict
from collections.abc import Iterable

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy

from jike.engines.matching import POSSIBLE, Profile, compare
from jike.foundation.jobs import job
from jike.foundation.matching.keeping import rekey_all
from jike.foundation.matching.kinds import MatchKind, match_kind, matched_models
from jike.foundation.matching.near import MOST_OF_A_KEY, profiles_of
from jike.foundation.models import DuplicatePair, DuplicateSweep, MatchKey
from jike.foundation.models.record import Record

__all__ = ["sweep_doubles", "sweep_kind"]

PIECE = 5_000
REMEMBERED = 200_000
"""Profiles kept at a time, some hundred bytes each."""
CROWDED = """
    CREATE TEMPORARY TABLE crowded AS SELECT key FROM foundation_matchkey
    WHERE key >= %s AND key < %s GROUP BY key HAVING count(*) > %s"""
PAIRS = """
    SELECT DISTINCT earlier.record, own.record FROM foundation_matchkey AS own
    JOIN foundation_matchkey AS earlier ON earlier.key = own.key AND earlier.record < own.record
    WHERE own.record = ANY(%s::bigint[]) AND own.key >= %s AND own.key < %s
      AND NOT EXISTS (SELECT FROM crowded WHERE crowded.key = own.key)"""
STORE = """
    INSERT INTO foundation_duplicatepair (uid, kind, first, second, score, reasons, state, sweep)
    SELECT gen_random_uuid(), %s, first, second, score, string_to_array(reasons, ' '), 'open', %s
    FROM unnest(%s::bigint[], %s::bigint[], %s::smallint[], %s::text[]) AS new(first, second, score, reasons)
    ON CONFLICT (kind, first, second) DO UPDATE
    SET score = excluded.score, reasons = excluded.reasons, sweep = excluded.sweep"""


@job("foundation.sweep_doubles", label=gettext_lazy("Look for doubles"), cron="20 2 * * *")
def sweep_doubles() -> None:
    """Sweep every kind whose doubles are looked for; what an earlier run began is finished first."""
    for model in matched_models():
        key_what_has_none(model)
        sweep_kind(model)


def key_what_has_none(model: type[Record]) -> None:
    """Make the keys of ``model`` where there are none: after an upgrade, and after loading beside the gates."""
    kind = match_kind(model)
    if kind is not None and not MatchKey.objects.filter(key__gte=kind.least, key__lt=kind.beyond).exists():
        rekey_all(model)


def sweep_kind(model: type[Record]) -> DuplicateSweep:
    """Compare all records of ``model`` with those that share a key, and keep the likely pairs; return the sweep.

    Pairs that people decided stay decided. Open ones that are no longer alike are dropped at the end.
    """
    kind = match_kind(model)
    if kind is None:
        raise LookupError(f"{model.kind()} declares no MATCH")
    sweep = DuplicateSweep.objects.filter(kind=model.kind(), finished_at=None).order_by("-id").first()
    sweep = sweep or DuplicateSweep.objects.create(kind=model.kind())
    known: OrderedDict[int, Profile] = OrderedDict()
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS crowded")
        cursor.execute(CROWDED, [kind.least, kind.beyond, MOST_OF_A_KEY])
        sweep.crowded = cursor.rowcount
        cursor.execute("ANALYZE crowded")
    while ids := _next_ids(model, sweep.reached):
        _sweep_piece(kind, sweep, ids, known=known)
    with transaction.atomic():
        stale = DuplicatePair.objects.filter(kind=model.kind(), state=DuplicatePair.State.OPEN)
        stale.exclude(sweep=sweep.uid).delete()
        sweep.finished_at = timezone.now()
        sweep.save()
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE crowded")
    return sweep


def _next_ids(model: type[Record], reached: int) -> list[int]:
    rows = model._default_manager.filter(pk__gt=reached, removed_at=None).order_by("pk")
    return list(rows.values_list("pk", flat=True)[:PIECE])


def _sweep_piece(
    kind: MatchKind, sweep: DuplicateSweep, ids: list[int], *, known: OrderedDict[int, Profile]
) -> None:
    """Weigh the pairs of these records, and store them with how far the sweep came, in one transaction."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(PAIRS, [ids, kind.least, kind.beyond])
        pairs = cursor.fetchall()
        _remember(kind, known, {number for pair in pairs for number in pair})
        found = []
        for first, second in pairs:
            if first in known and second in known:
                match = compare(known[first], known[second])
                if match.score >= POSSIBLE:
                    found.append((first, second, match.score, " ".join(match.reasons)))
        if found:
            columns = [list(column) for column in zip(*found, strict=True)]
            cursor.execute(STORE, [kind.model.kind(), sweep.uid, *columns])
        sweep.reached = ids[-1]
        sweep.compared += len(pairs)
        sweep.found += len(found)
        sweep.save()
    while len(known) > REMEMBERED:
        known.popitem(last=False)


def _remember(kind: MatchKind, known: OrderedDict[int, Profile], wanted: Iterable[int]) -> None:
    known.update(profiles_of(kind, set(wanted) - known.keys()))
