"""The shape of a field that quotes and authority tables share."""

from decimal import Decimal
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

__all__ = ["percent"]


def percent(label: Any, **options: Any) -> models.DecimalField:
    """Return a field of the percent paid of the list price, from 0 to 100."""
    limits = [MinValueValidator(0), MaxValueValidator(100)]
    given: dict[str, Any] = {"default": Decimal(100), "validators": limits, "decimal_places": 2, **options}
    return models.DecimalField(label, max_digits=5, **given)
