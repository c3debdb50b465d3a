"""Which rights over customers and key persons the ready-made roles hold."""

from collections.abc import Mapping

from jike.apps.customers.rules.caring import CARING
from jike.apps.customers.rules.interaction_grants import INTERACTING
from jike.apps.customers.rules.owning import OWNING
from jike.apps.customers.rules.proposing import PROPOSING
from jike.values.rights import Breadth

__all__ = ["GRANTS"]

OWN, BELOW, ALL = Breadth.OWN, Breadth.BELOW, Breadth.ALL

_CUSTOMER, _PERSON = "customers.customer", "customers.keyperson"
_LINE, _NEED = "customers.rivalline", "customers.need"
_SURROUNDINGS = (f"{_LINE}:view", f"{_NEED}:view")
_ARCHIVE = (
    *_SURROUNDINGS,
    *(f"{kind}:{act}" for kind in (_LINE, _NEED) for act in ("add", "change", "remove")),
    f"{_NEED}:change_state",
    f"{_CUSTOMER}:view",
    f"{_CUSTOMER}:add",
    f"{_CUSTOMER}:change",
    f"{_CUSTOMER}:change_state",
    f"{_CUSTOMER}:move",
    f"{_PERSON}:view",
    f"{_PERSON}:add",
    f"{_PERSON}:change",
    f"{_PERSON}:remove",
    f"{_PERSON}:reveal",
)
_HEAD = (
    *_ARCHIVE,
    *(f"{_CUSTOMER}:{act}" for act in ("assign", "grade", "remove", "merge", "split")),
    *(f"{_PERSON}:{act}" for act in ("merge", "split")),
)
_READING = (f"{_CUSTOMER}:view", f"{_PERSON}:view")

_ARCHIVES: Mapping[str, Mapping[str, Breadth]] = {
    "account_manager": dict.fromkeys((*_ARCHIVE, f"{_PERSON}:see_personal"), OWN),
    "county_head": dict.fromkeys(_HEAD, BELOW),
    "city_head": dict.fromkeys(_HEAD, BELOW),
    "province_head": dict.fromkeys((*_HEAD, f"{_CUSTOMER}:load_figures"), BELOW),
    "product_manager": dict.fromkeys((f"{_CUSTOMER}:view", *_SURROUNDINGS), BELOW),
    "service_agent": dict.fromkeys((*_READING, f"{_PERSON}:reveal"), BELOW),
    "delivery_manager": dict.fromkeys((*_READING, f"{_PERSON}:reveal"), BELOW),
    "analyst": dict.fromkeys((*_READING, *_SURROUNDINGS), BELOW),
    "finance": {f"{_CUSTOMER}:view": BELOW, f"{_CUSTOMER}:load_figures": BELOW},
    "headquarters_staff": dict.fromkeys((*_READING, *_SURROUNDINGS), ALL),
}
"""Personal fields are open to the account manager alone, who keeps them right; everybody else reveals one at a time."""

_PARTS = (_ARCHIVES, INTERACTING, OWNING, CARING, PROPOSING)
GRANTS: Mapping[str, Mapping[str, Breadth]] = {
    role: {right: breadth for part in _PARTS for right, breadth in part.get(role, {}).items()}
    for role in {role: None for part in _PARTS for role in part}
}
