"""The lives of quotes, of the steps of their approval, and of agreements."""

import datetime as dt
from collections.abc import Mapping
from enum import StrEnum

__all__ = [
    "AGREEMENT_NEXT",
    "APPROVAL_NEXT",
    "OPEN",
    "QUOTE_NEXT",
    "AgreementState",
    "ApprovalState",
    "QuoteState",
    "agreement_may_follow",
    "approval_may_follow",
    "is_expired",
    "may_follow",
]


class QuoteState(StrEnum):
    """Where a quote stands."""

    DRAFT = "draft"
    APPROVING = "approving"
    APPROVED = "approved"
    SENT = "sent"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    REJECTED = "rejected"
    EXPIRED = "expired"
    REPLACED = "replaced"


QUOTE_NEXT: Mapping[QuoteState, frozenset[QuoteState]] = {
    QuoteState.DRAFT: frozenset({QuoteState.APPROVING, QuoteState.APPROVED}),
    QuoteState.APPROVING: frozenset({QuoteState.APPROVED, QuoteState.REFUSED, QuoteState.DRAFT}),
    QuoteState.APPROVED: frozenset({QuoteState.SENT, QuoteState.EXPIRED, QuoteState.REPLACED}),
    QuoteState.SENT: frozenset(
        {QuoteState.ACCEPTED, QuoteState.REJECTED, QuoteState.EXPIRED, QuoteState.REPLACED}
    ),
    QuoteState.ACCEPTED: frozenset(),
    QuoteState.REFUSED: frozenset({QuoteState.DRAFT, QuoteState.REPLACED}),
    QuoteState.REJECTED: frozenset({QuoteState.REPLACED}),
    QuoteState.EXPIRED: frozenset({QuoteState.REPLACED}),
    QuoteState.REPLACED: frozenset(),
}
"""Refused means by an approver, rejected by the customer; a revision replaces what it revises."""

OPEN = (QuoteState.DRAFT, QuoteState.APPROVING, QuoteState.APPROVED, QuoteState.SENT)


class ApprovalState(StrEnum):
    """Where one step of an approval stands; ``void`` when it is no longer needed."""

    WAITING = "waiting"
    ASKED = "asked"
    APPROVED = "approved"
    REFUSED = "refused"
    VOID = "void"


APPROVAL_NEXT: Mapping[ApprovalState, frozenset[ApprovalState]] = {
    ApprovalState.WAITING: frozenset({ApprovalState.ASKED, ApprovalState.VOID}),
    ApprovalState.ASKED: frozenset({ApprovalState.APPROVED, ApprovalState.REFUSED, ApprovalState.VOID}),
    ApprovalState.APPROVED: frozenset(),
    ApprovalState.REFUSED: frozenset(),
    ApprovalState.VOID: frozenset(),
}


class AgreementState(StrEnum):
    """Where an agreement stands."""

    DRAFT = "draft"
    ACTIVE = "active"
    ENDED = "ended"
    TERMINATED = "terminated"
    RENEWED = "renewed"


AGREEMENT_NEXT: Mapping[AgreementState, frozenset[AgreementState]] = {
    AgreementState.DRAFT: frozenset({AgreementState.ACTIVE}),
    AgreementState.ACTIVE: frozenset(
        {AgreementState.ENDED, AgreementState.TERMINATED, AgreementState.RENEWED}
    ),
    AgreementState.ENDED: frozenset({AgreementState.RENEWED}),
    AgreementState.TERMINATED: frozenset(),
    AgreementState.RENEWED: frozenset(),
}


def may_follow(now: QuoteState, then: QuoteState) -> bool:
    """Whether a quote in state ``now`` may enter ``then``."""
    return then in QUOTE_NEXT[now]


def approval_may_follow(now: ApprovalState, then: ApprovalState) -> bool:
    """Whether a step in state ``now`` may enter ``then``."""
    return then in APPROVAL_NEXT[now]


def agreement_may_follow(now: AgreementState, then: AgreementState) -> bool:
    """Whether an agreement in state ``now`` may enter ``then``."""
    return then in AGREEMENT_NEXT[now]


def is_expired(state: QuoteState, valid_until: dt.date, *, on: dt.date) -> bool:
    """Whether a quote that the customer has not answered is no longer valid on that day."""
    return state in (QuoteState.APPROVED, QuoteState.SENT) and valid_until < on
