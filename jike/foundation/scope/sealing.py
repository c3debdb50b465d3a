"""Sealed fields: what one may not read is neither blank nor zero, it is `SEALED`."""

from typing import Any, Final

from django.utils.translation import pgettext

from jike.foundation.models.record import Record
from jike.foundation.scope.actor import Actor
from jike.foundation.scope.reading import lies_at

__all__ = ["SEALED", "is_open", "read_field", "sealed_fields"]


class _Sealed:
    """The value of a field that the actor may not read; templates show a lock and its word."""

    sealed = True

    def __str__(self) -> str:
        return pgettext("value", "sealed")

    def __repr__(self) -> str:
        return "SEALED"

    def __bool__(self) -> bool:
        return False


SEALED: Final = _Sealed()


def sealed_fields(actor: Actor, row: Record) -> frozenset[str]:
    """Return the names of the fields of ``row`` that ``actor`` may not read."""
    if not row.SEALED:
        return frozenset()
    owner, unit = lies_at(row)
    return frozenset(
        name
        for name, permission in row.SEALED.items()
        if not actor.reach(permission).covers(owner=owner, unit=unit)
    )


def is_open(actor: Actor, model: type[Record], field: str) -> bool:
    """Whether ``actor`` reads ``field`` on at least some rows: only then may lists filter, sort or export by it."""
    permission = model.SEALED.get(field)
    return permission is None or bool(actor.reach(permission))


def read_field(actor: Actor, row: Record, field: str) -> Any:
    """Return the field's value, or `SEALED`."""
    return SEALED if field in sealed_fields(actor, row) else getattr(row, field)
