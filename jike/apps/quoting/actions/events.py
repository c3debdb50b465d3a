"""What quoting tells the higher capabilities."""

from dataclasses import dataclass
from uuid import UUID

__all__ = ["AgreementEnding", "AgreementSigned", "QuoteAccepted"]


@dataclass(frozen=True)
class QuoteAccepted:
    """A customer accepted a quote."""

    uid: UUID


@dataclass(frozen=True)
class AgreementSigned:
    """An agreement was signed and is in force."""

    uid: UUID


@dataclass(frozen=True)
class AgreementEnding:
    """An agreement ends within ``days`` (one of `REMINDERS`)."""

    uid: UUID
    days: int
