"""For how long what is kept by time is kept, where somebody chose otherwise, and what each night removed."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from jike.foundation.models.record import Record
from jike.values.rights import Domain


class RetentionRule(Record):
    """How many days one sort of data is kept; without a row the declared number holds."""

    DOMAIN: ClassVar[Domain] = Domain.SECURITY
    ACTIONS: ClassVar[Mapping[str, Any]] = {"view": _("View"), "change": _("Change")}

    name = models.CharField(_("sort of data"), max_length=40, unique=True)
    days = models.PositiveIntegerField(_("days kept"))

    class Meta:
        verbose_name = _("retention rule")
        verbose_name_plural = _("retention rules")


class RetentionReport(models.Model):
    """What one night removed of one sort of data."""

    name = models.CharField(max_length=40)
    days = models.PositiveIntegerField()
    removed = models.PositiveIntegerField()
    ran_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("report of retention")
        verbose_name_plural = _("reports of retention")
        indexes = (models.Index(fields=("name", "-ran_at"), name="retention_report_latest"),)
