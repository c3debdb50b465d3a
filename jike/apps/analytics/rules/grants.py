"""Which rights over warnings, their thresholds and the boards the ready-made roles hold."""

from collections.abc import Mapping

from jike.values.rights import Breadth

__all__ = ["GRANTS"]

OWN, BELOW, ALL = Breadth.OWN, Breadth.BELOW, Breadth.ALL

_WARNING, _RULE, _BOARD = "analytics.earlywarning", "analytics.warningrule", "analytics.board"
_ANSWERING = (f"{_WARNING}:view", f"{_WARNING}:answer", f"{_WARNING}:settle", f"{_WARNING}:dismiss")
_LEADING = (*_ANSWERING, f"{_WARNING}:assign", f"{_BOARD}:lead")

GRANTS: Mapping[str, Mapping[str, Breadth]] = {
    "account_manager": {**dict.fromkeys(_ANSWERING, OWN), f"{_BOARD}:view": OWN},
    "county_head": dict.fromkeys((*_LEADING, f"{_BOARD}:view"), BELOW),
    "city_head": dict.fromkeys((*_LEADING, f"{_BOARD}:view"), BELOW),
    "province_head": {
        **dict.fromkeys((*_LEADING, f"{_BOARD}:view"), BELOW),
        f"{_RULE}:view": ALL,
        f"{_RULE}:change": ALL,
    },
    "analyst": {
        **dict.fromkeys((f"{_WARNING}:view", f"{_BOARD}:view", f"{_BOARD}:lead"), BELOW),
        f"{_RULE}:view": ALL,
        f"{_RULE}:change": ALL,
    },
    "service_agent": {f"{_BOARD}:view": BELOW},
    "delivery_manager": {f"{_BOARD}:view": BELOW},
    "headquarters_staff": {
        **dict.fromkeys((f"{_WARNING}:view", f"{_BOARD}:view", f"{_BOARD}:lead"), ALL),
        f"{_RULE}:view": ALL,
    },
}
