"""`UnitMonth`: what a month brought a unit and all below it, and what stands there now, counted beforehand."""

from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _

from jike.apps.organisation.models import Unit


class UnitMonth(models.Model):
    """Follows from tickets, orders and the like and is counted anew by a job, so that a board reads hundreds of rows.

    ``number`` rows of ``kind`` (such as tickets, funnel) fell under ``measure`` in the month, ``good`` of them kept
    what was promised or said yes; ``amount`` is a sum where the measure has one. A unit's row holds what lies below it.
    """

    pk = models.CompositePrimaryKey("unit_id", "kind", "month", "measure")
    unit = models.ForeignKey(Unit, models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False)
    kind = models.CharField(_("kind of count"), max_length=40)
    month = models.DateField(_("month"))
    measure = models.CharField(_("measure"), max_length=24)
    number = models.PositiveIntegerField(_("number"))
    good = models.PositiveIntegerField(_("of these good"))
    amount = models.DecimalField(_("sum"), max_digits=16, decimal_places=2, default=Decimal(0))
    counted_at = models.DateTimeField(_("counted at"))

    class Meta:
        verbose_name = _("month of a unit")
        verbose_name_plural = _("months of units")
