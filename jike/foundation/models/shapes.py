"""Shapes of fields, labels and indexes that the records of many capabilities share."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.core.validators import MaxLengthValidator, MinValueValidator
from django.db import models
from django.utils import timezone

from jike.foundation.entering import valid_line

__all__ = ["STANDING", "Labels", "amount", "choices", "line", "local_day", "order", "text"]

Labels = Mapping[Any, Any]
"""Value of an enumeration → what people call it."""
STANDING = models.Q(removed_at=None)
"""Rows that are not in the recycle bin."""


def choices(labels: Labels) -> list[tuple[str, Any]]:
    """Return what a field's ``choices`` takes, with plain texts, so that migrations stand alone."""
    return [(str(value), label) for value, label in labels.items()]


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


def order(field: str, name: str) -> models.Index:
    """Return the index of a declared sort: lists page by (column, id) over what is not in the recycle bin."""
    return models.Index(fields=(field, "id"), name=name, condition=STANDING)


def local_day(moment: dt.datetime | None) -> dt.date | None:
    """Return the day on which the moment lies in China."""
    return timezone.localdate(moment) if moment is not None else None
