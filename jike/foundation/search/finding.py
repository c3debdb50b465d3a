"""Finding records by what somebody typed, among those they may see.

Rare words are fetched from the inverted index, all of them. Of frequent ones (公司) that would be a million
entries: there a sample of the kind, or the entries of the actor's units, are walked until enough are found,
beside the actor's own records and titles that begin so. Rights are conditions of each statement; an exact
comparison decides in the end.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from operator import itemgetter
from typing import Any
from uuid import UUID

from django.db import connection

from jike.foundation.models.record import Record
from jike.foundation.scope import Actor, visible
from jike.foundation.search.asking import Asked, Rank, asked
from jike.foundation.search.frequencies import frequencies
from jike.foundation.search.keeping import moves_wait
from jike.foundation.search.kinds import Kind
from jike.foundation.search.reaching import Condition, Place, over, places
from jike.foundation.search.terms import Term, estimate, tsquery
from jike.foundation.search.tokens import sealed_lexeme

__all__ = ["LIMIT", "Hit", "find"]

LIMIT = 20
FREQUENT = 10_000
FREQUENT_SHARE = 0.02
"""Entries, and share of a kind's entries, from which on walking is quicker than fetching them all."""
FETCHED = 240
ENOUGH = 80
"""Of a walk, of one's own, of beginnings: four times what is shown, since the shortest of them come first."""
WALKED = 2_000
STARTING = 400
BEGUN = 5_000
"""Entries that begin with typed initials, at most, for fetching them all."""
RARE = 5_000
"""Entries that may hold what was typed, at most, for fetching them all before asking whose they are."""
KIND_SHARE = 8
"""Places each kind has at first, when several kinds are found."""

COLUMNS = "kind, uid, title, context, names, codes, owner"
COMPARED, WHOLE = f"SELECT {COLUMNS}, FALSE", f"SELECT {COLUMNS}, TRUE"
"""What is fetched, and whether it is known to be meant: sealed values are found whole or not at all."""
ENTRIES = "foundation_searchentry"


@dataclass(frozen=True)
class Hit:
    """One record found: its kind and name, what was typed of its title, and what is shown beside."""

    kind: Kind
    uid: UUID
    title: str
    spans: tuple[tuple[int, int], ...]
    context: tuple[str, ...]
    own: bool


@dataclass(frozen=True)
class _Search:
    """What one search is about: the question, who asks, where they may look."""

    question: Asked
    actor: Actor
    places: Sequence[Place]
    frequent: frozenset[str]
    """Kinds in which what was typed is frequent."""
    many: bool
    """Whether there may be more than is fetched."""


def find(text: str, actor: Actor, *, limit: int = LIMIT, frequent: float = FREQUENT) -> list[Hit]:
    """Return the best ``limit`` records for what was typed: exact ones, beginnings, own ones, then shorter titles.

    Parameters
    ----------
    frequent
        Estimated entries from which on entries are walked instead of fetched.
    """
    question = asked(text)
    reachable = places(actor) if question else []
    if not reachable:
        return []
    search = _weighed(question, actor, reachable, frequent=frequent)
    rows = _fetched(_statements(search))
    hits = _judged(search, rows, limit)
    lacking = [place for place in reachable if place.kind.name in search.frequent]
    lacking = [place for place in lacking if sum(hit.kind is place.kind for hit in hits) < limit]
    if lacking:
        hits = _judged(search, [*rows, *_fetched([_indexed(search, lacking)])], limit)
    best = _shared_out(hits, limit)
    if best and moves_wait():
        best = _still_visible(best, actor)
    return [replace(hit, spans=tuple(question.spans(hit.title))) for hit in best]


def _weighed(question: Asked, actor: Actor, reachable: Sequence[Place], *, frequent: float) -> _Search:
    counts = {place.kind.name: _estimate(question.term, place.kind) for place in reachable}
    walkable = (place for place in reachable if place.everything or place.units)
    known = frequencies().kinds
    common = frozenset(
        place.kind.name
        for place in walkable
        if counts[place.kind.name] > max(frequent, FREQUENT_SHARE * known.get(place.kind.name, 0))
        or frequent < 0
    )
    return _Search(question, actor, reachable, common, sum(counts.values()) > FETCHED or bool(common))


def _estimate(term: Term, kind: Kind) -> float:
    known = frequencies()
    return estimate(term, kind.mark, known, entries=known.kinds.get(kind.name, 0))


def _at_most(term: Term, among: Sequence[Place]) -> float:
    """Return how many entries may hold what was typed; a kind that no statistics know has next to none."""
    known = frequencies().kinds
    return sum(min(_estimate(term, place.kind), known.get(place.kind.name, 0)) for place in among)


def _statements(search: _Search) -> list[Condition]:
    rare = [place for place in search.places if place.kind.name not in search.frequent]
    parts = [_indexed(search, rare)] if rare else []
    parts += [_walk(search, place) for place in search.places if place.kind.name in search.frequent]
    further = [_lent(search)]
    if search.many:
        further += [_own(search), _beginning(search)]
    return [*parts, *(part for part in further if part), *_sealed(search)]


def _indexed(search: _Search, among: Sequence[Place]) -> Condition:
    """Return what fetches matching entries from the inverted index."""
    return _matching(search, among, term=search.question.term, limit=FETCHED)


def _lent(search: _Search) -> Condition | None:
    """Return what fetches matching entries of records that others share with the actor.

    One question about all kinds: planning one for each took longer than answering them.
    """
    lent = [(place, place.lent) for place in search.places if place.lent]
    if not lent:
        return None
    records = " UNION ALL ".join(part.sql for _place, part in lent)
    queries = " | ".join(tsquery(search.question.term, place.kind.mark) for place, _part in lent)
    columns = ", ".join(f"entry.{column}" for column in COLUMNS.split(", "))
    return Condition(
        f"SELECT {columns}, FALSE FROM ({records}) AS lent JOIN {ENTRIES} AS entry USING (kind, record)"
        f" WHERE tokens @@ %s::tsquery LIMIT {FETCHED}",
        [*(value for _place, part in lent for value in part.values), queries],
    )


def _matching(
    search: _Search, among: Sequence[Place], *, term: Term, limit: int, where: str = ""
) -> Condition:
    queries = " | ".join(tsquery(term, place.kind.mark) for place in among)
    rights = over(among, rare=_at_most(term, among) <= RARE)
    wholes = search.question.literals
    like = "".join(" AND names LIKE %s" for _ in wholes)
    return Condition(
        f"{COMPARED} FROM {ENTRIES} WHERE tokens @@ %s::tsquery{where} AND {rights.sql}{like} LIMIT {limit}",
        [queries, *rights.values, *(f"%{run}%" for run in wholes)],
    )


def _walk(search: _Search, place: Place) -> Condition:
    """Return what walks a sample of the kind, or the entries of the actor's units, as far as it goes."""
    query = tsquery(search.question.term, place.kind.mark)
    if place.everything or place.wide:
        walked = f"kind = %s ORDER BY turn LIMIT {WALKED}"
        values: list[Any] = [place.kind.name]
    else:
        walked, values = f"kind = %s AND unit = ANY(%s) LIMIT {WALKED}", [place.kind.name, place.units]
    rights = place.within
    return Condition(
        f"{COMPARED} FROM (SELECT * FROM {ENTRIES} WHERE {walked}) AS walked"
        f" WHERE tokens @@ %s::tsquery AND {rights.sql} LIMIT {ENOUGH}",
        [*values, query, *rights.values],
    )


def _own(search: _Search) -> Condition | None:
    """Return what fetches the actor's own records where they see others, too: else they are all that is fetched."""
    owners = sorted(search.actor.owners)
    beside = [place for place in search.places if place.everything or place.units]
    if not owners or not beside:
        return None
    part = _matching(search, beside, term=search.question.term, limit=ENOUGH, where=" AND owner = ANY(%s)")
    return part._replace(values=[part.values[0], owners, *part.values[1:]])


def _beginning(search: _Search) -> Condition | None:
    """Return what fetches titles that begin with what was typed."""
    start = search.question.literal
    if start:
        rights = over(search.places)
        return Condition(
            f"{COMPARED} FROM (SELECT * FROM {ENTRIES} WHERE left(names, 64) >= %s AND left(names, 64) < %s"
            f" ORDER BY left(names, 64) LIMIT {STARTING}) AS begun WHERE {rights.sql} LIMIT {ENOUGH}",
            [start[:64], f"{start[:64]}\U0010ffff", *rights.values],
        )
    term = search.question.beginning
    among = [place for place in search.places if term and _estimate(term, place.kind) < BEGUN]
    return _matching(search, among, term=term, limit=ENOUGH) if term and among else None


def _sealed(search: _Search) -> list[Condition]:
    """Return what finds sealed values, whole and only by those who may read them there."""
    parts = []
    typed = search.question.typed
    for place in search.places:
        for field in place.kind.sealed:
            opened = place.opened(search.actor, field)
            if opened is None:
                continue
            lexeme = sealed_lexeme(field, typed).replace("\\", "\\\\").replace("'", "''")
            parts.append(
                Condition(
                    f"{WHOLE} FROM {ENTRIES} WHERE tokens @@ %s::tsquery AND {opened.sql} LIMIT {LIMIT}",
                    [f"'{place.kind.mark}{lexeme}'", *opened.values],
                )
            )
    return parts


def _fetched(parts: Sequence[Condition]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        sql = " UNION ALL ".join(f"({part.sql})" for part in parts)
        cursor.execute(sql, [value for part in parts for value in part.values])
        return cursor.fetchall()


def _judged(search: _Search, rows: Iterable[tuple[Any, ...]], limit: int) -> list[Hit]:
    """Return the best of each kind, in order, each record once; only as many are compared as are needed."""
    question, owners = search.question, search.actor.owners
    ranked = {}
    for row in sorted(rows, key=lambda row: row[-1]):
        _, uid, title, _, names, codes, owner, whole = row
        rank = Rank(0, 0) if whole else question.rank(names, codes)
        ranked[uid] = ((*rank, owner not in owners, len(title), title, uid), row)
    kinds = {place.kind.name: place.kind for place in search.places}
    room = dict.fromkeys(kinds, limit)
    hits = []
    for _, (kind, uid, title, context, names, codes, owner, whole) in sorted(
        ranked.values(), key=itemgetter(0)
    ):
        if room[kind] and (whole or question.fits(names, codes)):
            room[kind] -= 1
            hits.append(Hit(kinds[kind], uid, title, (), tuple(context.split("\t")), owner in owners))
    return hits


def _shared_out(hits: Sequence[Hit], limit: int) -> list[Hit]:
    """Return the best, of each kind some, as long as there is room."""
    taken: dict[str, int] = {}
    first: list[Hit] = []
    later: list[Hit] = []
    for hit in hits:
        taken[hit.kind.name] = taken.get(hit.kind.name, 0) + 1
        (first if taken[hit.kind.name] <= KIND_SHARE else later).append(hit)
    chosen = {hit.uid for hit in (first + later)[:limit]}
    return [hit for hit in hits if hit.uid in chosen]


def _still_visible(hits: Sequence[Hit], actor: Actor) -> list[Hit]:
    """Return those whose records the actor may see: entries that wait to be moved still lie by their former owners."""
    uids: dict[type[Record], list[UUID]] = {}
    for hit in hits:
        uids.setdefault(hit.kind.model, []).append(hit.uid)
    found = (visible(model, actor).filter(uid__in=some) for model, some in uids.items())
    known = {uid for rows in found for uid in rows.order_by().values_list("uid", flat=True)}
    return [hit for hit in hits if hit.uid in known]
