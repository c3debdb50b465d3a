"""Which ready-made roles propose changes of what is judged of a customer, and which decide."""

from collections.abc import Mapping

from jike.values.rights import Breadth

__all__ = ["PROPOSING"]

_PROPOSAL = "customers.changeproposal"
_HEAD = dict.fromkeys((f"{_PROPOSAL}:view", f"{_PROPOSAL}:answer"), Breadth.BELOW)

PROPOSING: Mapping[str, Mapping[str, Breadth]] = {
    "account_manager": {f"{_PROPOSAL}:view": Breadth.OWN},
    "county_head": _HEAD,
    "city_head": _HEAD,
    "province_head": _HEAD,
}
