"""What sales tell higher capabilities."""

from dataclasses import dataclass
from uuid import UUID

__all__ = ["OpportunityWon"]


@dataclass(frozen=True)
class OpportunityWon:
    """An opportunity was won."""

    uid: UUID
