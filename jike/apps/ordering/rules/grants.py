"""Which rights over orders, their items and steps the ready-made roles hold."""

from collections.abc import Mapping

from jike.values.rights import Breadth

__all__ = ["GRANTS"]

OWN, BELOW, ALL = Breadth.OWN, Breadth.BELOW, Breadth.ALL

_ORDER, _ITEM, _TASK = "ordering.productorder", "ordering.orderitem", "ordering.servicetask"
_READING = (f"{_ORDER}:view", f"{_ITEM}:view")
_PLACING = (
    *_READING,
    f"{_ORDER}:add",
    f"{_ORDER}:change",
    f"{_ORDER}:remove",
    f"{_ORDER}:submit",
    f"{_ORDER}:cancel",
)
_HEAD = (*_PLACING, f"{_ORDER}:escalate")
_WORKING = (f"{_TASK}:view", f"{_TASK}:change_state", f"{_TASK}:hand_over")

GRANTS: Mapping[str, Mapping[str, Breadth]] = {
    "account_manager": dict.fromkeys(_PLACING, OWN),
    "county_head": dict.fromkeys(_HEAD, BELOW),
    "city_head": dict.fromkeys(_HEAD, BELOW),
    "province_head": {**dict.fromkeys(_HEAD, BELOW), **dict.fromkeys(_WORKING, BELOW)},
    "service_agent": dict.fromkeys(_READING, ALL),
    "delivery_manager": {**dict.fromkeys(_READING, ALL), **dict.fromkeys(_WORKING, BELOW)},
    "analyst": dict.fromkeys((*_READING, f"{_TASK}:view"), ALL),
    "finance": dict.fromkeys(_READING, ALL),
    "headquarters_staff": dict.fromkeys(_READING, ALL),
}
"""Who sees an order sees its steps on its page; the list of steps is for those who work on them."""
