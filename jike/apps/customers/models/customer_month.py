"""`CustomerMonth`: what a customer brought in one month; a ledger that is loaded and never edited."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from jike.apps.customers.models.customer import Customer


class CustomerMonth(models.Model):
    """Revenue and arrears in yuan and lines in use, by month.

    The month is part of the key, as partitioning by month will need; neither a number of its own nor a constraint to
    the customer, since checking each of millions of rows would double the time of loading them (the loading action
    checks all of a batch at once).
    """

    pk = models.CompositePrimaryKey("customer_id", "month")
    customer = models.ForeignKey(
        Customer,
        models.DO_NOTHING,
        verbose_name=_("customer"),
        related_name="months",
        db_constraint=False,
        db_index=False,
    )
    month = models.DateField(_("month"))
    """Its first day."""
    revenue = models.DecimalField(_("revenue"), max_digits=14, decimal_places=2)
    arrears = models.DecimalField(_("arrears"), max_digits=14, decimal_places=2)
    """Owed at the end of the month."""
    lines = models.PositiveIntegerField(_("lines"))
    batch = models.UUIDField(_("batch"))

    class Meta:
        verbose_name = _("month of a customer")
        verbose_name_plural = _("months of customers")
        constraints = (
            models.CheckConstraint(condition=models.Q(month__day=1), name="customer_month_is_a_first_day"),
        )
