"""Which rights over tickets and surveys the ready-made roles hold.

Tickets lie where their customer lies: an account manager sees those of their customers, and takes them where a customer
calls them; agents handle them for all customers of the units that their post covers.
"""

from collections.abc import Mapping

from jike.values.rights import Breadth

__all__ = ["GRANTS"]

OWN, BELOW, ALL = Breadth.OWN, Breadth.BELOW, Breadth.ALL

_TICKET, _SURVEY = "servicedesk.ticket", "servicedesk.survey"
_TAKING = (f"{_TICKET}:view", f"{_TICKET}:add", f"{_SURVEY}:view", f"{_SURVEY}:add")
_HANDLING = (*_TAKING, f"{_TICKET}:change", f"{_TICKET}:change_state", f"{_TICKET}:assign")
_HEAD = (*_HANDLING, f"{_TICKET}:oversee", f"{_SURVEY}:withdraw", f"{_TICKET}:remove")
_READING = (f"{_TICKET}:view", f"{_SURVEY}:view")

GRANTS: Mapping[str, Mapping[str, Breadth]] = {
    "account_manager": dict.fromkeys((*_TAKING, f"{_TICKET}:change", f"{_TICKET}:change_state"), OWN),
    "county_head": dict.fromkeys(_HEAD, BELOW),
    "city_head": dict.fromkeys(_HEAD, BELOW),
    "province_head": dict.fromkeys(_HEAD, BELOW),
    "service_agent": dict.fromkeys(_HANDLING, BELOW),
    "delivery_manager": {f"{_TICKET}:view": BELOW},
    "product_manager": {f"{_TICKET}:view": BELOW},
    "analyst": dict.fromkeys(_READING, BELOW),
    "headquarters_staff": dict.fromkeys(_READING, ALL),
}
