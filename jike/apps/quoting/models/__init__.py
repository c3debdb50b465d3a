"""Quotes with lines and approvals, agreements with lines, the authority table."""

from jike.apps.quoting.models.agreement import Agreement, AgreementLine
from jike.apps.quoting.models.approval import QuoteApproval
from jike.apps.quoting.models.authority import AuthorityTable
from jike.apps.quoting.models.quote import Quote, QuoteLine

__all__ = ["Agreement", "AgreementLine", "AuthorityTable", "Quote", "QuoteApproval", "QuoteLine"]
