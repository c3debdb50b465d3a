"""What the values of the rules' enumerations are called, in the order in which people choose among them."""

from django.utils.translation import gettext_lazy as _

from jike.apps.quoting.rules import (
    AgreementState,
    ApprovalState,
    Document,
    Level,
    QuoteState,
    Reason,
)
from jike.foundation.models.shapes import Labels

QUOTE_STATES: Labels = {
    QuoteState.DRAFT: _("Draft"),
    QuoteState.APPROVING: _("In approval"),
    QuoteState.APPROVED: _("Approved"),
    QuoteState.SENT: _("Sent"),
    QuoteState.ACCEPTED: _("Accepted"),
    QuoteState.REFUSED: _("Refused by approver"),
    QuoteState.REJECTED: _("Rejected by customer"),
    QuoteState.EXPIRED: _("Expired"),
    QuoteState.REPLACED: _("Replaced"),
}
APPROVAL_STATES: Labels = {
    ApprovalState.WAITING: _("Not asked yet"),
    ApprovalState.ASKED: _("Asked"),
    ApprovalState.APPROVED: _("Agreed"),
    ApprovalState.REFUSED: _("Refused"),
    ApprovalState.VOID: _("No longer needed"),
}
AGREEMENT_STATES: Labels = {
    AgreementState.DRAFT: _("Draft"),
    AgreementState.ACTIVE: _("In force"),
    AgreementState.ENDED: _("Ended"),
    AgreementState.TERMINATED: _("Terminated early"),
    AgreementState.RENEWED: _("Renewed"),
}
LEVELS: Labels = {
    Level.MANAGER: _("Account manager"),
    Level.COUNTY: _("County head"),
    Level.CITY: _("City company"),
    Level.PROVINCE: _("Provincial company"),
    Level.HEADQUARTERS: _("Headquarters"),
}
REASONS: Labels = {
    Reason.DISCOUNT: _("the discount"),
    Reason.FLOOR: _("a price below the floor"),
    Reason.AMOUNT: _("the yearly amount"),
}
DOCUMENTS: Labels = {
    Document.CONTRACT: _("Contract with both seals"),
    Document.LICENCE: _("Copy of the business licence"),
    Document.IDENTITY: _("Handler's identity document"),
    Document.AUTHORISATION: _("Letter of authorisation"),
    Document.SECURITY: _("Information security undertaking"),
    Document.ACCEPTANCE: _("Acceptance terms"),
}
TERM_CHOICES = [(12, _("12 months")), (24, _("24 months")), (36, _("36 months"))]
