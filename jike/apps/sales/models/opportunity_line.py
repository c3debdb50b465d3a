"""`OpportunityLine`: one offering that an opportunity is about, with its quantity and prices."""

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from jike.apps.catalogue.models import ProductOffering
from jike.apps.sales.models.opportunity import Opportunity
from jike.foundation.models import Record
from jike.foundation.models.shapes import STANDING, amount


class OpportunityLine(Record):
    """``quantity`` of ``offering`` at yuan a month and once, each; lies where its opportunity lies."""

    SCOPE = {"own": "opportunity__owner_id", "unit": "opportunity__unit_id"}

    opportunity = models.ForeignKey(
        Opportunity, models.PROTECT, verbose_name=_("opportunity"), related_name="lines", db_index=False
    )
    position = models.PositiveSmallIntegerField(_("position"), default=1)
    offering = models.ForeignKey(
        ProductOffering, models.PROTECT, verbose_name=_("offering"), related_name="opportunity_lines"
    )
    quantity = models.PositiveIntegerField(
        _("quantity"), default=1, validators=[MinValueValidator(1), MaxValueValidator(10_000_000)]
    )
    monthly_price = amount(_("monthly price"))
    one_off_price = amount(_("one-off price"))

    class Meta:
        verbose_name = _("product of an opportunity")
        verbose_name_plural = _("products of opportunities")
        ordering = ("position", "id")
        indexes = (
            models.Index(fields=("opportunity", "position"), name="opportunity_line_of", condition=STANDING),
        )
        constraints = (
            models.CheckConstraint(
                condition=models.Q(quantity__gte=1),
                name="opportunity_line_of_something",
                violation_error_message=_("The quantity is at least one."),
            ),
            models.CheckConstraint(
                condition=models.Q(monthly_price__gte=0, one_off_price__gte=0),
                name="opportunity_line_not_negative",
                violation_error_message=_("Prices cannot be negative."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.offering} × {self.quantity}"

    @property
    def monthly_amount(self) -> Decimal:
        """Yuan a month for the whole line."""
        return self.monthly_price * self.quantity

    @property
    def one_off_amount(self) -> Decimal:
        """Yuan once for the whole line."""
        return self.one_off_price * self.quantity
