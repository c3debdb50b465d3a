"""`ProductOffering`: a specification with its prices, as it is sold."""

from decimal import Decimal

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from jike.apps.catalogue.models import labels
from jike.apps.catalogue.models.specification import ProductSpecification
from jike.apps.catalogue.rules import OfferingState, Reach
from jike.foundation.entering import plain_code, plain_line
from jike.foundation.models import Record, Searchable
from jike.foundation.models.record import STANDARD_ACTIONS, Derived
from jike.foundation.models.shapes import STANDING, amount, choices, line, order
from jike.values.pinyin import sort_key


class ProductOffering(Record):
    """An offering: yuan a month, once, and per unit of use; ``floor_price`` is the least monthly price below which only
    headquarters may approve.

    Prices are without the quantity; ``unit_name`` is what one counts (条, 台, 张 …).
    """

    HOME = "headquarters"
    ACTIONS = {
        **STANDARD_ACTIONS,
        "change_state": _("Put on sale or retire"),
        "price": _("Set prices"),
        "see_cost": _("See the cost"),
    }
    SEALED = {"cost_price": "catalogue.productoffering:see_cost"}
    DERIVED = {
        **{name: Derived(name, plain_line) for name in ("name", "name_en", "unit_name", "unit_name_en")},
        "code": Derived("code", plain_code),
        "name_key": Derived("name", sort_key),
    }
    SEARCH = Searchable(title="name", names=("name_en",), codes=("code",), context=("family", "state"))

    code = line(_("offering code"), 32, blank=False)
    name = line(_("name"), 120, blank=False)
    name_key = models.CharField(
        _("order of names"), max_length=900, editable=False, db_collation="C", blank=True
    )
    name_en = line(_("English name"), 160, blank=False)
    specification = models.ForeignKey(
        ProductSpecification,
        models.PROTECT,
        verbose_name=_("specification"),
        related_name="offerings",
    )
    family = models.CharField(_("family"), max_length=16, choices=choices(labels.FAMILIES), blank=True)
    """Its specification's, kept here for lists."""
    state = models.CharField(
        _("state"), max_length=8, choices=choices(labels.STATES), default=OfferingState.DRAFT.value
    )
    scope = models.CharField(
        _("scope"), max_length=8, choices=choices(labels.REACHES), default=Reach.NATIONAL.value
    )
    characteristics = models.JSONField(_("characteristics"), default=dict, blank=True, editable=False)
    """Characteristic code → its value, where the offering fixes it."""
    monthly_price = amount(_("monthly price"))
    one_off_price = amount(_("one-off price"))
    unit_price = models.DecimalField(_("price per use"), max_digits=14, decimal_places=6, default=Decimal(0))
    unit_name = line(_("counted in"), 12, blank=False)
    unit_name_en = line(_("counted in (English)"), 24)
    floor_price = amount(_("floor price"))
    cost_price = amount(_("monthly cost"))
    """Sealed: what margins are computed from."""
    tax_rate = models.DecimalField(
        _("tax rate"), max_digits=4, decimal_places=2, choices=labels.TAX_CHOICES, default=Decimal("0.06")
    )
    valid_from = models.DateField(_("on sale from"), null=True, blank=True)
    valid_to = models.DateField(_("on sale until"), null=True, blank=True)

    class Meta:
        verbose_name = _("product offering")
        verbose_name_plural = _("product offerings")
        ordering = ("name_key", "id")
        indexes = (
            order("name_key", "offering_by_name"),
            order("code", "offering_by_code"),
            order("monthly_price", "offering_by_price"),
            models.Index(fields=("family", "name_key", "id"), name="offering_of_family", condition=STANDING),
            models.Index(
                fields=("state", "monthly_price", "id"), name="offering_in_state", condition=STANDING
            ),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("code",),
                condition=STANDING,
                name="offering_code_once",
                violation_error_message=_("Another offering has this code."),
            ),
            models.CheckConstraint(
                condition=models.Q(
                    monthly_price__gte=0,
                    one_off_price__gte=0,
                    unit_price__gte=0,
                    floor_price__gte=0,
                    cost_price__gte=0,
                ),
                name="offering_prices_not_negative",
                violation_error_message=_("Prices cannot be negative."),
            ),
            models.CheckConstraint(
                condition=models.Q(floor_price__lte=models.F("monthly_price")),
                name="offering_floor_below_price",
                violation_error_message=_("The floor price cannot lie above the monthly price."),
            ),
            models.CheckConstraint(
                condition=models.Q(valid_to=None)
                | models.Q(valid_from=None)
                | models.Q(valid_to__gte=models.F("valid_from")),
                name="offering_valid_in_order",
                violation_error_message=_("The last day of sale cannot lie before the first."),
            ),
        )

    def __str__(self) -> str:
        return self.name_en if get_language() == "en" and self.name_en else self.name

    @property
    def counted_in(self) -> str:
        """What one counts, in the reader's language."""
        return self.unit_name_en if get_language() == "en" and self.unit_name_en else self.unit_name
