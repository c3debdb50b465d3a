"""Which rights over tasks the ready-made roles hold: one's own for everybody in business, heads those below."""

from collections.abc import Mapping

from jike.values.rights import Breadth

__all__ = ["GRANTS"]

OWN, TEAM, BELOW, ALL = Breadth.OWN, Breadth.TEAM, Breadth.BELOW, Breadth.ALL

_TASK = "tasks.task"
_ACTS = ("view", "change", "settle", "cancel", "reassign", "remove")
_MINE = {**{f"{_TASK}:{act}": OWN for act in _ACTS}, f"{_TASK}:add": TEAM}
_HEAD = {f"{_TASK}:{act}": BELOW for act in (*_ACTS, "add")}

GRANTS: Mapping[str, Mapping[str, Breadth]] = {
    "account_manager": _MINE,
    "county_head": _HEAD,
    "city_head": _HEAD,
    "province_head": _HEAD,
    "product_manager": _MINE,
    "service_agent": _MINE,
    "delivery_manager": _MINE,
    "analyst": _MINE,
    "finance": _MINE,
    "headquarters_staff": {**_MINE, f"{_TASK}:add": ALL},
}
"""``add`` reaches whom one may give work to without a record; upon a record, whoever sees it may."""
