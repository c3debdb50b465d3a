"""The first rows in an order, among those of many units.

An index on (unit, order) has the rows of each unit in order, yet PostgreSQL does not merge those of several: it walks
all rows in that order, past those of every other unit. Names begin with their city, so that a city's head waited for
a walk past all cities before. Here each unit gives its own first rows, and the first of these are kept.
"""

from typing import Any, TypeVar, cast

from django.core.exceptions import EmptyResultSet
from django.db.models import BooleanField, F, QuerySet
from django.db.models.expressions import RawSQL

from jike.foundation.models.record import Record
from jike.foundation.scope.actor import Actor, Reach
from jike.foundation.scope.reading import permission_name, shared, within

__all__ = ["nearest"]

Row = TypeVar("Row", bound=Record)
MOST = 200
"""Units; who sees more of them meets enough of them on the walk."""


def nearest(rows: QuerySet[Row], actor: Actor, *, among: QuerySet[Row], limit: int) -> QuerySet[Row]:
    """Narrow ``rows``, all that ``actor`` may see of a kind in some order, to those that can be the first ``limit``.

    ``among`` are the same without regard to rights, whose OR would keep each unit from being read in order. The rows
    come back as they are where there is no index on the unit and that order.
    """
    model, order = rows.model, cast("Any", rows.query.order_by)
    reach = actor.reach(permission_name(model, "view"))
    if reach.everything or not 1 < len(reach.units) <= MOST or not _indexed(model, order):
        return rows
    key, way = order[0].expression.name, "DESC" if order[0].descending else "ASC"
    first = rows.annotate(_id=F("pk"), _key=F(key)).values_list("_id", "_key")
    unit = model.SCOPE["unit"]
    all_first = among.annotate(_id=F("pk"), _key=F(key)).values_list("_id", "_key")
    each, held = _sql(all_first.filter(**{unit: RawSQL("place.unit", ())})[:limit])
    own = within(model, Reach(owners=reach.owners)) | shared(model, actor, "view")
    others, held_by_others = _others(first.filter(own)[:limit])
    sql = (  # columns and tables of the model, values are bound
        f'"{model._meta.db_table}"."id" IN (SELECT found._id FROM ('  # noqa: S608
        f"SELECT one._id, one._key FROM unnest(%s::bigint[]) AS place(unit) CROSS JOIN LATERAL ({each}) AS one"
        f"{others}) AS found ORDER BY found._key {way}, found._id {way} LIMIT {limit})"
    )
    values = [sorted(reach.units), *held, *held_by_others]
    return rows.filter(RawSQL(sql, values, output_field=BooleanField()))  # noqa: S611  as above


def _indexed(model: type[Record], order: Any) -> bool:
    """Whether an index has each unit's rows in this order, which is by one field and the id."""
    if "unit" not in model.SCOPE or len(order) != 2:
        return False
    wanted = [model.SCOPE["unit"].removesuffix("_id"), order[0].expression.name]
    return any(list(index.fields[:2]) == wanted for index in model._meta.indexes)


def _others(rows: QuerySet[Any, Any]) -> tuple[str, tuple[Any, ...]]:
    """Return what joins the rows that one sees for another reason than their unit; nothing where there can be none."""
    try:
        others, held = _sql(rows)
    except EmptyResultSet:
        return "", ()
    return f" UNION ({others})", held


def _sql(rows: QuerySet[Any, Any]) -> tuple[str, tuple[Any, ...]]:
    return rows.query.sql_with_params()
