"""Tickets with their clocks, and surveys."""

from jike.apps.servicedesk.models.survey import Survey
from jike.apps.servicedesk.models.ticket import Ticket

__all__ = ["Survey", "Ticket"]
