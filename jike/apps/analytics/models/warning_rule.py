"""`WarningRule`: when a kind of warning is raised; the one place where its thresholds stand."""

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jike.apps.analytics.models import labels
from jike.apps.analytics.rules import Severity
from jike.foundation.models import Record
from jike.foundation.models.shapes import choices


class WarningRule(Record):
    """One row per kind, made with the defaults and then kept by hand."""

    sign = models.CharField(
        pgettext_lazy("warning", "sign"), max_length=20, choices=choices(labels.KINDS), editable=False
    )
    enabled = models.BooleanField(pgettext_lazy("warning", "raised"), default=True)
    threshold = models.DecimalField(
        _("from which figure"),
        max_digits=8,
        decimal_places=2,
        default=Decimal(0),
        validators=[MinValueValidator(0)],
    )
    days = models.PositiveSmallIntegerField(
        _("days looked at"), validators=[MinValueValidator(1), MaxValueValidator(366)]
    )
    answer_days = models.PositiveSmallIntegerField(
        _("working days to answer"), validators=[MinValueValidator(1), MaxValueValidator(60)]
    )
    severity = models.CharField(
        _("severity"), max_length=8, choices=choices(labels.SEVERITIES), default=Severity.MEDIUM.value
    )

    class Meta:
        verbose_name = _("warning rule")
        verbose_name_plural = _("warning rules")
        ordering = ("sign",)
        indexes = (models.Index(fields=("severity", "id"), name="warning_rule_by_severity"),)
        constraints = (
            models.UniqueConstraint(
                fields=("sign",),
                name="warning_rule_once",
                violation_error_message=_("There is a rule for this kind already."),
            ),
        )

    def __str__(self) -> str:
        return str(self.get_sign_display())
