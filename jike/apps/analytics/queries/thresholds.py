"""When each kind of warning is raised: the rules kept by hand, the defaults for what nobody touched."""

from jike.apps.analytics.models import WarningRule
from jike.apps.analytics.rules import DEFAULTS, Kind, Severity, Thresholds

__all__ = ["thresholds"]


def thresholds() -> dict[Kind, Thresholds]:
    """Return the thresholds of the kinds that are raised at all."""
    kept = {one.sign: one for one in WarningRule.objects.filter(removed_at=None)}
    found = {}
    for kind, default in DEFAULTS.items():
        rule = kept.get(kind)
        if rule is None:
            found[kind] = default
        elif rule.enabled:
            found[kind] = Thresholds(rule.threshold, rule.days, rule.answer_days, Severity(rule.severity))
    return found
