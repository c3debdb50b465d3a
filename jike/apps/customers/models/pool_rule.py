"""`PoolRule`: the figures by which a unit's customers fall back into the public pool and are claimed from it."""

from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from jike.apps.customers.models import labels
from jike.apps.customers.rules import Grade, PoolFigures
from jike.apps.organisation.models import Unit
from jike.foundation.models import Record
from jike.foundation.models.record import STANDARD_ACTIONS
from jike.foundation.models.shapes import STANDING, choices, order

__all__ = ["PoolRule"]

DEFAULTS = PoolFigures()


def _days(label: Any, default: int, *, least: int = 0, **options: Any) -> models.PositiveSmallIntegerField:
    limits = [MinValueValidator(least), MaxValueValidator(3650)]
    return models.PositiveSmallIntegerField(label, default=default, validators=limits, **options)


class PoolRule(Record):
    """Holds for ``unit`` and for everything below it that has no rule of its own."""

    SCOPE = {"unit": "unit_id"}
    ACTIONS = STANDARD_ACTIONS

    unit = models.ForeignKey(
        Unit, models.PROTECT, verbose_name=_("unit"), related_name="pool_rules", db_index=False
    )
    active = models.BooleanField(_("customers fall back"), default=True)
    unattended_days = _days(_("days unattended until it falls back"), DEFAULTS.unattended_days, least=7)
    warn_days = _days(_("days of warning before"), DEFAULTS.warn_days)
    protect_days = _days(_("days protected after taking over"), DEFAULTS.protect_days)
    barred_days = _days(
        _("days barred from claiming again"), DEFAULTS.barred_days, db_default=DEFAULTS.barred_days
    )
    most_held = models.PositiveIntegerField(
        _("most customers of one person"), default=DEFAULTS.most_held, validators=[MinValueValidator(1)]
    )
    spared_from = models.CharField(
        _("never from this grade on"), max_length=2, choices=choices(labels.GRADES), default=Grade.B1.value
    )

    class Meta:
        verbose_name = _("pool rule")
        verbose_name_plural = _("pool rules")
        ordering = ("id",)
        indexes = (order("unattended_days", "pool_rule_by_days"),)
        constraints = (
            models.UniqueConstraint(
                fields=("unit",),
                condition=STANDING,
                name="pool_rule_once",
                violation_error_message=_("This unit has a rule already."),
            ),
        )

    def __str__(self) -> str:
        return str(self.unit)

    @property
    def figures(self) -> PoolFigures:
        """The rule's figures."""
        return PoolFigures(
            self.unattended_days,
            self.warn_days,
            self.protect_days,
            self.most_held,
            self.spared_from,
            self.barred_days,
        )
