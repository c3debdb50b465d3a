"""Quoting's cards on the home page: what waits for my approval, and agreements that are ending."""

from collections.abc import Mapping
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jike.apps.quoting import queries
from jike.apps.quoting.pages.approvals import left_words
from jike.apps.quoting.pages.figures import percent_words
from jike.foundation.pages.home import HomeCard, Viewpoint
from jike.foundation.resource.presenting import in_wan

__all__ = ["QUOTING_CARDS"]

SHOWN = 5


def approvals(view: Viewpoint) -> Mapping[str, Any] | None:
    """Return what waits for the reader's own authority; nothing for those who hold none and have nothing waiting."""
    steps = list(queries.inbox(view.actor)[: SHOWN + 1])
    if not steps and not queries.answers_anything(view.actor):
        return None
    now = timezone.now()
    whose = queries.for_whom(steps[:SHOWN], view.actor)
    return {
        "steps": [
            (
                one,
                whose.get(one.pk),
                in_wan(one.quote.monthly_amount),
                percent_words(one.quote.lowest_discount / 100),
                *left_words(one.due_at, now),
            )
            for one in steps[:SHOWN]
        ],
        "further": len(steps) > SHOWN,
    }


def ending(view: Viewpoint) -> Mapping[str, Any]:
    """Return the agreements that end within ninety days, the earliest first."""
    rows = queries.agreements_ending(view.actor, today=view.today)
    if not view.team:
        rows = rows.filter(owner_id__in=sorted(view.actor.owners))
    return {
        "agreements": [
            (one, in_wan(one.monthly_amount), (one.ends_on - view.today).days) for one in rows[:SHOWN]
        ],
        "team": view.team,
    }


QUOTING_CARDS = (
    HomeCard(
        "approvals",
        _("Waiting for my approval"),
        "middle",
        "quoting/_home_approvals.html",
        approvals,
    ),
    HomeCard(
        "ending",
        _("Agreements ending"),
        "middle",
        "quoting/_home_ending.html",
        ending,
        "quoting.agreement:view",
        doing="quoting.agreement:renew",
    ),
)
