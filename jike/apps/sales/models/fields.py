"""Field shapes that leads, opportunities and visits share."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.core.validators import MaxLengthValidator, MinValueValidator
from django.db import models
from django.utils import timezone

from jike.foundation.entering import valid_line

__all__ = ["STANDING", "amount", "line", "local_day", "order", "text"]

STANDING = models.Q(removed_at=None)


def line(label: Any, length: int, *, blank: bool = True) -> models.CharField:
    """Return a field of one line."""
    return models.CharField(label, max_length=length, validators=[valid_line], blank=blank)


def text(label: Any, length: int) -> models.TextField:
    """Return a field of several lines; a column checks its length only when it is told to twice."""
    return models.TextField(
        label, max_length=length, blank=True, validators=[valid_line, MaxLengthValidator(length)]
    )


def amount(label: Any, **options: Any) -> models.DecimalField:
    """Return a field of yuan that is never negative."""
    given: dict[str, Any] = {"default": Decimal(0), "validators": [MinValueValidator(0)], **options}
    return models.DecimalField(label, max_digits=14, decimal_places=2, **given)


def order(field: str, name: str) -> models.Index:
    """Return the index of a declared sort: lists page by (column, id) over what is not in the recycle bin."""
    return models.Index(fields=(field, "id"), name=name, condition=STANDING)


def local_day(moment: dt.datetime | None) -> dt.date | None:
    """Return the day on which the moment lies in China."""
    return timezone.localdate(moment) if moment is not None else None
