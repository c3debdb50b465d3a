"""What is missing in a customer's archive, and the scores of all customers as the database adds them up."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from django.db.models import Case, F, Q, Value, When
from django.db.models.expressions import Combinable
from django.utils.text import capfirst

from jike.apps.customers.models import Customer
from jike.apps.customers.rules import WEIGHTS, missing_fields

__all__ = ["Missing", "differing_scores", "missing_of"]

PIECE = 5_000


class Missing(NamedTuple):
    """A field that is not filled in: its name in forms, what people call it, what it counts."""

    name: str
    label: str
    points: int


def missing_of(customer: Customer) -> list[Missing]:
    """Return what the customer's archive lacks, the weightiest first."""
    known = {name: getattr(customer, name) for name in WEIGHTS}
    return [
        Missing(name.removesuffix("_id"), capfirst(str(_field(name).verbose_name)), WEIGHTS[name])
        for name in missing_fields(known)
    ]


def differing_scores() -> Iterator[tuple[int, int]]:
    """Yield (id, score) of the customers whose stored score is not what the weights give."""
    rows: Any = Customer.objects.order_by("pk").annotate(_score=_score())
    yield from rows.exclude(completeness=F("_score")).values_list("pk", "_score").iterator(PIECE)


def _score() -> Combinable:
    total: Any = Value(0)
    for name, weight in WEIGHTS.items():
        field = _field(name)
        nothing = Q(**{f"{field.name}__isnull": True})
        if field.empty_strings_allowed and not field.is_relation:
            nothing |= Q(**{f"{field.name}__in": ["", "unknown"]})
        total = total + Case(When(nothing, then=Value(0)), default=Value(weight))
    return total


def _field(name: str) -> Any:
    return Customer._meta.get_field(name.removesuffix("_id"))
