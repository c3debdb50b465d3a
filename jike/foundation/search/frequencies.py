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
        cursor.execute(_FREQUENT)
        lexemes, shares = cursor.fetchone() or ([], [])
    counts = {one: share * entries for one, share in zip(lexemes or [], shares or [], strict=False)}
    return Frequencies(counts, sorted(counts), min(counts.values(), default=0.0))
