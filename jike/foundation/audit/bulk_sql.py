"""The three set-wise statements of the gate: lock and read, update, insert."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import connection, models
from django.db.models import BooleanField, F, Func, Value

from jike.foundation.audit.encoding import Difference
from jike.foundation.models.record import Record

__all__ = ["insert_rows", "lock_rows", "update_rows"]

Values = dict[str, Any]


class _AnyOf(Func):
    """``id = ANY (…)`` with all ids in one parameter: Django's ``IN`` would adapt each of a hundred thousand."""

    template = "%(expressions)s::bigint[])"
    arg_joiner = " = ANY ("
    output_field = BooleanField()


def lock_rows(model: type[Record], ids: Iterable[int], names: Sequence[str]) -> dict[int, Values]:
    """Lock the rows in id order (so that two bulk edits never deadlock) and return the columns asked for, by id."""
    columns = tuple(dict.fromkeys(("id", "uid", "version", *names)))
    wanted = "{" + ",".join(map(str, ids)) + "}"
    one_of = _AnyOf(F("pk"), Value(wanted))
    rows = model._default_manager.filter(one_of, removed_at=None).order_by("pk")
    locked = rows.select_for_update(of=("self",), no_key=True).values_list(*columns)
    return {row[0]: dict(zip(columns, row, strict=True)) for row in locked}


def update_rows(model: type[Record], edits: Sequence[tuple[int, Difference]]) -> None:
    """Write each row's new values and count its version up; one statement per set of columns touched."""
    groups: dict[tuple[str, ...], list[tuple[int, Difference]]] = {}
    for edit in edits:
        groups.setdefault(tuple(edit[1]), []).append(edit)
    for names, rows in groups.items():
        _update(model, names, rows)


def _update(model: type[Record], names: tuple[str, ...], rows: list[tuple[int, Difference]]) -> None:
    """Send the values as one JSON text, which PostgreSQL turns into rows of the columns' own types."""
    fields = _fields(model, names)
    table = connection.ops.quote_name(model._meta.db_table)
    sets = ", ".join(f"{_column(f)} = new.value{place}" for place, f in enumerate(fields))
    heads = ", ".join(f"value{place} {_type(f)}" for place, f in enumerate(fields))
    columns: list[list[Any]] = [[number for number, _changed in rows]]
    for name, one in zip(names, fields, strict=True):
        prepare = one.get_prep_value
        columns.append([prepare(changed[name][1]) for _number, changed in rows])
    keys = ("id", *[f"value{place}" for place in range(len(fields))])
    sent = [dict(zip(keys, values, strict=True)) for values in zip(*columns, strict=True)]
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} AS row SET {sets}, version = row.version + 1"
            f" FROM json_to_recordset(%s::json) AS new(id bigint, {heads}) WHERE row.id = new.id",
            [json.dumps(sent, default=str, ensure_ascii=False)],
        )


def insert_rows(model: type[Record], rows: Sequence[Mapping[str, Any]]) -> list[int]:
    """Insert rows that name the same columns or leave some to their database defaults; return the new ids in order."""
    names = tuple(dict.fromkeys(name for row in rows for name in row))
    fields = _fields(model, names)
    table = connection.ops.quote_name(model._meta.db_table)
    heads = ", ".join(map(_column, fields))
    types = [_type(f) for f in fields]
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT nextval(pg_get_serial_sequence('{model._meta.db_table}', 'id')) FROM generate_series(1, %s)",
            [len(rows)],
        )
        ids = [row[0] for row in cursor.fetchall()]
        statement = f"COPY {table} (id, {heads}) FROM STDIN (FORMAT BINARY)"
        columns = [_prepared(f, [row.get(n) for row in rows]) for n, f in zip(names, fields, strict=True)]
        with connection.wrap_database_errors, cursor.copy(statement) as copy:
            copy.set_types(["int8", *types])
            for row in zip(ids, *columns, strict=True):
                copy.write_row(row)
    return ids


def _prepared(field: models.Field, column: list[Any]) -> list[Any]:
    """Return a column's values as they are sent: text as it is, any other object once (defaults are one for all)."""
    plain = str if type(field) in (models.CharField, models.TextField) else type(None)
    known: dict[int, Any] = {}
    if len(set(map(id, column))) == 1 and type(column[0]) is not plain:
        return [field.get_db_prep_save(column[0], connection)] * len(column)
    for value in column:
        if type(value) is not plain and id(value) not in known:
            known[id(value)] = field.get_db_prep_save(value, connection)
    return [value if type(value) is plain else known[id(value)] for value in column]


def _fields(model: type[Record], names: Sequence[str]) -> list[models.Field]:
    known = {f.attname: f for f in model._meta.concrete_fields}
    return [known[name] for name in names]


def _column(field: models.Field) -> str:
    return connection.ops.quote_name(str(field.column))


def _type(field: models.Field) -> str:
    """Return the column's type without its modifiers: casts to varchar(n) would cut silently."""
    target = field.target_field if isinstance(field, models.ForeignKey) else field
    name = (
        target.rel_db_type(connection) if isinstance(field, models.ForeignKey) else target.db_type(connection)
    )
    plain = (name or "text").split("(")[0]
    return f"{plain}[]" if (name or "").endswith("[]") and not plain.endswith("[]") else plain
