"""Which ready-made roles hand customers over, claim and release them, and answer what persons ask about their data."""

from collections.abc import Mapping

from jike.values.rights import Breadth

__all__ = ["OWNING"]

OWN, BELOW, ALL = Breadth.OWN, Breadth.BELOW, Breadth.ALL
_CUSTOMER, _PERSON = "customers.customer", "customers.keyperson"
_HANDING, _RULE, _REQUEST = "customers.handover", "customers.poolrule", "customers.personrequest"

_HEAD = {
    **dict.fromkeys((f"{_CUSTOMER}:{act}" for act in ("hand_over", "claim", "release")), BELOW),
    **dict.fromkeys((f"{_HANDING}:{act}" for act in ("view", "withdraw")), BELOW),
    f"{_HANDING}:answer": OWN,
    **dict.fromkeys((f"{_RULE}:{act}" for act in ("view", "add", "change", "remove")), BELOW),
    **dict.fromkeys((f"{_REQUEST}:{act}" for act in ("view", "add", "change", "remove", "settle")), BELOW),
    **dict.fromkeys((f"{_PERSON}:{act}" for act in ("copy_out", "forget")), BELOW),
}

OWNING: Mapping[str, Mapping[str, Breadth]] = {
    "account_manager": {
        **dict.fromkeys((f"{_CUSTOMER}:{act}" for act in ("hand_over", "release")), OWN),
        f"{_CUSTOMER}:claim": BELOW,
        **dict.fromkeys((f"{_HANDING}:{act}" for act in ("view", "answer")), OWN),
        **dict.fromkeys((f"{_REQUEST}:{act}" for act in ("view", "add", "change")), OWN),
        f"{_RULE}:view": BELOW,
    },
    "county_head": _HEAD,
    "city_head": _HEAD,
    "province_head": _HEAD,
    "analyst": {f"{_HANDING}:view": BELOW, f"{_RULE}:view": BELOW},
    "headquarters_staff": {f"{_RULE}:view": ALL},
}
"""Who manages accounts claims out of the pool of their unit; persons' data is given out and erased by heads alone."""
