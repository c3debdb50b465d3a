"""What the write gates call: entries follow their records in the same transaction, one statement per set of rows.

Only where very many records change hands at once do their entries follow after the transaction: each is written anew,
words included, which takes longer than the records. Until then `finding` asks the records whom they may be shown to.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import Any

from django.apps import apps
from django.db import connection, transaction
from psycopg.copy import QueuedLibpqWriter

from jike.foundation.beside import ask, helping
from jike.foundation.models.record import Record
from jike.foundation.models.search_entry import SearchEntry, SearchMove
from jike.foundation.search.kinds import Kind, followers_of, kind_of, watched
from jike.foundation.search.rows import COLUMNS, entry_columns, place_columns, row_lines

__all__ = ["begin_entries", "keep", "keeps", "move_waiting", "moves_wait"]

BATCH = 5_000
FEW, AT_ONCE, BESIDE = 20, 250, 500
"""Up to so many new rows INSERT beats COPY; entries copied at once; rows that another process is given at once."""
MANY = 1_000
"""Changed records from which on their entries are moved afterwards."""
TYPES = ("uuid", "text", "bigint", "bigint", "bigint", "smallint", "text", "text", "text", "text", "text")

_heads = ", ".join(COLUMNS)
_arrays = ", ".join(f"%s::{name}[]" for name in TYPES)
_sets = ", ".join(f"{name} = excluded.{name}" for name in COLUMNS if name != "uid")
UPSERT = f"""
    INSERT INTO foundation_searchentry ({_heads})
    SELECT {_heads.replace("tokens", "tokens::tsvector")} FROM unnest({_arrays}) AS new({_heads})
    ON CONFLICT (uid) DO UPDATE SET {_sets}"""
COPY = f"COPY foundation_searchentry ({_heads}) FROM STDIN"
PLACE = """
    UPDATE foundation_searchentry AS entry
    SET owner = new.owner, unit = new.unit, context = new.context
    FROM unnest(%s::uuid[], %s::bigint[], %s::bigint[], %s::text[]) AS new(uid, owner, unit, context)
    WHERE entry.uid = new.uid
      AND (entry.owner, entry.unit, entry.context) IS DISTINCT FROM (new.owner, new.unit, new.context)"""


def keeps(model: type[Record], changed: Collection[str] | None) -> bool:
    """Whether a change of these attributes concerns the index; None stands for new rows."""
    if changed is None:
        return kind_of(model) is not None
    return not watched(model).isdisjoint(changed)


def keep(model: type[Record], ids: Sequence[int], changed: Collection[str] | None = None) -> None:
    """Bring the index up to date with rows of ``model`` just written, in the writer's transaction.

    Parameters
    ----------
    ids
        Ids of the rows written.
    changed
        Attribute names that may differ now; None for new rows.
    """
    if not ids or not keeps(model, changed):
        return
    kind, moved = kind_of(model), frozenset(changed or ())
    if kind is not None and changed is None and len(ids) > FEW:
        _add(kind, ids)
    elif kind is not None and (changed is None or not kind.text.isdisjoint(moved)):
        _rewrite(kind, ids, restored="removed_at" in moved)
    elif len(ids) > MANY:
        SearchMove.objects.create(kind=model.kind(), records=list(ids), fields=sorted(moved))
        return
    _move(model, ids, moved)


def _move(model: type[Record], ids: Sequence[int], moved: frozenset[str]) -> None:
    """Set owner, unit and context of entries whose words stay: those of the rows, and those that lie by them."""
    kind = kind_of(model)
    if kind is not None and kind.text.isdisjoint(moved) and not kind.places.isdisjoint(moved):
        _lock_parents(kind, ids)
        _place(kind, kind.rows().filter(pk__among=ids))
    for follower in followers_of(model):
        if follower.field in moved:
            _place(follower.kind, follower.kind.rows().filter(**{f"{follower.path}__among": ids}))


def moves_wait() -> bool:
    """Whether entries are still to be moved."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM foundation_searchmove)")
        return bool(cursor.fetchone()[0])


def move_waiting() -> None:
    """Move the entries that still wait, one set of records after the other; whoever comes meanwhile finds the next."""
    while _move_next():
        pass


@transaction.atomic
def _move_next() -> bool:
    waiting = SearchMove.objects.select_for_update(skip_locked=True).order_by("pk").first()
    if waiting is None:
        return False
    model: Any = apps.get_model(waiting.kind)
    # As writers do: whoever changes one of the rows meanwhile moves its entry after us.
    rows = model._default_manager.filter(pk__among=waiting.records).order_by("pk")
    list(rows.select_for_update(no_key=True).values_list("pk"))
    _move(model, waiting.records, frozenset(waiting.fields))
    waiting.delete()
    return True


def begin_entries(model: type[Record], ids: Sequence[int]) -> Callable[[], None]:
    """Begin to make the entries of new rows of ``model``, in the writer's transaction; what is returned stores them.

    Between the two the writer does something else, while another process makes the entries, where there is one.
    """
    kind = kind_of(model)
    if kind is None or len(ids) <= FEW or not helping():
        return lambda: keep(model, ids)
    _lock_parents(kind, ids)
    rows = [tuple(row) for row in kind.rows().filter(pk__among=ids)]
    waiting = [
        ask(row_lines, kind.layout, rows[begin : begin + BESIDE]) for begin in range(0, len(rows), BESIDE)
    ]

    def store() -> None:
        _copy(lines() for lines in waiting)

    return store


def _add(kind: Kind, ids: Sequence[int]) -> None:
    """Copy the entries of new rows; some are made while the server takes in those before them."""
    _lock_parents(kind, ids)
    for some in _batches(ids):
        rows = list(kind.rows().filter(pk__among=some))
        _copy(row_lines(kind.layout, rows[begin : begin + AT_ONCE]) for begin in range(0, len(rows), AT_ONCE))


def _copy(pieces: Iterable[bytes]) -> None:
    with (
        connection.cursor() as cursor,
        connection.wrap_database_errors,
        cursor.copy(COPY, writer=QueuedLibpqWriter(cursor.cursor)) as copy,
    ):
        for piece in pieces:
            copy.write(piece)


def _rewrite(kind: Kind, ids: Sequence[int], *, restored: bool) -> None:
    """Write the entries of these rows anew; those in the recycle bin lose theirs."""
    _lock_parents(kind, ids)
    for some in _batches(sorted(ids)):
        rows = sorted(kind.rows().filter(pk__among=some))
        if restored or len(rows) < len(some):
            gone = set(some) - {int(row[0]) for row in rows}
            SearchEntry.objects.filter(kind=kind.name, record__in=gone).delete()
        _upsert([entry_columns(kind.layout, row) for row in rows])


def _upsert(entries: Sequence[Sequence[Any]]) -> None:
    if entries:
        with connection.cursor() as cursor:
            cursor.execute(UPSERT, [list(column) for column in zip(*entries, strict=True)])


def _place(kind: Kind, rows: Iterable[tuple[Any, ...]]) -> None:
    """Set owner, unit and context of the entries of these rows; their words stay as they are."""
    for some in _batches(list(rows)):
        entries = [place_columns(kind.layout, row) for row in some]
        with connection.cursor() as cursor:
            cursor.execute(PLACE, [list(column) for column in zip(*entries, strict=True)])


def _lock_parents(kind: Kind, ids: Sequence[int]) -> None:
    """Keep the rows by which these lie from being moved meanwhile, else a child written beside it would stay behind."""
    for path in kind.parents:
        parent = kind.model
        for step in path.split("__"):
            parent = parent._meta.get_field(step).related_model  # type: ignore[assignment]
        reached = kind.model._default_manager.filter(pk__in=ids).order_by().values(path)
        locked = parent._default_manager.filter(pk__in=reached).order_by("pk")
        list(locked.select_for_update(no_key=True).values_list("pk"))


def _batches(things: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for begin in range(0, len(things), BATCH):
        yield things[begin : begin + BATCH]
