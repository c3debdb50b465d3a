"""What a product's page shows beside its facts: the characteristics, and the offerings that sell a specification."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from jike.apps.catalogue.models import ProductOffering, ProductSpecification
from jike.apps.catalogue.rules import Characteristic
from jike.foundation.resource import Panel, Verb
from jike.foundation.resource.presenting import money
from jike.foundation.scope import Actor, visible

__all__ = ["OFFERING_PANELS", "SPECIFICATION_PANELS"]


def characteristics(specification: ProductSpecification, actor: Actor) -> Mapping[str, Any] | None:
    """Return the characteristics with their units and values."""
    known = specification.known_characteristics
    if not known:
        return None
    return {"lines": [(_named(one), one.unit, ", ".join(one.values)) for one in known]}


def fixed(offering: ProductOffering, actor: Actor) -> Mapping[str, Any] | None:
    """Return the characteristics with the values that the offering fixes; others are chosen when it is ordered."""
    known = offering.specification.known_characteristics
    if not known:
        return None
    return {"lines": [(_named(one), one.unit, offering.characteristics.get(one.code, "")) for one in known]}


def offerings(specification: ProductSpecification, actor: Actor) -> Mapping[str, Any]:
    """Return the offerings that sell the specification."""
    found = visible(ProductOffering, actor).filter(specification=specification).order_by("monthly_price")
    return {"offerings": [(one, money(one.monthly_price), money(one.floor_price)) for one in found]}


def count_offerings(specification: ProductSpecification, actor: Actor) -> int:
    """Return how many offerings sell the specification."""
    return visible(ProductOffering, actor).filter(specification=specification).count()


def _named(one: Characteristic) -> str:
    return one.name_en if get_language() == "en" else one.name


SPECIFICATION_PANELS: tuple[Panel | Verb, ...] = (
    Verb("change", _("Characteristics"), "list-details", "catalogue:describe"),
    Panel(
        "characteristics", _("Characteristics"), "catalogue/_characteristics.html", characteristics, "rail"
    ),
    Panel("offerings", _("Offerings"), "catalogue/_offerings.html", offerings, "tab", count_offerings),
)
OFFERING_PANELS: tuple[Panel | Verb, ...] = (
    Panel("fixed", _("Characteristics"), "catalogue/_characteristics.html", fixed, "rail"),
)
