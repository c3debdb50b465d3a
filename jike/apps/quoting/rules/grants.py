"""Which rights over quotes, approvals and agreements the ready-made roles hold."""

from collections.abc import Mapping

from jike.apps.quoting.rules.authority import Level, answering_right
from jike.values.rights import Breadth

__all__ = ["GRANTS"]

OWN, BELOW, ALL = Breadth.OWN, Breadth.BELOW, Breadth.ALL

_QUOTE, _APPROVAL, _AGREEMENT = "quoting.quote", "quoting.quoteapproval", "quoting.agreement"
_READING = tuple(
    f"{kind}:view" for kind in (_QUOTE, "quoting.quoteline", _APPROVAL, _AGREEMENT, "quoting.agreementline")
)
_WORK = (
    *_READING,
    *(f"{_QUOTE}:{act}" for act in ("add", "change", "submit", "send", "decide", "revise", "remove")),
    *(f"{_AGREEMENT}:{act}" for act in ("add", "change", "sign", "renew", "remove")),
)
_HEAD = (*_WORK, f"{_AGREEMENT}:terminate")
_MARGIN = f"{_QUOTE}:see_margin"
_TABLE = "quoting.authoritytable"
_SEEING = {f"{_TABLE}:view": ALL}
_KEEPING = dict.fromkeys((f"{_TABLE}:{act}" for act in ("view", "add", "change", "remove")), ALL)


def _answers(level: Level) -> str:
    return f"{_APPROVAL}:{answering_right(level)}"


GRANTS: Mapping[str, Mapping[str, Breadth]] = {
    "account_manager": dict.fromkeys(_WORK, OWN),
    "county_head": {**dict.fromkeys((*_HEAD, _answers(Level.COUNTY)), BELOW), **_SEEING},
    "city_head": {**dict.fromkeys((*_HEAD, _MARGIN, _answers(Level.CITY)), BELOW), **_SEEING},
    "province_head": {**dict.fromkeys((*_HEAD, _MARGIN, _answers(Level.PROVINCE)), BELOW), **_SEEING},
    "product_manager": dict.fromkeys(_READING, BELOW),
    "service_agent": dict.fromkeys(_READING[-2:], BELOW),
    "delivery_manager": dict.fromkeys(_READING[-2:], BELOW),
    "analyst": dict.fromkeys(_READING, BELOW),
    "finance": dict.fromkeys((*_READING, _MARGIN), BELOW),
    "headquarters_staff": {
        **dict.fromkeys((*_READING, _MARGIN, _answers(Level.HEADQUARTERS)), ALL),
        **_KEEPING,
    },
}
"""Margin is open to whoever decides from the city upwards and to finance; everybody else sees that it is sealed.
Headquarters keeps the authority table; the heads who decide by it see it and cannot change their own authority.
"""
