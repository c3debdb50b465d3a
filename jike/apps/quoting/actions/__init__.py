"""What is done to quotes and agreements: drafted, approved, answered; signed, announced, renewed, ended."""

from jike.apps.quoting.actions.agreements import (
    add_agreement,
    agree_on_quote,
    change_agreement,
    sign_agreement,
    store_agreement_lines,
)
from jike.apps.quoting.actions.answers import (
    accept_quote,
    expire_quotes,
    expire_quotes_on,
    reject_quote,
    send_quote,
)
from jike.apps.quoting.actions.approvals import approve_quote, refuse_quote, submit_quote, withdraw_quote
from jike.apps.quoting.actions.authority import add_authority, change_authority, remove_authority
from jike.apps.quoting.actions.beginning import Begun, quote_opportunity
from jike.apps.quoting.actions.documents import file_document, mark_document
from jike.apps.quoting.actions.ending import (
    announce_endings,
    end_agreements,
    open_renewal,
    renew_agreement,
    terminate_agreement,
    watch_agreements,
)
from jike.apps.quoting.actions.events import AgreementEnding, AgreementSigned, QuoteAccepted
from jike.apps.quoting.actions.quotes import (
    VALID_DAYS,
    add_quote,
    change_quote,
    recommend,
    remove_quote,
    revise_quote,
    store_quote_lines,
)

__all__ = [
    "VALID_DAYS",
    "AgreementEnding",
    "AgreementSigned",
    "Begun",
    "QuoteAccepted",
    "accept_quote",
    "add_agreement",
    "add_authority",
    "add_quote",
    "agree_on_quote",
    "announce_endings",
    "approve_quote",
    "change_agreement",
    "change_authority",
    "change_quote",
    "end_agreements",
    "expire_quotes",
    "expire_quotes_on",
    "file_document",
    "mark_document",
    "open_renewal",
    "quote_opportunity",
    "recommend",
    "refuse_quote",
    "reject_quote",
    "remove_authority",
    "remove_quote",
    "renew_agreement",
    "revise_quote",
    "send_quote",
    "sign_agreement",
    "store_agreement_lines",
    "store_quote_lines",
    "submit_quote",
    "terminate_agreement",
    "watch_agreements",
    "withdraw_quote",
]
