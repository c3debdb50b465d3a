"""The terms of an agreement: when it ends, when that is announced, what ending it early costs, what is attached."""

import datetime as dt
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import NamedTuple

from jike.values.period import add_months

__all__ = [
    "CHECKLIST",
    "EARLY_SHARE",
    "FILED",
    "LEAST_MONTHS",
    "REMINDERS",
    "TERMS",
    "Document",
    "EarlyFee",
    "date_problems",
    "early_fee",
    "end_of",
    "missing_documents",
    "reminder_due",
    "term_for",
]

TERMS = (12, 24, 36)
REMINDERS = (90, 60, 30)
"""Days before its end on which an agreement is announced as ending."""
LEAST_MONTHS = 3
"""Published practice: at least three months are paid."""
EARLY_SHARE = Decimal("0.30")
"""【Default】 Share of what remains of the term beyond those months."""
FEN = Decimal("0.01")


class Document(StrEnum):
    """What belongs to a signed agreement."""

    CONTRACT = "contract"
    LICENCE = "licence"
    IDENTITY = "identity"
    AUTHORISATION = "authorisation"
    SECURITY = "security"
    ACCEPTANCE = "acceptance"


CHECKLIST = {
    Document.CONTRACT: True,
    Document.LICENCE: True,
    Document.IDENTITY: True,
    Document.AUTHORISATION: False,
    Document.SECURITY: True,
    Document.ACCEPTANCE: False,
}
"""Document → whether nothing is signed without it."""
FILED = frozenset(Document) - {Document.ACCEPTANCE}
"""What is there only with a file that shows it; terms of acceptance often stand in the contract itself."""


class EarlyFee(NamedTuple):
    """What ending an agreement early costs, in yuan."""

    least: Decimal
    """The months that are paid at least, as far as they are not over."""
    share: Decimal
    """The share of the rest of the term."""

    @property
    def total(self) -> Decimal:
        """Both together."""
        return self.least + self.share


def end_of(starts_on: dt.date, months: int) -> dt.date:
    """Return the last day of a term of ``months`` months."""
    return add_months(starts_on, months) - dt.timedelta(days=1)


def term_for(months: int) -> int:
    """Return the term that one hopes to agree on ``months`` months: the shortest that holds them, or the longest."""
    return next((term for term in TERMS if term >= months), TERMS[-1])


def date_problems(
    *, signed_on: dt.date | None, starts_on: dt.date, ends_on: dt.date, months: int, today: dt.date
) -> Iterator[tuple[str, str]]:
    """Yield (field, kind of mistake): ``before`` (ends before it starts), ``term`` (other than its months), ``ahead``
    (signed on a day to come), ``late`` (starts more than a year after it was signed), ``early`` (starts before).
    """
    if ends_on < starts_on:
        yield "ends_on", "before"
    elif ends_on != end_of(starts_on, months):
        yield "ends_on", "term"
    if signed_on is None:
        return
    if signed_on > today:
        yield "signed_on", "ahead"
    if starts_on < signed_on:
        yield "starts_on", "early"
    elif starts_on > add_months(signed_on, 12):
        yield "starts_on", "late"


def early_fee(monthly: Decimal, *, starts_on: dt.date, ends_on: dt.date, on: dt.date) -> EarlyFee:
    """Return what ending on ``on`` costs: the rest of the first three months in full, 30 % of what remains after them.

    Days are counted against the term's own length, so that nothing depends on how long its months are.
    """
    term = (ends_on - starts_on).days + 1
    if on >= ends_on:
        return EarlyFee(Decimal(0), Decimal(0))
    committed = min(end_of(starts_on, LEAST_MONTHS), ends_on)
    months = _months(starts_on, ends_on)
    daily = monthly * months / term
    last = max(on, starts_on - dt.timedelta(days=1))
    least = max((committed - last).days, 0) * daily
    rest = (ends_on - max(last, committed)).days * daily * EARLY_SHARE
    return EarlyFee(least.quantize(FEN, ROUND_HALF_UP), rest.quantize(FEN, ROUND_HALF_UP))


def _months(starts_on: dt.date, ends_on: dt.date) -> int:
    after = ends_on + dt.timedelta(days=1)
    return max((after.year - starts_on.year) * 12 + after.month - starts_on.month, 1)


def reminder_due(ends_on: dt.date, *, on: dt.date, reminded: int | None) -> int | None:
    """Return the reminder (days before the end) that is due on a day and not yet sent; None when none is.

    After a pause in which several fell due, only the nearest is sent.
    """
    left = (ends_on - on).days
    if left < 0:
        return None
    due = min((days for days in REMINDERS if left <= days), default=None)
    return due if due is not None and (reminded is None or due < reminded) else None


def missing_documents(present: set[str]) -> tuple[Document, ...]:
    """Return what must still be there before signing."""
    return tuple(one for one, needed in CHECKLIST.items() if needed and one not in present)
