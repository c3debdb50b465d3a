"""The thresholds of warnings: made with their defaults, then kept by hand."""

from typing import Any

from django.db import transaction

from jike.apps.analytics.models import WarningRule
from jike.apps.analytics.rules import DEFAULTS
from jike.foundation.audit import changing, creating
from jike.foundation.entering import only_known
from jike.foundation.scope import Actor

__all__ = ["change_rule", "install_rules"]

CHANGEABLE = frozenset({"enabled", "threshold", "days", "answer_days", "severity"})


@transaction.atomic
def install_rules(*, actor: Actor) -> int:
    """Make the rules that are not there yet, with the defaults; return how many were made."""
    known = set(WarningRule.objects.values_list("sign", flat=True))
    missing = [(kind, limits) for kind, limits in DEFAULTS.items() if kind not in known]
    for kind, limits in missing:
        creating(
            WarningRule(
                sign=kind,
                threshold=limits.threshold,
                days=limits.days,
                answer_days=limits.answer_days,
                severity=limits.severity,
            ),
            actor=actor,
        )
    return len(missing)


@transaction.atomic
def change_rule(rule: WarningRule, *, actor: Actor, version: int | None = None, **limits: Any) -> WarningRule:
    """Change when this kind of warning is raised; what was raised already stays."""
    only_known(limits, CHANGEABLE)
    with changing(rule, actor=actor, version=version):
        for name, value in limits.items():
            setattr(rule, name, value)
    return rule
