"""`JobReport`: what a job says of itself, since the queue keeps neither progress nor errors."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class JobReport(models.Model):
    """How far the job with id ``job`` is and why its last attempt failed; goes when the finished job is cleaned up."""

    job = models.BigIntegerField(primary_key=True)
    done = models.BigIntegerField(_("done"), default=0)
    total = models.BigIntegerField(_("of"), null=True)
    sentence = models.CharField(_("state"), max_length=400, blank=True)
    error = models.TextField(_("error"), blank=True)
    updated_at = models.DateTimeField(_("updated"), db_default=Now())

    class Meta:
        verbose_name = _("job report")
        verbose_name_plural = _("job reports")
