"""A list sorted onto shelves: a Kanban's states, a calendar's days.

Whatever the number of rows and shelves, the first rows of all come in one query, their counts in another: each
shelf is a subquery that an index on (shelf, order, id) answers by itself, so that a million rows cost what a
thousand do. Counts stop at `COUNT_LIMIT`; sums over larger shelves are asked for apart (`sums`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Count, F, QuerySet, Sum
from django.db.models.expressions import RawSQL

from jike.foundation.models.record import Record
from jike.foundation.resource.attributes import Attribute
from jike.foundation.resource.declaration import Resource
from jike.foundation.resource.listing import COUNT_LIMIT, Row, paths_of, row_of, within_time
from jike.foundation.scope import Actor

__all__ = ["Shelf", "Shelving", "counts", "first_rows", "sums"]

FEW, SHELF = 12, "(shelf.value)"


@dataclass(frozen=True)
class Shelving:
    """What stands on which shelf: the rows, the attribute whose values are the shelves, and the order on each.

    Attributes
    ----------
    rows
        As `matching` gives them.
    values
        The shelves, in the order in which they stand.
    order
        Field by which each shelf is ordered, descending with a leading minus.
    """

    resource: Resource
    rows: QuerySet[Record]
    by: Attribute
    values: Sequence[Any]
    order: str


@dataclass(frozen=True)
class Shelf:
    """How much stands on a shelf; ``total`` is None where it was not summed over all of it."""

    count: int
    complete: bool
    total: Decimal | None


def first_rows(
    shelving: Shelving, columns: Sequence[Attribute], actor: Actor, *, limit: int, beyond: int = 0
) -> Mapping[Any, list[Row]]:
    """Return for each shelf its rows from ``beyond`` on, at most ``limit`` of them, with the values of ``columns``."""
    resource, order = shelving.resource, shelving.order
    column = F(order.lstrip("-"))
    key, last = (column.desc(), F("pk").desc()) if order.startswith("-") else (column.asc(), F("pk").asc())
    paths = paths_of(resource, columns, resource.attributes[order.lstrip("-")])
    aliases = {f"_{place}": path for place, path in enumerate(paths)}
    one = _on_one_shelf(shelving).order_by(key, last).annotate(**aliases).values_list(*aliases)
    found: dict[Any, list[Row]] = {value: [] for value in shelving.values}
    for shelf, *values in _by_shelf(shelving, one[beyond : beyond + limit], "one.*"):
        found[shelf].append(row_of(resource, columns, tuple(values), actor=actor))
    return found


def counts(shelving: Shelving, total: str = "") -> Mapping[Any, Shelf]:
    """Return how much stands on each shelf, up to `COUNT_LIMIT`, with the sum of ``total`` where that is all of it."""
    one = _on_one_shelf(shelving).values_list(total or "id")[: COUNT_LIMIT + 1]
    found = {value: Shelf(0, True, Decimal(0)) for value in shelving.values}
    told = f"count(*), sum(one.{connection.ops.quote_name(_column(shelving, total))})"
    for shelf, count, amount in _by_shelf(shelving, one, told, grouped=True):
        whole = count <= COUNT_LIMIT
        found[shelf] = Shelf(
            min(count, COUNT_LIMIT), whole, (amount or Decimal(0)) if total and whole else None
        )
    return found


def sums(shelving: Shelving, total: str) -> Mapping[Any, Shelf] | None:
    """Return exact counts and sums of all shelves; None when that would take more than seconds."""
    by = shelving.by.column
    grouped = shelving.rows.filter(**{f"{by}__in": list(shelving.values)}).values_list(by)
    found = within_time(lambda: list(grouped.annotate(Count("pk"), Sum(total))))
    if found is None:
        return None
    return {value: Shelf(count, True, amount or Decimal(0)) for value, count, amount in found}


def _on_one_shelf(shelving: Shelving) -> QuerySet[Record, Any]:
    shelf: Any = RawSQL("shelf.value", (), output_field=shelving.by.field)
    return shelving.rows.filter(**{shelving.by.column: shelf})


def _column(shelving: Shelving, total: str) -> str:
    field: Any = shelving.resource.model._meta.get_field(total or "id")
    return str(field.column)


def _by_shelf(
    shelving: Shelving, one: QuerySet[Record, Any], told: str, *, grouped: bool = False
) -> list[tuple[Any, ...]]:
    """Ask ``told`` of each shelf: few by name, since the planner then knows how full each is, many in one loop."""
    try:
        inner, parameters = one.query.sql_with_params()
    except EmptyResultSet:
        return []
    kind, values = shelving.by.field.db_type(connection), list(shelving.values)
    group = " HAVING count(*) > 0" if grouped else ""
    ahead = inner[: inner.index(SHELF)].count("%s")
    named = f"(SELECT %s::{kind} AS shelf, {told} FROM ({inner.replace(SHELF, '%s')}) AS one{group})"  # noqa: S608  names are the model's own
    statement = " UNION ALL ".join([named] * len(values))
    given = [part for value in values for part in (value, *parameters[:ahead], value, *parameters[ahead:])]
    if len(values) > FEW:
        rest = " GROUP BY shelf.value" if grouped else " ORDER BY shelf.place"
        shelves = f"unnest(%s::{kind}[]) WITH ORDINALITY AS shelf(value, place)"
        statement = f"SELECT shelf.value, {told} FROM {shelves} CROSS JOIN LATERAL ({inner}) AS one{rest}"  # noqa: S608
        given = [values, *parameters]
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
        return cursor.fetchall()
