"""The warnings' card on the home page: what waits for an answer, the most pressing first."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jike.apps.analytics import queries
from jike.apps.analytics.pages.reasons import ICONS, reason
from jike.apps.analytics.rules import Kind
from jike.foundation.pages.home import HomeCard, Viewpoint

__all__ = ["WARNING_CARDS"]

SHOWN = 6


def warnings(view: Viewpoint) -> Mapping[str, Any]:
    """Return the warnings that wait: one's own, or those of one's units.

    Of one's own, memorial days are left out: one's home page tells them by their reminder and their card.
    """
    now = timezone.now()
    rows = queries.open_warnings(view.actor, team=view.team).select_related("customer", "owner")
    waiting: list[list[Any]] = [["state", "in", ["open", "answering"]]]
    if not view.team:
        rows = rows.exclude(sign=Kind.MEMORIAL_DAY)
        waiting.append(["sign", "not_in", [Kind.MEMORIAL_DAY.value]])
    counts = queries.counted(rows, now)
    return {
        "warnings": [
            (one, reason(one), ICONS[one.sign], one.due_at is not None and one.due_at < now)
            for one in rows.order_by("severity", "due_at", "id")[:SHOWN]
        ],
        "open": _figure(counts["open"]),
        "overdue": _figure(counts["overdue"]),
        "all": _list(view, waiting),
        "late": _list(view, [*waiting, ["due_at", "before", "0h"]]),
        "team": view.team,
    }


def _figure(found: tuple[int, bool]) -> str:
    number, whole = found
    return f"{number:,}" if whole else f"{number:,}+"


def _list(view: Viewpoint, where: list[list[Any]]) -> str:
    told = urlencode({"scope": view.scope, "where": json.dumps(where, separators=(",", ":"))})
    return f"{reverse('resource:list', args=['warnings'])}?{told}"


WARNING_CARDS = (
    HomeCard(
        "warnings",
        _("Early warnings"),
        "middle",
        "analytics/_home_warnings.html",
        warnings,
        "analytics.earlywarning:view",
        doing="analytics.earlywarning:answer",
    ),
)
