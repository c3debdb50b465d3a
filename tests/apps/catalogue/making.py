"""Making specifications and offerings for tests, through their actions."""

import itertools
from decimal import Decimal
from typing import Any

from jike.apps.catalogue.actions import add_offering, add_specification, change_state
from jike.apps.catalogue.models import ProductOffering, ProductSpecification
from tests.making import SYSTEM

_count = itertools.count(1)


def a_specification(family: str = "circuit", **details: Any) -> ProductSpecification:
    """Make a specification."""
    number = next(_count)
    given = {"code": f"S{number}", "name": f"规格{number}", "name_en": f"Specification {number}", **details}
    return add_specification(actor=SYSTEM, family=family, **given)


def an_offering(
    *, monthly: str = "1000", one_off: str = "0", floor: str = "700", state: str = "active", **details: Any
) -> ProductOffering:
    """Make an offering, on sale unless another state is asked for."""
    number = next(_count)
    offering = add_offering(
        actor=SYSTEM,
        code=f"O{number}",
        name=f"产品{number}",
        name_en=f"Offering {number}",
        specification=details.pop("specification", None) or a_specification(),
        unit_name="条",
        monthly_price=Decimal(monthly),
        one_off_price=Decimal(one_off),
        floor_price=Decimal(floor),
        cost_price=Decimal(details.pop("cost", "400")),
        **details,
    )
    if state != "draft":
        change_state(offering, actor=SYSTEM, state="active")
    if state == "retired":
        change_state(offering, actor=SYSTEM, state="retired")
    return offering
