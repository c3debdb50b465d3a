"""Field shapes that specifications and offerings share."""

from decimal import Decimal
from typing import Any

from django.core.validators import MinValueValidator
from django.db import models

from jike.foundation.entering import valid_line

__all__ = ["STANDING", "amount", "line", "order"]

STANDING = models.Q(removed_at=None)


def line(label: Any, length: int, *, blank: bool = False) -> models.CharField:
    """Return a field of one line."""
    return models.CharField(label, max_length=length, validators=[valid_line], blank=blank)


def amount(label: Any, **options: Any) -> models.DecimalField:
    """Return a field of yuan that is never negative."""
    given: dict[str, Any] = {"default": Decimal(0), "validators": [MinValueValidator(0)], **options}
    return models.DecimalField(label, max_digits=14, decimal_places=2, **given)


def order(field: str, name: str) -> models.Index:
    """Return the index of a declared sort: lists page by (column, id) over what is not in the recycle bin."""
    return models.Index(fields=(field, "id"), name=name, condition=STANDING)
