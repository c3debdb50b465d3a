"""Approved quotes go to the customer, who accepts or rejects them in time; afterwards they expire."""

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jike.apps.quoting.actions.events import QuoteAccepted
from jike.apps.quoting.models import Quote
from jike.apps.quoting.queries.moves import require_move
from jike.apps.quoting.queries.quotes import expired_quotes
from jike.apps.quoting.rules import QuoteState
from jike.foundation.audit import changing, changing_many
from jike.foundation.errors import Invalid, RuleBroken
from jike.foundation.events import publish
from jike.foundation.jobs import job
from jike.foundation.scope import Actor, system_actor

__all__ = ["accept_quote", "expire_quotes", "expire_quotes_on", "reject_quote", "send_quote"]


def send_quote(quote: Quote, *, actor: Actor, on: dt.date | None = None, version: int | None = None) -> Quote:
    """Note that the quote went to the customer."""
    day = on or timezone.localdate()
    with changing(quote, actor=actor, verb="send", version=version):
        require_move(quote, QuoteState.SENT)
        if quote.valid_until < day:
            raise RuleBroken(_("The quote's validity is over. Revise it first."))
        quote.state, quote.sent_on = QuoteState.SENT.value, day
    return quote


@transaction.atomic
def accept_quote(
    quote: Quote, *, actor: Actor, on: dt.date | None = None, version: int | None = None
) -> Quote:
    """Note that the customer accepted the quote within its validity."""
    day = on or timezone.localdate()
    with changing(quote, actor=actor, verb="decide", version=version):
        require_move(quote, QuoteState.ACCEPTED)
        _check_day(quote, day)
        if day > quote.valid_until:
            raise RuleBroken(_("The quote was valid until %(day)s. Revise it.") % {"day": quote.valid_until})
        quote.state, quote.decided_on = QuoteState.ACCEPTED.value, day
    publish(QuoteAccepted(quote.uid))
    return quote


def reject_quote(
    quote: Quote, *, actor: Actor, reason: str, on: dt.date | None = None, version: int | None = None
) -> Quote:
    """Note that the customer rejected the quote, and why."""
    day = on or timezone.localdate()
    if not reason.strip():
        raise Invalid({"reason": [_("Say why the customer rejected it.")]})
    with changing(quote, actor=actor, verb="decide", version=version):
        require_move(quote, QuoteState.REJECTED)
        _check_day(quote, day)
        quote.state, quote.decided_on, quote.reason = QuoteState.REJECTED.value, day, reason
    return quote


@transaction.atomic
def expire_quotes_on(*, on: dt.date, actor: Actor) -> int:
    """Let every quote expire that was not answered within its validity; return how many did.

    Set-wise, so that a quote which can no longer be stored does not keep the others from expiring night after night.
    """
    waiting = expired_quotes(on=on).select_for_update(no_key=True).values_list("pk", flat=True)
    edits = {number: {"state": QuoteState.EXPIRED.value} for number in waiting}
    return len(changing_many(Quote, edits, actor=actor, verb="expire", permit="send").written)


@job("quoting.expire_quotes", label=gettext_lazy("Let quotes expire"), cron="10 1 * * *")
def expire_quotes() -> None:
    """Let quotes expire whose validity is over."""
    expire_quotes_on(on=timezone.localdate(), actor=system_actor("quoting.expire_quotes"))


def _check_day(quote: Quote, day: dt.date) -> None:
    if quote.sent_on is not None and day < quote.sent_on:
        raise Invalid({"on": [_("The customer cannot answer before the quote was sent.")]})
