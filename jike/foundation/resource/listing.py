"""Reading a list: keyset pages, counts that never block, totals.

A page is found beside a cursor, by (sort column, id), so that the ten-thousandth costs what the first does. Rows come
as plain values; foreign rows' titles are read with them.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F, Q, QuerySet, Sum
from django.db.utils import OperationalError
from psycopg.errors import QueryCanceled

from jike.foundation.models.record import Record
from jike.foundation.resource.attributes import Attribute
from jike.foundation.resource.declaration import Resource
from jike.foundation.resource.filtering import NO_FILTER, names_in, to_q
from jike.foundation.resource.state import Cursor, ListState, shown_columns
from jike.foundation.scope import SEALED, Actor, nearest, visible
from jike.foundation.search import narrow

__all__ = [
    "COUNT_LIMIT",
    "Page",
    "Row",
    "aliased",
    "count_up_to",
    "exact_count",
    "matching",
    "page_of",
    "paths_of",
    "row_of",
    "totals_of",
    "within_time",
]

COUNT_LIMIT = 1000


@dataclass(frozen=True)
class Row:
    """One row of a list: its name, its version (for edits in place) and the columns' values in order."""

    id: int
    uid: UUID
    version: int
    values: tuple[Any, ...]


@dataclass(frozen=True)
class Page:
    """Rows and the cursors of the pages beside; None where there is none."""

    columns: Sequence[Attribute]
    rows: Sequence[Row]
    before: Cursor | None
    after: Cursor | None


def matching(resource: Resource, state: ListState, actor: Actor, *, today: dt.date) -> QuerySet[Record]:
    """Return every row that the actor may see and the state asks for, in no order."""
    named = {state.sort_field, *names_in(state.where)} & resource.attributes.keys()
    rows = aliased(visible(resource.model, actor).order_by(), [resource.attributes[one] for one in named])
    rows = rows.filter(_scope(resource, state, actor), to_q(resource, state.where, today=today, actor=actor))
    return narrow(rows, state.query, actor) if state.query else rows


def aliased(rows: QuerySet[Record], attributes: Iterable[Attribute]) -> QuerySet[Record]:
    """Return the rows with what the database must compute to compare, order or sum by these."""
    return rows.alias(**{one.column: one.expression for one in attributes if one.expression is not None})


def _scope(resource: Resource, state: ListState, actor: Actor) -> Q:
    own, unit = resource.model.SCOPE.get("own"), resource.model.SCOPE.get("unit")
    if state.scope == "mine" and own:
        return Q(**{f"{own}__in": sorted(actor.owners)})
    if state.scope == "team" and unit:
        return Q(**{f"{unit}__in": sorted(actor.units)})
    return Q()


def page_of(resource: Resource, state: ListState, actor: Actor, *, today: dt.date) -> Page:
    """Return the page at the state's cursor."""
    columns = shown_columns(resource, state, actor)
    rows = matching(resource, state, actor, today=today)
    sort = resource.attributes[state.sort_field]
    found = _beside(rows, sort, state, actor=actor, paths=paths_of(resource, columns, sort))
    more = len(found) > state.size
    backwards = state.cursor is not None and state.cursor.backwards
    found = found[: state.size]
    if backwards:
        found.reverse()
    first, last = (_cursor_at(found[0], True), _cursor_at(found[-1], False)) if found else (None, None)
    return Page(
        columns,
        [row_of(resource, columns, values, actor=actor) for values in found],
        before=first if (more if backwards else state.cursor is not None) else None,
        after=last if (more or backwards) else None,
    )


def paths_of(resource: Resource, columns: Sequence[Attribute], sort: Attribute) -> list[Any]:
    """Return what to read: bookkeeping, the sort value, owner and unit (for sealed fields), then the columns."""
    scope = [resource.model.SCOPE.get("own") or "pk", resource.model.SCOPE.get("unit") or "pk"]
    paths = ["pk", "uid", "version", sort.column, *scope, *(column.path for column in columns)]
    return [F(path) if isinstance(path, str) else path for path in paths]


HEAD = 6  # how many values come before the columns


def _beside(
    rows: QuerySet[Record], sort: Attribute, state: ListState, *, actor: Actor, paths: list[Any]
) -> list[tuple[Any, ...]]:
    """Read one row more than the page holds; rows without a value come last, whatever the direction."""
    backwards = state.cursor is not None and state.cursor.backwards
    nullable = sort.field.null or "__" in sort.name
    phases = [False, True] if nullable else [False]
    found: list[tuple[Any, ...]] = []
    for null in reversed(phases) if backwards else phases:
        if len(found) > state.size or _passed(state.cursor, null, backwards):
            continue
        some = _phase(rows, sort, state, null=null, split=nullable)
        plain = state.where == NO_FILTER and not state.query and sort.expression is None
        if plain and state.scope == "all":
            every = rows.model._default_manager.filter(removed_at=None).order_by()
            among = _phase(every, sort, state, null=null, split=nullable)
            some = nearest(some, actor, among=among, limit=state.size + 1)
        found += [tuple(values) for values in _values(some, paths)[: state.size + 1 - len(found)]]
    return found


def _values(rows: QuerySet[Record], paths: list[Any]) -> Any:
    aliases = {f"_{place}": path for place, path in enumerate(paths)}
    return rows.annotate(**aliases).values_list(*aliases)


def _passed(cursor: Cursor | None, null: bool, backwards: bool) -> bool:
    """Whether the cursor lies beyond this phase already."""
    if cursor is None:
        return False
    return (cursor.value is None) != null and null == backwards


def _phase(
    rows: QuerySet[Record], sort: Attribute, state: ListState, *, null: bool, split: bool
) -> QuerySet[Record]:
    cursor = state.cursor
    downwards = state.descending != (cursor is not None and cursor.backwards)
    if split:
        rows = rows.filter(**{f"{sort.column}__isnull": null})
    if cursor is not None and (cursor.value is None) == null:
        rows = rows.filter(_after(sort, cursor, downwards=downwards, null=null))
    order = [F("pk").desc() if downwards else F("pk").asc()]
    if not null:
        order.insert(0, F(sort.column).desc() if downwards else F(sort.column).asc())
    return rows.order_by(*order)


def _after(sort: Attribute, cursor: Cursor, *, downwards: bool, null: bool) -> Q:
    """Return the row comparison (column, id) > (value, id), which an index on both answers at once."""
    side = "lt" if downwards else "gt"
    if null:
        return Q(**{f"pk__{side}": cursor.id})
    return Q(**{f"{sort.column}__{side}e": cursor.value}) & (
        Q(**{f"{sort.column}__{side}": cursor.value}) | Q(**{f"pk__{side}": cursor.id})
    )


def _cursor_at(values: tuple[Any, ...], backwards: bool) -> Cursor:
    return Cursor(values[3], values[0], backwards)


def row_of(resource: Resource, columns: Sequence[Attribute], values: tuple[Any, ...], *, actor: Actor) -> Row:
    shown = values[HEAD:]
    if resource.model.SEALED:
        place, pairs = {"owner": values[4], "unit": values[5]}, zip(columns, shown, strict=True)
        shown = tuple(SEALED if column.closed_to(actor, **place) else value for column, value in pairs)
    return Row(values[0], values[1], values[2], shown)


def count_up_to(rows: QuerySet[Record], limit: int = COUNT_LIMIT) -> tuple[int, bool]:
    """Return how many rows there are, counting no further than ``limit``, and whether that is all of them."""
    counted = rows.values("pk")[: limit + 1].count()
    return min(counted, limit), counted <= limit


def exact_count(rows: QuerySet[Record]) -> int | None:
    """Return how many rows there are; None when counting would take more than seconds."""
    return within_time(rows.count)


def totals_of(
    resource: Resource, rows: QuerySet[Record], names: Sequence[str]
) -> dict[str, Decimal | None] | None:
    """Return the sums of these fields over ``rows``, sealed ones left out; None when it takes too long."""
    summed = [one for name in names if not (one := resource.attributes[name]).sealed]
    sums = {f"sum_{place}": Sum(one.expression or one.column) for place, one in enumerate(summed)}
    found = within_time(lambda: rows.aggregate(**sums)) if sums else {}
    return found and {one.name: found[f"sum_{place}"] for place, one in enumerate(summed)}


def within_time(query: Any, *, ms: int = 3000) -> Any:
    """Run a query that may be slow, and give up (None) after seconds rather than hold a worker."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('statement_timeout', %s, true)", [str(ms)])
            found = query()
            cursor.execute("SELECT set_config('statement_timeout', '0', true)")
            return found
    except OperationalError as error:
        if isinstance(error.__cause__, QueryCanceled):
            return None
        raise
