"""Column types that PostgreSQL has and Django lacks, and arrays that behave as choices do."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.fields.array import ArrayOverlap  # type: ignore[attr-defined]  # the stubs leave it out
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper


class TransactionIdField(models.Field):
    """``xid8``: the 64-bit id of the writing transaction, by which readers of the stream tell what is settled."""

    description = "PostgreSQL xid8"

    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        return "xid8"

    def from_db_value(self, value: Any, expression: object, connection: object) -> int | None:
        return None if value is None else int(value)

    def get_db_prep_value(self, value: Any, connection: BaseDatabaseWrapper, prepared: bool = False) -> Any:
        return value if value is None or hasattr(value, "resolve_expression") else str(value)


class CurrentTransactionId(models.Func):
    """``pg_current_xact_id()``, as a column default."""

    function = "pg_current_xact_id"
    template = "%(function)s()"
    output_field = TransactionIdField()


class SeveralField(ArrayField):
    """Several values of a closed list: a choice of which any number may hold at once.

    A filter by values finds rows that have at least one of them, and a row without any counts as empty. For migrations
    it is the plain array that it is in the database.
    """

    def __init__(self, base_field: models.Field, **options: Any) -> None:
        super().__init__(base_field, **options)
        self.choices = base_field.choices

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        name, _path, args, options = super().deconstruct()
        options.pop("choices", None)
        return name, "django.contrib.postgres.fields.ArrayField", [*args], options


@SeveralField.register_lookup
class AnyOf(ArrayOverlap):
    """``gaps__in=["sole", "silent"]``: at least one of them."""

    lookup_name = "in"


@SeveralField.register_lookup
class WithoutAny(models.lookups.IsNull):
    """``gaps__isnull=True``: none at all."""

    def as_sql(self, compiler: Any, connection: BaseDatabaseWrapper) -> tuple[str, tuple[Any, ...]]:
        column, held = compiler.compile(self.lhs)
        return f"{column} {'=' if self.rhs else '<>'} '{{}}'", tuple(held)
