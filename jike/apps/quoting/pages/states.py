"""Quotes and agreements as their boards and pages move them: each move is an act of its own, or says which one is."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jike.apps.quoting import actions, queries
from jike.apps.quoting.models import Agreement, Quote
from jike.apps.quoting.rules import AGREEMENT_NEXT, QUOTE_NEXT, AgreementState, QuoteState
from jike.foundation.errors import Invalid, RuleBroken
from jike.foundation.scope import Actor

__all__ = [
    "change_agreement_state",
    "change_quote_state",
    "following_agreement_states",
    "following_quote_states",
]

Q, A = QuoteState, AgreementState
QUOTE_ACTS: Mapping[tuple[QuoteState, QuoteState], Callable[..., Any]] = {
    (Q.DRAFT, Q.APPROVING): actions.submit_quote,
    (Q.DRAFT, Q.APPROVED): actions.submit_quote,
    (Q.APPROVING, Q.DRAFT): actions.withdraw_quote,
    (Q.REFUSED, Q.DRAFT): actions.withdraw_quote,
    (Q.APPROVED, Q.SENT): actions.send_quote,
    (Q.SENT, Q.ACCEPTED): actions.accept_quote,
    (Q.SENT, Q.REJECTED): actions.reject_quote,
}
QUOTE_SENTENCES: Mapping[QuoteState, str | Promise] = {
    Q.APPROVED: gettext_lazy("Approvals are decided under “Approvals”, by whoever's turn it is."),
    Q.REFUSED: gettext_lazy("Approvals are decided under “Approvals”, by whoever's turn it is."),
    Q.EXPIRED: gettext_lazy("A quote expires by itself when its validity is over."),
    Q.REPLACED: gettext_lazy("Use “Revise”: the next revision replaces this one."),
}
AGREEMENT_SENTENCES: Mapping[AgreementState, str | Promise] = {
    A.ENDED: gettext_lazy("An agreement ends by itself after its last day, or early with “Terminate early”."),
    A.RENEWED: gettext_lazy("Use “Renew”: once the renewal is signed, it takes over when this one ends."),
}
"""States that a card cannot be put into though they may follow, and what to do instead."""


def change_quote_state(
    quote: Quote, *, actor: Actor, state: str, version: int | None = None, reason: str = ""
) -> Quote:
    """Do what leads the quote into the state; a draft within the submitter's own authority is approved at once."""
    now, then = QuoteState(quote.state), _known(QuoteState, state)
    act = QUOTE_ACTS.get((now, then))
    if act is None:
        if then in QUOTE_NEXT[now] and then in QUOTE_SENTENCES:
            raise RuleBroken(str(QUOTE_SENTENCES[then]))
        queries.require_move(quote, then)
        raise RuleBroken(_("This is not done by moving a card."))
    known = {"reason": reason} if then is QuoteState.REJECTED else {}
    act(quote, actor=actor, version=version, **known)
    return quote


def change_agreement_state(
    agreement: Agreement, *, actor: Actor, state: str, version: int | None = None, end_reason: str = ""
) -> Agreement:
    """Sign a complete draft, or end an agreement early for a reason."""
    now, then = AgreementState(agreement.state), _known(AgreementState, state)
    if then in AGREEMENT_NEXT[now] and then in AGREEMENT_SENTENCES:
        raise RuleBroken(str(AGREEMENT_SENTENCES[then]))
    queries.require_agreement_move(agreement, then)
    if then is AgreementState.ACTIVE:
        return actions.sign_agreement(agreement, actor=actor, version=version)
    if not end_reason.strip():
        raise Invalid({"end_reason": [_("Say why the agreement ends early.")]})
    return actions.terminate_agreement(agreement, actor=actor, reason=end_reason, version=version)


def following_quote_states(quote: Quote) -> list[str]:
    """Return the states into which the quote may be moved by hand."""
    now = QuoteState(quote.state)
    own = [then for before, then in QUOTE_ACTS if before is now]
    return [str(one) for one in own if (now, one) != (Q.DRAFT, Q.APPROVED)]


def following_agreement_states(agreement: Agreement) -> list[str]:
    """Return the states into which the agreement may be moved by hand."""
    following = AGREEMENT_NEXT[AgreementState(agreement.state)] - set(AGREEMENT_SENTENCES)
    return [str(one) for one in AgreementState if one in following]


def _known(states: type[Any], state: str) -> Any:
    try:
        return states(state)
    except ValueError as error:
        raise Invalid({"state": [_("Choose one of the states.")]}) from error
