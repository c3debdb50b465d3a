"""Hand changes of grade, service level and credit: proposed with a reason, decided by a superior."""

from collections.abc import Mapping
from enum import StrEnum

__all__ = ["PROPOSAL_NEXT", "Aspect", "ProposalState", "proposal_may_follow"]


class Aspect(StrEnum):
    """What of a customer is judged, and so changes by hand only with a superior's consent."""

    GRADE = "grade"
    SERVICE_LEVEL = "service_level"
    CREDIT = "credit"


class ProposalState(StrEnum):
    """How far a proposal is."""

    WAITING = "waiting"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    OVERTAKEN = "overtaken"


PROPOSAL_NEXT: Mapping[ProposalState, frozenset[ProposalState]] = {
    ProposalState.WAITING: frozenset(ProposalState) - {ProposalState.WAITING},
    **{state: frozenset() for state in ProposalState if state is not ProposalState.WAITING},
}
"""A proposal is decided once; it is overtaken when the customer got another value by other ways."""


def proposal_may_follow(now: ProposalState, then: ProposalState) -> bool:
    """Whether a proposal in state ``now`` may enter ``then``."""
    return then in PROPOSAL_NEXT[now]
