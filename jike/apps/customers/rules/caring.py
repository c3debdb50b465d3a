"""Which ready-made roles keep relationships, careers, memorial days and consents."""

from collections.abc import Mapping

from jike.values.rights import Breadth

__all__ = ["CARING"]

OWN, BELOW, ALL = Breadth.OWN, Breadth.BELOW, Breadth.ALL
_RELATIONSHIP, _CAREER = "customers.customerrelationship", "customers.careerentry"
_DAY, _CONSENT = "customers.memorialday", "customers.consent"
_KEPT = tuple(
    f"{kind}:{act}" for kind in (_RELATIONSHIP, _CAREER) for act in ("view", "add", "change", "remove")
)
_CONSENTS = tuple(f"{_CONSENT}:{act}" for act in ("view", "add", "withdraw"))
_DAYS = tuple(f"{_DAY}:{act}" for act in ("view", "add", "change", "remove"))
_MOVE = "customers.keyperson:move"
_READING = (f"{_RELATIONSHIP}:view", f"{_CAREER}:view")
_HEAD = {**dict.fromkeys((*_KEPT, *_CONSENTS, _MOVE), BELOW), **dict.fromkeys(_DAYS, OWN)}

CARING: Mapping[str, Mapping[str, Breadth]] = {
    "account_manager": dict.fromkeys((*_KEPT, *_CONSENTS, *_DAYS, _MOVE), OWN),
    "county_head": _HEAD,
    "city_head": _HEAD,
    "province_head": _HEAD,
    "service_agent": dict.fromkeys(_READING, BELOW),
    "delivery_manager": dict.fromkeys(_READING, BELOW),
    "analyst": dict.fromkeys(_READING, BELOW),
    "headquarters_staff": dict.fromkeys(_READING, ALL),
}
"""Memorial days are the person's own affair: only whoever looks after the customer reads and keeps them."""
