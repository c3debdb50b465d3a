"""The authority table: the one in force on a day, that under which a quote was submitted, and all there are."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from django.db.models import Q
from django.utils import timezone

from jike.apps.quoting.models import AuthorityTable, Quote
from jike.apps.quoting.rules import AUTHORITY, Authority, Level, QuoteState

__all__ = ["authority_in", "authority_of", "authority_on", "authority_tables"]

BELOW_HEADQUARTERS = tuple(level for level in Level if level is not Level.HEADQUARTERS)
ASKED = tuple(level for level in Level if level is not Level.MANAGER)


def authority_in(table: AuthorityTable) -> Authority:
    """Return what the rules know of a stored table."""
    return Authority(
        least={level: getattr(table, f"{level}_least") / Decimal(100) for level in BELOW_HEADQUARTERS},
        yearly_limit=table.yearly_limit,
        hours={level: getattr(table, f"{level}_hours") for level in ASKED},
    )


def authority_on(day: dt.date) -> Authority:
    """Return the authority in force on that day; before the first stored table, the ready-made one."""
    standing = AuthorityTable.objects.filter(valid_from__lte=day, removed_at=None)
    found = standing.filter(Q(valid_until=None) | Q(valid_until__gte=day)).order_by("-valid_from").first()
    return AUTHORITY if found is None else authority_in(found)


def authority_of(quote: Quote) -> Authority:
    """Return the authority under which the quote was submitted, or today's while it is a draft."""
    submitted = None if quote.state == QuoteState.DRAFT else quote.submitted_at
    return authority_on(timezone.localdate(submitted))


def authority_tables() -> Sequence[AuthorityTable]:
    """Return every table, the latest first."""
    return list(AuthorityTable.objects.filter(removed_at=None).order_by("-valid_from", "id"))
