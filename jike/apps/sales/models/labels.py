"""What the values of the rules' enumerations are called, in the order in which people choose among them."""

from django.utils.translation import gettext_lazy as _

from jike.apps.sales.rules import Attitude, Kind, LeadSource, LeadState, LostReason, Stage, VisitState
from jike.foundation.models.shapes import Labels

__all__ = [
    "ATTITUDES",
    "KINDS",
    "LEAD_SOURCES",
    "LEAD_STATES",
    "LOST_REASONS",
    "STAGES",
    "VISIT_STATES",
]

STAGES: Labels = {
    Stage.NEED: _("Confirming the need"),
    Stage.SOLUTION: _("Working out the solution"),
    Stage.NEGOTIATION: _("Offer and negotiation"),
    Stage.SIGNING: _("Approval and signing"),
    Stage.WON: _("Won"),
    Stage.LOST: _("Lost deal"),
}
KINDS: Labels = {
    Kind.NEW: _("New business"),
    Kind.EXPANSION: _("Expansion"),
    Kind.RENEWAL: _("Renewal"),
    Kind.RETENTION: _("Retention"),
}
LOST_REASONS: Labels = {
    LostReason.PRICE: _("Price too high"),
    LostReason.RIVAL: _("Relation of the rival"),
    LostReason.SOLUTION: _("Solution did not fit"),
    LostReason.COVERAGE: _("No coverage or resources"),
    LostReason.BUDGET: _("Budget withdrawn"),
    LostReason.NO_DECISION: _("Customer did not decide"),
    LostReason.OTHER: _("Other reason"),
}
LEAD_STATES: Labels = {
    LeadState.NEW: _("New lead"),
    LeadState.FOLLOWING: _("Followed up"),
    LeadState.QUALIFIED: _("Qualified"),
    LeadState.CONVERTED: _("Converted"),
    LeadState.DROPPED: _("Dropped"),
}
LEAD_SOURCES: Labels = {
    LeadSource.VISIT: _("Found on a visit"),
    LeadSource.REFERRAL: _("Recommended by a customer"),
    LeadSource.HOTLINE: _("Service hotline"),
    LeadSource.WEBSITE: _("Website"),
    LeadSource.CAMPAIGN: _("Campaign"),
    LeadSource.TENDER: _("Tender notice"),
    LeadSource.PARTNER: _("Partner"),
    LeadSource.OTHER: _("Other source"),
}
VISIT_STATES: Labels = {
    VisitState.PLANNED: _("Planned"),
    VisitState.CHECKED_IN: _("Checked in"),
    VisitState.DONE: _("Done visit"),
    VisitState.CANCELLED: _("Cancelled visit"),
}
ATTITUDES: Labels = {
    Attitude.SUPPORTS: _("In favour"),
    Attitude.NEUTRAL: _("Neutral"),
    Attitude.OPPOSED: _("Against"),
}
