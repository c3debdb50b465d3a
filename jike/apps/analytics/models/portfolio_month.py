"""`PortfolioMonth`: a month of one account manager's customers, or of a whole unit's, by grade, added up."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from jike.apps.organisation.models import Person, Unit


class PortfolioMonth(models.Model):
    """Follows from customers' months and snapshots and is reckoned anew each night, so that a board adds thousands of
    rows instead of millions. Amounts in yuan; ``frozen`` figures are those of the customers in the year's snapshot.
    A row holds one manager's customers in one unit, or as ``whole`` (without owner) all of a unit and what lies below.
    """

    id = models.BigAutoField(primary_key=True)
    month = models.DateField(_("month"))
    unit = models.ForeignKey(Unit, models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False)
    owner = models.ForeignKey(
        Person, models.DO_NOTHING, related_name="+", null=True, db_constraint=False, db_index=False
    )
    grade = models.CharField(_("grade"), max_length=2)
    customers = models.PositiveIntegerField(_("customers billed"))
    revenue = models.DecimalField(_("revenue"), max_digits=16, decimal_places=2)
    arrears = models.DecimalField(_("arrears"), max_digits=16, decimal_places=2)
    sound = models.PositiveIntegerField(_("healthy"))
    watch = models.PositiveIntegerField(_("to be watched"))
    danger = models.PositiveIntegerField(_("at risk"))
    """Customers by health, with the last month only: health has no history."""
    frozen_customers = models.PositiveIntegerField(_("customers in the snapshot"))
    frozen_kept = models.PositiveIntegerField(_("of these still billed"))
    frozen_mean = models.DecimalField(_("their monthly mean before"), max_digits=16, decimal_places=2)
    frozen_revenue = models.DecimalField(_("their revenue now"), max_digits=16, decimal_places=2)
    whole = models.BooleanField(_("whole unit"), default=False, db_default=False)
    batch = models.UUIDField(_("batch"))

    class Meta:
        verbose_name = _("month of a portfolio")
        verbose_name_plural = _("months of portfolios")
        indexes = (
            models.Index(fields=("unit", "month"), name="portfolio_month_of_unit"),
            models.Index(fields=("owner", "month"), name="portfolio_month_of_owner"),
            models.Index(fields=("month",), name="portfolio_month_whole", condition=models.Q(whole=True)),
        )
