"""What the site itself stores: how far the demo data was loaded."""

from django.db import models
from django.db.models.functions import Now

__all__ = ["DemoStep"]


class DemoStep(models.Model):
    """One step of the demo data; a step without an end was cut short and runs again."""

    name = models.CharField(max_length=120, primary_key=True)
    scale = models.CharField(max_length=8)
    begun_at = models.DateTimeField(db_default=Now())
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("begun_at",)
