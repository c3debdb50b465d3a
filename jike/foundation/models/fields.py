"""Column types that PostgreSQL has and Django lacks."""

from typing import Any

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
