"""What is kept for a time and then goes: declared sorts of data, the days of each, and the nightly job that reports.

Whoever keeps something by time declares it (`declare_retention`); how many days is a setting, never fewer than the
least that was declared.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jike.foundation.audit import changing, creating
from jike.foundation.audit.gate import may_write
from jike.foundation.errors import Invalid, NotFound
from jike.foundation.jobs import Progress, job
from jike.foundation.models import RetentionReport, RetentionRule
from jike.foundation.scope import Actor, require_permission

__all__ = [
    "CHANGE",
    "VIEW",
    "Kept",
    "Standing",
    "declare_retention",
    "keep_days",
    "kept_days",
    "remove_old",
    "standings",
    "tidy",
]

VIEW, CHANGE = "foundation.retentionrule:view", "foundation.retentionrule:change"
MOST_DAYS = 36_500
REPORTS_DAYS = 400


@dataclass(frozen=True)
class Kept:
    """One sort of data.

    Attributes
    ----------
    name, label
        Its lasting name, and what people call it.
    days, least
        For how long it is kept unless chosen otherwise, and the fewest days that may be chosen.
    count, purge
        Take the moment before which things go; tell how many would go, and let them go and tell how many went.
    """

    name: str
    label: str | Promise
    days: int
    least: int
    count: Callable[[dt.datetime], int]
    purge: Callable[[dt.datetime], int]


class Standing(NamedTuple):
    """How one sort of data stands today."""

    kept: Kept
    days: int
    would_go: int
    last: RetentionReport | None


_declared: dict[str, Kept] = {}


def declare_retention(*kept: Kept) -> None:
    """Add sorts of data; call it where the module is loaded at start."""
    _declared.update({one.name: one for one in kept})


def kept_days(name: str) -> int:
    """Return for how many days one sort of data is kept."""
    chosen = RetentionRule.objects.filter(name=name, removed_at=None).values_list("days", flat=True).first()
    return _declared[name].days if chosen is None else chosen


def standings(*, now: dt.datetime, trying: dict[str, int] | None = None) -> list[Standing]:
    """Return every sort of data with what would go tonight; ``trying`` names days to be tried instead."""
    last = {one.name: one for one in RetentionReport.objects.order_by("name", "-ran_at").distinct("name")}
    found = []
    for kept in _declared.values():
        days = (trying or {}).get(kept.name, kept_days(kept.name))
        found.append(Standing(kept, days, kept.count(now - dt.timedelta(days=days)), last.get(kept.name)))
    return found


@transaction.atomic
def keep_days(name: str, days: int, *, actor: Actor) -> RetentionRule:
    """Keep one sort of data for ``days`` from now on.

    Raises
    ------
    Invalid
        Fewer than the least, or more than a hundred years.
    """
    may_write(actor)
    require_permission(actor, CHANGE)
    kept = _declared.get(name)
    if kept is None:
        raise NotFound
    if not kept.least <= days <= MOST_DAYS:
        sentence = _("Between %(least)s and %(most)s days.")
        raise Invalid({"days": [sentence % {"least": kept.least, "most": f"{MOST_DAYS:,}"}]})
    rule = RetentionRule.objects.filter(name=name).first()
    if rule is None:
        return creating(RetentionRule(name=name, days=days), actor=actor, permit="change")
    with changing(rule, actor=actor):
        rule.days = days
    return rule


@job("foundation.tidy", label=gettext_lazy("Remove what has been kept long enough"), cron="40 3 * * *")
def tidy(progress: Progress) -> None:
    """Let go of what is older than its days, and tell how many sorts of data were looked at."""
    removed = remove_old(now=timezone.now())
    progress(len(removed), len(removed))


def remove_old(*, now: dt.datetime) -> dict[str, int]:
    """Remove of every sort of data what is too old at ``now``, each in a transaction of its own; report how much."""
    removed = {}
    for kept in _declared.values():
        with transaction.atomic():
            days = kept_days(kept.name)
            removed[kept.name] = kept.purge(now - dt.timedelta(days=days))
            RetentionReport.objects.create(name=kept.name, days=days, removed=removed[kept.name])
    RetentionReport.objects.filter(ran_at__lt=now - dt.timedelta(days=REPORTS_DAYS)).delete()
    return removed
