"""Whether a quote or an agreement may enter a state, said in a sentence where it may not."""

from django.utils.translation import gettext as _

from jike.apps.quoting.models import Agreement, Quote
from jike.apps.quoting.models.labels import AGREEMENT_STATES, QUOTE_STATES
from jike.apps.quoting.rules import AgreementState, QuoteState, agreement_may_follow, may_follow
from jike.foundation.errors import RuleBroken

__all__ = ["require_agreement_draft", "require_agreement_move", "require_move"]


def require_move(quote: Quote, then: QuoteState) -> None:
    """Refuse a state that may not follow the quote's."""
    now = QuoteState(quote.state)
    if not may_follow(now, then):
        sentence = _("A quote in the state “%(now)s” cannot become “%(then)s”.")
        raise RuleBroken(sentence % {"now": QUOTE_STATES[now], "then": QUOTE_STATES[then]})


def require_agreement_move(agreement: Agreement, then: AgreementState) -> None:
    """Refuse a state that may not follow the agreement's."""
    now = AgreementState(agreement.state)
    if not agreement_may_follow(now, then):
        sentence = _("An agreement in the state “%(now)s” cannot become “%(then)s”.")
        raise RuleBroken(sentence % {"now": AGREEMENT_STATES[now], "then": AGREEMENT_STATES[then]})


def require_agreement_draft(agreement: Agreement) -> None:
    """Refuse an agreement that is no longer a draft."""
    if agreement.state != AgreementState.DRAFT:
        sentence = _("Only a draft can be changed; this agreement is “%(state)s”.")
        raise RuleBroken(sentence % {"state": agreement.get_state_display()})
