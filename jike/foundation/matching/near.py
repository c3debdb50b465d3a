"""Asking: which stored records are like these values. One look into the index of keys, then a few are weighed."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from jike.engines.matching import POSSIBLE, Match, Profile, compare
from jike.foundation.beside import helping
from jike.foundation.matching.kinds import MatchKind, match_kind
from jike.foundation.models.record import Record
from jike.foundation.scope import Actor, visible

__all__ = ["MOST_OF_A_KEY", "Near", "foresee", "near_duplicates", "near_duplicates_of_many", "profiles_of"]

MOST_OF_A_KEY = 50
"""Records of one key that are looked at; a key that more share tells little, and others will meet the double."""
MOST_WEIGHED = 80
"""Records that are weighed for one row, those first that share most keys with it."""
AT_ONCE = 2_000
LOOK_UP = """
    SELECT asked.key, met.record FROM unnest(%s::bigint[]) AS asked(key),
    LATERAL (SELECT record FROM foundation_matchkey AS stored WHERE stored.key = asked.key LIMIT %s) AS met"""


@dataclass(frozen=True, slots=True)
class Near:
    """A stored record like the values asked about, or another row of the same file.

    Attributes
    ----------
    record, uid, title
        The stored record; 0, None and "" for a row of the file.
    row
        Place of the row in the file, None for a stored record.
    match
        How likely the two are one, in percent, and why.
    """

    record: int
    uid: UUID | None
    title: str
    match: Match
    row: int | None = None


def near_duplicates(
    model: type[Record], values: Mapping[str, Any], *, actor: Actor, limit: int = 5, but: int | None = None
) -> list[Near]:
    """Return records that ``actor`` may see and that may mean what ``values`` describe, the likeliest first.

    Parameters
    ----------
    values
        Attribute name → value, as far as known; fields that the actor may not read are left out of account.
    but
        Id of the record that is being edited, and not met again.
    """
    found = near_duplicates_of_many(model, [values], actor=actor, among_themselves=False)[0]
    return [near for near in found if near.record != but][:limit]


def near_duplicates_of_many(
    model: type[Record],
    rows: Sequence[Mapping[str, Any]],
    *,
    actor: Actor,
    among_themselves: bool = True,
    at_least: int = POSSIBLE,
) -> list[list[Near]]:
    """Return for each of the ``rows`` what `near_duplicates` returns, and with ``among_themselves`` earlier rows too.

    Nothing is found for a model without ``MATCH``.
    """
    kind = match_kind(model)
    if kind is None:
        return [[] for _row in rows]
    open_ = [name for name in kind.names if _may_read(kind, name, actor)]
    plain = [_plain(kind, row, open_) for row in rows]
    asked, keys = _Asked(kind, plain), [kind.keys(one) for one in plain]
    found: list[list[Near]] = []
    for begin in range(0, len(rows), AT_ONCE):
        found += _stored(asked, range(begin, len(rows))[:AT_ONCE], keys, actor=actor, at_least=at_least)
    if among_themselves:
        _add_rows(found, asked, keys, at_least=at_least)
    for some in found:
        some.sort(key=lambda near: (-near.match.score, near.record, near.row or 0))
    return found


def foresee(model: type[Record], rows: Iterable[Mapping[str, Any]], *, actor: Actor) -> Callable[[], None]:
    """Have the keys of these rows worked out beside this process; what is returned waits until they are known.

    Only sooner known: `near_duplicates_of_many` and the write gate find the same keys without. Nothing is foreseen of
    records that are compared below others, since which these are is only known when they are stored.
    """
    kind = match_kind(model)
    if kind is None or kind.within or not helping():
        return lambda: None
    open_ = [name for name in kind.names if _may_read(kind, name, actor)]
    return kind.foresee([_plain(kind, row, open_) for row in rows])


def _plain(kind: MatchKind, row: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """Return the values of these names as the gates would store them."""
    known = {name: row[name] for name in names if name in row}
    rules = kind.model.DERIVED
    return {
        n: rules[n].compute(one) if n in rules and rules[n].source == n else one for n, one in known.items()
    }


def profiles_of(kind: MatchKind, ids: Iterable[int]) -> dict[int, Profile]:
    """Return the profiles of these stored rows by id; rows in the recycle bin have none."""
    return _profiles(kind, kind.model._default_manager.filter(pk__in=list(ids), removed_at=None).order_by())


def _profiles(kind: MatchKind, rows: QuerySet[Any]) -> dict[int, Profile]:
    return {
        number: kind.profile(dict(zip(kind.names, values, strict=True)))
        for number, *values in rows.values_list("pk", *kind.names)
    }


def _may_read(kind: MatchKind, name: str, actor: Actor) -> bool:
    right = kind.sealed.get(name)
    return right is None or actor.holds(right)


class _Asked:
    """The parties of the rows asked about, each made ready to be compared when it is: few rows meet any."""

    def __init__(self, kind: MatchKind, rows: Sequence[Mapping[str, Any]]) -> None:
        self.kind, self.rows, self.profiles = kind, rows, dict[int, Profile]()

    def __getitem__(self, place: int) -> Profile:
        found = self.profiles.get(place)
        if found is None:
            found = self.profiles[place] = self.kind.profile(self.rows[place])
        return found


def _stored(
    asked: _Asked, places: Sequence[int], keys: Sequence[Sequence[int]], *, actor: Actor, at_least: int
) -> list[list[Near]]:
    kind = asked.kind
    met = _look_up({key for place in places for key in keys[place]})
    candidates = {record for some in met.values() for record in some}
    mine = visible(kind.model, actor).filter(pk__among=candidates).order_by() if candidates else None
    known = _Known(kind, mine)
    alike: list[list[tuple[int, Match]]] = []
    for place in places:
        shared = Counter(record for key in keys[place] for record in met.get(key, ()) if record in known)
        near = sorted(shared, key=lambda record: (-shared[record], record))[:MOST_WEIGHED]
        weighed = [(record, compare(asked[place], known[record])) for record in near]
        alike.append([(record, match) for record, match in weighed if match.score >= at_least])
    named = {record for some in alike for record, _match in some}
    rows = {row.pk: row for row in kind.model._default_manager.filter(pk__in=named)} if named else {}
    return [
        [Near(record, rows[record].uid, str(rows[record]), match) for record, match in some if record in rows]
        for some in alike
    ]


class _Known:
    """Stored rows that came into question, each made ready to be compared when it is."""

    def __init__(self, kind: MatchKind, rows: QuerySet[Any] | None) -> None:
        self.kind, self.profiles = kind, dict[int, Profile]()
        self.values = {} if rows is None else {one[0]: one[1:] for one in rows.values_list("pk", *kind.names)}

    def __contains__(self, record: int) -> bool:
        return record in self.values

    def __getitem__(self, record: int) -> Profile:
        found = self.profiles.get(record)
        if found is None:
            values = dict(zip(self.kind.names, self.values[record], strict=True))
            found = self.profiles[record] = self.kind.profile(values)
        return found


def _look_up(keys: Iterable[int]) -> dict[int, list[int]]:
    met: dict[int, list[int]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(LOOK_UP, [sorted(keys), MOST_OF_A_KEY])
        for key, record in cursor.fetchall():
            met[key].append(record)
    return met


def _add_rows(
    found: list[list[Near]], asked: _Asked, keys: Sequence[Sequence[int]], *, at_least: int
) -> None:
    """Add to each row the earlier ones of the same file that it resembles."""
    earlier: dict[int, list[int]] = defaultdict(list)
    for place, own in enumerate(keys):
        for other in sorted({row for key in own for row in earlier[key][:MOST_OF_A_KEY]}):
            match = compare(asked[place], asked[other])
            if match.score >= at_least:
                found[place].append(Near(0, None, "", match, other))
        for key in own:
            earlier[key].append(place)
