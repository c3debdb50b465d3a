"""How frequent lexemes are, as PostgreSQL's own statistics know it.

They decide whether every entry with a lexeme is fetched, or entries are walked until enough have it.
"""

import time
from functools import lru_cache

from django.db import connection

from jike.foundation.search.terms import Frequencies

__all__ = ["frequencies"]

KEPT_SECONDS = 300
_ENTRIES = "SELECT greatest(reltuples, 0) FROM pg_class WHERE oid = 'foundation_searchentry'::regclass"
_KINDS = """
    SELECT most_common_vals::text::text[], most_common_freqs FROM pg_stats
    WHERE schemaname = current_schema() AND tablename = 'foundation_searchentry' AND attname = 'kind'"""
_FREQUENT = """
    SELECT most_common_elems::text::text[], most_common_elem_freqs FROM pg_stats
    WHERE schemaname = current_schema() AND tablename = 'foundation_searchentry' AND attname = 'tokens'"""


def frequencies() -> Frequencies:
    """Return the frequent lexemes; asked of the database every five minutes."""
    return _loaded(str(connection.settings_dict["NAME"]), int(time.monotonic() // KEPT_SECONDS))


@lru_cache(maxsize=1)
def _loaded(database: str, period: int) -> Frequencies:
    with connection.cursor() as cursor:
        cursor.execute(_ENTRIES)
        (entries,) = cursor.fetchone() or (0,)
        found = []
        for statement in (_FREQUENT, _KINDS):
            cursor.execute(statement)
            values, shares = cursor.fetchone() or ([], [])
            found.append(
                {one: share * entries for one, share in zip(values or [], shares or [], strict=False)}
            )
    counts, kinds = found
    return Frequencies(counts, sorted(counts), min(counts.values(), default=0.0), kinds)
