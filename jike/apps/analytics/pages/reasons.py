"""Why a warning was raised, in one sentence with its figures."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from jike.apps.analytics.models import EarlyWarning
from jike.apps.analytics.rules import Kind
from jike.foundation.resource.presenting import in_wan

__all__ = ["ICONS", "reason"]

ICONS: Mapping[str, str] = {
    Kind.ARREARS: "currency-yuan",
    Kind.REVENUE_FELL: "trending-down",
    Kind.GRADE_FELL: "medal",
    Kind.AGREEMENT_ENDING: "calendar",
    Kind.VISITS_BELOW_PLAN: "map-pin",
    Kind.COMPLAINT_REPEATED: "headset",
    Kind.DISSATISFIED: "mood-smile",
    Kind.MEMORIAL_DAY: "cake",
}


def reason(warning: EarlyWarning) -> str:
    """Return the sentence; amounts in 万元, shares in percent."""
    return _SENTENCES[Kind(warning.sign)](warning.figures)


def _wan(figures: Mapping[str, Any], name: str) -> str:
    return in_wan(Decimal(figures[name]))


def _arrears(figures: Mapping[str, Any]) -> str:
    words = {"arrears": _wan(figures, "arrears"), "months": figures["months"]}
    return _("%(arrears)s ×10k yuan owed, %(months)s months of revenue") % words


def _revenue(figures: Mapping[str, Any]) -> str:
    words = {"percent": figures["percent"], "before": _wan(figures, "before"), "now": _wan(figures, "now")}
    sentence = _("Revenue down %(percent)s%% on the quarter before: %(before)s to %(now)s ×10k yuan a month")
    return sentence % words


def _grade(figures: Mapping[str, Any]) -> str:
    return _("Grade fell from %(before)s to %(now)s") % dict(figures)


def _agreement(figures: Mapping[str, Any]) -> str:
    words = {"agreement": figures["agreement"], "ends": figures["ends"], "monthly": _wan(figures, "monthly")}
    return _("Agreement %(agreement)s ends on %(ends)s, %(monthly)s ×10k yuan a month") % words


def _visits(figures: Mapping[str, Any]) -> str:
    return _("%(done)s of %(planned)s planned visits done") % dict(figures)


def _complaints(figures: Mapping[str, Any]) -> str:
    return _("%(complaints)s complaints, last: %(last)s") % dict(figures)


def _dissatisfied(figures: Mapping[str, Any]) -> str:
    words = {"survey": figures["survey"], "expected": figures["expected"], "got": figures["perceived"]}
    return _("Survey %(survey)s: expected %(expected)s points, perceived %(got)s") % words


def _memorial(figures: Mapping[str, Any]) -> str:
    """The day itself is the person's own: whoever may read it finds it on the person's page."""
    return _("Memorial day of %(person)s within days") % dict(figures)


_SENTENCES: Mapping[Kind, Callable[[Mapping[str, Any]], str]] = {
    Kind.ARREARS: _arrears,
    Kind.REVENUE_FELL: _revenue,
    Kind.GRADE_FELL: _grade,
    Kind.AGREEMENT_ENDING: _agreement,
    Kind.VISITS_BELOW_PLAN: _visits,
    Kind.COMPLAINT_REPEATED: _complaints,
    Kind.DISSATISFIED: _dissatisfied,
    Kind.MEMORIAL_DAY: _memorial,
}
