"""Leads, opportunities and visits."""

from jike.apps.sales.models.lead import Lead
from jike.apps.sales.models.opportunity import Opportunity
from jike.apps.sales.models.opportunity_line import OpportunityLine
from jike.apps.sales.models.visit import Visit

__all__ = ["Lead", "Opportunity", "OpportunityLine", "Visit"]
