"""Which rights over leads, opportunities and visits the ready-made roles hold."""

from collections.abc import Mapping

from jike.values.rights import Breadth

__all__ = ["GRANTS"]

OWN, TEAM, BELOW, ALL = Breadth.OWN, Breadth.TEAM, Breadth.BELOW, Breadth.ALL

_LEAD, _OPPORTUNITY, _VISIT = "sales.lead", "sales.opportunity", "sales.visit"
_LINE = "sales.opportunityline"
_WORK = (
    *(f"{_LEAD}:{act}" for act in ("add", "change", "change_state", "convert", "release")),
    *(f"{_OPPORTUNITY}:{act}" for act in ("view", "add", "change", "change_stage", "register", "remove")),
    *(f"{_LINE}:{act}" for act in ("view", "add", "change", "remove")),
    *(f"{_VISIT}:{act}" for act in ("view", "add", "change", "check_in", "minute", "cancel", "remove")),
)
_HEADS = (
    *_WORK,
    *(f"{_LEAD}:{act}" for act in ("view", "claim", "remove", "assign", "merge", "split")),
)
_HEAD = dict.fromkeys((*_HEADS, f"{_OPPORTUNITY}:assign"), BELOW)
_READING = tuple(f"{kind}:view" for kind in (_OPPORTUNITY, _LINE, _VISIT))

GRANTS: Mapping[str, Mapping[str, Breadth]] = {
    "account_manager": {
        **dict.fromkeys(_WORK, OWN),
        **dict.fromkeys((f"{_LEAD}:view", f"{_LEAD}:claim"), TEAM),
        f"{_LEAD}:add": TEAM,
    },
    "county_head": _HEAD,
    "city_head": _HEAD,
    "province_head": _HEAD,
    "product_manager": dict.fromkeys(_READING[:2], BELOW),
    "service_agent": dict.fromkeys((f"{_LEAD}:view", f"{_LEAD}:add", *_READING), BELOW),
    "delivery_manager": dict.fromkeys(_READING, BELOW),
    "analyst": dict.fromkeys((f"{_LEAD}:view", *_READING), BELOW),
    "finance": dict.fromkeys(_READING[:2], BELOW),
    "headquarters_staff": dict.fromkeys((f"{_LEAD}:view", *_READING), ALL),
}
"""Account managers see their team's leads, because those that nobody has yet wait there to be claimed."""
