"""Field shapes that quotes and agreements share."""

from decimal import Decimal
from typing import Any

from django.core.validators import MaxLengthValidator, MaxValueValidator, MinValueValidator
from django.db import models

from jike.foundation.entering import valid_line

__all__ = ["STANDING", "amount", "line", "order", "percent", "text"]

STANDING = models.Q(removed_at=None)


def line(label: Any, length: int, *, blank: bool = True, **options: Any) -> models.CharField:
    """Return a field of one line."""
    return models.CharField(label, max_length=length, validators=[valid_line], blank=blank, **options)


def text(label: Any, length: int, **options: Any) -> models.TextField:
    """Return a field of several lines; a column checks its length only when it is told to twice."""
    validators: list[Any] = [valid_line, MaxLengthValidator(length)]
    return models.TextField(label, max_length=length, blank=True, validators=validators, **options)


def amount(label: Any, **options: Any) -> models.DecimalField:
    """Return a field of yuan that is never negative."""
    given: dict[str, Any] = {"default": Decimal(0), "validators": [MinValueValidator(0)], **options}
    return models.DecimalField(label, max_digits=14, decimal_places=2, **given)


def percent(label: Any, **options: Any) -> models.DecimalField:
    """Return a field of the percent paid of the list price, from 0 to 100."""
    limits = [MinValueValidator(0), MaxValueValidator(100)]
    given: dict[str, Any] = {"default": Decimal(100), "validators": limits, "decimal_places": 2, **options}
    return models.DecimalField(label, max_digits=5, **given)


def order(field: str, name: str) -> models.Index:
    """Return the index of a declared sort: lists page by (column, id) over what is not in the recycle bin."""
    return models.Index(fields=(field, "id"), name=name, condition=STANDING)
