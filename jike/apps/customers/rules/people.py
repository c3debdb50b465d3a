"""The part that key persons play: in decisions, in their attitude to us, by their influence."""

from enum import StrEnum

from jike.apps.customers.rules.consent import CONSENTED
from jike.values.masks import mask_mail, mask_phone

__all__ = ["PERSONAL", "REASON_LENGTH", "Attitude", "DecisionRole", "Influence", "masked"]


class DecisionRole(StrEnum):
    """What the person does when the customer buys."""

    DECIDER = "decider"
    INFLUENCER = "influencer"
    USER = "user"
    HANDLER = "handler"


class Attitude(StrEnum):
    """How the person stands to us."""

    SUPPORTER = "supporter"
    FRIENDLY = "friendly"
    NEUTRAL = "neutral"
    RESERVED = "reserved"
    OPPOSED = "opposed"
    UNKNOWN = "unknown"


class Influence(StrEnum):
    """How far the person's word reaches in the house."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


PERSONAL = ("phone", "email", "wechat", "birthday", "remarks", *CONSENTED)
"""What belongs to the person and not to the office: masked, and revealed one by one with a record of it."""

REASON_LENGTH = 200
"""Signs in which somebody says what a personal field is needed for."""


def masked(field: str, value: object) -> str:
    """Return what those see who have not revealed the field: never the whole, "" where nothing is known."""
    if value in (None, ""):
        return ""
    if field == "phone":
        return mask_phone(str(value).partition(";")[0])
    if field == "email":
        return mask_mail(str(value))
    return "****"
