"""Making a kind's entries anew: the database gives the rows, other processes read them into entries, it copies these.

Much quicker than the gates, since the indexes are dropped and made again. Whoever searches or saves a searched record
waits until it has ended.
"""

import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context

from django.db import connection, transaction

from jike.foundation.models.record import Record
from jike.foundation.models.search_entry import SearchEntry
from jike.foundation.search.kinds import Kind, kind_of, kinds
from jike.foundation.search.rows import COLUMNS, entry_lines

__all__ = ["index_all", "index_every_kind"]

CHUNK = 10_000
LARGE = 20_000
"""From this many rows on, dropping the indexes and starting processes pays."""

AHEAD = 6
"""Chunks that are read into entries while one is copied."""

Progress = Callable[[int], None]
Reader = Callable[[Kind, list[str]], Callable[[], bytes]]


def index_all(model: type[Record], progress: Progress | None = None, *, processes: int | None = None) -> int:
    """Write the entries of every row of ``model`` anew, in one transaction; return how many there are.

    Parameters
    ----------
    progress
        Called with the number of rows just done.
    processes
        How many read rows into entries; by default one per core, and none beside this one for few rows.
    """
    return index_kinds([model], progress, processes=processes)


def index_kinds(
    models: Sequence[type[Record]], progress: Progress | None = None, *, processes: int | None = None
) -> int:
    """Do what `index_all` does for several models, making the indexes once."""
    some = []
    for model in models:
        kind = kind_of(model)
        if kind is None:
            raise LookupError(f"{model.kind()} declares no SEARCH")
        some.append(kind)
    return _rebuild(some, progress, processes=processes)


def index_every_kind(progress: Progress | None = None, *, processes: int | None = None) -> int:
    """Do what `index_all` does for every searched kind, making the indexes once."""
    return _rebuild(list(kinds().values()), progress, processes=processes)


def _rebuild(some: Sequence[Kind], progress: Progress | None, *, processes: int | None) -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("LOCK TABLE foundation_searchentry IN SHARE ROW EXCLUSIVE MODE")
        large = any(kind.model._default_manager.order_by()[LARGE : LARGE + 1].exists() for kind in some)
        if large:
            cursor.execute("SELECT foundation_search_begin_rebuild()")
        untouched = _empty(some)
        count = (os.cpu_count() or 1) if processes is None else processes
        with _reader(count if large else 0) as read:
            done = sum(_copy(kind, read, progress or _told_nobody) for kind in some)
        if large:
            cursor.execute("SELECT foundation_search_end_rebuild(%s)", [untouched])
    return done


def _empty(some: Sequence[Kind]) -> bool:
    """Remove the entries of these kinds; return whether what is copied now will lie in the order of the units."""
    if len(some) == len(kinds()):
        with connection.cursor() as cursor:
            cursor.execute("SELECT foundation_search_empty()")
        return True
    gone, _each = SearchEntry.objects.filter(kind__in=[kind.name for kind in some]).delete()
    return not gone


def _told_nobody(rows: int) -> None:
    """Stand in where nobody asks for progress."""


def _copy(kind: Kind, read: Reader, progress: Progress) -> int:
    done = 0
    waiting: deque[tuple[int, Callable[[], bytes]]] = deque()
    for rows in _chunks(kind):
        waiting.append((len(rows), read(kind, rows)))
        if len(waiting) > AHEAD:
            done += _write(waiting.popleft(), progress)
    while waiting:
        done += _write(waiting.popleft(), progress)
    return done


def _write(one: tuple[int, Callable[[], bytes]], progress: Progress) -> int:
    rows, lines = one
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY foundation_searchentry ({', '.join(COLUMNS)}) FROM STDIN") as copy,
    ):
        copy.write(lines())
    progress(rows)
    return rows


@contextmanager
def _reader(processes: int) -> Iterator[Reader]:
    """Give a function that starts reading a chunk into entries and returns what waits for the lines."""
    if processes < 1:
        yield lambda kind, rows: lambda: entry_lines(kind.layout, rows)
        return

    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:

        def start(kind: Kind, rows: list[str]) -> Callable[[], bytes]:
            future: Future[bytes] = pool.submit(entry_lines, kind.layout, rows)
            return future.result

        yield start


def _chunks(kind: Kind) -> Iterator[list[str]]:
    """Give the kind's rows as JSON lists, in the order of their units, in which the entries shall lie.

    One cursor over one plan: asking page by page would join again for each.
    """
    rows = kind.rows().order_by(*(path for path in (kind.model.SCOPE.get("unit", ""), "pk") if path))
    sql, values = rows.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL cursor_tuple_fraction = 1")
        cursor.execute(
            f"DECLARE searched NO SCROLL CURSOR FOR SELECT to_json(array[{_names(kind)}])::text"
            f" FROM ({sql}) AS row({_names(kind)})",
            values,
        )
        while True:
            cursor.execute(f"FETCH {CHUNK} FROM searched")
            some = [line for (line,) in cursor.fetchall()]
            if not some:
                break
            yield some
        cursor.execute("CLOSE searched")


def _names(kind: Kind) -> str:
    return ", ".join(f"column{number}" for number in range(len(kind.paths)))
