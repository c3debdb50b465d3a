"""Which numbers a column takes, told without running its validators: files bring many different amounts."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.validators import DecimalValidator, MaxValueValidator, MinValueValidator
from django.db import models

__all__ = ["Bounds", "bounds_of"]


@dataclass(frozen=True, slots=True)
class Bounds:
    """The least and the greatest number, and how many places behind the point."""

    least: Decimal | int
    greatest: Decimal | int
    places: int

    def hold(self, value: Any) -> bool:
        """Whether a whole number or an exact one lies within; False for what must be looked at more closely."""
        if type(value) is not int:
            if type(value) is not Decimal or not value.is_finite():
                return False
            exponent = value.as_tuple().exponent
            if not (isinstance(exponent, int) and -self.places <= exponent <= 0):
                return False
        return bool(self.least <= value <= self.greatest)


def bounds_of(one: models.Field) -> Bounds | None:
    """Return what the field's validators let through; None where they ask for more than bounds."""
    if one.choices or one.is_relation or not isinstance(one, models.IntegerField | models.DecimalField):
        return None
    least: list[Any] = []
    greatest: list[Any] = []
    places = 0
    if isinstance(one, models.DecimalField):
        places = one.decimal_places or 0
        greatest.append(Decimal(10 ** ((one.max_digits or 0) - places)) - Decimal(1).scaleb(-places))
        least.append(-greatest[0])
    for validator in one.validators:
        limit = getattr(validator, "limit_value", None)
        if type(validator) is MinValueValidator and type(limit) in (int, Decimal):
            least.append(limit)
        elif type(validator) is MaxValueValidator and type(limit) in (int, Decimal):
            greatest.append(limit)
        elif type(validator) is not DecimalValidator:
            return None
    return Bounds(max(least), min(greatest), places) if least and greatest else None
