"""Which rights over the catalogue the ready-made roles hold: everybody in business reads it, product staff keep it."""

from collections.abc import Mapping

from jike.values.rights import Breadth

__all__ = ["GRANTS"]

ALL = Breadth.ALL

_SPECIFICATION, _OFFERING = "catalogue.productspecification", "catalogue.productoffering"
_READING = dict.fromkeys((f"{_SPECIFICATION}:view", f"{_OFFERING}:view"), ALL)
_KEEPING = dict.fromkeys(
    (
        *(f"{_SPECIFICATION}:{act}" for act in ("view", "add", "change", "remove")),
        *(
            f"{_OFFERING}:{act}"
            for act in ("view", "add", "change", "change_state", "price", "remove", "see_cost")
        ),
    ),
    ALL,
)

GRANTS: Mapping[str, Mapping[str, Breadth]] = {
    "account_manager": _READING,
    "county_head": _READING,
    "city_head": _READING,
    "province_head": {**_READING, f"{_OFFERING}:see_cost": ALL},
    "product_manager": _KEEPING,
    "service_agent": _READING,
    "delivery_manager": _READING,
    "analyst": _READING,
    "finance": {**_READING, f"{_OFFERING}:see_cost": ALL},
    "headquarters_staff": _KEEPING,
}
"""The catalogue belongs to nobody's unit, so its rights reach all of it or nothing."""
