"""How specifications and offerings look on screen, declared."""

from django.utils.translation import gettext_lazy as _

from jike.apps.catalogue import actions
from jike.apps.catalogue.models import ProductOffering, ProductSpecification
from jike.apps.catalogue.pages.panels import OFFERING_PANELS, SPECIFICATION_PANELS
from jike.apps.catalogue.pages.states import following_states
from jike.foundation.resource import Resource, Section

__all__ = ["OFFERINGS", "SPECIFICATIONS"]

_PRICES = ("monthly_price", "floor_price", "one_off_price", "unit_price", "cost_price", "tax_rate")

OFFERINGS = Resource(
    model=ProductOffering,
    slug="offerings",
    icon="package",
    columns=("name", "code", "family", "monthly_price", "floor_price", "one_off_price", "unit_name", "state"),
    more_columns=("name_en", "specification", "unit_price", "scope", "tax_rate", "valid_from", "valid_to"),
    looks={"state": "state"},
    filters=(),
    sorts=("name_key", "code", "-monthly_price"),
    form=(
        Section(_("Basics"), ("name", "name_en", "code", "specification", "unit_name", *_PRICES)),
        Section(_("Sale"), ("scope", "unit_name_en", "valid_from", "valid_to")),
    ),
    inline=("name_en", "valid_from", "valid_to"),
    actions={
        "add": actions.add_offering,
        "change": actions.change_offering,
        "remove": actions.remove_offering,
        "change_state": actions.change_state,
        "next_states": following_states,
    },
    panels=OFFERING_PANELS,
    states="state",
    key=("code",),
)

SPECIFICATIONS = Resource(
    model=ProductSpecification,
    slug="specifications",
    icon="list-details",
    columns=("name", "code", "family"),
    more_columns=("name_en",),
    sorts=("name_key", "code"),
    form=(Section(_("Basics"), ("name", "name_en", "code", "family")),),
    actions={
        "add": actions.add_specification,
        "change": actions.change_specification,
        "remove": actions.remove_specification,
    },
    panels=SPECIFICATION_PANELS,
    key=("code",),
)
