"""The settings page of discount authority: the table in force, those to come, and those that were."""

import datetime as dt
from decimal import Decimal
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from jike.apps.quoting import queries
from jike.apps.quoting.models import AuthorityTable
from jike.apps.quoting.models.labels import LEVELS
from jike.apps.quoting.pages.figures import percent_words, reach_words
from jike.apps.quoting.rules import AUTHORITY, Authority, Level
from jike.foundation.pages.entry import PageRequest, page
from jike.foundation.resource.presenting import in_wan

__all__ = ["authority"]

KIND = "quoting.authoritytable"


class Share(NamedTuple):
    """What one level grants: from which percent to which it stands on the bar, in words, and its working hours."""

    level: Level
    label: Any
    reach: str
    start: str
    width: str
    hours: int | None


class Edition(NamedTuple):
    """A table as it is shown; ``table`` is None for the ready-made one."""

    table: AuthorityTable | None
    since: dt.date | None
    until: dt.date | None
    shares: list[Share]
    limit: str


@page("GET", permission=f"{KIND}:view")
def authority(request: PageRequest) -> HttpResponse:
    """Show who may grant which discount, now, later and before."""
    today = timezone.localdate()
    tables = queries.authority_tables()
    editions = [_edition(one, queries.authority_in(one)) for one in tables]
    first = tables[-1].valid_from if tables else None
    ready = Edition(
        None, None, first - dt.timedelta(days=1) if first else None, _shares(AUTHORITY), _limit(AUTHORITY)
    )
    editions.append(ready)
    context = {
        "present": next(one for one in editions if one.since is None or one.since <= today),
        "coming": [one for one in reversed(editions) if one.since is not None and one.since > today],
        "past": [one for one in editions if one.until is not None and one.until < today],
        "may_add": request.actor.holds(f"{KIND}:add"),
        "given": urlencode(_given(queries.authority_on(today))),
    }
    return render(request, "quoting/authority.html", context)


def _edition(table: AuthorityTable, known: Authority) -> Edition:
    return Edition(table, table.valid_from, table.valid_until, _shares(known), _limit(known))


def _shares(known: Authority) -> list[Share]:
    """Return the levels in their order; the bar runs from 100 % on its left down to 0 %."""
    found, most = [], Decimal(1)
    for level in Level:
        least = known.least.get(level, Decimal(0))
        words = reach_words(level, known)
        start, width = str((1 - most) * 100), str((most - least) * 100)
        found.append(Share(level, LEVELS[level], words, start, width, known.hours.get(level)))
        most = least
    return found


def _limit(known: Authority) -> str:
    return in_wan(known.yearly_limit)


def _given(known: Authority) -> dict[str, str]:
    """Return what a new table begins with: the one in force."""
    least = {f"{level}_least": percent_words(ratio).rstrip("%") for level, ratio in known.least.items()}
    hours = {f"{level}_hours": str(hours) for level, hours in known.hours.items()}
    return {**least, **hours, "yearly_limit": str(known.yearly_limit)}
