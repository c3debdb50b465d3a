"""Which rights over plans and targets the ready-made roles hold: one's own, and heads those below."""

from collections.abc import Mapping

from jike.values.rights import Breadth

__all__ = ["GRANTS"]

OWN, BELOW, ALL = Breadth.OWN, Breadth.BELOW, Breadth.ALL

_PLAN, _ITEM, _TARGET = "workplans.weekplan", "workplans.planitem", "workplans.target"
_MINE = {
    **{f"{_PLAN}:{act}": OWN for act in ("view", "add", "change", "submit")},
    **{f"{_ITEM}:{act}": OWN for act in ("view", "add", "change", "remove")},
    f"{_TARGET}:view": OWN,
}
_HEAD = {
    **{f"{_PLAN}:{act}": BELOW for act in ("view", "add", "change", "submit", "answer")},
    **{f"{_ITEM}:{act}": BELOW for act in ("view", "add", "change", "remove")},
    **{f"{_TARGET}:{act}": BELOW for act in ("view", "add", "change", "remove")},
}

GRANTS: Mapping[str, Mapping[str, Breadth]] = {
    "account_manager": _MINE,
    "county_head": _HEAD,
    "city_head": _HEAD,
    "province_head": _HEAD,
    "analyst": {f"{_TARGET}:view": BELOW},
    "headquarters_staff": {f"{_TARGET}:view": ALL},
}
