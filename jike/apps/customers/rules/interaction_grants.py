"""Which rights over interactions, mailboxes and mails the ready-made roles hold."""

from collections.abc import Mapping

from jike.values.rights import Breadth

__all__ = ["INTERACTING"]

OWN, BELOW, ALL = Breadth.OWN, Breadth.BELOW, Breadth.ALL

_INTERACTION, _MAIL, _MAILBOX = "customers.partyinteraction", "customers.mail", "customers.mailbox"
_SPEAKING = tuple(f"{_INTERACTION}:{act}" for act in ("view", "add", "change"))
_CORRESPONDING = (
    *_SPEAKING,
    *(f"{_INTERACTION}:{act}" for act in ("remove", "reassign")),
    *(f"{_MAIL}:{act}" for act in ("view", "add", "assign", "ignore")),
    *(f"{_MAILBOX}:{act}" for act in ("view", "add", "change", "remove", "send")),
)
_READING = (f"{_INTERACTION}:view",)

INTERACTING: Mapping[str, Mapping[str, Breadth]] = {
    "account_manager": dict.fromkeys(_CORRESPONDING, OWN),
    "county_head": dict.fromkeys(_CORRESPONDING, BELOW),
    "city_head": dict.fromkeys(_CORRESPONDING, BELOW),
    "province_head": dict.fromkeys(_CORRESPONDING, BELOW),
    "service_agent": dict.fromkeys(_SPEAKING, BELOW),
    "delivery_manager": dict.fromkeys(_SPEAKING, BELOW),
    "product_manager": dict.fromkeys(_READING, BELOW),
    "analyst": dict.fromkeys(_READING, BELOW),
    "headquarters_staff": dict.fromkeys(_READING, ALL),
}
"""Whoever sees a customer sees what was said to it; mail that nobody has assigned yet is its mailbox's alone."""
