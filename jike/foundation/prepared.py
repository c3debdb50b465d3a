"""Questions that nearly every request asks: Django puts their text together once in a process, not each time.

Putting it together takes three times as long as asking and reading the answer. Only what is asked all the time is
worth it, and only where no more than values differ: what somebody may see is a condition of its own for each.
"""

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any, Generic, NamedTuple, TypeVar, cast

from django.db import connection
from django.db.models import Model, QuerySet

__all__ = ["Prepared"]

Row = TypeVar("Row", bound=Model)


class _Text(NamedTuple):
    """A statement, its parameters, and what becomes of its answer."""

    sql: str
    parameters: tuple[Any, ...]
    model: type[Model]
    names: Sequence[str]
    annotations: Sequence[tuple[str, int]]
    converters: Sequence[tuple[int, Sequence[Callable[..., Any]], Any]]


class Prepared(Generic[Row]):
    """One question about rows of one model, without related ones.

    Parameters
    ----------
    question
        What gives the rows for some values.
    samples
        One value for each that the question takes: of its type, and equal to no other parameter of the statement, since
        the places of values are found by them.
    """

    def __init__(self, question: Callable[..., QuerySet[Row]], *samples: Any) -> None:
        self._question, self._samples = question, samples

    def rows(self, *values: Any) -> list[Row]:
        """Return the rows for these values, in the question's order."""
        text = self._text
        given = dict(zip(self._samples, values, strict=True))
        with connection.cursor() as cursor:
            cursor.execute(text.sql, [given.get(one, one) for one in text.parameters])
            found = cursor.fetchall()
        return [self._row(text, list(one)) for one in found]

    @cached_property
    def _text(self) -> _Text:
        query = self._question(*self._samples).query
        compiler = query.get_compiler(connection=connection)
        sql, parameters = compiler.as_sql()
        if not set(self._samples) <= set(parameters):
            raise ValueError(f"the question holds not each of {self._samples}: {sql}")
        shape = cast(dict[str, Any], compiler.klass_info)
        if shape.get("related_klass_infos"):
            raise ValueError(f"the question asks for related rows: {sql}")
        read = [one[0] for one in compiler.select or ()]
        converters = compiler.get_converters(read)
        return _Text(
            sql,
            tuple(parameters),
            shape["model"],
            [read[place].target.attname for place in shape["select_fields"]],
            list((compiler.annotation_col_map or {}).items()),
            [(place, some, expression) for place, (some, expression) in converters.items()],
        )

    def _row(self, text: _Text, values: list[Any]) -> Row:
        for place, converters, expression in text.converters:
            for convert in converters:
                values[place] = convert(values[place], expression, connection)
        made = text.model.from_db(connection.alias, text.names, values[: len(text.names)])
        for name, place in text.annotations:
            setattr(made, name, values[place])
        return cast(Row, made)
