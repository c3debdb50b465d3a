"""The life of a lead: found, claimed from the public pool, qualified, converted or dropped."""

from collections.abc import Mapping
from enum import StrEnum

__all__ = ["LEAD_NEXT", "LEAD_OPEN", "LeadSource", "LeadState", "lead_may_follow", "may_claim", "may_convert"]


class LeadState(StrEnum):
    """Where a lead stands."""

    NEW = "new"
    FOLLOWING = "following"
    QUALIFIED = "qualified"
    CONVERTED = "converted"
    DROPPED = "dropped"


class LeadSource(StrEnum):
    """Where a lead was found."""

    VISIT = "visit"
    REFERRAL = "referral"
    HOTLINE = "hotline"
    WEBSITE = "website"
    CAMPAIGN = "campaign"
    TENDER = "tender"
    PARTNER = "partner"
    OTHER = "other"


LEAD_OPEN = (LeadState.NEW, LeadState.FOLLOWING, LeadState.QUALIFIED)

LEAD_NEXT: Mapping[LeadState, frozenset[LeadState]] = {
    LeadState.NEW: frozenset({LeadState.FOLLOWING, LeadState.QUALIFIED, LeadState.DROPPED}),
    LeadState.FOLLOWING: frozenset({LeadState.QUALIFIED, LeadState.DROPPED}),
    LeadState.QUALIFIED: frozenset({LeadState.FOLLOWING, LeadState.CONVERTED, LeadState.DROPPED}),
    LeadState.CONVERTED: frozenset(),
    LeadState.DROPPED: frozenset({LeadState.NEW}),
}


def lead_may_follow(now: LeadState, then: LeadState) -> bool:
    """Whether a lead in state ``now`` may enter ``then``."""
    return then in LEAD_NEXT[now]


def may_claim(state: LeadState, *, owned: bool) -> bool:
    """Whether the lead lies in the public pool: still open and nobody's."""
    return state in LEAD_OPEN and not owned


def may_convert(state: LeadState, *, owned: bool) -> bool:
    """Whether the lead may become a customer or an opportunity: qualified, by whoever it belongs to."""
    return owned and lead_may_follow(state, LeadState.CONVERTED)
