"""`Snapshot` (拍照): the customers as they stood on a day, against which retention is measured; never edited."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from jike.apps.customers.models import Customer


class Snapshot(models.Model):
    """One customer on one day. Without constraints to others, as ledgers of millions of rows are loaded."""

    pk = models.CompositePrimaryKey("taken_on", "customer_id")
    taken_on = models.DateField(_("taken on"))
    customer = models.ForeignKey(
        Customer,
        models.DO_NOTHING,
        verbose_name=_("customer"),
        related_name="snapshots",
        db_constraint=False,
        db_index=False,
    )
    grade = models.CharField(_("grade"), max_length=2)
    state = models.CharField(_("state"), max_length=9)
    revenue = models.DecimalField(_("monthly mean of the last quarter"), max_digits=14, decimal_places=2)
    batch = models.UUIDField(_("batch"))

    class Meta:
        verbose_name = _("snapshot")
        verbose_name_plural = _("snapshots")
