"""Which rights over products, billing accounts, bills and payments the ready-made roles hold."""

from collections.abc import Mapping

from jike.values.rights import Breadth

__all__ = ["GRANTS"]

OWN, BELOW, ALL = Breadth.OWN, Breadth.BELOW, Breadth.ALL

_PRODUCT, _ACCOUNT = "inventory.product", "inventory.billingaccount"
_BILL, _PAYMENT = "inventory.bill", "inventory.payment"
_READING = (f"{_PRODUCT}:view", f"{_ACCOUNT}:view", f"{_BILL}:view")
_KEEPING = (*_READING, f"{_PAYMENT}:view", f"{_ACCOUNT}:add", f"{_ACCOUNT}:change")

GRANTS: Mapping[str, Mapping[str, Breadth]] = {
    "account_manager": dict.fromkeys((*_KEEPING, f"{_PRODUCT}:change"), OWN),
    "county_head": dict.fromkeys((*_KEEPING, f"{_PRODUCT}:change"), BELOW),
    "city_head": dict.fromkeys((*_KEEPING, f"{_PRODUCT}:change"), BELOW),
    "province_head": dict.fromkeys((*_KEEPING, f"{_PRODUCT}:change"), BELOW),
    "product_manager": {f"{_PRODUCT}:view": ALL},
    "service_agent": dict.fromkeys(_READING, ALL),
    "delivery_manager": {f"{_PRODUCT}:view": ALL},
    "analyst": dict.fromkeys((*_READING, f"{_PAYMENT}:view"), ALL),
    "finance": dict.fromkeys(
        (*_KEEPING, f"{_ACCOUNT}:close", f"{_BILL}:run", f"{_PAYMENT}:add", f"{_PAYMENT}:reverse"), ALL
    ),
    "headquarters_staff": dict.fromkeys((*_READING, f"{_PAYMENT}:view"), ALL),
}
"""Account managers see what their customers have and owe; money is taken in, and bills are made, by finance alone.
Departments of the province lie beside the branches whose customers they serve, so their breadth is the whole system."""
